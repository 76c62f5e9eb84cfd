"""Read a folder with tables of nodes and of edges: Gephi's, neo4j-admin's, APOC's."""
