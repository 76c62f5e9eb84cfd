"""The entries of the table of input formats, a module for each kind of them."""
