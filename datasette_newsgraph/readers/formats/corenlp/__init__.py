"""Read the JSON of Stanford CoreNLP: one document as an object, several as an array or as lines."""
