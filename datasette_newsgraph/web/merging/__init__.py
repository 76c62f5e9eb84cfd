"""The pages on which entities are merged, and taken apart."""
