"""The notes of what a load has touched: what follows from these rows is computed again at its end.

They stand in ``unsettled``, written in the same transaction as the rows. Entities are noted in three
kinds, as many others may name the entities that an article names: what comes with an article, and most
of what goes with it, is found without looking at those.
"""

from __future__ import annotations

#: The beginning of a statement that notes rows: their kinds and numbers follow.
NOTE = "INSERT OR IGNORE INTO unsettled (kind, row_id)"
ARTICLE = "article"
RELATION = "relation"
EXTRACTION = "extraction"
#: Entities that an article began to name, and those that one ceased to name, perhaps to begin again.
NAMED = "entity named"
LEFT = "entity left"
#: Entities that are to be counted again from all articles that name them.
ENTITY = "entity"

#: Decisions that have not been carried out.
DECISION = "decision"


def noted(*kinds: str) -> str:
    """Return the SELECT of the row numbers that are noted of some kinds."""
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    return f"SELECT row_id FROM unsettled WHERE kind IN ({listed})"


#: All entities that were touched, some of them perhaps twice.
ENTITIES = noted(NAMED, LEFT, ENTITY)
#: Those of which something may have been taken away.
LESSENED = noted(LEFT, ENTITY)
