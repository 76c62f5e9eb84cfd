"""What a database says of itself, compared with what it follows from; and put right."""
