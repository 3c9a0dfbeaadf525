"""Verified items per second and core: drawn, solved by the closed form, executed and compared."""

from __future__ import annotations

import time

from quizgrad import Bank, draw
from quizgrad.bank import Entry
from quizgrad.verify import stream_of

WARM_UP = 30
ITEMS = 200


def run() -> None:
    seconds = {}
    for entry in Bank():
        levels = entry.question.levels()
        seconds[entry.name] = sum(_seconds_per_item(entry, level) for level in levels) / len(levels)
        print(f"{entry.name:34} {1 / seconds[entry.name]:8.0f} items/s")
    mean = sum(seconds.values()) / len(seconds)
    print(f"{'all questions, equally often':34} {1 / mean:8.0f} items/s")


def _seconds_per_item(entry: Entry, level: int) -> float:
    """Processor seconds, after imports and with warm caches."""
    for number in range(WARM_UP):
        draw(entry, level, stream_of(b"warm up", str(number)))
    started = time.process_time()
    for number in range(ITEMS):
        draw(entry, level, stream_of(b"benchmark", str(number)))
    return (time.process_time() - started) / ITEMS
