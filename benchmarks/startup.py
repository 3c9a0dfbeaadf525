"""Processor time of commands that must feel instant."""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys

COMMANDS = {"quizgrad --help": ["--help"], "quizgrad list": ["list"]}
RUNS = 7


def run() -> None:
    for label, arguments in COMMANDS.items():
        seconds = statistics.median(_processor_seconds(arguments) for _ in range(RUNS))
        print(f"{label:24} {seconds:6.3f} s of processor time (median of {RUNS})")


def _processor_seconds(arguments: list[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "quizgrad", *arguments], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
