"""What the tests of dates share."""

from __future__ import annotations

from typing import Any

Record = dict[str, Any]


def dated(number: int, published: Any, **more: Any) -> Record:
    person = {"id": "e", "type": "Person", "name": "Ann", "mentions": [{"start": 0, "end": 3}]}
    text = f"Ann spoke {number}."
    return {"id": str(number), "text": text, "published": published, "entities": [person]} | more
