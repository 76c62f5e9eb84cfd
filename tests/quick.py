"""Which tests ``make test-quick`` and ``make test-long`` run.

A quick run is of one case of each test that takes no campaign, browser or build, a long run of the
campaigns alone. Whatever is added to the tests is in the quick run from the first, but for what these
lists leave out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

#: Modules of ``make test-long``: campaigns, of which the other runs take a sample.
CAMPAIGNS = (
    "damaged_files",
    "differential",
    "io_errors",
    "kills",
    "loads_served",
    "losses",
    "mutations",
    "random_questions",
)
#: Modules that run other programs, build, or ask for hundreds of pages in one test.
SLOW = (
    "bench",
    "beside_ours",
    "code_pages",
    "conversion",
    "cutting",
    "damage",
    "damaged_input",
    "displaced",
    "docs",
    "downloads",
    "downloads_served",
    "export",
    "export_corpora",
    "export_files",
    "export_jobs",
    "extraction_benchmark",
    "faults",
    "folders",
    "generate",
    "hostile_pages",
    "hostile_rdf",
    "journal",
    "js_parsers",
    "link_header",
    "linked_facets",
    "load_again",
    "load_order",
    "loading",
    "long_article",
    "max_article",
    "one_snapshot",
    "package",
    "packing",
    "parts",
    "permissions",
    "permissions_adversity",
    "permissions_pages",
    "permissions_telling",
    "reader_annotation",
    "reader_corpora",
    "reader_followthemoney",
    "reader_graphrag",
    "reader_langchain",
    "reader_relations",
    "recounting",
    "renderers",
    "samples",
    "scripts",
    "shapes",
    "signals",
    "slow_readers",
    "spacy_extractor",
    "tampered",
    "terminal",
    "terms",
    "unread",
    "upgrading",
    "views_elsewhere",
)
#: What drives a browser comes by these fixtures.
_BROWSERS = {"chromium", "page"}


def is_left_out(path: Path) -> bool:
    """Tell whether a module of tests is left out, before it is imported."""
    return path.stem.removeprefix("test_") in (*CAMPAIGNS, *SLOW)


def is_no_campaign(path: Path) -> bool:
    """Tell whether a module of tests is left out of ``make test-long``."""
    name = path.stem.removeprefix("test_")
    return name != path.stem and name not in CAMPAIGNS


def quick(items: Iterable[pytest.Item]) -> Iterator[pytest.Item]:
    """Yield the first case of each test that is quick."""
    seen = set()
    for item in items:
        test = item.nodeid.partition("[")[0]
        needs = set(getattr(item, "fixturenames", ()))
        if is_left_out(item.path) or needs & _BROWSERS or test in seen:
            continue
        seen.add(test)
        yield item
