"""Which of several columns with tags holds those of the names that are meant."""

from __future__ import annotations

from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.readers.columns.sample import Column, Table
from datasette_newsgraph.readers.columns.tags import OUTSIDE, TagSet, spans, tag_of

Tagged = tuple[Column, TagSet]


def of_names(columns: list[Tagged]) -> list[Tagged]:
    """Return the columns whose tags are of names, not of words (as links are) or of phrases.

    B- and I- are tags for certain; other schemes count where no column has such, and a column of
    nothing but O where there is no other.
    """
    of_types = [each for each in columns if not each[1].is_of_words]
    if not of_types:
        column, tags = columns[-1]
        raise RecordError(
            f"column {column.place + 1} has {len(tags.labels)} types, which look like words and not"
            " like the labels of names; leave the tokens and their tags only"
        )
    of_names = [each for each in of_types if not each[1].is_of_chunks]
    if not of_names:
        raise RecordError(
            f"the tags in column {of_types[-1][0].place + 1} are of phrases (NP, VP), not of names;"
            " a column with the tags of names is needed"
        )
    with_names = [each for each in of_names if each[1].labels]
    prefixed = [each for each in with_names if each[1].scheme == "prefixed"]
    return prefixed or with_names or of_names


def outermost(table: Table, columns: list[Tagged]) -> tuple[Column, TagSet, int | None]:
    """Return the column of tags in whose names those of all others stand, and one of these."""
    if len(columns) == 1:
        return *columns[0], None
    names = [_names(table, each) for each in columns]
    for outer, (column, tags) in zip(names, columns, strict=True):
        if all(_stand_within(inner, outer) for inner in names):
            places = [
                each.place
                for (each, _), inner in zip(columns, names, strict=True)
                if inner and inner != outer
            ]
            return column, tags, places[0] if places else None
    places = [each.place + 1 for each, _ in columns]
    raise RecordError(
        f"the columns {', '.join(map(str, places))} all have tags of names, and differ; leave the"
        " tokens and one of them only"
    )


#: The number of the sentence, first token, end and label.
_Names = set[tuple[int, int, int, str]]


def _names(table: Table, column: Tagged) -> _Names:
    place, tags = column[0].place, column[1]
    found: _Names = set()
    for number, sentence in enumerate(table.sentences):
        said = (tag_of(cells[place], tags.scheme, tags.outside) or OUTSIDE for cells in sentence)
        found.update((number, *span) for span in spans(said))
    return found


def _stand_within(inner: _Names, outer: _Names) -> bool:
    """Tell whether names stand in others, nine of ten, or are the same to the letter.

    Another reading of the same names, as of a second annotator, has most of them at the same places:
    which of the two is meant cannot be told.
    """
    if not inner or inner == outer:
        return True
    around = {
        (number, place): (first, end)
        for number, first, end, _ in outer
        for place in range(first, end)
    }
    same = within = 0
    for number, first, end, _ in inner:
        found = around.get((number, first))
        same += found == (first, end)
        within += found is not None and found == around.get((number, end - 1))
    return 10 * within >= 9 * len(inner) and 2 * same < len(inner)
