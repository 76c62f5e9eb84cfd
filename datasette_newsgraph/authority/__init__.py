"""Local authorities: files and lists that say which name is a name of which thing elsewhere."""
