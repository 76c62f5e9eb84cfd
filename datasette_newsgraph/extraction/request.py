"""What a user asks of an extraction, checked."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from datasette_newsgraph.dates.forms import read_date, read_day
from datasette_newsgraph.errors import UsageError
from datasette_newsgraph.extraction.extractor import DEFAULT, Options

_TAG = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")


@dataclass(frozen=True)
class Extraction:
    """Which extractor is to work, and how: ``publisher`` is that of articles which name none, and
    ``jobs`` the number of processes. Raises UsageError for what cannot be asked.
    """

    extractor: str = DEFAULT
    options: Options = field(default_factory=Options)
    publisher: str | None = None
    jobs: int = 1

    def __post_init__(self) -> None:
        options = self.options
        if self.jobs < 1:
            raise UsageError(f"--jobs: {self.jobs} is no number of processes; give 1 or more")
        if not 0 <= options.min_confidence <= 1:
            raise UsageError(f"--min-confidence is from 0 to 1, not {options.min_confidence}")
        if options.language is not None and not _TAG.fullmatch(options.language):
            raise UsageError(
                f"--language: {options.language!r} is no tag of a language, such as en"
            )
        if options.published is not None:
            day = read_day(options.published)
            if day is None:
                reason = read_date(options.published).reason
                raise UsageError(
                    f"--published: {options.published!r} is no date ({reason}); write it as 2021-07-18"
                )
            object.__setattr__(self, "options", replace(options, published=day))
