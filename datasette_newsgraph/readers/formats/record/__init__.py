"""Read article records: JSON Lines, or a JSON file with one object or an array of them."""
