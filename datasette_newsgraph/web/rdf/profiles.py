"""Which profile of the mapping a client asks for, and how it is told (RFC 6906)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from datasette.utils.asgi import BadRequest

from datasette_newsgraph.errors import UsageError
from datasette_newsgraph.mapping.profiles import FULL, Profile, choices, profile_named
from datasette_newsgraph.web.access.arguments import text_argument

#: The argument of an address of ours that names a profile, or gives its IRI.
ARGUMENT = "profile"
#: That of Datasette's pages of rows, where what begins with no underscore is a filter on a column.
OF_ROWS = "_profile"


def profile_argument(request: Any, name: str = ARGUMENT) -> Profile:
    """Return the profile that an address asks for. Raises BadRequest for one that there is not."""
    given = text_argument(request, name)
    try:
        return FULL if given is None else profile_named(given)
    except UsageError as error:
        raise BadRequest(f"{name} has to be {choices()}.") from error


def profile_of_rows(request: Any) -> Profile:
    """Return the profile that an address of Datasette's rows asks for. Raises BadRequest for one that
    there is not, and for the argument of our own addresses, which looks for rows there.
    """
    if ARGUMENT in request.args:
        raise BadRequest(f"{ARGUMENT} would be a column here; write {OF_ROWS}.")
    return profile_argument(request, OF_ROWS)


def link(profile: Profile) -> str:
    """Return the link that says which profile a document has."""
    return f'<{profile.iri}>; rel="profile"'


def arguments(profile: Profile) -> dict[str, str]:
    """Return the arguments of an address that asks for a profile."""
    return {} if profile is FULL else {ARGUMENT: profile.name}


def with_profile(path: str, profile: Profile, name: str = ARGUMENT) -> str:
    """Return a path, which may have arguments, so that it asks for a profile, too."""
    if profile is FULL:
        return path
    return f"{path}{'&' if '?' in path else '?'}{urlencode({name: profile.name})}"
