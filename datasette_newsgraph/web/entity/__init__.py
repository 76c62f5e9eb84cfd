"""The page of an entity: all that is said about it."""
