"""One damage to a well-formed file, of which it is known what the file holds no longer.

Unlike ``tests.readers.damage``, which readers must only survive, each damage here is of a kind that
people and tools make, and there is one in a file. What it took out of the file is told, as words or
as the number of a document; all else is still there, so that a reader has to take it or to say that
it could not.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from random import Random
from typing import Any, NamedTuple

#: Words that are in the file no longer, or the number of a document that may have lost anything.
Gone = tuple[str | int, ...]
#: Instead of such a number: it may be anything.
ALL = -1
#: A damage that makes one article of two.
SAME_ID = "the id of another"


class Damaged(NamedTuple):
    """A file after a damage: what was done to it, what it holds no longer, and what stands there
    instead, in words.
    """

    data: bytes
    what: str
    gone: Gone = ()
    instead: tuple[str, ...] = ()


class Place(NamedTuple):
    """A value in JSON: what holds it, its key or index there, the keys that lead to it, and what is
    around its holder.
    """

    holder: Any
    key: Any
    path: tuple[Any, ...]
    around: Any

    @property
    def value(self) -> Any:
        return self.holder[self.key]

    @property
    def others(self) -> list[Any]:
        """The values of the same field of the other objects in the list."""
        objects = self.around if isinstance(self.around, list) else []
        return [
            each[self.key]
            for each in objects
            if isinstance(each, dict) and each is not self.holder and self.key in each
        ]

    @property
    def all(self) -> Gone:
        """All that goes if the value does: its words, and as words may be told by numbers, all of its
        document.
        """
        return (*_strings(self.value), *self.path[:1])

    def is_of(self, kind: Kind) -> bool:
        """Whether this can be damaged so."""
        return isinstance(self.value, kind.of) and kind.fits(self)


def damage(choose: Random, data: bytes, articles: int) -> Damaged:
    """Return ``data``, which is JSON (lines, an array, one value) or lines of text, with one damage.

    If it has as many documents as ``articles``, each is one of them, in order.
    """
    text = data.decode("utf-8")
    documents, layout = _documents(text)
    if documents is None:
        return _damage_text(choose, text)
    if choose.random() < 0.15:
        return _damage_file(choose, text, layout)
    is_each = len(documents) == articles
    # First the kind, as there are few of some places: ids, tokens, lists.
    kind = choose.choice(KINDS_OF_JSON)
    places = [each for each in _places(documents) if each.is_of(kind)]
    if not places:
        return Damaged(data, "nothing")
    place = choose.choice(places)
    told = ".".join(map(str, place.path))
    gone = kind.do(choose, place)
    instead = tuple(_scalars(place.value)) if kind.puts else ()
    written = [json.dumps(each, ensure_ascii=False) for each in documents]
    text = f"[{', '.join(written)}]" if layout == "array" else "".join(f"{x}\n" for x in written)
    if not is_each:
        gone = tuple(ALL if isinstance(each, int) else each for each in gone)
    return Damaged(text.encode(), f"{told}: {kind.name}", gone, instead)


# JSON -------------------------------------------------------------------------------------------


def _documents(text: str) -> tuple[list[Any] | None, str]:
    """Return the values of lines, or the elements of an array, and which of these; or None."""
    try:
        lines = [json.loads(line) for line in text.splitlines()]
        if len(lines) == 1 and isinstance(lines[0], list):
            return lines[0], "array"
        return lines, "lines"
    except ValueError:
        return None, "text"


def _places(documents: list[Any]) -> Iterator[Place]:
    stack: list[tuple[Any, tuple[Any, ...], Any]] = [(documents, (), None)]
    while stack:
        holder, path, around = stack.pop()
        for key in list(holder) if isinstance(holder, dict) else range(len(holder)):
            place = Place(holder, key, (*path, key), around)
            yield place
            if isinstance(place.value, (dict, list)):
                stack.append((place.value, place.path, holder))


def _scalars(value: Any) -> Iterator[str]:
    """Yield the words and numbers in a value, as JSON has them."""
    if isinstance(value, (dict, list)):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _scalars(each)
    else:
        yield value if isinstance(value, str) else json.dumps(value)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)


#: What objects have that are tokens, and no others.
_OF_TOKENS = frozenset({"ws", "upos", "originalText"})


class Kind(NamedTuple):
    """A kind of damage to a value of these types; ``do`` does it and returns what is gone."""

    name: str
    of: type | tuple[type, ...]
    do: Callable[[Random, Place], Gone]
    fits: Callable[[Place], bool] = lambda place: True
    #: Whether something else stands there then, which a reader may take.
    puts: bool = False


def _put(place: Place, value: Any) -> None:
    place.holder[place.key] = value


def _remove(_: Random, place: Place) -> Gone:
    gone = place.all
    del place.holder[place.key]
    return gone


def _forget(_: Random, place: Place) -> Gone:
    """Take a field away that is one value, as another way to write the same record would."""
    gone = tuple(_strings(place.value))
    del place.holder[place.key]
    return gone


def _null(_: Random, place: Place) -> Gone:
    gone = place.all
    _put(place, None)
    return gone


def _empty(_: Random, place: Place) -> Gone:
    gone = place.all
    _put(place, type(place.value)())
    return gone


def _other_type(choose: Random, place: Place) -> Gone:
    """What stood there is gone, but what stands there is wrong, and that is to be said."""
    others = (True, 7, -1.5, "a string", [7], {"x": 7})
    _put(place, choose.choice([x for x in others if not isinstance(x, type(place.value))]))
    return ()


def _number_for_string(choose: Random, place: Place) -> Gone:
    gone = place.all if _is_word_of_token(place) else ()
    _put(place, choose.choice((7, 1.5, True)))
    return gone


def _blank(choose: Random, place: Place) -> Gone:
    gone = place.all if _is_word_of_token(place) else ()
    _put(place, choose.choice(("", " ", "\t", "\u00a0", "\u200b", "\u3164")))
    return gone


def _out_of_range(choose: Random, place: Place) -> Gone:
    _put(place, choose.choice((10**6, 2**31, 2**63, 10**30, -1, -3, -(10**6))))
    return ()


def _no_whole_number(choose: Random, place: Place) -> Gone:
    _put(place, choose.choice((0.5, "x", True, float("nan"))))
    return ()


def _swap(choose: Random, place: Place) -> Gone:
    """Exchange a number with another one beside it, such as the end of a span with its start."""
    keys = list(place.holder) if isinstance(place.holder, dict) else range(len(place.holder))
    other = choose.choice([key for key in keys if _is_int(place.holder[key])])
    place.holder[place.key], place.holder[other] = place.holder[other], place.value
    return ()


def _double(_: Random, place: Place) -> Gone:
    place.holder.insert(place.key, json.loads(json.dumps(place.value)))
    # Of tokens, which are told by their numbers, this makes others of all that follow.
    return place.all


def _unknown_field(choose: Random, place: Place) -> Gone:
    place.value[choose.choice(("unexpected", "", "_", "meta"))] = choose.choice((1, "x", [], None))
    return ()


def _same_id(choose: Random, place: Place) -> Gone:
    _put(place, choose.choice(place.others))
    return ()


def _is_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _has_other_ids(place: Place) -> bool:
    return _is_field(place) and "id" in str(place.key).lower() and bool(place.others)


def _is_number(place: Place) -> bool:
    return _is_int(place.value)


def _is_field(place: Place) -> bool:
    return isinstance(place.holder, dict)


def _is_element(place: Place) -> bool:
    return isinstance(place.holder, list)


def _is_token(place: Place) -> bool:
    """Words that stand in a list are the text itself, of which nobody knows what is not there."""
    return isinstance(place.holder, list) and isinstance(place.value, str)


def _is_word_of_token(place: Place) -> bool:
    """The words of an object that is a token, of Prodigy, Stanza or CoreNLP, are the text as well."""
    is_token = isinstance(place.holder, dict) and not _OF_TOKENS.isdisjoint(place.holder)
    return is_token and place.key in ("text", "word", "originalText")


def _is_no_token(place: Place) -> bool:
    return not _is_token(place)


KINDS_OF_JSON: tuple[Kind, ...] = (
    Kind("a field or an element is missing", (dict, list), _remove),
    Kind("a field is missing", (str, int, float), _forget, _is_field),
    Kind("a token is missing", str, _remove, _is_token),
    Kind("null for something", (dict, list, str, int, float), _null),
    Kind("nothing in it", (dict, list), _empty),
    Kind("another type", (dict, list), _other_type, puts=True),
    Kind("a number for a string", str, _number_for_string, _is_no_token, puts=True),
    Kind("nothing to be seen", str, _blank, _is_no_token),
    Kind("a number out of range", int, _out_of_range, _is_number),
    Kind("no whole number", int, _no_whole_number, _is_number),
    Kind("numbers exchanged", int, _swap, _is_number),
    Kind("an object twice", dict, _double, _is_element),
    Kind(SAME_ID, (str, int), _same_id, _has_other_ids),
    Kind("an unknown field", dict, _unknown_field),
)


# Files ------------------------------------------------------------------------------------------


def _damage_file(choose: Random, text: str, layout: str) -> Damaged:
    """Damage a file of JSON as a file."""
    lines = text.splitlines(keepends=True)
    last = len(lines) - 1
    ways: list[Callable[[], Damaged]] = [
        lambda: _cut_off(choose, text, lines, last),
        lambda: Damaged(("\ufeff" + text).encode(), "a byte order mark"),
        lambda: Damaged(text.replace("\n", "\r\n").encode(), "other line ends"),
    ]
    if layout == "lines" and last > 0:
        at = choose.randint(1, last)
        ways += [
            lambda: Damaged(
                "".join([*lines[:at], '{"broken": \n', *lines[at:]]).encode(),
                f"a broken line {at + 1}",
            ),
            lambda: Damaged(
                "".join([*lines[:at], "\n", *lines[at:]]).encode(), f"a blank line {at + 1}"
            ),
            lambda: Damaged(
                "".join(lines[:at] + lines[at + 1 :]).encode(),
                f"line {at + 1} is missing",
                (lines[at], ALL),
            ),
            lambda: Damaged("".join([*lines, lines[at]]).encode(), f"line {at + 1} twice"),
        ]
    return choose.choice(ways)()


def _cut_off(choose: Random, text: str, lines: list[str], last: int) -> Damaged:
    end = len(text) - choose.randint(2, max(2, len(lines[last]) - 1))
    return Damaged(text[:end].encode(), f"cut off at character {end}")


# Text -------------------------------------------------------------------------------------------

_CELL = re.compile(r"[\t,]")
_NUMBER = re.compile(r"(?<![\w.])\d+(?![\w.])")


def _damage_text(choose: Random, text: str) -> Damaged:
    lines = text.splitlines(keepends=True)
    at = choose.randrange(len(lines))
    way, name = choose.choice(
        (
            (_without_cell, "a cell is missing"),
            (_blank_cell, "a cell is blank"),
            (_further_cell, "a further cell"),
            (_without_column, "its column is missing"),
            (_other_number, "a number out of range"),
            (_no_number, "no number"),
            (_twice, "a line twice"),
            (_missing, "a line is missing"),
            (_broken, "a line of something else before it"),
            (_shortened, "cut off in it"),
        )
    )
    gone = way(choose, lines, at)
    return Damaged("".join(lines).encode(), f"line {at + 1}: {name}", gone)


def _cells(lines: list[str], at: int) -> tuple[list[str], str, str]:
    """Return the cells of a line, what separates them, and its end: tabs, or commas if the first line
    of the file has some, as in Turtle a comma is none between cells.
    """
    body = lines[at].rstrip("\r\n")
    end = lines[at][len(body) :]
    is_table = "," in lines[0] and "," in body
    separator = "\t" if "\t" in body else "," if is_table else None
    return ([body], "\n", end) if separator is None else (body.split(separator), separator, end)


def _without_cell(choose: Random, lines: list[str], at: int) -> Gone:
    cells, separator, end = _cells(lines, at)
    gone = (cells.pop(choose.randrange(len(cells))),)
    lines[at] = separator.join(cells) + end
    # A line of one cell is missing then.
    return () if cells else gone


def _without_column(choose: Random, lines: list[str], at: int) -> Gone:
    cells, separator, _ = _cells(lines, at)
    column = choose.randrange(len(cells))
    gone = []
    # The first line last, as it tells the separator.
    for number in reversed(range(len(lines))):
        cells, other, end = _cells(lines, number)
        if other == separator and len(cells) > column:
            gone.append(cells.pop(column))
            lines[number] = separator.join(cells) + end
    return tuple(gone)


def _blank_cell(choose: Random, lines: list[str], at: int) -> Gone:
    cells, separator, end = _cells(lines, at)
    place = choose.randrange(len(cells))
    gone = (cells[place],)
    cells[place] = choose.choice(("", " ", "\u200b", "\u00a0"))
    lines[at] = separator.join(cells) + end
    return () if len(cells) > 1 else gone


def _further_cell(choose: Random, lines: list[str], at: int) -> Gone:
    cells, separator, end = _cells(lines, at)
    # Where words go on to the end of the line, these are others then.
    gone = tuple(cells)
    cells.insert(choose.randint(0, len(cells)), choose.choice(("", "x", "7")))
    lines[at] = separator.join(cells) + end
    return gone


def _other_number(choose: Random, lines: list[str], at: int) -> Gone:
    return _numbered(choose, lines, at, choose.choice(("999999", "-3", "9" * 30)))


def _no_number(choose: Random, lines: list[str], at: int) -> Gone:
    return _numbered(choose, lines, at, choose.choice(("x", "0.5", "")))


def _numbered(choose: Random, lines: list[str], at: int, by: str) -> Gone:
    found = list(_NUMBER.finditer(lines[at]))
    if found:
        chosen = choose.choice(found)
        lines[at] = lines[at][: chosen.start()] + by + lines[at][chosen.end() :]
    return ()


def _twice(_: Random, lines: list[str], at: int) -> Gone:
    gone = tuple(_cells(lines, at)[0])
    lines.insert(at, lines[at])
    # A token twice makes another name of the one that it is in.
    return gone


def _missing(_: Random, lines: list[str], at: int) -> Gone:
    gone = (lines[at], *_cells(lines, at)[0])
    del lines[at]
    return gone


def _broken(choose: Random, lines: list[str], at: int) -> Gone:
    lines.insert(at, choose.choice(("???\n", "{\n", "x x x x x x x\n", '"\n')))
    return ()


def _shortened(choose: Random, lines: list[str], at: int) -> Gone:
    """The file ends in a cell that is not whole, or behind a whole one."""
    cells, separator, _ = _cells(lines, at)
    kept = choose.randint(0, len(cells) - 1)
    behind = "".join(lines[at + 1 :])
    words = separator.join(cells[kept:])
    lines[at:] = [separator.join(cells[:kept])]
    return (behind, words, *cells[kept:], *_CELL.split(behind))
