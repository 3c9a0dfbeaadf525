"""Prints every figure that the documents name; run as `python -m benchmarks [PART ...]`."""

from __future__ import annotations

import os
import sys

from . import exams, grading, items, startup

PARTS = {"startup": startup.run, "items": items.run, "exams": exams.run, "grading": grading.run}

if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # as the command line does
    for name in sys.argv[1:] or PARTS:
        print(f"== {name}", flush=True)
        PARTS[name]()
