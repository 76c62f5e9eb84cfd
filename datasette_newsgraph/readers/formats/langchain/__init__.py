"""Read graph documents of LangChain, property graphs of LlamaIndex and of neo4j-graphrag."""
