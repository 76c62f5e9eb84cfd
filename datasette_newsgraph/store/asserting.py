"""Which evidence asserts its relation, as SQL over rows of ``evidence``.

What stands apart from the story may be of another one, and what the text does not have may be nowhere:
such evidence is kept and shown, but asserts nothing by itself.
"""

from __future__ import annotations

from datasette_newsgraph.anchoring.statuses import UNLOCATED
from datasette_newsgraph.article import APART_ZONES
from datasette_newsgraph.confidence import NEVER

_APART = ", ".join(f"'{zone}'" for zone in sorted(APART_ZONES))
_RATED = (
    f"CASE WHEN offset_status = '{UNLOCATED}' OR zone IN ({_APART}) THEN {NEVER}"
    " ELSE coalesce(confidence, 1.0) END"
)
#: Up to which ``assert_from`` one row of evidence asserts its relation, and all rows of a group do.
OF_EVIDENCE = f"{_RATED} AS asserted_up_to"
OF_RELATION = f"max({_RATED})"
