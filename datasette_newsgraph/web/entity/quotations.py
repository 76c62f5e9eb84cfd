"""What an entity has said, and what others have said about it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from datasette_newsgraph.web.access.visit import Visit
from datasette_newsgraph.web.entity.contexts import is_frequent
from datasette_newsgraph.web.parts.passages import Passage, passages_of

#: Quotes listed of each kind.
LISTED = 10
#: Articles that are looked through for what is said about somebody, the newest.
LOOKED_IN = 200

_SPEAKER = (
    ", verb, direct, (SELECT key FROM entities WHERE entities.id = speaker_id) AS speaker_key,"
    " (SELECT name FROM entities WHERE entities.id = speaker_id) AS speaker"
)
_NEWEST = "ORDER BY articles.published DESC, articles.id DESC"


class Quotations(NamedTuple):
    """Quotes, the newest first. ``is_all``: there are no more."""

    passages: list[Passage]
    is_all: bool


async def quotes_by(visit: Visit, entity: int) -> Quotations:
    """Return the newest quotes of a speaker.

    The caller has made sure that the visitor may see quotes, articles and entities.
    """
    by_speaker = {"entity": entity}
    count = (
        await visit.rows_of("SELECT count(*) FROM quotes WHERE speaker_id = :entity", by_speaker)
    )[0][0]
    if not count:
        return Quotations([], True)
    # Without the plus sign, SQLite would go through all quotes of the speaker once an article.
    source = (
        "articles CROSS JOIN quotes ON article_id = articles.id WHERE +speaker_id = :entity"
        if await is_frequent(visit, count, LISTED)
        else "quotes CROSS JOIN articles ON articles.id = article_id WHERE speaker_id = :entity"
    )
    rows = await visit.rows_of(
        f"SELECT quotes.id FROM {source} {_NEWEST}, quotes.id LIMIT {LISTED}",
        by_speaker,
    )
    return await _read(visit, rows, count <= LISTED)


async def quotes_about(
    visit: Visit, entity: int, zones: Iterable[str | None], mentions: int
) -> Quotations:
    """Return the newest quotes of others in which an entity is mentioned, which stands so often in
    these zones; not all, as they are looked for in a limited number of articles.

    The caller has made sure that the visitor may see mentions as well.
    """
    params: dict[str, Any] = {"entity": entity}
    params |= {f"zone_{number}": zone for number, zone in enumerate(zones)}
    listed = ", ".join(f"(:zone_{number})" for number in range(len(params) - 1))
    if not listed:
        return Quotations([], True)
    mentioned = (
        f"(SELECT 1 FROM (VALUES {listed}) AS zones CROSS JOIN mentions"
        " WHERE mentions.entity_id = :entity AND mentions.zone IS zones.column1"
        " AND mentions.article_id = {article})"
    )
    looked_in = (
        f"SELECT id, published FROM articles WHERE EXISTS {mentioned.format(article='articles.id')}"
        if await is_frequent(visit, mentions, LOOKED_IN)
        else "SELECT id, published FROM articles"
        " WHERE id IN (SELECT article_id FROM mentions WHERE entity_id = :entity)"
    )
    within = mentioned.format(article="quotes.article_id")[:-1] + (
        " AND mentions.start_char >= quotes.start_char AND mentions.end_char <= quotes.end_char)"
    )
    rows = await visit.rows_of(
        f"WITH looked_in AS MATERIALIZED ({looked_in} ORDER BY published DESC, id DESC"
        f" LIMIT {LOOKED_IN})"
        " SELECT quotes.id FROM looked_in AS articles"
        " CROSS JOIN quotes ON quotes.article_id = articles.id"
        f" WHERE speaker_id IS NOT :entity AND EXISTS {within}"
        f" {_NEWEST}, quotes.id LIMIT {LISTED + 1}",
        params,
    )
    return await _read(visit, rows[:LISTED], len(rows) <= LISTED and mentions <= LOOKED_IN)


async def _read(visit: Visit, rows: list[Any], is_all: bool) -> Quotations:
    numbers = [row[0] for row in rows]
    return Quotations(await passages_of(visit, "quotes", numbers, _SPEAKER), is_all)
