"""Stage 3: drafts → SQLite, chunk by chunk, and what follows from all articles together."""
