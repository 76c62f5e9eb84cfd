"""What the tests of readers of tables share."""

from __future__ import annotations

import textwrap
from typing import Any

from datasette_newsgraph.readers import Parsed


def example_of(reader: Any) -> str:
    return textwrap.dedent(reader.__doc__.partition("Example::")[2]).lstrip("\n")


def entities(parsed: Parsed) -> list[tuple[str, str]]:
    return [(each.type, each.name) for each in parsed.article.entities]
