"""The description of a graph as a data set: VoID and DCAT, with counts of what an export holds."""
