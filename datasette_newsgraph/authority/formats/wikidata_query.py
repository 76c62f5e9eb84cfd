"""Read the CSV of a query to Wikidata.

The columns are `item`, `itemLabel`, and if they are there `altLabel`, `itemDescription`, `type` and
`sitelinks`. `altLabel` and `type` may have several values with `|` between. A type is one of ours, such
as `Person`, or a class of Wikidata. A thing may have several rows. Rows whose label is only the number
of the item are left out: it has none in the language.

Example::

    item,itemLabel,altLabel,type,sitelinks
    http://www.wikidata.org/entity/Q90,Paris,City of Light|Paris (France),http://www.wikidata.org/entity/Q515,300
"""

from __future__ import annotations

from collections.abc import Iterator

from datasette_newsgraph.authority.formats.choice import Choice, Read
from datasette_newsgraph.authority.formats.tables import Columns, has_columns, things_of
from datasette_newsgraph.readers.source import Source

#: What query.wikidata.org can be asked; its answer, downloaded as CSV, is read here.
QUERY = """\
SELECT ?item ?itemLabel (GROUP_CONCAT(DISTINCT ?other; separator="|") AS ?altLabel)
       (SAMPLE(?kind) AS ?type) (SAMPLE(?links) AS ?sitelinks)
WHERE {
  VALUES (?class ?kind) { (wd:Q484652 "Organization") (wd:Q7278 "Organization") (wd:Q23442 "Place") }
  ?item wdt:P31 ?class ; wikibase:sitelinks ?links .
  FILTER(?links >= 20)
  ?item rdfs:label ?itemLabel . FILTER(LANG(?itemLabel) = "en")
  OPTIONAL { ?item skos:altLabel ?other . FILTER(LANG(?other) = "en") }
}
GROUP BY ?item ?itemLabel
"""

_COLUMNS = Columns(
    iri=("item",),
    label=("itemlabel",),
    names=("altlabel",),
    description=("itemdescription",),
    type=("type",),
    links=("sitelinks",),
)


def is_meant(sample: str) -> bool:
    """Tell whether a file that begins so is of this format."""
    return has_columns(_COLUMNS, sample)


def things(source: Source, _choice: Choice) -> Iterator[Read]:
    """Yield what each row has."""
    return things_of(source, _COLUMNS)
