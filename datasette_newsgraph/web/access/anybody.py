"""Questions that are posted, to the reconciliation service or in SPARQL: they change nothing, and are
answered as to anybody.

Datasette refuses what a browser posts from another site, as that may change something in the name of
who is logged in there. A question only reads. So what tells of another site is taken away before
Datasette looks at it, and with it all that a browser sends along by itself to say who is asking.
"""

from __future__ import annotations

import re
from typing import Any

from datasette_newsgraph.web.links import SEGMENT

#: The addresses to which questions are posted: no other address of a server is of this form.
_QUESTIONS = re.compile(rf"/[^/]+/{SEGMENT}/(?:reconcile(?:/draft)?(?:/match)?|sparql)")
_OF_BROWSERS = (b"origin", b"sec-fetch-site", b"cookie")


def is_question(scope: Any) -> bool:
    """Tell whether a request, without the server's prefix, posts a question to an address of ours."""
    if scope["type"] != "http" or scope["method"] != "POST":
        return False
    # As Datasette reads the path: an address in other escapes is another address.
    raw_path = scope.get("raw_path")
    path = raw_path.decode("latin-1") if raw_path else scope["path"]
    return _QUESTIONS.fullmatch(path.partition("?")[0]) is not None


def as_anybody(app: Any) -> Any:
    """Wrap Datasette's application so that questions come without cookies and without a site."""

    async def asked(scope: Any, receive: Any, send: Any) -> None:
        if is_question(scope):
            headers = [each for each in scope.get("headers") or () if not _is_of_browser(*each)]
            scope = scope | {"headers": headers}
        await app(scope, receive, send)

    return asked


def _is_of_browser(name: bytes, value: bytes) -> bool:
    name = name.lower()
    # A token is never sent by a browser of itself, as a password of HTTP's own is.
    is_password = name == b"authorization" and not value.lower().startswith(b"bearer ")
    return is_password or name in _OF_BROWSERS
