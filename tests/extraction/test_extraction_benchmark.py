"""How good the extraction is on annotated articles: floors a little below what is measured."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
WIKINEWS = Path(__file__).parents[2].parent / "shared" / "corpora" / "wikinews.jsonl"


@pytest.mark.skipif(not WIKINEWS.exists(), reason="needs annotated articles")
def test_the_figures_stay_above_their_floors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    sys.modules.pop("extraction", None)
    import extraction

    given, found = extraction.records_of(WIKINEWS)
    figures = extraction.measure(given, found)
    floors = extraction.Figures(
        precision=0.75,
        recall=0.91,
        typed_recall=0.71,
        alias_precision=0.94,
        alias_recall=0.91,
        dates=0.93,
        titles=0.95,
    )
    assert [
        f"{name} {share:.3f} is below {floor}"
        for name, share, floor in zip(figures._fields, figures, floors, strict=True)
        if share < floor
    ] == []
    verdicts = extraction.verdicts_of(found)
    judged = verdicts["right"] + verdicts["coarse"] + verdicts["wrong"]
    assert judged >= 90
    assert verdicts["right"] >= 0.88 * judged
    # What is new must be read and judged: see the head of judged_relations.tsv.
    assert verdicts["not judged"] <= 15


def test_the_head_of_a_name_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    sys.modules.pop("extraction", None)
    import extraction

    for text, head in [
        ("the University of Lima", "University"),
        ("Ana Ruiz's", "Ruiz"),
        ("Peru, a country", "Peru"),
        ("The Hague", "Hague"),
    ]:
        position = extraction.head_of(text, 0, len(text))
        assert text[position:].startswith(head)
