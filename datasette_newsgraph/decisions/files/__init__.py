"""Files of decisions, read and written; ``formats`` has the table of their formats."""
