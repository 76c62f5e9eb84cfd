"""The kinds of frames in which a process sends an answer."""

from __future__ import annotations

#: It has begun, and can be asked.
READY = b"r"
#: The name of the format of what follows.
FORMAT = b"f"
#: Bytes of the answer.
BLOCK = b"d"
#: The beginning of an answer, as a page has it.
SHOWN = b"s"
#: The end of an answer; with a word if the process ends, too.
END = b"e"
#: An error, in place of the rest.
ERROR = b"x"
#: An error after which the process ends.
BROKEN = b"b"
