"""The front page of a graph."""
