"""Entities of a graph are linked to the things that an authority knows by their names."""
