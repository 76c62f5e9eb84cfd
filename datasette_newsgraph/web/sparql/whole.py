"""An answer that is there as a whole is sent as fast as the client takes it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from datasette.utils.asgi import Response

from datasette_newsgraph.web.sparql.process import Written

Send = Callable[[dict[str, Any]], Awaitable[None]]

_PIECE = 64 * 1024
#: Seconds after which a client that takes nothing is given up.
_STANDSTILL = 60


class WholeAnswer(Response):  # type: ignore[misc]  # datasette has no annotations
    """A response whose body is in a file, which is closed when it is sent."""

    def __init__(self, written: Written, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._written = written

    async def asgi_send(self, send: Send) -> None:
        """Send headers and body."""
        headers = {
            **self.headers,
            "content-type": self.content_type,
            "content-length": str(self._written.size),
        }
        listed = [
            [key.encode("latin-1"), value.encode("latin-1")] for key, value in headers.items()
        ]
        with self._written.file as file:
            await send({"type": "http.response.start", "status": self.status, "headers": listed})
            while piece := file.read(_PIECE):
                message = {"type": "http.response.body", "body": piece, "more_body": True}
                await asyncio.wait_for(send(message), _STANDSTILL)
        await send({"type": "http.response.body", "body": b""})
