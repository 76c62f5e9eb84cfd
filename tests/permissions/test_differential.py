"""Whoever may not see a secret is answered as if it were not there, at every address.

Two graphs, one with a secret and one without, are served with one configuration. What is asked, and
what may differ and why, stands in ``tests.permissions.crawl``; the configurations with their secrets in
``tests.permissions.pairs``. ``make test-long`` asks for all of it, the other runs for a sample.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

from datasette_newsgraph.store.schema import FULL_TEXT, TABLES
from datasette_newsgraph.store.views import VIEWS
from datasette_newsgraph.web.access import secrecy
from tests.permissions.addresses import GRAPH, Shape, main_pages
from tests.permissions.crawl import addresses, differences, linked
from tests.permissions.marked_news import on_supported_versions
from tests.permissions.pairs import (
    CONFIGURATIONS,
    WITHOUT_A_SECRET_OF_THEIR_OWN,
    Configuration,
    make_pair,
)
from tests.permissions.visitors import serving

pytestmark = on_supported_versions

IS_LONG = settings.get_current_profile_name() == "long"
#: Of the addresses, every so many in a sample, other ones with each configuration: a tenth by all four.
#: And how many links are followed in all.
SHARE, LINKED = (1, 400) if IS_LONG else (40, 0)
ASKED = [each for each in CONFIGURATIONS if IS_LONG or CONFIGURATIONS[each].is_sampled]


@pytest.mark.asyncio
@pytest.mark.parametrize("name", ASKED)
@pytest.mark.filterwarnings("ignore:coroutine 'filters_from_request' was never awaited")
async def test_a_secret_changes_no_answer(name: str, tmp_path: Path) -> None:
    configuration = CONFIGURATIONS[name]
    pair = make_pair(configuration, tmp_path)
    pages = addresses(pair)[ASKED.index(name) % SHARE :: SHARE]
    config, options = configuration.config, configuration.options
    async with (
        serving(pair[0], config, **options) as one,
        serving(pair[1], config, **options) as other,
    ):
        if LINKED:
            pages += await linked(one.alice, ["/", GRAPH, *main_pages(Shape(pair[0]))], LINKED)
        visitors = [each.visitor(configuration.actor) for each in (one, other)]
        found = [each async for each in differences(*visitors, pages)]
        print(f"{name}: {len(pages)} addresses, {len(found)} differences")
        assert found == [], "\n".join(map(str, found[:20]))
        # Not for want of a secret: who may see all is told it.
        seen = differences(one.alice, other.alice, main_pages(Shape(pair[0])))
        assert await anext(seen, None) is not None


def test_every_table_is_kept_in_a_configuration() -> None:
    """A table made tomorrow says what its secret is, or why it has none."""
    kept = frozenset[str]().union(*(each.hides for each in CONFIGURATIONS.values()))
    tables = {*TABLES, *VIEWS, *secrecy.TELLS, *secrecy.SOURCES}
    tables -= {name for name in tables if name.startswith("sqlite_stat")}
    tables -= {name for name in tables for each in FULL_TEXT if name.startswith(f"{each}_fts")}
    tables -= set(secrecy.SEARCHED.values())
    assert tables - kept - WITHOUT_A_SECRET_OF_THEIR_OWN.keys() == set()
    assert kept & WITHOUT_A_SECRET_OF_THEIR_OWN.keys() == set()


@pytest.mark.asyncio
async def test_what_is_not_kept_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Were zones not to tell of articles, the pair would be told apart."""
    told = {name: tells - {"articles"} for name, tells in secrecy.TELLS.items()}
    monkeypatch.setattr(secrecy, "TELLS", told)
    configuration: Configuration = CONFIGURATIONS["articles"]
    pair = make_pair(configuration, tmp_path)
    async with (
        serving(pair[0], configuration.config) as one,
        serving(pair[1], configuration.config) as other,
    ):
        pages = ["/news/zones.json", "/news/extractions.json"]
        found = [each.address async for each in differences(one.anybody, other.anybody, pages)]
    assert found == ["/news/zones.json"]
