"""The page of an article: its text with every mention in its place."""
