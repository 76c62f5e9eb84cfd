"""What metadata says of where a database comes from."""

from __future__ import annotations

#: The names under which Datasette has it.
ORIGIN = ("title", "description", "source", "source_url", "license", "license_url")
