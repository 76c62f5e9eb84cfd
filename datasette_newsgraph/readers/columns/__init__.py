"""Files of columns: a token a line with its tag beside it, as CoNLL's shared tasks have them.

::

    lines.py         text → sentences of lines, lines → cells
    tags.py          the schemes of tags, and the names that the tags of a sentence make
    table.py         the lines of a sample as a table
    token_column.py  which column holds the tokens
    tag_column.py    which column holds the tags
    deciding.py      both, from a sample of a file
    cell_places.py   what is decided: where the cells of every line stand
    document_lines.py  the lines of one document, until the next begins
    spacing.py       where a blank stands between tokens

Knows no article: recognition and the reader ``formats.conll`` both stand on it.
"""

from __future__ import annotations

from datasette_newsgraph.readers.columns.cell_places import Columns
from datasette_newsgraph.readers.columns.deciding import SAMPLE, decide, looks_tagged

__all__ = ["SAMPLE", "Columns", "decide", "looks_tagged"]
