"""What all jobs of the benchmark share: a job is one process that does one thing once.

A module of jobs (``loaders.py``, ``exporters.py``) is run as ``python MODULE JOB ARGUMENT …`` and
prints one line of JSON: the seconds that the work took, without imports and preparation, in all and
of the processor, and the most memory that the process ever had.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import sys
import time
from collections.abc import Callable, Mapping

#: Imports and prepares, and returns the work to be timed.
Job = Callable[..., Callable[[], object]]


def run_job(jobs: Mapping[str, Job]) -> None:
    """Do the job that the command line names and print what it took."""
    name, *arguments = sys.argv[1:]
    work = jobs[name](*arguments)
    # What was prepared is no rubbish of the work's: nobody shall pay for looking through it.
    gc.collect()
    gc.freeze()
    begin, begin_cpu = time.perf_counter(), time.process_time()
    work()
    seconds, cpu = time.perf_counter() - begin, time.process_time() - begin_cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    per_mb = 1 << 20 if sys.platform == "darwin" else 1 << 10
    print(json.dumps({"seconds": seconds, "cpu": cpu, "peak_mb": peak / per_mb}))


def sync(path: str) -> None:
    """Wait until a file is on the disk, as newsgraph's export does."""
    with open(path, "rb") as file:
        os.fsync(file.fileno())
