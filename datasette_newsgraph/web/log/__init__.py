"""The page of what was decided."""
