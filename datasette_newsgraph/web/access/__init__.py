"""Who may see what: graphs, what tells of what, and the visit that each request is."""
