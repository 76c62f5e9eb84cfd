"""What all jobs of the benchmark share: a job is one process that does one thing once.

A module of jobs (``loaders.py``, ``exporters.py``) is run as ``python MODULE JOB ARGUMENT …`` and
prints one line of JSON: the seconds that the work took, without imports and preparation, in all and
of the processor; the most memory that one process ever had; and where Linux counts them, the megabytes
written. Processes that the work starts are counted in once they have ended.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

#: Imports and prepares, and returns the work to be timed.
Job = Callable[..., Callable[[], object]]
#: This process, and those that it started and that have ended.
_WHO = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)


def run_job(jobs: Mapping[str, Job]) -> None:
    """Do the job that the command line names and print what it took."""
    name, *arguments = sys.argv[1:]
    work = jobs[name](*arguments)
    # What was prepared is no rubbish of the work's: nobody shall pay for looking through it.
    gc.collect()
    gc.freeze()
    begin, begin_cpu, begin_written = time.perf_counter(), _cpu(), _written()
    work()
    result = {"seconds": time.perf_counter() - begin, "cpu": _cpu() - begin_cpu}
    written = _written()
    per_mb = 1 << 20 if sys.platform == "darwin" else 1 << 10
    result["peak_mb"] = max(resource.getrusage(who).ru_maxrss for who in _WHO) / per_mb
    if written is not None and begin_written is not None:
        result["written_mb"] = (written - begin_written) / 1e6
    print(json.dumps(result))


def _cpu() -> float:
    usages = [resource.getrusage(who) for who in _WHO]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def _written() -> int | None:
    """Return the bytes that were handed to the system to write; None where nobody counts them."""
    try:
        lines = Path("/proc/self/io").read_text().splitlines()
    except OSError:
        return None
    return int(dict(line.split(": ") for line in lines)["wchar"])


def sync(path: str) -> None:
    """Wait until a file is on the disk, as newsgraph's export does."""
    with open(path, "rb") as file:
        os.fsync(file.fileno())
