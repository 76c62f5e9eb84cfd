"""The verdicts: what can be decided, and which fields of a decision say what."""

from __future__ import annotations

from typing import Literal, NamedTuple

Verdict = Literal["same", "different", "unsure", "split", "type", "name", "wrong", "undo"]
#: What a key is the key of. Of an undo, also a decision or a whole batch.
Kind = Literal["entity", "mention", "relation", "evidence", "quote", "decision", "batch"]

#: What can be said to be wrong.
WRONG: tuple[Kind, ...] = ("entity", "mention", "relation", "evidence", "quote")
#: The verdicts on a pair of entities, of which the last holds.
ON_PAIRS: tuple[Verdict, ...] = ("same", "different", "unsure")

#: The verdicts that say something of what is shown.
EXPORTED: tuple[Verdict, ...] = ("same", "different", "split", "type", "name", "wrong")


class Fields(NamedTuple):
    """What the fields of a decision hold for one verdict.

    ``kinds``: what ``left`` may be the key of, the usual one first. ``needed`` and ``allowed``: the
    names of the other fields that must and may be given. ``words``: what the verdict means.
    """

    kinds: tuple[Kind, ...]
    needed: tuple[str, ...]
    allowed: tuple[str, ...]
    words: str


VERDICTS: dict[Verdict, Fields] = {
    "same": Fields(
        ("entity",),
        ("right",),
        ("keep", "value"),
        "`left` and `right` are one thing; `keep`, one of both, is the key that stands for it. `value`"
        " is the identifier (an IRI) from which one of both follows.",
    ),
    "different": Fields(("entity",), ("right",), (), "`left` and `right` are two things."),
    "unsure": Fields(
        ("entity",), ("right",), (), "Somebody looked at `left` and `right` and could not tell."
    ),
    "split": Fields(
        ("entity",),
        ("right", "articles"),
        ("value",),
        "What `articles` call `left` is another thing: `right`, called `value`.",
    ),
    "type": Fields(("entity",), ("value",), (), "The entity `left` is of the type `value`."),
    "name": Fields(("entity",), ("value",), (), "The entity `left` is called `value`."),
    "wrong": Fields(
        WRONG,
        (),
        (),
        "`left`, of the `kind`, is not shown, not counted and not exported: a mention, a relation"
        " (what all articles state), evidence (one passage for it), a quote, or an entity.",
    ),
    "undo": Fields(
        ("batch", "decision"),
        (),
        (),
        "The decision `left`, or all decisions of the batch `left` that came before, are taken back.",
    ),
}
