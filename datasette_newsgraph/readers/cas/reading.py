"""The feature structures of one document become its annotations, and these its article.

What a structure is shows in what it has: a relation has two ends, a link of a chain the next one, a
slot a target, a span only its begin and end. So layers that somebody has made are read, too.
"""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import unquote

from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.cas import layers
from datasette_newsgraph.readers.cas.annotations import Annotations, Arrow, Span
from datasette_newsgraph.readers.cas.article import build
from datasette_newsgraph.readers.cas.structures import Cas, Structure

#: The features that are the ends of a relation: from the first to the second.
_ENDS = (("Governor", "Dependent"), ("source", "target"))
_FIRST, _NEXT = "first", "next"
_TARGET, _ROLE = "target", "role"
_INITIAL_VIEW = "_InitialView"
_UNKNOWN_LANGUAGE = "x-unspecified"
#: A title that is the name of a file says nothing.
_FILE_NAME = re.compile(r".*\.[A-Za-z0-9]{1,5}", re.DOTALL)


def article(cas: Cas) -> Parsed:
    """Return the article of a document; raises RecordError if there is neither a text nor a name."""
    language = cas.about.get("language")
    language = None if language == _UNKNOWN_LANGUAGE else language
    annotations = _Reading(cas).annotations()
    building = build(annotations, language)
    title, id_, address = (cas.about.get(f"document{each}") for each in ("Title", "Id", "Uri"))
    is_name = title is None or title == id_ or _FILE_NAME.fullmatch(title) is not None
    is_address = (address or "").startswith(("http://", "https://"))
    return building.finish(
        "INCEpTION" if cas.is_of_inception else "UIMA",
        url=address if is_address else None,
        title=None if is_name else title,
        language=language,
        local_ids=dict.fromkeys((id_, title, unquote((address or "").rpartition("/")[2]))),
        passed_over=annotations.passed_over,
    )


class _Reading:
    """Sorts the structures of a document by what they are."""

    def __init__(self, cas: Cas) -> None:
        self.cas = cas
        self.sofa = self._view()
        sofa = cas.sofas.get(self.sofa or "")
        text = None if sofa is None else sofa.values.get("sofaString", [None])[0]
        if text is None:
            raise RecordError("has no text: no Sofa in it has a sofaString")
        self.found = Annotations(text or None, passed_over=cas.passed_over)
        self.spans: dict[Structure, Span] = {}

    def _view(self) -> str | None:
        """Return the text that most is said of; of several the initial one."""
        counts = Counter(
            each.sofa for each in self.cas.structures.values() if each.begin is not None
        )
        texts = {
            id_: (
                counts[id_],
                sofa.values.get("sofaID") == [_INITIAL_VIEW],
                -int(id_) if id_.isdecimal() else 0,
            )
            for id_, sofa in self.cas.sofas.items()
            if sofa.values.get("sofaString")
        }
        return max(texts, key=lambda id_: texts[id_], default=None)

    def annotations(self) -> Annotations:
        """Return what is annotated in the text."""
        cas = self.cas
        links = self._chains()
        of_links = {each.type for each in links}
        slots = {
            each
            for each in cas.structures.values()
            if each.begin is None and cas.refers(each, _TARGET)
        }
        relations: list[tuple[Structure, tuple[str, str]]] = []
        for each in cas.structures.values():
            ends = next(
                (pair for pair in _ENDS if all(cas.refers(each, end) for end in pair)), None
            )
            if each in links or each in slots or cas.refers(each, _FIRST):
                continue
            if each.type in of_links:
                # It is in no chain.
                self._pass_over(each)
            elif ends is not None:
                relations.append((each, ends))
            elif each.begin is None or each.end is None:
                self._pass_over(each)
            elif each.sofa not in (None, self.sofa):
                self.found.passed_over["annotations of other texts of the file"] += 1
            else:
                self._span(each)
                self.found.spans.append(self.spans[each])
        for host, span in self.spans.items():
            self._roles(host, span, slots)
        for relation, ends in relations:
            self._relation(relation, ends)
        return self.found

    def _pass_over(self, structure: Structure) -> None:
        if not structure.type.startswith("uima."):
            self.found.passed_over[layers.short_name(structure.type)] += 1

    def _span(self, structure: Structure) -> Span:
        begin, end = structure.begin or 0, structure.end or 0
        place = f"{layers.short_name(structure.type)} {structure.id}"
        span = Span(place, structure.type, begin, end, self.cas.words(structure))
        self.spans[structure] = span
        return span

    def _chains(self) -> set[Structure]:
        """Take the chains, and return all their links."""
        links: set[Structure] = set()
        for chain in self.cas.structures.values():
            link = self.cas.referred(chain, _FIRST) if self.cas.refers(chain, _FIRST) else None
            spans = []
            # One that leads back to itself, or into another chain, ends there.
            while link is not None and link not in links:
                links.add(link)
                if link.begin is not None and link.sofa in (None, self.sofa):
                    span = self._span(link)
                    span.features.clear()
                    spans.append(span)
                link = self.cas.referred(link, _NEXT) if self.cas.refers(link, _NEXT) else None
            if spans:
                self.found.chains.append(spans)
        return links

    def _roles(self, host: Structure, span: Span, slots: set[Structure]) -> None:
        """Take what plays a role in a span, by the features that list slots."""
        for feature in (*host.references, *host.values):
            listed = self.cas.listed(host, feature)
            if not listed or any(each not in slots for each in listed):
                continue
            span.features.pop(feature, None)
            for slot in listed:
                target = self.cas.referred(slot, _TARGET)
                filler = None if target is None else self.spans.get(target)
                if filler is None:
                    self._dangling(slot)
                    continue
                role = slot.values.get(_ROLE) or [feature]
                self.found.arrows.append(
                    Arrow(
                        f"{layers.short_name(slot.type)} {slot.id}",
                        f"{host.type} roles",
                        span,
                        filler,
                        {"role": role},
                        is_role=True,
                    )
                )

    def _relation(self, structure: Structure, ends: tuple[str, str]) -> None:
        source, target = (self.cas.referred(structure, each) for each in ends)
        first = None if source is None else self.spans.get(source)
        second = None if target is None else self.spans.get(target)
        if first is None or second is None:
            self._dangling(structure)
            return
        features = {
            name: values for name, values in self.cas.words(structure).items() if name not in ends
        }
        place = f"{layers.short_name(structure.type)} {structure.id}"
        self.found.arrows.append(Arrow(place, structure.type, first, second, features))

    def _dangling(self, structure: Structure) -> None:
        """Count a relation of what is in no layer that is read, such as a word."""
        self.found.passed_over["relations of words that are not annotated"] += 1
