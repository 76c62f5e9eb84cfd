"""Make any text given as an IRI into one that every RDF syntax can hold, or refuse it.

The grammar is RFC 3987 section 2.2 (``iunreserved``, ``iprivate``) with the percent-encoding of
RFC 3986 section 2.1. RDF writers check IRIs unevenly: some write a file that no parser reads, some
drop the triple. So this is the one place where an IRI is judged, before anything is written.
"""

from __future__ import annotations

import ipaddress
import re
from functools import cache, lru_cache

# A scheme, a plain authority if any, then only characters that need no second look; nearly every
# IRI ends here. One "#" at most, no brackets, and "%" only before two hex digits.
_CHARACTER = r"(?:[A-Za-z0-9\-._~:/?@!$&'()*+,;=]|%[0-9A-Fa-f]{2})"
_PLAIN = re.compile(
    r"[A-Za-z][A-Za-z0-9+.\-]*:(?://[A-Za-z0-9\-._~]+(?::[0-9]+)?(?=[/?#]|$)|(?!//))"
    rf"{_CHARACTER}*(?:#{_CHARACTER}*)?"
)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_AUTHORITY = re.compile(
    r"//(?:(?P<user>[^/?#@\[\]]*)@)?(?P<host>\[[0-9A-Fa-f:.]+\]|[^/?#@\[\]:]*)(?::(?P<port>[^/?#]*))?"
)
_BAD_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


@cache
def _forbidden() -> re.Pattern[str]:
    # Everything that is neither allowed in ASCII nor in ``ucschar``: controls, <>"{}|\^`, brackets,
    # surrogates, private use, non-characters; and of what is, spaces of all kinds, which are lost
    # where IRIs are copied, and the bidirectional formatting that section 4.1 forbids. Compiled when
    # it is first needed, as a class of so many characters takes a while.
    return re.compile(
        "[^A-Za-z0-9\\-._~:/?#@!$&'()*+,;=%"
        "\u00a1-\u167f\u1681-\u1fff\u200b-\u200d\u2010-\u2027\u2030-\u205e\u2060-\u2065\u206a-\u2fff"
        "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufefe\uff00-\uffef"
        + "".join(f"{chr(plane << 16)}-{chr((plane << 16) + 0xFFFD)}" for plane in range(1, 14))
        + "\U000e1000-\U000efffd]"
    )


def _percent_encode(match: re.Match[str]) -> str:
    # A lone surrogate has no UTF-8; it stands for a character that is lost already.
    return "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "replace"))


#: What addresses of the web begin with, whatever their case.
WEB = ("http://", "https://")


@lru_cache(maxsize=8192)
def clean_iri(text: str) -> str | None:
    """Return ``text`` as an absolute IRI that all our syntaxes can write, or None.

    In: any text. Out: white space at the ends is gone, characters that an IRI cannot hold are
    percent-encoded as UTF-8, a ``%`` without two hex digits becomes ``%25``, a second ``#``
    ``%23``. None where there is no scheme, nothing behind it, or a host or port that no encoding
    can save.
    """
    text = text.strip()
    scheme = _SCHEME.match(text)
    if scheme is None or scheme.end() == len(text):
        return None
    if _PLAIN.fullmatch(text):
        return text
    rest = text[scheme.end() :]
    authority = ""
    if rest.startswith("//"):
        found = _AUTHORITY.match(rest)
        if found is None or (found.end() < len(rest) and rest[found.end()] not in "/?#"):
            return None
        user, host, port = found["user"], found["host"], found["port"]
        if not _is_host(host, scheme[0].lower()) or (
            port and not (port.isascii() and port.isdecimal())
        ):
            return None
        authority = "//" + ("" if user is None else _encode(user) + "@") + host
        authority += "" if port is None else ":" + port
        rest = rest[found.end() :]
    path, hash_sign, fragment = rest.partition("#")
    return scheme[0] + authority + _encode(path) + hash_sign + _encode(fragment).replace("#", "%23")


def web_address(text: str) -> str | None:
    """Return an address of the web, which a browser may open, as an IRI; None where a text is none.

    >>> web_address("https://example.org/a b"), web_address("javascript:alert(1)")
    ('https://example.org/a%20b', None)
    """
    iri = clean_iri(text)
    return iri if iri and iri.lower().startswith(WEB) else None


def _is_host(host: str, scheme: str) -> bool:
    if host.startswith("["):
        try:
            return ipaddress.IPv6Address(host[1:-1]).scope_id is None
        except ValueError:
            return False
    if not host:
        return scheme not in ("http:", "https:")
    return "%" not in host and not _forbidden().search(host)


def _encode(part: str) -> str:
    return _forbidden().sub(_percent_encode, _BAD_PERCENT.sub("%25", part))
