"""What is decided in the browser: forms become decisions, the log gets them, the rows follow."""
