"""Which tests ``make test-quick`` runs: one case of each test that takes no campaign, browser or build.

Whatever is added to the tests is among them from the first, but for what these lists leave out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest

#: Modules of ``make test-long``: campaigns, of which the other runs take a sample.
CAMPAIGNS = ("damaged_files", "differential", "io_errors", "kills", "losses", "mutations")
#: Modules that build, run commands for each case, or ask for hundreds of pages in a test.
SLOW = ()
#: What drives a browser comes by these fixtures.
_BROWSERS = {"chromium", "page"}


def quick(items: Iterable[pytest.Item]) -> Iterator[pytest.Item]:
    """Yield the first case of each test that is quick."""
    seen = set()
    for item in items:
        name = item.path.stem.removeprefix("test_")
        test = item.nodeid.partition("[")[0]
        needs = set(getattr(item, "fixturenames", ()))
        if name in (*CAMPAIGNS, *SLOW) or needs & _BROWSERS or test in seen:
            continue
        seen.add(test)
        yield item
