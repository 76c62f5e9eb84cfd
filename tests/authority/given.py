"""Small files of each format that authorities are made of, and what is read of them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from datasette_newsgraph.authority.formats import Choice, Read, format_of
from datasette_newsgraph.readers.source import Source

QUERY = """\
item,itemLabel,altLabel,type,sitelinks
http://www.wikidata.org/entity/Q90,Paris,City of Light|Paris (France),http://www.wikidata.org/entity/Q515,300
http://www.wikidata.org/entity/Q830149,Paris,"Paris, Texas",http://www.wikidata.org/entity/Q515,60
http://www.wikidata.org/entity/Q7184,NATO,North Atlantic Treaty Organization,Q43229,190
"""
RECONCILED = """\
name,qid,type
Acme Anvils Ltd,Q2341,Organization
Anvil Town,,Place
"""
GEONAMES = (
    "2988507\tParis\tParis\tLutece,PAR,Paříž\t48.85341\t2.3488\tP\tPPLC\tFR\t\t11\t75\t751\t75056"
    "\t2138551\t\t42\tEurope/Paris\t2024-01-01\n"
    "6455259\tParis Orly\tParis Orly\tORY\t48.72\t2.36\tS\tAIRP\tFR\t\t\t\t\t\t0\t\t"
    "\tEurope/Paris\t2024-01-01\n"
)


def item(
    id_: str,
    label: str,
    classes: Iterable[str],
    *,
    links: int = 20,
    aliases: Iterable[str] = (),
    **others: Any,
) -> dict[str, Any]:
    """An item as a dump of Wikidata has it."""
    instance_of = [
        {"mainsnak": {"datavalue": {"value": {"id": each}, "type": "wikibase-entityid"}}}
        for each in classes
    ]
    return {
        "type": "item",
        "id": id_,
        "labels": {"en": {"language": "en", "value": label}},
        "descriptions": {"en": {"language": "en", "value": f"what {label} is"}},
        "aliases": {"en": [{"language": "en", "value": each} for each in aliases]},
        "claims": {"P31": instance_of},
        "sitelinks": {f"{number}wiki": {"title": label} for number in range(links)},
    } | others


def dump(*items: dict[str, Any]) -> str:
    """A dump of these items."""
    return "[\n" + ",\n".join(map(json.dumps, items)) + "\n]\n"


def read(path: Path, content: str | bytes, name: str | None = None, **choice: Any) -> list[Read]:
    """What is read of a file of this content."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    source = Source(path)
    try:
        return list(format_of(source, name).things(source, Choice(**choice)))
    finally:
        source.close()
