"""The tables of what people decide: the log of decisions, what holds of them, and what records said
where something else is shown.
"""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

from datasette_newsgraph.store.columns import ID, KEY, NAME, STRINGS, TEXT, Table, one_of, row_of
from datasette_newsgraph.verdicts import Kind, Verdict

_KEYS = STRINGS.says("Keys of articles, as a JSON array.")
_VERDICT = replace(NAME, rule=one_of(get_args(Verdict), "a verdict"))
_KIND = replace(NAME, rule=one_of((*get_args(Kind), ""), "a kind of thing"))
_GIVEN_KINDS = ("appearance", "mention", "evidence", "quote")

DECIDED: dict[str, Table] = {
    # Rows are added, and never changed.
    "decisions": Table(
        {
            "id": ID,
            "key": KEY.says("Key of the decision; the same in every copy of the log."),
            "verdict": _VERDICT.says("What was decided; docs/decisions.md lists the verdicts."),
            "kind": _KIND.says("What the left key is the key of."),
            "left_key": NAME.says("Key of what is decided on."),
            "right_key": TEXT.says("Key of the other one, of a pair or a split."),
            "keep": TEXT.says("Of two that are the same, the key that stands for both."),
            "articles": _KEYS.says("Keys of the articles of a split, as a JSON array."),
            "value": TEXT.says("The type, the name, or the name of what is split off."),
            "decided_by": TEXT.says("Who decided; empty if nobody said."),
            "decided_at": NAME.says("When, in UTC, with microseconds."),
            "how": TEXT.says("By which way or rule."),
            "why": TEXT.says("Why, in the words of whoever decided."),
            "batch": TEXT.says("Decisions of one batch are taken back together."),
        }
    ),
    "as_given": Table(
        {
            "id": ID,
            "article_id": row_of("articles"),
            "kind": replace(NAME, rule=one_of(_GIVEN_KINDS, "a kind of row")).says(
                f"Kind of row: {', '.join(_GIVEN_KINDS)}."
            ),
            "key": NAME.says("Key of the row; of an appearance, that of its entity."),
            "subject_key": TEXT.says("Key of the entity, speaker or subject that was given."),
            "object_key": TEXT.says("Key of the object that was given."),
            "relation_key": TEXT.says("Key of the relation that was given."),
            "shown_key": TEXT.says("Key of what it is shown as; empty if it is not."),
            "record": TEXT.says("What was given, as JSON, if it is shown otherwise."),
        }
    ),
}
