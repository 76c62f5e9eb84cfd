"""What several pages show: sentences, statements, bars over time, counts."""
