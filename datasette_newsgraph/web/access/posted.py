"""What is posted with a question: its body, and the fields of a form, read strictly."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

from datasette.utils.asgi import BadRequest
from datasette.views.base import DatasetteError

#: The media type of forms.
FORM = "application/x-www-form-urlencoded"
#: Bytes of a body.
LONGEST = 1_000_000
_MOST_FIELDS = 20


async def body_of(request: Any) -> bytes:
    """Return the body of a request. Raises a DatasetteError of status 413 where it is too long, and
    BadRequest where it breaks off.
    """
    body = bytearray()
    is_more = True
    while is_more:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise BadRequest("The request broke off.")
        body += message.get("body", b"")
        is_more = message.get("more_body", False)
        if len(body) > LONGEST:
            raise DatasetteError(f"A request may have up to {LONGEST:,} bytes.", status=413)
    return bytes(body)


def media_type(request: Any) -> str:
    """Return the media type of a body, without parameters; it is empty where none is given."""
    given = request.headers.get("content-type") or ""
    return str(given.partition(";")[0].strip().lower())


def fields_of(body: bytes) -> dict[str, list[str]]:
    """Return the fields of a form that have a value. Raises BadRequest."""
    try:
        return parse_qs(body.decode(), errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        # Not UTF-8, or too many fields.
        raise BadRequest(f"The form cannot be read: {error}.") from error


def once(form: dict[str, list[str]], name: str) -> str | None:
    """Return the value of a field, or None. Raises BadRequest where there are several."""
    given = form.get(name, [])
    if len(given) > 1:
        raise BadRequest(f"{name} may be given once only.")
    return given[0] if given else None
