"""What a page is asked for in its query string, read strictly: what is malformed is refused.

An argument that is empty was left empty in a form, and counts as not given. Each function raises
BadRequest, with a sentence that names the argument and never repeats its value.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from datasette.utils.asgi import BadRequest

#: More digits than any row number or offset has.
_NUMBER = re.compile(r"[0-9]{1,18}")
_SPAN = re.compile(r"([0-9]{1,18}),([0-9]{1,18})")


def text_argument(request: Any, name: str) -> str | None:
    """Return an argument as it stands, or None."""
    given = [each for each in request.args.getlist(name) if each]
    if len(given) > 1:
        raise BadRequest(f"{name} may be given once only.")
    return str(given[0]) if given else None


def number_argument(request: Any, name: str, default: int) -> int:
    """Return a whole number from 0, written in the digits 0 to 9."""
    given = text_argument(request, name)
    if given is None:
        return default
    if not _NUMBER.fullmatch(given):
        raise BadRequest(f"{name} has to be a whole number, as in ?{name}=1.")
    return int(given)


def choice_argument(request: Any, name: str, choices: Collection[str], default: str) -> str:
    """Return one of the choices."""
    given = text_argument(request, name)
    if given is None:
        return default
    if given not in choices:
        raise BadRequest(f"{name} has to be one of: {', '.join(choices)}.")
    return given


def span_argument(request: Any, name: str) -> tuple[int, int] | None:
    """Return a span of code points, of which the end is not before the start, or None."""
    given = text_argument(request, name)
    if given is None:
        return None
    found = _SPAN.fullmatch(given)
    if found is None or int(found[1]) > int(found[2]):
        raise BadRequest(
            f"{name} has to be two whole numbers, as in ?{name}=0,10: where a span begins and ends."
        )
    return int(found[1]), int(found[2])
