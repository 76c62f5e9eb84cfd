"""Which profile of the mapping a client asks for, and how it is told (RFC 6906)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from datasette.utils.asgi import BadRequest

from datasette_newsgraph.errors import UsageError
from datasette_newsgraph.mapping.profiles import FULL, Profile, choices, profile_named
from datasette_newsgraph.web.access.arguments import text_argument

#: The argument of an address that names a profile, or gives its IRI.
ARGUMENT = "profile"


def profile_argument(request: Any) -> Profile:
    """Return the profile that an address asks for. Raises BadRequest for one that there is not."""
    given = text_argument(request, ARGUMENT)
    try:
        return FULL if given is None else profile_named(given)
    except UsageError as error:
        raise BadRequest(f"{ARGUMENT} has to be {choices()}.") from error


def link(profile: Profile) -> str:
    """Return the link that says which profile a document has."""
    return f'<{profile.iri}>; rel="profile"'


def arguments(profile: Profile) -> dict[str, str]:
    """Return the arguments of an address that asks for a profile."""
    return {} if profile is FULL else {ARGUMENT: profile.name}


def with_profile(path: str, profile: Profile) -> str:
    """Return a path, which may have arguments, so that it asks for a profile, too."""
    given = arguments(profile)
    return f"{path}{'&' if '?' in path else '?'}{urlencode(given)}" if given else path
