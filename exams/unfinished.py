"""A folder under construction, which gets its name only when it is whole and goes on where it was stopped."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import json
import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Any, BinaryIO, Self

from ..errors import UserError
from .files import failure, force_to_disk, write_atomically, write_new

if sys.platform != "win32":
    import fcntl

Record = dict[str, Any]


def digest(content: bytes | str) -> str:
    """The SHA-256 of a content, in hexadecimal digits; text counts as UTF-8."""
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()


class UnfinishedFolder:
    """A folder that is built beside its place and moved there by one rename.

        with UnfinishedFolder(Path("midterm"), inputs={"seed": "7"}, contains="exam.json") as folder:
            for name in names:
                if name not in folder:
                    folder.write(name, content(name))

    What is under construction lies in `NAME.partial`, which only its owner may enter: `result/` will become
    the folder; `notes/` are what the run needs to go on, such as its secret; `journal` has a line for each
    finished file, in order. A run that is stopped, even by a power cut, leaves it. A run from the same inputs
    goes on after the longest beginning of the journal whose files are intact, so that the state is always one
    that the stopped run was in. While a new folder takes the name of an old one, that waits in `former/`.
    """

    def __init__(
        self, target: Path, *, inputs: Mapping[str, str], contains: str, force: bool = False
    ) -> None:
        """Nothing is touched before the `with` block is entered.

        Args:
            target: the folder to make; an existing one must be empty, or be replaced by force.
            inputs: what the content is made from, by names that the user understands; long texts as digests.
            contains: a file that tells folders of this sort; force replaces no other folder.
            force: replace an existing folder, and give up a stopped run that had other inputs.
        """
        self.target = Path(os.path.realpath(target))  # a link must keep leading to the folder
        self._inputs = dict(inputs)
        self._contains = contains
        self._force = force
        self._done: set[str] = set()
        self._partial = self.target.parent / f"{self.target.name}.partial"
        self._result = self._partial / "result"
        self._former = self._partial / "former"
        self._journal = self._partial / "journal"
        self._lock_file = self._partial / "quizgrad.lock"
        self._lock: BinaryIO | None = None

    def __enter__(self) -> Self:
        """Start, or go on.

        Raises:
            UserError: the folder exists or cannot be made, another run is making it, or a stopped run had
                other inputs.
        """
        try:
            self._take_lock()
            self._settle_publication()
            self._check_target()
            self._resume()
        except BaseException as error:
            self._leave(worthless=not self._journal.exists())
            if isinstance(error, OSError):
                raise failure("made", self._partial, error) from error
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the folder its name, or leave it for a later run if an exception stopped this one."""
        try:
            if kind is None:
                self._publish()
        finally:
            self._leave(worthless=not _of_result(self._done))

    def __contains__(self, name: str) -> bool:
        """Whether a file of the folder is finished."""
        return f"result/{name}" in self._done

    def write(self, name: str, content: bytes | str, mode: int | None = None) -> None:
        """Finish a file of the folder.

        Args:
            name: its path in the folder, with slashes; subfolders are made.
            content: what it holds; text is written as UTF-8.
            mode: permissions, which hold before the content is there; by default those of any new file.

        Raises:
            UserError: it cannot be written.
            ValueError: it was written before, or the name leads out of the folder.
        """
        self._finish(f"result/{name}", content, mode)

    def read(self, name: str) -> bytes:
        """The content of a finished file of the folder.

        Raises:
            KeyError: it is not finished.
            UserError: it cannot be read.
        """
        return self._content(f"result/{name}")

    def note(self, name: str, content: bytes | str) -> None:
        """Keep something that a later run needs to go on; it is private and no part of the folder.

        Raises:
            UserError: it cannot be written.
            ValueError: it was noted before, or the name leads elsewhere.
        """
        self._finish(f"notes/{name}", content, 0o600)

    def noted(self, name: str) -> bytes | None:
        """What this run or the stopped one noted, or None.

        Raises:
            UserError: it cannot be read.
        """
        return self._content(f"notes/{name}") if f"notes/{name}" in self._done else None

    def _finish(self, name: str, content: bytes | str, mode: int | None) -> None:
        if name in self._done or ".." in name.split("/") or str(PurePosixPath(name)) != name:
            raise ValueError(f"{name!r} is written already or leads out of the folder")
        path = self._partial / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_new(path, content, mode)
            with self._journal.open("ab") as journal:
                journal.write(_line({"file": name, "sha256": digest(content)}))
        except OSError as error:
            kept = f"what is finished is kept in {self._partial}, and the same command goes on from there"
            raise UserError(f"{failure('written', path, error)}; {kept}") from error
        self._done.add(name)

    def _content(self, name: str) -> bytes:
        if name not in self._done:
            raise KeyError(name)
        path = self._partial / name
        try:
            return path.read_bytes()
        except OSError as error:
            raise failure("read", path, error) from error

    def _take_lock(self) -> None:
        self._partial.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(self._partial.iterdir()) and not self._lock_file.exists():
            raise UserError(
                f"{self._partial} holds other files, but is needed to make {self.target}; move it away"
            )
        lock = self._lock_file.open("wb")
        try:
            if sys.platform != "win32":  # there, two runs at once fail on each other's files
                fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError):
            lock.close()
            raise UserError(f"{self.target} is being made by another run; wait until that is done") from None
        self._lock = lock

    def _leave(self, *, worthless: bool) -> None:
        """Release the lock; a folder without a finished file would only be in the way of the next run."""
        if self._lock is None:
            return
        if worthless and not self._former.exists():
            self._remove_partial()
        self._lock.close()

    def _remove_partial(self) -> None:
        with contextlib.suppress(OSError):  # the next run removes the rest
            for path in self._partial.iterdir():
                if path.is_dir():
                    shutil.rmtree(path)
                elif path != self._lock_file:
                    path.unlink()
            self._lock_file.unlink()  # last, as it tells the next run that the rest is not somebody else's
            self._partial.rmdir()

    def _settle_publication(self) -> None:
        """Lead a publication that was stopped halfway back to its beginning, or on to its end."""
        if self._former.exists():
            if not self.target.exists():
                self._former.rename(self.target)
            elif self._result.exists():
                raise UserError(f"{self._former} holds the folder that {self.target} replaced; move it away")
            else:
                shutil.rmtree(self._former)
        if not self._result.exists():
            self._journal.unlink(missing_ok=True)

    def _check_target(self) -> None:
        if not self.target.exists():
            return
        if not self.target.is_dir():
            raise UserError(f"{self.target} is a file; choose another name for the folder")
        if self.target.is_mount():
            raise UserError(f"{self.target} is a mounted disk; choose a folder in it")
        if not any(self.target.iterdir()):
            return
        if not self._force:
            raise UserError(
                f"{self.target} exists already; choose another folder, or replace it with --force"
            )
        if not (self.target / self._contains).exists():
            raise UserError(
                f"{self.target} is not replaced, as it holds no {self._contains}; choose another folder"
            )

    def _resume(self) -> None:
        inputs, records = self._read_journal()
        records = list(itertools.takewhile(self._is_intact, records))
        others = sorted(name for name in inputs | self._inputs if inputs.get(name) != self._inputs.get(name))
        if others:
            if _of_result({record["file"] for record in records}) and not self._force:
                raise UserError(
                    f"{self._partial} is a stopped run with another {' and '.join(others)}; repeat that "
                    "command to finish it, or give it up with --force"
                )
            records = []
        self._result.mkdir(exist_ok=True)
        write_atomically(self._journal, b"".join(map(_line, [{"inputs": self._inputs}, *records])), 0o600)
        self._done = {record["file"] for record in records}
        self._remove_unfinished()

    def _read_journal(self) -> tuple[dict[str, str], list[Record]]:
        """The inputs and the finished files of the stopped run; a torn line ends it."""
        records: list[Record] = []
        for line in self._journal.read_bytes().splitlines() if self._journal.exists() else []:
            try:
                records.append(json.loads(line))
            except ValueError:
                break
        return (records[0]["inputs"], records[1:]) if records else ({}, [])

    def _is_intact(self, record: Record) -> bool:
        expected: str = record["sha256"]
        try:
            with (self._partial / record["file"]).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest() == expected
        except OSError:
            return False

    def _remove_unfinished(self) -> None:
        kept = {self._partial / name for name in self._done} | {self._result, self._journal, self._lock_file}
        for path in sorted(self._partial.rglob("*"), reverse=True):  # what a folder holds comes before it
            if path.is_dir():
                if path not in kept and not any(path.iterdir()):
                    path.rmdir()
            elif path not in kept:
                path.unlink()

    def _publish(self) -> None:
        try:
            for path in (self._result, *self._result.rglob("*")):
                force_to_disk(path)
            self._check_target()
            self._exchange()
            force_to_disk(self.target.parent)
        except OSError as error:
            raise failure("made", self.target, error) from error
        self._remove_partial()

    def _exchange(self) -> None:
        if self._force and self.target.exists():
            self.target.rename(self._former)
        try:
            self._result.rename(self.target)
        except BaseException:
            if self._former.exists() and not self.target.exists():
                self._former.rename(self.target)
            raise


def _of_result(names: set[str]) -> bool:
    """Whether any of these files is one of the folder itself."""
    return any(name.startswith("result/") for name in names)


def _line(record: Record) -> bytes:
    return json.dumps(record, ensure_ascii=False).encode() + b"\n"
