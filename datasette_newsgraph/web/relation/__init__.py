"""A relation on a page of its own."""
