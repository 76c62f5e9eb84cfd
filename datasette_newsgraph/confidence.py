"""What a confidence says of a statement: from which on it is taken as said."""

from __future__ import annotations

#: A statement is asserted where some evidence has at least this confidence, or none given.
ASSERT_FROM = 0.5
#: What a statement is called that no evidence asserts.
UNCERTAIN = "uncertain"


def is_uncertain(
    confidence: float | None, unrated: int | None = 0, assert_from: float = ASSERT_FROM
) -> bool:
    """Tell whether a statement is not asserted, by the highest confidence of its evidence and how much
    of its evidence has none (``unrated``); or one row of evidence, by its own confidence.
    """
    return confidence is not None and confidence < assert_from and not unrated
