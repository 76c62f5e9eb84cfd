"""What stands around every page: its frame, its citation, what it says to programs, and errors."""
