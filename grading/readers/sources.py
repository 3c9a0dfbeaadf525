"""The files that were handed in, also those in folders and zip files; nothing is unpacked to disk."""

from __future__ import annotations

import os
import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from lzma import LZMAError
from pathlib import Path, PurePosixPath

from ...errors import UserError
from ...exams.files import failure, read_bytes
from ..submissions import Fault

LARGEST = {".pdf": 20_000_000}
LARGEST_OTHER = 64_000_000
LARGEST_ZIP = 1_000_000_000
LARGEST_UNZIPPED = 2_000_000_000
MOST_ZIPPED = 50_000
BROKEN_ZIP = (
    EOFError,
    LZMAError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What reading a damaged, encrypted or exotic zip file raises."""


@dataclass(frozen=True)
class Source:
    """A file of a known type.

    Attributes:
        name: for messages: its path, in a zip file after that of the zip file.
        suffix: its type, e.g. `.pdf`.
        data: its content.
    """

    name: str
    suffix: str
    data: bytes


def gathered(paths: Iterable[Path], known: Collection[str]) -> Iterator[Source | Fault]:
    """The files of known types at and below the paths; the others are named.

    Args:
        paths: files, zip files and folders.
        known: the suffixes of files that can be read.

    Raises:
        UserError: one of the paths themselves cannot be read.
    """
    for path in paths:
        if path.is_dir():
            yield from _folder(path, known)
        else:
            yield from _file(path, known)


def _folder(folder: Path, known: Collection[str]) -> Iterator[Source | Fault]:
    refused: list[OSError] = []
    for parent, folders, names in os.walk(folder, onerror=refused.append):
        folders[:] = sorted(name for name in folders if not _is_hidden(name))
        for name in sorted(names):
            if not _is_hidden(name):
                yield from _within(Path(parent) / name, known)
    for error in refused:
        yield Fault(shown(error.filename), "the folder cannot be read")


def _within(path: Path, known: Collection[str]) -> Iterator[Source | Fault]:
    """A file of a folder: whatever is wrong with it, the others are read."""
    if path.is_symlink() or not path.is_file():
        yield Fault(shown(path), "it is a link or no ordinary file, and was not read")
        return
    try:
        yield from _file(path, known)
    except UserError as error:
        yield Fault(shown(path), str(error).removeprefix(str(path)).strip())


def _file(path: Path, known: Collection[str]) -> Iterator[Source | Fault]:
    name, suffix = shown(path), path.suffix.lower()
    if suffix == ".zip":
        yield from _zip(path, known)
    elif suffix in known:
        yield Source(name, suffix, read_bytes(path, LARGEST.get(suffix, LARGEST_OTHER)))
    elif path.exists():
        yield _unknown(name, known)
    else:
        raise UserError(f"{path} cannot be read: there is no such file or folder")


def _zip(path: Path, known: Collection[str]) -> Iterator[Source | Fault]:
    name = shown(path)
    try:
        if path.stat().st_size > LARGEST_ZIP:
            yield Fault(name, f"it is larger than {LARGEST_ZIP / 1e6:g} MB")
            return
        path.open("rb").close()
    except OSError as error:
        raise failure("read", path, error) from error
    try:
        with zipfile.ZipFile(path) as archive:
            yield from _zipped(name, archive, known)
    except BROKEN_ZIP as error:
        yield Fault(name, f"it is no zip file, or a damaged one ({error})")


def _zipped(name: str, archive: zipfile.ZipFile, known: Collection[str]) -> Iterator[Source | Fault]:
    members = [member for member in archive.infolist() if not member.is_dir()]
    if len(members) > MOST_ZIPPED:
        yield Fault(name, f"it holds more than {MOST_ZIPPED:,} files")
        return
    room = LARGEST_UNZIPPED
    for member in sorted(members, key=lambda member: member.filename):
        place = PurePosixPath(member.filename)
        if any(_is_hidden(part) for part in place.parts):
            continue
        source = _member(f"{name}/{shown(member.filename)}", place.suffix.lower(), archive, member, known)
        yield source
        room -= len(source.data) if isinstance(source, Source) else 0
        if room < 0:
            yield Fault(name, f"it holds more than {LARGEST_UNZIPPED / 1e6:g} MB; the rest was not read")
            return


def _member(
    name: str, suffix: str, archive: zipfile.ZipFile, member: zipfile.ZipInfo, known: Collection[str]
) -> Source | Fault:
    if suffix not in known:
        return _unknown(name, known)
    largest = LARGEST.get(suffix, LARGEST_OTHER)
    try:
        with archive.open(member) as file:
            data = file.read(largest + 1)  # what it really holds: the stated size may be a lie
    except BROKEN_ZIP as error:
        return Fault(name, f"it cannot be unzipped: {error}")
    return (
        Fault(name, f"it is larger than {largest / 1e6:g} MB")
        if len(data) > largest
        else Source(name, suffix, data)
    )


def _unknown(name: str, known: Collection[str]) -> Fault:
    return Fault(name, f"this type of file is not read; expected {', '.join(known)}")


def _is_hidden(name: str) -> bool:
    """What systems put beside the files of people."""
    return (name.startswith(".") and name != "..") or name in {"__MACOSX", "Thumbs.db", "desktop.ini"}


def shown(path: Path | str) -> str:
    """A path for a message: in one line, and fit to be written in any encoding of Unicode."""
    return "".join(
        character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in str(path)
    )
