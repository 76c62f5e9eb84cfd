"""Property graphs, whatever file they are in: nodes and edges with properties become articles."""
