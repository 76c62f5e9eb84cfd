"""What the service says of itself, in the forms of version 0.2 and of the draft.

The two forms exclude each other (the suggest services are objects in the one, true in the other), so
that each version has an address of its own.
"""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from sqlite_utils import Database

from datasette_newsgraph.kinds import ENTITY
from datasette_newsgraph.store import get_base
from datasette_newsgraph.vocabulary import ID_PATH, LABEL_PATH
from datasette_newsgraph.web.access.origin import origin_of
from datasette_newsgraph.web.access.visit import Visit
from datasette_newsgraph.web.reconcile.asked import BATCH
from datasette_newsgraph.web.reconcile.entity_types import known_types

#: What a preview needs, in pixels.
_WIDTH, _HEIGHT = 400, 200
#: Types that are offered before a client asks for more.
_DEFAULT_TYPES = 12


async def manifest(visit: Visit, *, is_draft: bool) -> dict[str, Any]:
    """Return the manifest of a version. Its addresses are absolute, as the client sees the server."""
    home = visit.datasette.absolute_url(visit.request, visit.links.home)
    types = await known_types(visit)
    told: dict[str, Any] = {
        "name": f"{(await origin_of(visit)).get('title', visit.graph.name)} (news graph)",
        "documentation": home,
        "serviceVersion": version("datasette-newsgraph"),
        "defaultTypes": [described_type(each) for each in types[:_DEFAULT_TYPES]],
        "batchSize": BATCH,
    }
    view = f"{home}/{ENTITY.name}/"
    size = {"width": _WIDTH, "height": _HEIGHT}
    if is_draft:
        return told | {
            "versions": ["1.0-draft"],
            "view": {"url": f"{view}{{id}}"},
            "preview": size,
            "suggest": {"entity": True, "property": False, "type": True},
            "standardizedScore": True,
        }
    base = await visit.read(lambda connection: get_base(Database(connection)))
    service = f"{home}/reconcile"
    return told | {
        "versions": ["0.2"],
        "identifierSpace": f"{base}{ID_PATH}{ENTITY.name}/",
        "schemaSpace": f"{base}{LABEL_PATH}",
        "view": {"url": f"{view}{{{{id}}}}"},
        "preview": {"url": f"{service}/preview?id={{{{id}}}}", **size},
        "suggest": {
            each: {"service_url": service, "service_path": f"/suggest/{each}"}
            for each in ("entity", "type")
        },
        "extend": {
            "propose_properties": {"service_url": service, "service_path": "/extend"},
            "property_settings": [],
        },
    }


def described_type(type_: str) -> dict[str, str]:
    """Return a type as both versions have it."""
    return {"id": type_, "name": type_}
