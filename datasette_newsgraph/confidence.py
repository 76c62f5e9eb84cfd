"""What a confidence says of a statement: from which on it is taken as said."""

from __future__ import annotations

#: A statement is asserted where some evidence in the story has at least this confidence, or none given.
ASSERT_FROM = 0.5
#: What stands for the confidence of evidence that asserts nothing, whatever is asked for.
NEVER = -1.0
#: What a statement is called that no evidence asserts.
UNCERTAIN = "uncertain"


def doubt(asserted_up_to: float | None, assert_from: float = ASSERT_FROM) -> str | None:
    """Return why a statement is not asserted, by the column of ``relation_counts``; or why one row of
    evidence does not assert it. None if it is asserted, or nothing is known of its evidence.
    """
    if asserted_up_to is None or asserted_up_to >= assert_from:
        return None
    if asserted_up_to == NEVER:
        # The help of the commands needs this module, and not all that a record is made of.
        from datasette_newsgraph.article import APART_ZONES

        apart = ", ".join(f"{zone}s" for zone in sorted(APART_ZONES))
        return f"Only in {apart}, or in words that the text does not have"
    return f"No evidence in the story itself has a confidence of {assert_from} or more"
