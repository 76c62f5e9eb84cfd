"""The extractor that works offline: a model of spaCy, and rules on what it finds.

``make`` is an entry point of the group ``datasette_newsgraph.extractors``. spaCy is imported when an
extractor is made, not before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datasette_newsgraph.extraction.extractor import Extractor, Options


def make(options: Options) -> Extractor:
    """Return the extractor that spaCy's model and the options make; raises UsageError or InputError."""
    from datasette_newsgraph.extraction.nlp.spacy_extractor import SpacyExtractor

    return SpacyExtractor(options)
