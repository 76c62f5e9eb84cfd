"""Read W3C Web Annotations in JSON-LD: one, an array, one a line, a page or a collection."""
