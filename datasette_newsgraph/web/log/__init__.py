"""The pages of what was decided: all of it, and what is not shown any more for it."""
