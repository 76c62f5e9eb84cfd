"""Raw articles become article records: an extractor finds the entities, relations and quotes."""
