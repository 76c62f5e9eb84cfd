"""Which evidence stands for a relation where there is room for one sentence.

Evidence whose place in a text is known comes before all other, then the surest, then the first by key:
so it is the same in every database that has the same articles.
"""

from __future__ import annotations

#: What its index holds: the evidence of a relation that has a sentence, the best first.
BEST_EVIDENCE = "(relation_id, confidence DESC, key) WHERE sentence_start IS NOT NULL"


def best_evidence(relation: str) -> str:
    """Return the sub-select of the row number of the best evidence of a relation; null where no
    evidence of it has a sentence. ``relation`` is the SQL of the relation's row number,
    qualified by its table.
    """
    return (
        "(\n    SELECT best.id FROM evidence AS best"
        f"\n    WHERE best.relation_id = {relation} AND best.sentence_start IS NOT NULL"
        "\n    ORDER BY best.confidence DESC, best.key LIMIT 1\n  )"
    )
