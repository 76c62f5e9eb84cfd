"""How to cite a graph: from what its metadata says, and what is in it. Nothing here is of the day on
which somebody looks: that is for who cites to add.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlite_utils import Database

from datasette_newsgraph.store import get_base, is_loopback
from datasette_newsgraph.web import line
from datasette_newsgraph.web.access.visit import Visit

#: Tools that are named.
_TOOLS = 5
#: Characters that mean something to BibTeX, and how they are written.
_ESCAPED = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{each: f"\\{each}" for each in "$&#%_"},
}


@dataclass(frozen=True)
class Citation:
    """A sentence to cite a graph by, and the same as BibTeX; links for those who read it here."""

    sentence: str
    bibtex: str
    description: str | None
    source: str | None
    source_url: str | None
    licence: str | None
    licence_url: str | None


async def cite(visit: Visit) -> Citation:
    """Return how to cite a graph, as far as its visitor may see it."""
    name = visit.graph.name
    may_view = await line.may_view_database(visit.datasette, visit.request.actor, name)
    given = await line.metadata_of(visit.datasette, name) if may_view else {}
    title = given.get("title") or f"News graph {name}"
    base = await visit.database.execute_fn(lambda connection: get_base(Database(connection)))
    url = "" if is_loopback(base) else base
    note = "; ".join(each for each in (await _extent(visit), await _tools(visit)) if each)
    source, licence = given.get("source"), given.get("license")
    parts = [title, source, note[:1].upper() + note[1:], licence and f"Licence: {licence}", url]
    fields = {
        "title": title,
        "author": source,
        "howpublished": "News graph (data set)",
        "note": "; ".join(each for each in (note, licence) if each),
        "url": url,
    }
    return Citation(
        " ".join(f"{part.rstrip('.')}." if part != url else part for part in parts if part),
        _bibtex(name, {key: value for key, value in fields.items() if value}),
        given.get("description"),
        source,
        given.get("source_url"),
        licence,
        given.get("license_url"),
    )


async def _extent(visit: Visit) -> str:
    """Return how many articles there are, and from when."""
    if not visit.sight.sees("articles"):
        return ""
    count = (await visit.row("SELECT count(*) FROM articles"))[0]
    first = (await visit.row("SELECT min(published) FROM articles"))[0]
    last = (await visit.row("SELECT max(published) FROM articles"))[0]
    articles = f"{count:,} article{'' if count == 1 else 's'}"
    if not first:
        return articles
    first, last = first[:10], last[:10]
    return f"{articles}, {first}" if first == last else f"{articles}, {first} to {last}"


async def _tools(visit: Visit) -> str:
    """Return what the articles were parsed by."""
    if not visit.sight.sees("extractions"):
        return ""
    rows = await visit.rows(
        "SELECT DISTINCT tool, version, model FROM extractions WHERE tool IS NOT NULL"
        f" ORDER BY id LIMIT {_TOOLS + 1}"
    )
    named = [_tool(*row) for row in rows[:_TOOLS]]
    if not named:
        return ""
    return f"extracted by {', '.join(named)}{' and others' if len(rows) > _TOOLS else ''}"


def _tool(tool: str, version: str | None, model: str | None) -> str:
    return f"{tool}{f' {version}' if version else ''}{f' ({model})' if model else ''}"


def _bibtex(name: str, fields: dict[str, str]) -> str:
    key = re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-") or "newsgraph"
    lines = (f"  {field} = {{{_escaped(field, value)}}}" for field, value in fields.items())
    return f"@misc{{{key},\n" + ",\n".join(lines) + "\n}"


def _escaped(field: str, value: str) -> str:
    if field == "url":
        # As it stands, but for what would end it.
        return value.replace("{", "%7B").replace("}", "%7D")
    text = "".join(_ESCAPED.get(each, each) for each in " ".join(value.split()))
    # The braces keep the case of a title, and an institution in one piece.
    return f"{{{text}}}" if field in ("title", "author") else text
