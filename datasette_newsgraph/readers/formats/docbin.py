"""Read spaCy's ``DocBin``, the ``.spacy`` files of ``DocBin.to_disk``: entities, links, relations.

- Every Doc becomes an article, in the same way as one of ``Doc.to_json`` (see spaCy JSON). But here
  the ``kb_id`` of entities is kept: a Wikidata id or an IRI identifies the entity.
- Custom attributes are in the file if it was made with ``store_user_data=True``: relations
  (``_.rel``, ``_.relations``) and ``title``, ``url``, ``published``, ``language``.
- spaCy itself reads the file, so the extra ``spacy`` is needed. Of the tokens, it gets only words,
  spaces and entities. No pipeline is run, and nothing in the file is run as code.

Offsets: spaCy's own, Unicode code points, end exclusive. The text is made of the tokens and the
spaces after them. If the spaces are not known, the tokens are joined by blanks; it is then better
to give the original text with ``--articles``.

Example::

    {"text": "Ban Ki-moon was in Doha.",
     "ents": [{"start": 0, "end": 11, "label": "PERSON", "kb_id": "Q1253"},
              {"start": 19, "end": 23, "label": "GPE", "kb_id": "Q3861"}]}
"""

from __future__ import annotations

import gc
import importlib
import zlib
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import msgspec

from datasette_newsgraph.errors import InputError
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.cutting import whole
from datasette_newsgraph.readers.formats.spacy import parse as parse_doc
from datasette_newsgraph.readers.shapes import Shape, decode
from datasette_newsgraph.readers.source import Entry, Source

__all__ = ["entries", "parse"]

_BLOCK = 1 << 20
#: What is read of each token: the fewer, the less a damaged file can do to spaCy's C code.
_COLUMNS = ("ORTH", "ENT_IOB", "ENT_TYPE", "ENT_KB_ID")
_encode = msgspec.json.Encoder(enc_hook=str).encode


class _Joined(Shape):
    has_unknown_spaces: bool = False


def entries(source: Source, resume: tuple[int, int, str] | None = None) -> Iterator[Entry]:
    """Yield the Docs as JSON, numbered from 1.

    Raises InputError where spaCy is not installed, or the file is not spaCy's.
    """
    tokens = _spacy()
    data = b"".join(each.raw for each in whole(source, is_article=False))
    _check_size(source, data)
    try:
        packed = tokens.DocBin().from_bytes(data)
        one, columns = _emptied(tokens.DocBin(), packed)
        vocab = importlib.import_module("spacy.vocab").Vocab()
        for string in packed.strings:
            vocab.strings.add(string)
        count = len(packed)
    except Exception as error:  # spaCy raises whatever its parts meet
        raise InputError(f"{source.path}: is not a DocBin of spaCy ({error})") from error
    finally:
        # Switched off while msgpack is read, and left so where that fails.
        gc.enable()
    for place in range(count):
        try:
            one.tokens = [packed.tokens[place][:, columns]]
            one.spaces = [packed.spaces[place]]
            one.cats = [{}]
            one.flags = [packed.flags[place]]
            one.span_groups = [packed.span_groups[place]]
            one.user_data = [None]
            (doc,) = one.get_docs(vocab)
            raw = _encode(_as_json(doc, packed.user_data[place]))
        except Exception as error:
            gc.enable()
            yield Entry(place + 1, b"", fault=f"spaCy cannot read this Doc: {error!r:.200}")
        else:
            yield Entry(place + 1, raw)


def parse(raw: bytes) -> Parsed:
    """Make one Doc an article."""
    parsed = parse_doc(raw)
    parsed.is_joined = decode(raw, _Joined).has_unknown_spaces
    return parsed


def _spacy() -> Any:
    try:
        return importlib.import_module("spacy.tokens")
    except ImportError as error:
        raise InputError(
            "a .spacy file is read by spaCy, which is not installed:"
            ' pip install "datasette-newsgraph[spacy]", or write Doc.to_json() as JSON Lines'
        ) from error


def _check_size(source: Source, data: bytes) -> None:
    stream, rest, size = zlib.decompressobj(), data, 0
    try:
        while not stream.eof and (block := stream.decompress(rest, _BLOCK)):
            size += len(block)
            rest = stream.unconsumed_tail
            # zlib makes a thousand bytes of one.
            if size > source.limit.whole:
                raise source.limit.too_large(source.path)
    except zlib.error as error:
        raise InputError(f"{source.path}: is not a DocBin of spaCy ({error})") from error


def _emptied(one: Any, packed: Any) -> tuple[Any, list[int]]:
    """Return a DocBin for single Docs, and which columns of the tokens go into it."""
    numbers = importlib.import_module("spacy.attrs").IDS
    wanted = {numbers[name] for name in _COLUMNS}
    columns = [place for place, number in enumerate(packed.attrs) if number in wanted]
    one.attrs = [packed.attrs[place] for place in columns]
    # The strings are in the vocabulary already.
    one.strings = set()
    return one, columns


def _as_json(doc: Any, user_data: bytes | None) -> dict[str, Any]:
    """Return what ``Doc.to_json`` gives, with the ``kb_id`` of entities and custom attributes."""
    custom = {} if user_data is None else _custom(user_data)
    found: dict[str, Any] = {"text": doc.text, "ents": [_as_span(each) for each in doc.ents]}
    if doc.spans:
        found["spans"] = {name: [_as_span(each) for each in doc.spans[name]] for name in doc.spans}
    if custom:
        found["tokens"] = [{"start": each.idx, "end": each.idx + len(each)} for each in doc]
        found["_"] = custom
    if doc.has_unknown_spaces:
        found["has_unknown_spaces"] = True
    return found


def _as_span(span: Any) -> dict[str, Any]:
    # Not span.text: the offsets of a group's span are the file's, not checked by spaCy.
    given = {"start": span.start_char, "end": span.end_char, "label": span.label_}
    with suppress(KeyError):  # a string that is not in the file
        given["kb_id"] = span.kb_id_
    return given


def _custom(user_data: bytes) -> dict[str, Any]:
    """Return the attributes ``doc._``, and what else is kept of the Doc under a word.

    Pairs of tokens, which JSON has no keys for, become ``"0, 5"``.
    """
    found: dict[str, Any] = {}
    for key, value in msgspec.msgpack.decode(user_data).items():
        match key:
            case str():
                found.setdefault(key, value)
            case ("._.", str(name), None, None):
                found[name] = value
    return {
        name: {", ".join(map(str, pair)): each for pair, each in value.items()}
        if isinstance(value, dict) and all(isinstance(pair, tuple) for pair in value)
        else value
        for name, value in found.items()
        if isinstance(name, str)
    }
