"""Read nodes and relationships of Neo4j in JSON."""
