"""Read a table of names that were reconciled, as OpenRefine exports it.

One column is `name`, `label`, `entity` or `title`, and one `iri`, `uri`, `qid`, `wikidata`,
`wikidata id`, `identifier`, `sameas` or `id`: the number of an item of Wikidata (`Q90`) or an IRI of
any authority. In OpenRefine, *Reconcile → Add entity identifiers column* makes it. There may be
`aliases` (several with `|` between), `description`, `type` and `links` as well. Rows that were not
matched are left out.

Example::

    name,qid,type
    Acme Anvils Ltd,Q2341,Organization
"""

from __future__ import annotations

from collections.abc import Iterator

from datasette_newsgraph.authority.formats.choice import Choice, Read
from datasette_newsgraph.authority.formats.tables import Columns, has_columns, things_of
from datasette_newsgraph.readers.source import Source

_COLUMNS = Columns(
    iri=("iri", "uri", "qid", "wikidata", "wikidata id", "identifier", "sameas", "id"),
    label=("name", "label", "entity", "title"),
    names=("aliases", "alias"),
    description=("description",),
    type=("type",),
    links=("links", "sitelinks"),
)


def is_meant(sample: str) -> bool:
    """Tell whether a file that begins so is of this format."""
    return has_columns(_COLUMNS, sample)


def things(source: Source, _choice: Choice) -> Iterator[Read]:
    """Yield what each row has."""
    return things_of(source, _COLUMNS, are_checked=True)
