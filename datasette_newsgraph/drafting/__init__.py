"""Stage 3: an article record → the rows that it gives. Knows no database."""
