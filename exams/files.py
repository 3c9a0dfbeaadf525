"""Reading what a user gives and writing files that are whole or not there, with a sentence for what fails."""

from __future__ import annotations

import codecs
import errno
import os
import secrets
from pathlib import Path

from ..errors import UserError

PRIVATE = 0o600
"""The mode of files with keys, or with names of students: only their owner can read them."""
REASONS = {
    errno.EACCES: "permission is denied",
    errno.EPERM: "permission is denied",
    errno.EEXIST: "there is a file of that name",
    errno.ENOENT: "there is no such file or folder",
    errno.ENOTDIR: "part of its path is a file, not a folder",
    errno.EISDIR: "it is a folder, not a file",
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EROFS: "the disk is read-only",
    errno.ENAMETOOLONG: "its name is too long",
}


def failure(action: str, path: Path, error: OSError) -> UserError:
    """What the operating system refused, as a sentence.

    Args:
        action: what was tried, as in "cannot be read".
        path: the file or folder.
        error: the refusal.
    """
    reason = REASONS.get(error.errno or 0) or (error.strerror or str(error)).lower()
    return UserError(f"{path} cannot be {action}: {reason}")


def read_text(path: Path, largest: int) -> str:
    """The text of a file in UTF-8, or in UTF-16 with a byte order mark, as spreadsheets also write it.

    Args:
        path: the file.
        largest: bytes; a larger file is refused.

    Raises:
        UserError: it is missing, unreadable, too large, or in another encoding.
    """
    return decoded(path, read_bytes(path, largest))


def read_bytes(path: Path, largest: int) -> bytes:
    """The content of a file.

    Raises:
        UserError: it is missing, unreadable or too large.
    """
    try:
        with path.open("rb") as file:
            data = file.read(largest + 1)
    except OSError as error:
        raise failure("read", path, error) from error
    if len(data) > largest:
        raise UserError(f"{path} cannot be read: it is larger than {largest / 1e6:g} MB")
    return data


def decoded(place: Path | str, data: bytes) -> str:
    """The text of what was read from a place, as in `read_text`.

    Raises:
        UserError: it is in another encoding.
    """
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    encoding = "utf-16" if wide else "utf-8"
    try:
        return data.removeprefix(codecs.BOM_UTF8).decode(encoding)
    except UnicodeDecodeError as error:
        start = error.start + len(data) - len(error.object)
        line = data[:start].decode(encoding, errors="replace").count("\n") + 1
        byte = f"{place}, line {line}: byte {start + 1} of the file, 0x{data[start]:02X}"
        advice = 'save the file as UTF-8, which Excel calls "CSV UTF-8"'
        raise UserError(f"{byte}, is not {encoding.upper()}; {advice}") from error


def write_atomically(path: Path, data: bytes | str, mode: int | None = None) -> None:
    """Write a file that is at any moment either the former one or the new one as a whole.

    Args:
        path: the file; its folder must exist.
        data: the content; text is written as UTF-8.
        mode: permissions, which hold before the content is there; by default those of any new file.

    Raises:
        UserError: it cannot be written; the former file is untouched.
    """
    beside = path.with_name(f".{secrets.token_hex(8)}.partial")
    try:
        try:
            write_new(beside, data, mode)
            force_to_disk(beside)
            beside.replace(path)
            force_to_disk(path.parent)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise failure("written", path, error) from error


def write_new(path: Path, data: bytes | str, mode: int | None = None) -> None:
    """Write a file that must not exist yet; unlike `write_atomically`, a crash leaves a part of it.

    Raises:
        OSError: it exists or cannot be written.
    """
    content = data.encode() if isinstance(data, str) else data
    permissions = 0o666 if mode is None else mode
    with open(
        path, "xb", opener=lambda name, flags: os.open(name, flags, permissions)
    ) as file:  # Path.open takes no opener
        file.write(content)


def force_to_disk(path: Path) -> None:
    """Wait until the content of a file, or the list of names in a folder, would survive a power cut.

    Raises:
        OSError: the disk failed or is full.
    """
    if os.name == "nt":
        return  # Windows can do this neither for folders nor for files that are open for reading
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno != errno.EINVAL:  # some network file systems cannot do it for folders
            raise
    finally:
        os.close(descriptor)
