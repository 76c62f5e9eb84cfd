"""A reconciliation service over the entities of a graph, for OpenRefine and programs like it: version
0.2 of the W3C community group's API, and its draft of 1.0.
"""
