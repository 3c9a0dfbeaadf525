"""Worker processes that end with the process that started them."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from typing import Any


def workers(
    count: int, start: Callable[..., None] | None = None, arguments: tuple[Any, ...] = ()
) -> ProcessPoolExecutor:
    """A pool of processes.

    Args:
        count: how many.
        start: is called in each of them before it works.
        arguments: for `start`.
    """
    return ProcessPoolExecutor(count, multiprocessing.get_context("spawn"), _begin, (start, arguments))


def _begin(start: Callable[..., None] | None, arguments: tuple[Any, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all of them; the parent ends the others
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if start:
        start(*arguments)


def _end_with_parent() -> None:
    """A worker whose parent was killed would wait for ever for its next task."""
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os._exit(1)
