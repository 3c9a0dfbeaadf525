from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

WAITING = """
import os, time
from quizgrad.processes import workers

if __name__ == "__main__":
    with workers(1) as pool:
        print(pool.submit(os.getpid).result(), flush=True)
        pool.submit(time.sleep, 0.1).result()
        time.sleep(600)
"""


def test_a_worker_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "waiting.py"
    script.write_text(WAITING, encoding="utf-8")
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        os.kill(worker, signal.SIGINT)  # Ctrl-C reaches it too, and is the parent's business
        os.kill(worker, 0)
        parent.kill()
        # The worker holds the other end of this pipe, so that reading ends when it has ended.
        assert parent.communicate(timeout=60)[0] == ""
