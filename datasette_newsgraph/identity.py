"""Identity and keys: pure functions of one record, never of what else is in a database.

Only so do any order of files, any split and any machine give the same graph. A key is ``[a-z0-9-]``,
at most 80 characters: a readable slug and 13 base32 characters (65 bits) of a SHA-256. What lies
inside one article (mentions, evidence, quotes) has a key of the article's 13 characters, the offsets
as given, and a few characters of what the span is about: it stays the same while other parts of the
article change, and it costs no hashing.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

HASH_LENGTH = 13
SLUG_LENGTH = 80 - HASH_LENGTH - 1

#: Types whose name means something else in each article: "Friday", "three", "10 %".
VALUE_TYPES = frozenset({"date", "time", "quantity", "money", "percent", "ordinal", "cardinal"})

#: What the key of an entity comes from: an identifier, its type and name, or these and the id of the
#: article, as its name means something in that article only.
Basis = Literal["identifier", "name", "article"]

_BASE32 = bytes(b"abcdefghijklmnopqrstuvwxyz234567"[byte & 31] for byte in range(256))
_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
# All but white space, controls, the code points that Unicode has ignored where they cannot be shown
# (Default_Ignorable_Code_Point: they are of several categories), and blanks by another name.
_VISIBLE = re.compile(
    "[^\\s\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d159\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


def _is_edge(character: str) -> bool:
    return unicodedata.category(character)[0] in "PZC"


_ASCII_EDGES = "".join(filter(_is_edge, map(chr, range(128))))


def hashed(identity: str) -> str:
    """Return 13 base32 characters (lower case, RFC 4648 section 6) of the SHA-256 of ``identity``.

    Each is the low five bits of one byte: as many bits as encoding the first 65, and one call.
    """
    digest = hashlib.sha256(identity.encode()).digest()
    return digest[:HASH_LENGTH].translate(_BASE32).decode()


@lru_cache(maxsize=1024)
def slug(text: str) -> str:
    """Return the Latin letters and digits of ``text``, folded, with hyphens: may be empty."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
    folded = text.casefold().replace("'", "").replace("\u2019", "")
    return _NOT_SLUG.sub("-", folded)[:SLUG_LENGTH].strip("-")


def make_key(slug_source: str, identity: str, otherwise: str) -> str:
    """Return ``slug-hash``; ``otherwise`` gives the slug where ``slug_source`` has no Latin letter."""
    return f"{slug(slug_source) or slug(otherwise) or 'x'}-{hashed(identity)}"


def is_blank(text: str) -> bool:
    """Tell whether nothing of ``text`` can be seen: it is empty, white space or invisible."""
    return _VISIBLE.search(text) is None


@lru_cache(maxsize=1024)
def collapse(text: str) -> str:
    """Return ``text`` with each run of white space as one space and none at the ends; nothing of what
    is blank.
    """
    return "" if is_blank(text) else " ".join(text.split())


@lru_cache(maxsize=1024)
def normalise_name(name: str) -> str:
    """Return the form under which two names are one: NFKC, case-folded, edges and spaces collapsed.

    Punctuation, spaces and invisible characters at the edges go; a name of nothing else is kept.
    Nothing is transliterated.
    """
    if name.isascii():
        words = " ".join(name.lower().split())
        return words.strip(_ASCII_EDGES) or words
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    words = " ".join(folded.split())
    start, end = 0, len(words)
    while start < end and _is_edge(words[start]):
        start += 1
    while end > start and _is_edge(words[end - 1]):
        end -= 1
    # A Hangul filler is a letter, and would be left alone of "…\u3164".
    return words if is_blank(words[start:end]) else words[start:end]


@lru_cache(maxsize=1024)
def normalise_label(label: str) -> str:
    """Return the form of a predicate or type label: "memberOf", "member_of", "Member of" are one."""
    spaced = label.replace("_", " ").strip()
    if " " not in spaced:
        spaced = _CAMEL.sub(" ", spaced)
    return normalise_name(spaced)


def article_key(given_id: str) -> str:
    """Return the key of an article.

    An id that is an address often spells out the title, which a visitor may not be meant to see
    while an IRI tells it to everyone; so only an opaque id is read from the key.
    """
    return make_key("" if "/" in given_id else given_id, f"article\n{given_id}", "article")


def entity_key(type_: str, name: str, identifiers: Sequence[tuple[int, str]] = ()) -> str:
    """Return the key of an entity that its identifiers, or else its type and name, tell.

    ``identifiers`` are (rank, canonical IRI) as of ``authorities.canonical_identifier``: the first
    in order decides. Without any, type and normalised name do.
    """
    if identifiers:
        iri = min(identifiers)[1]
        # The last segment of an IRI: "Q42", "Kabul".
        return make_key(re.split(r"[/#:]", iri.rstrip("/#:"))[-1], _of_iri(iri), "thing")
    kind, normalised = normalise_label(type_), normalise_name(name)
    return make_key(normalised, f"name\n{kind}\n{normalised}", kind)


def _of_iri(iri: str) -> str:
    return f"iri\n{iri}"


def follows_from(key: str, iri: str) -> bool:
    """Tell whether the key of an entity is the one that a canonical identifier gives.

    Only the hash is compared, as that is what tells keys apart.
    """
    return key.endswith(hashed(_of_iri(iri)))


def is_value_type(type_: str) -> bool:
    """Tell whether names of this type mean something else in each article."""
    return normalise_label(type_) in VALUE_TYPES


def local_entity_key(type_: str, name: str, article_id: str) -> str:
    """Return the key of an entity whose name, without an identifier, means something in its article
    only: of a value type, or a pronoun.
    """
    kind, normalised = normalise_label(type_), normalise_name(name)
    return make_key(normalised, f"local\n{kind}\n{normalised}\n{article_id}", kind)


def own_entity_key(type_: str, name: str, article_id: str, given_id: str) -> str:
    """Return the key of an entity without an identifier that its record marks as local: within an
    article, two attacks of different ids are two.
    """
    kind, normalised = normalise_label(type_), normalise_name(name)
    # Hashed, as either id may have anything in it.
    identity = f"local id\n{kind}\n{normalised}\n{hashed(article_id)}\n{given_id}"
    return make_key(normalised, identity, kind)


def relation_key(
    subject: str, predicate: str, object_: str | None, value: str, datatype: str
) -> str:
    """Return the key of a statement from entity keys, a normalised predicate, and object or value."""
    if object_ is not None:
        return make_key(predicate, f"relation\n{subject}\n{predicate}\n{object_}", "relation")
    identity = f"relation\n{subject}\n{predicate}\n\n{datatype}\n{value}"
    return make_key(predicate, identity, "relation")


def basis_of(key: str, type_: str, name: str, *, is_identified: bool) -> Basis:
    """Return what a key of an entity comes from; ``is_identified``: whether it has an identifier."""
    if is_identified:
        return "identifier"
    return "name" if key == entity_key(type_, name) else "article"


@lru_cache(maxsize=64)
def extraction_key(name: str, version: str | None, model: str | None) -> str:
    """Return the key of an extraction: one tool in one version with one model."""
    identity = f"extraction\n{name}\n{version or ''}\n{model or ''}"
    return make_key(name, identity, "extraction")


def span_key(article_hash: str, start: int | None, end: int | None, about: str) -> str:
    """Return the key of a mention, evidence or quote: article, offsets as given, what it is about.

    The caller adds an ordinal where the same content repeats in the article.
    """
    return f"{article_hash}-{'x' if start is None else start}-{'x' if end is None else end}-{about}"
