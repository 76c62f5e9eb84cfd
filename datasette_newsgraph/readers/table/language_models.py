"""What language models are asked for."""

from __future__ import annotations

from datasette_newsgraph.readers.format_signs import Keys
from datasette_newsgraph.readers.table.format import JSON, Format

LANGUAGE_MODELS: tuple[Format, ...] = (
    Format(
        "langextract",
        "LangExtract",
        JSON,
        (
            Keys(("extractions[].extraction_class", "extractions[].extraction_text")),
            Keys(("extractions", "document_id")),
        ),
        labels=("ontonotes", "conll", "ace", "plain"),
    ),
)
