"""The fields of a form that was sent, read strictly."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from urllib.parse import parse_qsl

from datasette.utils.asgi import BadRequest

#: Bytes of a form, and its fields: a split may tick each article on a page.
_MOST_BYTES, _MOST_FIELDS = 1_000_000, 5_000


class Form:
    """The fields of a form, each with its values. Raises BadRequest with a sentence that names a field
    and never repeats a value.
    """

    def __init__(self, fields: list[tuple[str, str]]) -> None:
        self._fields = fields

    def all(self, name: str) -> list[str]:
        """Return the values of a field that are not empty, each once."""
        return list(dict.fromkeys(value for each, value in self._fields if each == name and value))

    def text(self, name: str) -> str:
        """Return the one value of a field, without white space around it; empty if there is none."""
        given = self.all(name)
        if len(given) > 1:
            raise BadRequest(f"{name} may be given once only.")
        return given[0].strip() if given else ""

    def needed(self, name: str) -> str:
        """Return the one value of a field that has to be there."""
        given = self.text(name)
        if not given:
            raise BadRequest(f"{name} has to be given.")
        return given

    def choice(self, name: str, choices: Collection[str]) -> str:
        """Return one of the choices."""
        given = self.needed(name)
        if given not in choices:
            raise BadRequest(f"{name} has to be one of: {', '.join(choices)}.")
        return given

    def named(self, prefix: str) -> list[tuple[str, str]]:
        """Return the rest of the name and the value of each field whose name begins so."""
        return [
            (name.removeprefix(prefix), value)
            for name, value in self._fields
            if name.startswith(prefix)
        ]


async def read_form(request: Any) -> Form:
    """Return the form that a request sends. Raises BadRequest for anything else."""
    sent = (request.headers.get("content-type") or "").partition(";")[0].strip().lower()
    if sent != "application/x-www-form-urlencoded":
        raise BadRequest("A form has to be sent as application/x-www-form-urlencoded.")
    body = await request.post_body()
    if len(body) > _MOST_BYTES:
        raise BadRequest(f"The form is larger than {_MOST_BYTES:,} bytes.")
    try:
        text = body.decode("utf-8")
        return Form(
            parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict")
        )
    except ValueError as error:
        raise BadRequest(
            "The form cannot be read: its fields are not UTF-8, or too many."
        ) from error
