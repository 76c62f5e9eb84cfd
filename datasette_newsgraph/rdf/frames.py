"""What a process that renders parts sends to the one that started it: frames, each with its kind and
its length before it.
"""

from __future__ import annotations

import io
import os
import struct
import threading
from collections import deque

#: That it reads, with the ``state``, or that it cannot, as others write.
BEGUN = b"b"
#: Bytes of the document.
BLOCK = b"d"
#: The end of a part.
END = b"e"
#: An error.
ERROR = b"x"

_HEAD = struct.Struct("<cQ")
#: Bytes that wait until they are taken: a process is ahead by so many, or by one frame.
_WAITING = 3 << 20


class Sender:
    """Sends frames to a pipe, from a thread of its own, so that whoever makes them can go on."""

    def __init__(self, pipe: int) -> None:
        self._pipe = pipe
        self._frames: deque[tuple[bytes, bytes]] = deque()
        self._waiting = 0
        self._is_closed = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def send(self, kind: bytes, content: bytes = b"") -> None:
        """Send a frame when those before it are sent; waits where that is too much."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting < _WAITING)
            self._frames.append((_HEAD.pack(kind, len(content)), content))
            self._waiting += len(content)
            self._changed.notify_all()

    def close(self) -> None:
        """Wait until all is sent."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
        self._thread.join()

    def _run(self) -> None:
        while (frame := self._next()) is not None:
            try:
                for each in frame:
                    rest = memoryview(each)
                    while rest:
                        rest = rest[os.write(self._pipe, rest) :]
            except OSError:
                # Nobody reads any more: who started this process has ended.
                os._exit(1)
            with self._changed:
                self._waiting -= len(frame[1])
                self._changed.notify_all()

    def _next(self) -> tuple[bytes, bytes] | None:
        """Wait for the next frame, and return it; None after the last."""
        with self._changed:
            self._changed.wait_for(lambda: self._frames or self._is_closed)
            return self._frames.popleft() if self._frames else None


def receive(pipe: io.FileIO) -> tuple[bytes, bytes] | None:
    """Return the kind and the content of the next frame, or None where the sender has ended."""
    head = _read(pipe, _HEAD.size)
    if head is None:
        return None
    kind, size = _HEAD.unpack(head)
    content = _read(pipe, size)
    return None if content is None else (kind, content)


def _read(pipe: io.FileIO, size: int) -> bytes | None:
    content = bytearray(size)
    rest = memoryview(content)
    while rest:
        count = pipe.readinto(rest)
        if not count:
            return None
        rest = rest[count:]
    return bytes(content)
