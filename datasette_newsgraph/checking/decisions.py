"""Check that what is shown is what was decided."""

from __future__ import annotations

from collections.abc import Iterator

from sqlite_utils import Database

from datasette_newsgraph.checking.fault import Fault, Mend, differ
from datasette_newsgraph.decisions.following import not_followed
from datasette_newsgraph.decisions.log import logged
from datasette_newsgraph.decisions.standing import standing_of
from datasette_newsgraph.decisions.state import rows_of
from datasette_newsgraph.store.schema import select
from datasette_newsgraph.wording import counted


def check_decisions(db: Database) -> Iterator[Fault]:
    """Yield what differs from what holds of the log of decisions."""
    standing = standing_of(logged(db.conn))
    kept = set(db.conn.execute(select("decided")))
    wrong = len(kept.symmetric_difference(rows_of(standing)))
    if wrong:
        words = f"decisions: {differ(wrong, 'decided')} from what the log says"
        yield Fault(words, Mend.DECISIONS)
    articles = not_followed(db, standing)
    if articles:
        shows = counted(articles, "article shows", "articles show")
        yield Fault(f"decisions: {shows} something else than was decided", Mend.DECISIONS)
