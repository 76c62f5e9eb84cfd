"""What a table and a column are, and the columns that tables share: what each means in words, and
the rules that its values follow.

SQLite takes any value into any column, and a load writes the right ones only. By these rules a check
finds what somebody else, or a broken disk, wrote there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple, get_args

from datasette_newsgraph.anchoring.statuses import STATUSES
from datasette_newsgraph.article import ZONES
from datasette_newsgraph.confidence import NEVER
from datasette_newsgraph.identity import Basis

#: The highest number that a row may have. Sets of rows have a bit for each up to their highest, so that
#: a number that somebody else gave a row could take all memory.
HIGHEST_ROW = (1 << 30) - 1
#: SQL's functions for text see it up to the first NUL only, and what is behind that is written, too.
_TO_ITS_END = "instr({0}, char(0)) = 0"


class Rule(NamedTuple):
    """What holds of a column's values, and the words for that; and where it may be null, if not
    everywhere. Both are SQL with ``{0}`` for the column and ``{1}`` for its table.
    """

    sql: str
    words: str
    null: str | None = None


@dataclass(frozen=True)
class Column:
    """A column: the type of its values, what it means, and what else a check looks for.

    ``required``: it is never null. ``references``: the table that it refers to, by that one's first
    column. ``given``: it holds dates, and this column of the table the words that are none. ``iri``:
    in which rows it holds an IRI, as SQL. ``description``: what it means, for people; Datasette shows
    the words above the rows, so they are few.
    """

    type: type
    required: bool = False
    rule: Rule | None = None
    references: str | None = None
    given: str | None = None
    iri: str | None = None
    description: str = ""

    def says(self, description: str) -> Column:
        """Return the same column with this description."""
        return replace(self, description=description)


@dataclass(frozen=True)
class Table:
    """A table: its columns in order, and its primary key."""

    columns: dict[str, Column]
    pk: str | tuple[str, ...] = "id"

    @property
    def references(self) -> dict[str, str]:
        """Return which columns refer to which table (by its first column)."""
        return {name: each.references for name, each in self.columns.items() if each.references}

    def is_required(self, column: str) -> bool:
        """Tell whether a column is never null."""
        own = (self.pk,) if isinstance(self.pk, str) else self.pk
        return column in own or self.columns[column].required

    def is_row_number(self, column: str) -> bool:
        """Tell whether a column has the numbers of rows, of this table or of another."""
        is_own = column == self.pk and self.columns[column].type is int
        return is_own or column in self.references


def one_of(values: Iterable[str], words: str) -> Rule:
    """Return the rule that a value is one of some; ``words`` say what these are."""
    return Rule("{0} IN (" + ", ".join(f"'{each}'" for each in values) + ")", words)


def _json(type_: str, of: str, words: str) -> Rule:
    return Rule(
        # CASE: the functions would end the query where it is no JSON.
        f"CASE WHEN NOT json_valid({{0}}) THEN 0 WHEN json_type({{0}}) <> '{type_}' THEN 0"
        f" ELSE {_TO_ITS_END}"
        f" AND NOT EXISTS (SELECT 1 FROM json_each({{0}}) WHERE type <> '{of}') END",
        words,
    )


ROW_NUMBER = Rule(f"{{0}} BETWEEN 1 AND {HIGHEST_ROW}", "a row number")
_FROM_0 = Rule("{0} >= 0", "0 or more")
#: What the number of a row of a table means in the row of another, if that does not say otherwise.
_ROWS = {
    "articles": "The article that the row belongs to.",
    "entities": "The entity that the row is about.",
    "relations": "The relation that the row is about.",
    "extractions": "The tool, or the people, that made the annotations.",
    "sources": "The file that it was loaded from.",
    "appearances": "The appearance: the entity in the article that gives it.",
}


def row_of(table: str, *, required: bool = True) -> Column:
    """Return a column with row numbers of another table."""
    return Column(int, required, ROW_NUMBER, references=table, description=_ROWS.get(table, ""))


def date(given: str) -> Column:
    """Return a column with dates; ``given`` is the column with the words that are none."""
    return Column(str, given=given)


TEXT, NUMBER = Column(str), Column(int)
ID = NUMBER.says("Row number in this database; it means nothing elsewhere.")
NAME = Column(str, required=True)
KEY = Column(
    str, True, Rule(f"{{0}} <> '' AND {{0}} NOT GLOB '*[^a-z0-9-]*' AND {_TO_ITS_END}", "a key")
).says("Last part of its IRI; the same in every database.")
FIRST_SEEN = TEXT.says("Earliest publication date of its articles.")
LAST_SEEN = TEXT.says("Latest publication date of its articles.")
#: A database has so many rows at most of what is counted.
COUNT = Column(int, True, Rule(f"{{0}} BETWEEN 0 AND {HIGHEST_ROW}", "a count"))
COUNTS = Column(str, True, _json("object", "integer", "a JSON object of counts"))
STRINGS = Column(str, rule=_json("array", "text", "a JSON array of strings"))
IRI = Column(str, required=True, iri="true")
PLACE = Column(int, True, _FROM_0)
LENGTH = Column(int, rule=_FROM_0)
ZONE = Column(str, rule=one_of(ZONES, "the name of a zone"))
CONFIDENCE = Column(float, rule=Rule("{0} BETWEEN 0 AND 1", "a number from 0 to 1"))
ASSERTED = Column(
    float,
    True,
    Rule(f"({{0}} BETWEEN 0 AND 1 OR {{0}} = {NEVER})", f"a number from 0 to 1, or {NEVER:.0f}"),
)
LATITUDE = Column(float, rule=Rule("{0} BETWEEN -90 AND 90", "a number from -90 to 90"))
LONGITUDE = Column(float, rule=Rule("{0} BETWEEN -180 AND 180", "a number from -180 to 180"))
SHA256 = Column(
    str,
    rule=Rule(
        f"length({{0}}) = 64 AND {{0}} NOT GLOB '*[^0-9a-f]*' AND {_TO_ITS_END}",
        "a SHA-256 checksum",
    ),
)
BASIS = Column(str, True, one_of(get_args(Basis), "what a key can come from"))
DIRECT = Column(int, rule=Rule("{0} IN (0, 1)", "0 or 1"))
KIND = Column(str, True, one_of(("type", "predicate"), "type or predicate"))
#: What is no set is found where it is unpacked.
ROWS = Column(bytes, True, Rule("true", "a packed set of rows"))
#: A statement has an object, or a value with its datatype.
OBJECT = Column(
    int,
    rule=ROW_NUMBER._replace(
        words="a row number, or null where there is a value", null="{1}.value IS NOT NULL"
    ),
    references="entities",
)
VALUE = Column(
    str,
    rule=Rule(
        "{1}.object_id IS NULL", "text where there is no object", "{1}.object_id IS NOT NULL"
    ),
    iri="datatype = 'IRI'",
)
DATATYPE = Column(
    str,
    rule=one_of(
        ("string", "date", "number", "boolean", "IRI"),
        "the name of a datatype, or null where there is an object",
    )._replace(null="{1}.object_id IS NOT NULL"),
)
#: A span has both ends or none.
_START = Rule("{0} >= 0", "0 or more, or null as end_char is", "{1}.end_char IS NULL")
END = Column(
    int, rule=Rule("{0} >= 0", "0 or more, or null as start_char is", "{1}.start_char IS NULL")
)
SPAN = {
    "start_char": Column(int, rule=_START).says(
        "Where the span starts, in code points from 0; empty if unknown."
    ),
    "end_char": END.says("Where the span ends, in code points (exclusive); empty if unknown."),
    "surface": TEXT.says("The words of the span, as the text has them."),
    "zone": ZONE.says("The zone in which the span begins, if any."),
    "confidence": CONFIDENCE.says("How sure the extractor was, from 0 to 1."),
    "offset_status": Column(str, True, one_of(STATUSES, "an offset status")).says(
        f"How the span was found: {', '.join(STATUSES)}."
    ),
    "given_start": NUMBER.says("The start that the file gave."),
    "given_end": NUMBER.says("The end that the file gave."),
    "moved": NUMBER.says("How far the span was moved, in code points."),
    "given_surface": TEXT.says("The words that the file gave, where the text has others."),
}
