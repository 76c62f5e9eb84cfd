"""Read Prodigy's JSON Lines (``prodigy db-out``): tasks with spans, relations and choices."""
