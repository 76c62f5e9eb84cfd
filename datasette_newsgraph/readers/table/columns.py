"""Tokens, a line each, with columns."""

from __future__ import annotations

from datasette_newsgraph.readers.format_signs import Pattern, Tagged
from datasette_newsgraph.readers.table.format import Format
from datasette_newsgraph.readers.word_table_signs import TaggedTable

COLUMNS: tuple[Format, ...] = (
    Format(
        "conllu",
        "CoNLL-U with names or coreference: GUM, CorefUD, Stanza",
        (".conllu", ".conll", ".txt"),
        (
            Pattern(
                rb"^[0-9]+(?:-[0-9]+)?\t(?:[^\t\n]*\t){8}(?:[^\t\n]*\|)?"
                rb"(?i:ner|ne|entity|namedentity)=",
                "ten columns, the last with `Entity=`, `NE=` or `ner=`",
                weight=4,
            ),
            Pattern(rb"^# ?global\.Entity ?=", "a comment `# global.Entity =`", weight=4),
        ),
        labels=("ontonotes", "conll", "ace", "gum", "plain"),
        known_as="CoNLL-U (GUM, CorefUD)",
    ),
    Format(
        "conll2012",
        "CoNLL-2012 columns: OntoNotes, LitBank",
        (".v4_gold_conll", ".conll", ".txt"),
        (
            Pattern(
                rb"\A\s*# ?begin document\b",
                "a first line that begins with `#begin document`",
                weight=4,
            ),
        ),
        labels=("ontonotes", "conll", "ace", "gum", "plain"),
        known_as="CoNLL-2012 (OntoNotes, LitBank)",
    ),
    Format(
        "word_table",
        "tables of words with tags, as Kaggle has them",
        (".csv", ".tsv"),
        (TaggedTable(),),
        labels=("gmb", "conll", "ontonotes", "ace", "plain"),
        known_as="word tables of Kaggle",
    ),
    Format(
        "conll",
        "HIPE and CoNLL columns",
        (".tsv", ".conll", ".iob", ".bio", ".txt"),
        (
            Pattern(
                rb"\ATOKEN\t(?:[^\n]*\t)?NE-",
                "a first line that names columns `TOKEN` and `NE-…`",
                weight=4,
            ),
            Pattern(rb"\A-DOCSTART-[ \t]", "a first line that begins with `-DOCSTART-`"),
            Tagged(),
        ),
        # Where the first line is HIPE's, its labels come before these.
        labels=("conll", "ontonotes", "ace", "crossre"),
        known_as="CoNLL-2003 columns and HIPE",
    ),
)
