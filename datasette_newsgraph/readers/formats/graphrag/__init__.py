"""Read Microsoft GraphRAG: the folder of tables (Parquet or CSV) that indexing writes."""
