"""Read NIF 2.0 (NLP Interchange Format) in Turtle or N-Triples."""
