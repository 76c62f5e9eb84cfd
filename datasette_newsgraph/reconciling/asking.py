"""Requests to a service: with a limit for time and size, and to no other machine than is allowed."""

from __future__ import annotations

import http.client
import time
import urllib.request
from collections.abc import Callable
from importlib.metadata import version
from typing import Any
from urllib.error import HTTPError, URLError

from datasette_newsgraph.errors import ServiceError, UsageError
from datasette_newsgraph.reconciling.addresses import check_address

#: Seconds that a service may say nothing, and that a whole answer may take.
_SILENCE, _PATIENCE = 30.0, 120.0
#: Bytes of an answer.
_LONGEST = 20_000_000
#: Seconds to wait where a service has too much to do, each time; and at most if it says how long.
_PAUSES, _LONGEST_PAUSE = (1.0, 5.0, 20.0), 60.0
_BUSY = (429, 503)
_SHOWN = 200


class Connection:
    """Asks by GET and POST. ``sleep`` waits for so many seconds."""

    def __init__(
        self, *, may_be_remote: bool = False, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        handlers: list[urllib.request.BaseHandler] = [_Redirects(may_be_remote)]
        if not may_be_remote:
            # A proxy is another machine.
            handlers.append(urllib.request.ProxyHandler({}))
        self._opener = urllib.request.build_opener(*handlers)
        self._sleep = sleep

    def get(self, url: str) -> tuple[str, bytes]:
        """Return the address that answered in the end, and the answer. Raises ServiceError."""
        return self._asked(url, None, {})

    def post(self, url: str, body: bytes, kind: str) -> bytes:
        """Return the answer to what is posted. Raises ServiceError."""
        return self._asked(url, body, {"Content-Type": kind})[1]

    def _asked(self, url: str, body: bytes | None, headers: dict[str, str]) -> tuple[str, bytes]:
        headers |= {
            "Accept": "application/json",
            "User-Agent": f"datasette-newsgraph/{version('datasette-newsgraph')}",
        }
        request = urllib.request.Request(url, body, headers)  # noqa: S310  # check_address let it pass
        for pause in (*_PAUSES, None):
            try:
                with self._opener.open(request, timeout=_SILENCE) as answer:
                    return answer.geturl(), _read(answer, url)
            except HTTPError as error:
                with error:
                    if pause is None or error.code not in _BUSY:
                        raise ServiceError(f"{url}: {_refusal(error)}") from error
                    self._sleep(_pause(error, pause))
            except (OSError, http.client.HTTPException) as error:
                reason = error.reason if isinstance(error, URLError) else error
                raise ServiceError(
                    f"{url}: {str(reason) or type(reason).__name__}; check that the service runs"
                ) from error
        raise AssertionError("the last attempt returns or raises")


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows a redirect of GET to an address that may be asked, and none of POST."""

    def __init__(self, may_be_remote: bool) -> None:
        self._may_be_remote = may_be_remote

    def redirect_request(
        self, req: urllib.request.Request, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        try:
            check_address(newurl, may_be_remote=self._may_be_remote)
        except UsageError as error:
            raise ServiceError(f"{req.full_url} leads to another address: {error}") from error
        if req.get_method() != "GET":
            raise ServiceError(f"{req.full_url} leads to {newurl}; give that address")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _read(answer: Any, url: str) -> bytes:
    """Return the body of an answer, as far as one may be long, however slowly it comes."""
    body = bytearray()
    deadline = time.monotonic() + _PATIENCE
    while piece := answer.read1(65_536):
        body += piece
        if len(body) > _LONGEST:
            raise ServiceError(f"{url}: the answer has more than {_LONGEST:,} bytes")
        if time.monotonic() > deadline:
            raise ServiceError(f"{url}: the answer took more than {_PATIENCE:.0f} seconds")
    return bytes(body)


def _refusal(error: HTTPError) -> str:
    """Return what a service says of a request that it does not answer."""
    said = " ".join(error.read(4 * _SHOWN).decode("utf-8", "replace").split())
    return f"it answers {error.code} {error.reason}: {said[:_SHOWN]}".rstrip(": ")


def _pause(error: HTTPError, otherwise: float) -> float:
    given = error.headers.get("Retry-After", "")
    return min(float(given), _LONGEST_PAUSE) if given.isdecimal() else otherwise
