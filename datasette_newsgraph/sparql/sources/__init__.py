"""The triples of a graph as SQL, derived from the mapping."""
