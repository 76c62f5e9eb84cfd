"""Answer a form: what it decides is written, and the visitor is led back to where it stood."""

from __future__ import annotations

import re
from urllib.parse import urlencode

from datasette.utils.asgi import BadRequest, Forbidden, Response
from datasette.views.base import DatasetteError

from datasette_newsgraph.decisions.not_yet_made import not_yet_made
from datasette_newsgraph.errors import DecisionError
from datasette_newsgraph.web.access.deciding import deciding_of
from datasette_newsgraph.web.access.visit import Visit
from datasette_newsgraph.web.deciding.form import Form, read_form
from datasette_newsgraph.web.deciding.forms import decisions_of, refused
from datasette_newsgraph.web.deciding.standing_now import standing_now
from datasette_newsgraph.web.deciding.writing import write
from datasette_newsgraph.web.links import SEGMENT

#: What may stand behind the address of the graph: kinds, keys, and arguments of our pages.
_PLACE = re.compile(r"(?:[a-z]+(?:/[a-z0-9-]+)?)?(?:\?[A-Za-z0-9_=&%.,+~-]*)?")
#: The argument by which a page is told the batch of what was decided on it.
DONE = "done"


async def decide_by_form(visit: Visit) -> Response:
    """Decide what a form says. Raises Forbidden, BadRequest, and a DatasetteError of status 409 where
    nothing can be written.
    """
    deciding = await deciding_of(visit)
    if not deciding.is_allowed:
        raise Forbidden("You do not have permission to decide")
    if deciding.obstacle:
        raise DatasetteError(deciding.obstacle, title="News graph", status=409)
    form = await read_form(visit.request)
    back, asked = _place(form)
    now = await standing_now(visit)
    # A form may have been sent twice.
    decisions = not_yet_made(await decisions_of(visit, form), now.in_force.values())
    if decisions:
        try:
            batch = await write(visit.database, decisions)
        except DecisionError as error:
            raise refused(error) from error
        asked = "&".join(filter(None, [asked, urlencode({DONE: batch})]))
    address = f"{visit.links.home}{back}{'?' + asked if asked else ''}"
    return Response("", status=303, headers={"Location": address, "Cache-Control": "no-store"})


def place_of(visit: Visit) -> str:
    """Return the place of the page that is asked for, with its arguments, as forms on it say where they
    stand.
    """
    request = visit.request
    path = request.path.partition(SEGMENT)[2].removeprefix("/")
    asked = [each for each in request.query_string.split("&") if not each.startswith(f"{DONE}=")]
    place = f"{path}?{'&'.join(asked)}" if any(asked) else path
    return place if _PLACE.fullmatch(place) else path


def _place(form: Form) -> tuple[str, str]:
    """Return where a form stood: what is behind the address of the graph, and the query string."""
    given = form.text("back")
    if not _PLACE.fullmatch(given):
        raise BadRequest("back has to be the place of a page of this graph.")
    path, _, asked = given.partition("?")
    kept = [each for each in asked.split("&") if each and not each.startswith(f"{DONE}=")]
    return (f"/{path}" if path else ""), "&".join(kept)
