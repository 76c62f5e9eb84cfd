"""Read nodes and edges in JSON: networkx, D3, vis.js, Cytoscape.js, Sigma, JSON Graph Format."""
