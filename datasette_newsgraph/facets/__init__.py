"""The values that the rows of a view are filtered by: defined, counted, kept up."""
