"""Updates are known by their grammar, so that they can be refused by name."""

from __future__ import annotations

from rdflib.plugins.sparql.parser import parseUpdate


def is_update(text: str) -> bool:
    """Tell whether a text is a SPARQL 1.1 Update that does something."""
    try:
        return bool(parseUpdate(text).request)
    except Exception:
        # Whatever the parser stumbles over, an update it is not.
        return False
