"""What people decided about entities and what articles say of them, and what follows from it."""
