"""What language models are asked for."""

from __future__ import annotations

from datasette_newsgraph.readers.format_signs import Keys
from datasette_newsgraph.readers.structured.sign import Structured
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
    Format(
        "structured",
        "what a language model was asked for: entities and relations by name",
        (*JSON, ".txt", ".md"),
        (Structured(with_links=True), Structured()),
        labels=("plain", "ontonotes", "conll", "ace"),
        takes_keys=True,
        known_as="ChatGPT, Claude, Gemini or Llama JSON",
    ),
)
