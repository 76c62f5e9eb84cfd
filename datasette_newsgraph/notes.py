"""What became of the parts of records that are not stored as given: counters with their words.

A reader makes the ``Notes`` of one record. The stages behind it add to the same object: dates, labels,
anchoring, drafting. ``load``, ``inspect`` and ``convert`` add up the notes of all records and print
them. A counter is declared once, in ``Notes``, with the words in which people are told of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import copy
from typing import Any, Generic, TypeVar, cast, overload

from datasette_newsgraph.anchoring.statuses import EXACT, UNVERIFIED
from datasette_newsgraph.anchoring.units import CODE_POINTS
from datasette_newsgraph.dates.forms import DAY_OR_MONTH
from datasette_newsgraph.wording import counted, listed

#: Code points of an example of words that are no date.
_EXAMPLE = 40

_Key = TypeVar("_Key")


class _Counter:
    """A counter of ``Notes``.

    ``line`` is the line that ``load`` prints of it, with ``{total}`` and ``{largest}`` for its counts,
    or makes that line. ``heading`` is what ``inspect`` prints before the counts; without one,
    ``inspect`` prints them elsewhere. ``noun`` is what it counts. Its name is its key in the JSON of
    ``inspect``, unless an inspection does not count it.
    """

    name: str

    def __init__(
        self,
        line: str | Callable[[Notes], str] = "",
        *,
        noun: str = "",
        heading: str | None = None,
        is_inspected: bool = True,
    ) -> None:
        self._line = line
        self.noun = noun
        self.heading = heading
        self.is_inspected = is_inspected

    def __set_name__(self, owner: type, name: str) -> None:
        if not self._line:
            raise TypeError(f"the counter {name} of {owner.__name__} has no line for people")
        self.name = name

    def line(self, notes: Notes) -> str:
        """Return the line for ``load``; it is empty where there is nothing to be told."""
        if not getattr(notes, self.name):
            return ""
        if callable(self._line):
            return self._line(notes)
        return self._line.format(total=self.total(notes), largest=self.largest(notes))

    def total(self, notes: Notes) -> str:
        """Return how many there are, with their noun."""
        return counted(getattr(notes, self.name), self.noun)

    def largest(self, notes: Notes) -> str:
        """Return the largest counts, with what they are of."""
        return self.total(notes)

    def text(self, notes: Notes, most: int) -> str:
        """Return at most so many counts for ``inspect``; the text is empty where there are none."""
        return self.total(notes) if getattr(notes, self.name) else ""

    def as_json(self, notes: Notes) -> Any:
        """Return the counts as they are written in JSON."""
        return getattr(notes, self.name)

    def add(self, mine: dict[str, Any], count: Any) -> None:
        """Add ``count`` to that of ``mine``, the attributes of some notes."""
        mine[self.name] = mine.get(self.name, 0) + count


class Count(_Counter):
    """A number of things, which are called by ``noun``."""

    def __init__(self, noun: str, line: str | Callable[[Notes], str] = "", **more: Any) -> None:
        super().__init__(line, noun=noun, **more)

    @overload
    def __get__(self, notes: None, owner: type) -> Count: ...
    @overload
    def __get__(self, notes: Notes, owner: type) -> int: ...
    def __get__(self, notes: Notes | None, owner: type) -> Count | int:
        return self if notes is None else cast(int, vars(notes).get(self.name, 0))

    def __set__(self, notes: Notes, count: int) -> None:
        vars(notes)[self.name] = count


class Tally(_Counter, Generic[_Key]):
    """Numbers of things by a key: their field, their label, a reason.

    ``regular`` are the keys that nobody needs to be told of: ``load`` prints a line only where
    there are others.
    """

    def __init__(
        self,
        line: str | Callable[[Notes], str] = "",
        *,
        regular: Iterable[_Key] = (),
        **more: Any,
    ) -> None:
        super().__init__(line, **more)
        self._regular = frozenset(regular)

    @overload
    def __get__(self, notes: None, owner: type) -> Tally[_Key]: ...
    @overload
    def __get__(self, notes: Notes, owner: type) -> Counter[_Key]: ...
    def __get__(self, notes: Notes | None, owner: type) -> Tally[_Key] | Counter[_Key]:
        if notes is None:
            return self
        # Made when it is first asked for: most records need none of them. Then it is found before this.
        found = vars(notes)[self.name] = Counter[_Key]()
        return found

    def words(self, key: _Key) -> str:
        """Return what people are told for a key."""
        return str(key)

    def line(self, notes: Notes) -> str:
        """Return the line for ``load``; it is empty where all is regular."""
        return super().line(notes) if set(getattr(notes, self.name)) - self._regular else ""

    def total(self, notes: Notes) -> str:
        """Return the sum of all numbers, with the noun."""
        return counted(sum(getattr(notes, self.name).values()), self.noun)

    def largest(self, notes: Notes) -> str:
        """Return the largest numbers with their keys, those of one size by their keys."""
        counts: Counter[_Key] = getattr(notes, self.name)
        return _largest({self.words(key): count for key, count in counts.items()})

    def text(self, notes: Notes, most: int) -> str:
        """Return at most so many numbers with their keys, those of one size as they came."""
        counts: Counter[_Key] = getattr(notes, self.name)
        return listed([f"{self.words(key)} {n:,}" for key, n in counts.most_common()], most)

    def add(self, mine: dict[str, Any], count: Counter[_Key]) -> None:
        """Add numbers to those of the same keys."""
        there = mine.get(self.name)
        if there is None:
            mine[self.name] = copy(count)
        else:
            there.update(count)


class LabelTally(Tally[tuple[str, str]]):
    """Numbers by kind of label and label."""

    def words(self, key: tuple[str, str]) -> str:
        """Return the label with its kind."""
        kind, label = key
        return f"{label} ({kind})"

    def as_json(self, notes: Notes) -> list[dict[str, Any]]:
        """Return the labels as objects; a key of JSON is one string."""
        counts: Counter[tuple[str, str]] = getattr(notes, self.name)
        return [
            {"kind": kind, "label": label, "count": count}
            for (kind, label), count in counts.most_common()
        ]


class KeysTaken(Tally[str]):
    """Numbers of objects by what was taken for what in them."""

    def text(self, notes: Notes, most: int) -> str:
        """Return what was taken for what, each with the first object."""
        counts: Counter[str] = notes.keys_taken
        told = (f"{key} (such as {notes.key_examples.get(key, '')})" for key in counts)
        return listed(list(told), most)


class Examples:
    """What was given first, by the keys of a tally."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, notes: None, owner: type) -> Examples: ...
    @overload
    def __get__(self, notes: Notes, owner: type) -> dict[str, str]: ...
    def __get__(self, notes: Notes | None, owner: type) -> Examples | dict[str, str]:
        if notes is None:
            return self
        found: dict[str, str] = {}
        vars(notes)[self.name] = found
        return found

    def add(self, mine: dict[str, Any], examples: dict[str, str]) -> None:
        """Add examples for the keys that have none."""
        mine[self.name] = examples | mine.get(self.name, {})


def _largest(counts: Mapping[str, int]) -> str:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return listed([f"{name} {count:,}" for name, count in ordered])


def _unread_dates(notes: Notes) -> str:
    """Say how many dates are none, and why, each reason with what was given first."""
    reasons = {
        f"{reason} (such as “{notes.date_examples[reason][:_EXAMPLE]}”)": count
        for reason, count in notes.unread_dates.items()
    }
    dates = counted(notes.unread_dates.total(), "date")
    advice = "; dates such as 2021-03-05 are certain" if DAY_OR_MONTH in notes.unread_dates else ""
    return f"{dates} kept as words, which no period or sorting goes by: {_largest(reasons)}{advice}"


def _claims_refused(notes: Notes) -> str:
    spans = notes.claims_refused
    are = (
        "is not what the record says it is"
        if spans == 1
        else "are not what the record says they are"
    )
    return f"{counted(spans, 'span')} {are} (anchored): looked for again"


class Notes:
    """The counts of one record, or of many; they are told in the order in which they stand here."""

    #: Records that their annotators rejected or skipped, or that hold nothing.
    left_out = Count("record", "{total} left out: empty, not annotated, rejected or skipped")
    #: Entities and relations by (kind, label) of labels that no preset and no map knows.
    unmapped = LabelTally(
        "labels without a mapping, kept as they are (--map gives one): {largest}",
        heading="not mapped",
    )
    #: Entities and relations that were left out, by their label.
    dropped = Tally[str]("left out by their labels: {largest}", heading="left out")
    #: What of records in order is not taken, by what it is: other annotations of a task.
    passed_over = Tally[str]("not used: {largest}", heading="not used")
    #: Raw texts of which nothing says what they are encoded in, by what they were taken for.
    guessed_encodings = Tally[str](
        "{total} not UTF-8, read as {largest}", noun="text", heading="encoding guessed"
    )
    #: Words in the place of a date that are no date, by why they are none; the first of each reason.
    unread_dates = Tally[str](_unread_dates, heading="unread dates")
    date_examples = Examples()
    #: Fields that an article record does not have, by their path.
    unknown_fields = Tally[str](
        "{total} ({largest})", noun="unknown field", heading="unknown fields"
    )
    #: Objects in lists of language models by the keys that were taken for their parts; of each the
    #: first. A load says nothing of it: it is no trouble.
    keys_taken = KeysTaken(lambda _: "", noun="object", heading="keys")
    key_examples = Examples()
    #: Articles by the unit that their offsets were found to count in.
    units = Tally[str](
        "articles by the unit of their offsets: {largest}",
        heading="offset units",
        regular=[CODE_POINTS],
    )
    #: Mentions, evidence and quotes by offset status.
    spans = Tally[str](
        "{total} ({largest})", noun="span", heading="spans", regular=[EXACT, UNVERIFIED]
    )
    #: Spans of which a record says what its text does not bear out (``article.Anchored``).
    claims_refused = Count("span", _claims_refused, heading="anchored anew")
    #: Confidences, coordinates and offsets that are none or out of range, taken as absent. Some are
    #: found when rows are drafted, which an inspection does not do.
    numbers_dropped = Count("number", "{total} out of range, left out", is_inspected=False)

    def __eq__(self, other: object) -> bool:
        """Tell whether all counts are equal; one that was never asked for is as one of nothing."""
        if type(other) is not type(self):
            return NotImplemented
        mine, theirs = ({name: n for name, n in vars(each).items() if n} for each in (self, other))
        return mine == theirs

    __hash__ = None  # type: ignore[assignment]  # what is counted changes

    def __repr__(self) -> str:
        counts = ", ".join(f"{name}={count!r}" for name, count in vars(self).items())
        return f"{type(self).__name__}({counts})"

    def add(self, other: Notes) -> None:
        """Add the counts of the notes of a record to these."""
        mine = vars(self)
        for name, count in vars(other).items():
            _ADDED[name].add(mine, count)

    def packed(self) -> dict[str, Any]:
        """Return the counts as numbers, lists and strings, for ``unpacked``."""
        return {
            name: list(count.items()) if isinstance(count, dict) else count
            for name, count in vars(self).items()
            if count
        }

    @classmethod
    def unpacked(cls, packed: Mapping[str, Any]) -> Notes:
        """Return the notes that were ``packed``."""
        notes = cls()
        for name, count in packed.items():
            if isinstance(count, list):
                pairs = ((tuple(key) if isinstance(key, list) else key, n) for key, n in count)
                kind = dict if isinstance(_ADDED[name], Examples) else Counter
                count = kind(dict(pairs))
            vars(notes)[name] = count
        return notes

    def lines(self) -> Iterator[str]:
        """Yield the lines that ``load`` prints, without those of which there is nothing to be told."""
        yield from filter(None, (counter.line(self) for counter in COUNTERS.values()))

    def headed(self, most: int) -> Iterator[tuple[str, str]]:
        """Yield the headings and texts that ``inspect`` prints, with at most so many counts each."""
        for counter in COUNTERS.values():
            if counter.heading is not None and (text := counter.text(self, most)):
                yield counter.heading, text

    def counts(self) -> dict[str, Any]:
        """Return what ``inspect`` counts, as it is written in JSON."""
        return {
            name: counter.as_json(self)
            for name, counter in COUNTERS.items()
            if counter.is_inspected
        }


#: The counters by their names, in order.
COUNTERS: Mapping[str, _Counter] = {
    name: counter for name, counter in vars(Notes).items() if isinstance(counter, _Counter)
}
_ADDED: Mapping[str, _Counter | Examples] = {
    name: added for name, added in vars(Notes).items() if isinstance(added, (_Counter, Examples))
}
