"""What the tests of search share: what is found, and what is marked in it."""

from __future__ import annotations

from typing import Any


def hits(html: Any) -> list[str]:
    """The names and titles of what was found."""
    return [each.text for each in html.all("a", class_="hit")]


def marks(html: Any) -> set[str]:
    """What is marked."""
    return {each.text for each in html.all("mark")}


#: Names as they are written, and without marks and strokes.
NAMES = [
    ("Wałęsa", "Walesa"),
    ("Łódź", "Lodz"),
    ("Jagiełło", "Jagiello"),
    ("Tromsø", "Tromso"),
    ("Ørsted", "Orsted"),
    ("Đoković", "Dokovic"),
    ("Đà Nẵng", "Da Nang"),
    ("Diyarbakır", "Diyarbakir"),
    ("Kılıçdaroğlu", "Kilicdaroglu"),
    ("Iğdır", "Igdir"),
    ("Ħamrun", "Hamrun"),
    ("Ruoŧŧa", "Ruotta"),
]


def told_of(*names: str) -> list[dict[str, Any]]:
    """Articles about these, each with a quote and an entity that is so called, too."""
    return [
        {
            "id": f"a{number}",
            "title": f"From {name}",
            "text": f"“{name} by night”, they said.",
            "quotes": [{"start": 1, "end": 10 + len(name), "text": f"{name} by night"}],
            "entities": [{"id": "e", "type": "Thing", "name": f"No. {number}", "aliases": [name]}],
        }
        for number, name in enumerate(names)
    ]


def links(html: Any) -> list[str]:
    return [each.attributes["href"] for each in html.all("a")]


def of_hits(html: Any) -> list[Any]:
    """The headings of what was found."""
    return [each for each in html.all("h2") if each.attributes["id"].startswith("found-")]
