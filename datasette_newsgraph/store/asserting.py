"""Which evidence asserts its relation, as SQL over rows of ``evidence``.

What stands apart from the story may be of another one, and what the text does not have may be nowhere:
such evidence is kept and shown, but asserts nothing by itself.
"""

from __future__ import annotations

from datasette_newsgraph.anchoring.statuses import UNLOCATED
from datasette_newsgraph.article import APART_ZONES
from datasette_newsgraph.confidence import NEVER

_APART = ", ".join(f"'{zone}'" for zone in sorted(APART_ZONES))


def _rated(of: str = "") -> str:
    return (
        f"CASE WHEN {of}offset_status = '{UNLOCATED}' OR {of}zone IN ({_APART}) THEN {NEVER}"
        f" ELSE coalesce({of}confidence, 1.0) END"
    )


#: Up to which ``assert_from`` one row of evidence asserts its relation, and all rows of a group do.
OF_EVIDENCE = f"{_rated()} AS asserted_up_to"
OF_RELATION = f"max({_rated()})"
#: The same of one row, where other tables are read, too.
RATED = _rated("evidence.")
