"""What every answer is: its frame, headers and representations; RDF and downloads."""
