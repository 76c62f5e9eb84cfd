"""What Datasette is told of our tables: descriptions, queries and settings of its pages."""
