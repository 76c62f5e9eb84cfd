"""NAF and KAF: layers of annotation in XML, each of which refers to those below it."""
