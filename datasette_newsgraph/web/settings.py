"""The settings of the plugin: one declaration, from which they are read, checked and documented.

They stand in Datasette's configuration under ``plugins: datasette-newsgraph``, and those that may
differ from graph to graph also under ``databases: NAME: plugins``. What is wrong with them is
said when the server starts.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any
from weakref import WeakKeyDictionary

from rapidfuzz import process

from datasette_newsgraph.confidence import ASSERT_FROM
from datasette_newsgraph.errors import UsageError
from datasette_newsgraph.terminal import shown
from datasette_newsgraph.web.datasette import lines

PLUGIN = "datasette-newsgraph"
#: What each kind of value is called, in JSON's and YAML's own words.
_KINDS = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    dict: 'an allow block, as {"id": "ana"}, or true or false',
}


@dataclass(frozen=True)
class Setting:
    """A setting as it is declared. ``least`` and ``most`` are of numbers, both inclusive; ``unit`` is
    what a number counts.

    ``is_of_server`` tells that it cannot differ from one database to the next.
    """

    name: str
    default: Any
    meaning: str
    unit: str
    least: float
    most: float
    is_of_server: bool

    @property
    def kind(self) -> type:
        """Return the type of its values: bool, int, float, or dict for one that allows somebody."""
        return dict if self.default is None else type(self.default)

    @property
    def is_number(self) -> bool:
        """Tell whether its values are numbers, which have bounds."""
        return self.kind in (int, float)

    def read(self, given: Any, place: str) -> Any:
        """Return a value as it was given at a place of the configuration, or raise UsageError."""
        if not _is_right(given, self.kind):
            raise UsageError(f"{place}: {self.name} is {_KINDS[self.kind]}, not {_shown(given)}")
        if not self.is_number:
            return given
        if not self.least <= given <= self.most:
            raise UsageError(
                f"{place}: {self.name} is from {self.least:,} to {self.most:,}, not {_shown(given)}"
            )
        return self.kind(given)


def _is_right(given: Any, kind: type) -> bool:
    is_whole = isinstance(given, int) and not isinstance(given, bool)
    if kind is float:
        return is_whole or (isinstance(given, float) and math.isfinite(given))
    return is_whole if kind is int else isinstance(given, (bool, kind))


def _setting(
    default: Any,
    meaning: str,
    unit: str = "",
    *,
    least: float = 0,
    most: float = 0,
    is_of_server: bool = False,
) -> Any:
    declared = {
        "meaning": meaning,
        "unit": unit,
        "least": least,
        "most": most,
        "is_of_server": is_of_server,
    }
    return field(default=default, metadata=declared)


@dataclass(frozen=True)
class Settings:
    """The settings that hold for a graph."""

    downloads_at_once: int = _setting(
        2,
        "How many whole graphs can be downloaded at the same time. Further downloads are answered with"
        " 503. Each download keeps one processor busy.",
        "downloads",
        least=1,
        most=100,
        is_of_server=True,
    )
    small_downloads_at_once: int = _setting(
        8,
        "How many smaller downloads can run at the same time: RDF of a page of rows, of a search, or of"
        " a thing; all of a thing with very many mentions counts as a whole graph.",
        "downloads",
        least=1,
        most=1000,
        is_of_server=True,
    )
    whole_graph_downloads: bool = _setting(
        True,
        "Whether the whole graph can be downloaded. If not, its addresses are answered with 404, and no"
        " page links to them. RDF of rows and of single things can still be downloaded.",
    )
    assert_from: float = _setting(
        ASSERT_FROM,
        "The lowest confidence at which a relation is asserted: RDF then has it as a plain triple, as"
        " with `newsgraph export --assert-from`. Pages call a relation below it uncertain, and one that"
        " stands only in captions and the like.",
        "confidence",
        least=0,
        most=1,
    )
    drawn_neighbours: int = _setting(
        39,
        "How many entities the drawing of a neighbourhood shows. With 0 there is no drawing.",
        "entities",
        most=39,
    )
    search_page_size: int = _setting(
        20,
        "How many hits a page of a search for one kind of thing shows.",
        "hits",
        least=1,
        most=100,
    )
    search_time_limit_ms: int = _setting(
        500,
        "How long a search may take in each full-text table. A search that takes longer says so.",
        "milliseconds",
        least=1,
        most=60_000,
    )
    suggestions: int = _setting(
        5,
        "How many names a search offers if it finds nothing (“Did you mean”). With 0 it offers none.",
        "names",
        most=20,
    )
    names_while_typing: bool = _setting(
        True,
        "Whether the search box offers names while somebody types. It does so with a small script, the"
        " only one on our pages, which asks the search of this server.",
    )
    sparql: Mapping[str, object] | bool | None = _setting(
        None,
        "Who may ask in SPARQL, as an allow block (see `decide`)."
        " If it is not given, everybody may who may see the graph. With `false` the address is answered"
        " with 404.",
    )
    sparql_time_limit_ms: int = _setting(
        10_000,
        "How long the answer to a question in SPARQL may take. A question that takes longer is answered"
        " with 503.",
        "milliseconds",
        least=100,
        most=600_000,
    )
    sparql_rows: int = _setting(
        100_000,
        "How many rows, or triples, the answer to a question in SPARQL may have. A question that finds"
        " more is answered with 503.",
        "rows",
        least=1,
        most=100_000_000,
    )
    sparql_at_once: int = _setting(
        2,
        "How many questions in SPARQL are answered at the same time, each by a process of its own, that"
        " keeps one processor busy. Further ones wait, and are then answered with 503.",
        "questions",
        least=1,
        most=100,
        is_of_server=True,
    )
    sparql_memory_mb: int = _setting(
        512,
        "How much memory each of these processes may take, on Linux. A question that needs more is"
        " answered with 503.",
        "megabytes",
        least=128,
        most=1_000_000,
        is_of_server=True,
    )
    decide: Mapping[str, object] | bool | None = _setting(
        None,
        "Who may decide what is the same and what is wrong, as an [allow block]"
        "(https://docs.datasette.io/en/stable/authentication.html#defining-permissions-with-allow-blocks)."
        " On Datasette 1.0, the permission `newsgraph-decide` says it, too. Root always may.",
    )
    show_who_decided: bool = _setting(
        False,
        "Whether everybody is told who decided and why. If not, only those who may decide are told.",
    )


DEFAULTS = Settings()
SETTINGS: dict[str, Setting] = {
    each.name: Setting(name=each.name, default=each.default, **each.metadata)
    for each in fields(Settings)
}
_of_servers: WeakKeyDictionary[Any, dict[str | None, Settings]] = WeakKeyDictionary()


def install(datasette: Any) -> None:
    """Read the settings of a server. Raises UsageError, of one line, at the first thing wrong."""
    found: dict[str | None, Settings] = {None: DEFAULTS}
    # The server's own come first.
    for database, table, given in lines.plugin_blocks(datasette, PLUGIN):
        steps = ["databases", database] if database is not None else []
        steps += ["tables", table] if table is not None else []
        place = " > ".join(_shown(each, "") for each in [*steps, "plugins", PLUGIN])
        if table is not None:
            raise UsageError(
                f"{place}: a table has no settings; they are of a server or a database"
            )
        known = read_settings(given, place, is_of_server=database is None)
        found[database] = replace(found[None], **known)
    _of_servers[datasette] = found


def settings_of(datasette: Any, database: str | None) -> Settings:
    """Return the settings of a database; of None, the server's own."""
    if datasette not in _of_servers:
        install(datasette)
    found = _of_servers[datasette]
    return found.get(database, found[None])


def read_settings(given: Any, place: str, *, is_of_server: bool = True) -> dict[str, Any]:
    """Return the settings of one block of the configuration, by name. Raises UsageError."""
    if not isinstance(given, Mapping):
        raise UsageError(f"{place}: settings are names with values, not {_shown(given)}")
    for name in given:
        if name not in SETTINGS:
            raise UsageError(f"{place}: there is no setting {_shown(name)}; {_nearest(str(name))}")
        if SETTINGS[name].is_of_server and not is_of_server:
            raise UsageError(f"{place}: {name} is a setting of the whole server, not of a database")
    return {name: SETTINGS[name].read(value, place) for name, value in given.items()}


def _nearest(name: str) -> str:
    found = process.extractOne(name[:100], list(SETTINGS), score_cutoff=60)
    return f"did you mean {found[0]}?" if found else f"there are {', '.join(SETTINGS)}"


def _shown(value: Any, quotes: str = "'") -> str:
    """Return a value on one line, not too long; a text in quotes."""
    text = f"{quotes}{value}{quotes}" if isinstance(value, str) else json.dumps(value, default=repr)
    text = shown(text)
    return text if len(text) <= 80 else f"{text[:79]}…"
