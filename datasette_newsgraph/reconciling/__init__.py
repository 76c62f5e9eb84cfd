"""A reconciliation service that the user names is asked which of its things our entities may be.

This is the one part of newsgraph that asks another program over a network, and it does so on command
only. Nothing here decides.
"""
