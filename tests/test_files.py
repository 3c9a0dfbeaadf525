import errno
import os
import resource
import stat
from contextlib import contextmanager

import pytest
from quizgrad.errors import UserError
from quizgrad.exams import files


@contextmanager
def largest_file(size):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def unprivileged():
    """Permissions do not bind the superuser, as which containers run tests."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_text_is_read_with_and_without_a_byte_order_mark(tmp_path, encoding):
    path = tmp_path / "a.csv"
    path.write_bytes("id\nŁukasz Ünal 王".encode(encoding))
    assert files.read_text(path, 1000) == "id\nŁukasz Ünal 王"


@pytest.mark.parametrize(
    ("data", "place", "encoding"),
    [
        (b"id,name\n1,Zo\xeb\n", "line 2: byte 13 of the file, 0xEB", "UTF-8"),
        (b"\xef\xbb\xbfid,name\n1,Zo\xeb\n", "line 2: byte 16 of the file, 0xEB", "UTF-8"),
        (b"id\n\xc3", "line 2: byte 4 of the file, 0xC3", "UTF-8"),
        ("a\nb".encode("utf-16")[:-1], "line 2: byte 7 of the file, 0x62", "UTF-16"),
    ],
)
def test_another_encoding_is_refused_with_line_and_byte(tmp_path, data, place, encoding):
    path = tmp_path / "a.csv"
    path.write_bytes(data)
    with pytest.raises(UserError, match=f"a.csv, {place}, is not {encoding}; save the file as UTF-8"):
        files.read_text(path, 1000)


def test_what_cannot_be_read_is_named_with_the_reason(tmp_path):
    (tmp_path / "large").write_bytes(b"x" * 1001)
    (tmp_path / "secret").touch(mode=0o000)
    for name, reason in {
        "missing": "there is no such file",
        ".": "it is a folder",
        "large/inside": "part of its path is a file",
        "large": "it is larger than 0.001 MB",
        "x" * 300: "its name is too long",
    }.items():
        with pytest.raises(UserError, match=f"{tmp_path}.* cannot be read: {reason}"):
            files.read_text(tmp_path / name, 1000)
    with unprivileged(), pytest.raises(UserError, match="cannot be read: permission is denied"):
        files.read_text(tmp_path / "secret", 1000)


@pytest.mark.parametrize("data", [b"\x00\xff", "Zoë"])
def test_a_file_is_replaced_as_a_whole(tmp_path, data):
    path = tmp_path / "key.json"
    path.write_text("former")
    files.write_atomically(path, data)
    assert path.read_bytes() == (data if isinstance(data, bytes) else data.encode())
    assert list(tmp_path.iterdir()) == [path]


def test_a_secret_file_is_never_open_to_others(tmp_path, monkeypatch):
    path = tmp_path / "key.json"
    modes = []

    def watch(descriptor):
        modes.append(stat.S_IMODE(os.fstat(descriptor).st_mode))

    monkeypatch.setattr(os, "fsync", watch)
    former = os.umask(0)
    try:
        files.write_atomically(path, "secret", mode=0o600)
    finally:
        os.umask(former)
    assert modes[0] == stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_former_file_survives_a_disk_that_is_full(tmp_path, monkeypatch):
    path = tmp_path / "key.json"
    path.write_text("former")
    with largest_file(1000), pytest.raises(UserError, match=r"key.json cannot be written: file too large"):
        files.write_atomically(path, b"x" * 5000)

    def full(descriptor):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UserError, match=r"key.json cannot be written: the disk is full"):
        files.write_atomically(path, "new")
    assert path.read_text() == "former"
    assert list(tmp_path.iterdir()) == [path]


def test_the_former_file_survives_an_interruption(tmp_path, monkeypatch):
    path = tmp_path / "key.json"
    path.write_text("former")

    def interrupt(descriptor):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        files.write_atomically(path, "new")
    assert path.read_text() == "former"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_cannot_be_written_is_named_with_the_reason(tmp_path):
    (tmp_path / "folder").mkdir()
    for name, reason in {"missing/a": "there is no such file or folder", "folder": "it is a folder"}.items():
        with pytest.raises(UserError, match=f"{name} cannot be written: {reason}"):
            files.write_atomically(tmp_path / name, "x")
    with unprivileged(), pytest.raises(UserError, match="permission is denied"):
        files.write_atomically(tmp_path / "a", "x")
