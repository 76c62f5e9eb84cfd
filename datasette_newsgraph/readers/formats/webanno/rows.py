"""The lines of a document: tokens with the annotations in which they take part."""

from __future__ import annotations

import re
from typing import NamedTuple

from datasette_newsgraph.readers import Fault
from datasette_newsgraph.readers.cas import layers
from datasette_newsgraph.readers.cas.annotations import Annotations, Span
from datasette_newsgraph.readers.formats.webanno import cells
from datasette_newsgraph.readers.formats.webanno.header import Header, Layer
from datasette_newsgraph.readers.formats.webanno.sentences import (
    ROW,
    TEXT,
    GrowingText,
    sentence_of,
)
from datasette_newsgraph.readers.formats.webanno.ties import Places, Tie, resolve

_ABOUT = ("#FORMAT=", "#T_SP=", "#T_CH=", "#T_RL=", "#Sentence.id=")
_EMPTY = (cells.NOTHING, "")
#: So much of a line is shown in a fault.
_SHOWN = 200


class _Row(NamedTuple):
    """A token or a part of one: ``token`` counts the tokens, not their parts."""

    name: str
    token: int
    start: int
    end: int
    words: str


class _Open(NamedTuple):
    """A span that may go on in the next line, and the token at which it was last."""

    span: Span
    token: int


class Rows:
    """Takes the lines of a document one after the other, and then knows its annotations."""

    def __init__(self, header: Header, text: GrowingText) -> None:
        self.header = header
        self.text = text
        self.found = Annotations(None)
        #: Whether there are blanks between all tokens, as if they had been joined by them.
        self.is_spaced = True
        read = [each for each in header.layers if layers.is_read(each.name)]
        self._spans = [each for each in read if each.kind == "span"]
        self._chains = [each for each in read if each.kind == "chain"]
        self._relations = [each for each in read if each.kind == "relation"]
        self._names = tuple(each.name for each in self._spans)
        self._unread = [
            (min(each.features.values()), layers.short_name(each.name))
            for each in header.layers
            if each.features and each not in read
        ]
        #: What stands behind the words of a token that nothing is said of.
        self._nothing = tuple(
            f"\t{cells.NOTHING}" * (header.width - 3) + behind for behind in ("", "\t")
        )
        self._before: dict[int, str] = {}
        self._given: list[str] = []
        self._shift: int | None = None
        self._token, self._behind = 0, -1
        self._narrow: list[tuple[int, str]] = []
        self._open: dict[tuple[str, int], _Open] = {}
        self._places = Places()
        self._links: dict[tuple[str, int, int], Span] = {}
        self._ties: list[Tie] = []

    def take(self, number: int, line: str) -> None:
        """Take a line of the document."""
        if line.startswith("#"):
            self._take_about(line)
            return
        found = ROW.match(line)
        if found is None:
            self._fault(f"line {number}: is no token with its offsets", line)
            return
        is_blank = line.endswith(self._nothing, found.end())
        if is_blank and self._shift is not None and not self.is_spaced:
            # Most lines are of tokens in which nothing is annotated.
            self._token += found[2] is None
            return
        row = self._row(found)
        if is_blank:
            return
        given = line.split("\t")
        if len(given) < self.header.width:
            self._narrow.append((number, line))
            given += [cells.NOTHING] * (self.header.width - len(given))
        self._take_row(row, given)

    def _take_about(self, line: str) -> None:
        if line.startswith(TEXT):
            if self._shift is not None:
                self._given, self._shift = [], None
            self._given.append(line.removeprefix(TEXT))
        elif not line.startswith(_ABOUT):
            called = line[1:].partition("=")[0].strip().rstrip("0123456789")
            self.found.passed_over[called[:40] or "comments"] += 1

    def _row(self, found: re.Match[str]) -> _Row:
        """Return a token at its place in the text, of which a sentence may begin with it."""
        name, part, words = found[1], found[2] or "", found[5]
        start, end = int(found[3]), int(found[4])
        as_java = self.header.as_java
        if "\\" in words:
            words = cells.text_unescaped(words, as_java=as_java)
        if not part:
            self._token += 1
            self.is_spaced = self.is_spaced and start != self._behind
            self._behind = end
        shift = self._shift
        if shift is None:
            # Where the text is not given, it is that of the tokens.
            is_given = bool(self._given)
            sentence = sentence_of(self._given, as_java=as_java) if is_given else words
            shift = self.text.add(sentence, start)
            self._shift = shift if is_given else None
        return _Row(name + part, self._token, start + shift, end + shift, words)

    def _take_row(self, row: _Row, given: list[str]) -> None:
        for layer in self._spans:
            if any(given[column] != cells.NOTHING for column in layer.columns):
                self._take_spans(row, layer, given)
        for layer in self._chains:
            self._take_links(row, layer, given)
        for layer in self._relations:
            self._take_relations(row, layer, given)
        for place, called in self._unread:
            cell = given[place]
            # What has a number goes on from the line before.
            if cell not in _EMPTY and ("[" not in cell or self._before.get(place) != cell):
                self.found.passed_over[called] += 1
            self._before[place] = cell

    # Spans --------------------------------------------------------------------------------------

    def _take_spans(self, row: _Row, layer: Layer, given: list[str]) -> None:
        here: dict[int, tuple[Span, bool]] = {}
        for feature, column in layer.features.items():
            cell = given[column]
            if cell == cells.NOTHING:
                continue
            for place, item in enumerate(cells.items(cell)):
                span, is_new = self._span(row, layer, item.number, place, here)
                if is_new and (value := item.value) is not None:
                    span.features[feature] = [value]
        for slot, (column, targets) in layer.roles.items():
            ends = cells.parted(given[targets], "|")
            roles = given[column]
            if roles == cells.NOTHING != given[targets]:
                # Nothing plays a role in it.
                roles = cells.NO_VALUE
            for place, item in enumerate(cells.items(roles)):
                span, is_new = self._span(row, layer, item.number, place, here)
                if is_new and place < len(ends):
                    self._take_roles(row, span, slot, item.written, ends[place])

    def _span(
        self, row: _Row, layer: Layer, number: int, place: int, here: dict[int, tuple[Span, bool]]
    ) -> tuple[Span, bool]:
        """Return the span of an annotation, and whether it begins in this line. ``here`` are those
        of this line by their numbers, or else by their places in a cell.
        """
        key = number or -place - 1
        if key in here:
            return here[key]
        known = self._open.get((layer.name, number)) if number else None
        is_new = known is None or row.token - known.token > 1
        if known is None or is_new:
            span = Span(f"token {row.name}", layer.name, row.start, row.end, {}, row.words)
            self.found.spans.append(span)
            self._places.add(span, row.name, number)
        else:
            span = known.span
            _grow(span, row)
        if number:
            self._open[layer.name, number] = _Open(span, row.token)
        here[key] = span, is_new
        return here[key]

    def _take_roles(self, row: _Row, host: Span, slot: str, roles: str, ends: str) -> None:
        called = cells.parted(roles, ";")
        for place, end in enumerate(cells.parted(ends, ";")):
            if end in (cells.NO_VALUE, *_EMPTY):
                continue
            role = cells.Item(called[place], 0).value if place < len(called) else None
            features = {"role": [role or slot]}
            self._ties.append(
                Tie(row.name, f"{host.layer} roles", end, features, self._names, host)
            )

    # Chains and relations -----------------------------------------------------------------------

    def _take_links(self, row: _Row, layer: Layer, given: list[str]) -> None:
        """Take links, whose numbers are that of their chain and their own in it."""
        written = [cells.items(given[column]) for column in layer.features.values()]
        for values in zip(*written, strict=False):
            found = next(filter(None, (cells.link(each.written) for each in values)), None)
            if found is None:
                shown = "\t".join(each.written for each in values)
                self._fault(f"token {row.name}: {shown[:60]!r} is no link of a chain", shown)
                continue
            key = (layer.name, found.chain, found.number)
            if (known := self._links.get(key)) is not None:
                _grow(known, row)
                continue
            self._links[key] = Span(
                f"token {row.name}", layer.name, row.start, row.end, {}, row.words
            )

    def _take_relations(self, row: _Row, layer: Layer, given: list[str]) -> None:
        cell = given[layer.ends]
        if cell in _EMPTY:
            return
        values = {name: cells.items(given[column]) for name, column in layer.features.items()}
        bases = (layer.base,) if layer.base in self._names else ()
        for place, written in enumerate(cells.parted(cell, "|")):
            features = {
                name: [value]
                for name, found in values.items()
                if place < len(found) and (value := found[place].value) is not None
            }
            self._ties.append(Tie(row.name, layer.name, written, features, bases))

    # All ----------------------------------------------------------------------------------------

    def finish(self) -> Annotations:
        """Return the annotations of all lines."""
        self.found.text = self.text.text
        if self._narrow:
            number, line = self._narrow[0]
            more = f" (and {len(self._narrow) - 1} more)" if len(self._narrow) > 1 else ""
            width = self.header.width
            self._fault(f"line {number}{more}: has fewer columns than {width}", line)
        if self.text.misplaced:
            reason = f"{self.text.misplaced} sentences do not stand behind those before them"
            self._fault(f"offsets: {reason}", self.text.misplaced)
        resolve(self._ties, self._places, self.found)
        chains: dict[tuple[str, int], list[tuple[int, Span]]] = {}
        for (layer, chain, number), span in self._links.items():
            chains.setdefault((layer, chain), []).append((number, span))
        for links in chains.values():
            links.sort(key=lambda each: each[0])
            self.found.chains.append([span for _, span in links])
        return self.found

    def _fault(self, reason: str, part: str | int) -> None:
        shown = part[:_SHOWN] if isinstance(part, str) else part
        self.found.faults.append(Fault(reason, shown))


def _grow(span: Span, row: _Row) -> None:
    """Let a span go on to a line."""
    blank = " " if row.start > span.end else ""
    span.surface = f"{span.surface}{blank}{row.words}"
    span.start, span.end = min(span.start, row.start), max(span.end, row.end)
