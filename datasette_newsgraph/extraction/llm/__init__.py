"""The extractor that asks a language model: any that Simon Willison's ``llm`` knows.

What a model answers is not believed. ``asking`` puts the article between marks and says that it is no
order; ``answer`` takes an answer of the shape that was asked for, and no other; ``findings`` keeps of
it what the text bears out. So whatever an article makes a model say, it is a statement of the
article's own names, with the sentence beside it or marked as not found.
"""

from __future__ import annotations

from datasette_newsgraph.extraction.llm.extractor import LanguageModel, make

__all__ = ["LanguageModel", "make"]
