"""Run as a script, this file builds a folder again and again, killed at each step in turn."""

import errno
import os
import random
import secrets
import shutil
import signal
import stat
import subprocess
import sys
import traceback
from contextlib import suppress
from pathlib import Path

import pytest
from quizgrad.errors import UserError
from quizgrad.exams.unfinished import UnfinishedFolder, digest

NAMES = ("forms/1.pdf", "forms/2.pdf", "key.json", "exam.json")
STEPS = {
    "open",
    "os.rename",
    "os.mkdir",
    "os.remove",
    "os.rmdir",
    "os.listdir",
    "os.scandir",
    "shutil.rmtree",
}


def unfinished(target, force=False, **inputs):
    return UnfinishedFolder(target, inputs=inputs or {"seed": "1"}, contains="exam.json", force=force)


def build(target, force=False, **inputs):
    """A folder whose every file has the same random content, which a resumed run must take over."""
    with unfinished(target, force, **inputs) as folder:
        if folder.noted("secret") is None:
            folder.note("secret", secrets.token_hex())
        for name in NAMES:
            if name not in folder:
                folder.write(name, folder.noted("secret"))


def content(target):
    """The common content of a whole folder."""
    found = {
        path.relative_to(target).as_posix(): path.read_text() for path in target.rglob("*") if path.is_file()
    }
    assert sorted(found) == sorted(NAMES)
    assert len(set(found.values())) == 1
    return found["exam.json"]


def partial(target):
    return target.with_name(f"{target.name}.partial")


# Building


def test_a_folder_appears_only_when_it_is_whole(tmp_path):
    target = tmp_path / "new" / "midterm"
    with unfinished(target) as folder:
        folder.write("exam.json", "{}")
        folder.write("forms/1.pdf", b"%PDF")
        assert "exam.json" in folder
        assert "forms/2.pdf" not in folder
        assert folder.read("forms/1.pdf") == b"%PDF"
        assert not target.exists()
    assert (target / "exam.json").read_text() == "{}"
    assert (target / "forms" / "1.pdf").read_bytes() == b"%PDF"
    assert list(target.parent.iterdir()) == [target]


def test_permissions_are_those_asked_for(tmp_path):
    with unfinished(tmp_path / "midterm") as folder:
        folder.write("key.json", "{}", mode=0o600)
        folder.write("exam.json", "{}")
        folder.note("secret", "7")
        work = tmp_path / "midterm.partial"
        assert stat.S_IMODE(work.stat().st_mode) == 0o700
        assert stat.S_IMODE((work / "notes" / "secret").stat().st_mode) == 0o600
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "midterm").iterdir()}
    assert modes["key.json"] == 0o600
    assert modes["exam.json"] == 0o666 & ~_umask()
    assert stat.S_IMODE((tmp_path / "midterm").stat().st_mode) == 0o777 & ~_umask()


def _umask():
    mask = os.umask(0)
    os.umask(mask)
    return mask


@pytest.mark.parametrize("name", ["../a", "a/../../b", "/etc/passwd", "", ".", "a//b", "exam.json"])
def test_a_name_that_leads_out_or_was_written_is_an_error(tmp_path, name):
    with unfinished(tmp_path / "midterm") as folder:
        folder.write("exam.json", "{}")
        with pytest.raises(ValueError, match="is written already or leads out"):
            folder.write(name, "x")


def test_what_is_not_finished_cannot_be_read(tmp_path):
    with unfinished(tmp_path / "midterm") as folder:
        assert folder.noted("secret") is None
        with pytest.raises(KeyError):
            folder.read("exam.json")


def test_a_link_keeps_leading_to_the_folder(tmp_path):
    (tmp_path / "disk").mkdir()
    (tmp_path / "midterm").symlink_to(tmp_path / "disk" / "2026")
    build(tmp_path / "midterm")
    build(tmp_path / "midterm", force=True)
    assert (tmp_path / "midterm").is_symlink()
    assert content(tmp_path / "disk" / "2026")


# An existing folder


def test_an_empty_folder_is_filled(tmp_path):
    (tmp_path / "midterm").mkdir()
    build(tmp_path / "midterm")
    content(tmp_path / "midterm")


def test_an_existing_folder_is_replaced_only_by_force(tmp_path):
    target = tmp_path / "midterm"
    build(target)
    former = content(target)
    with pytest.raises(UserError, match=r"midterm exists already; choose another folder, or .* --force"):
        build(target)
    assert content(target) == former
    build(target, force=True)
    assert content(target) != former
    assert list(tmp_path.iterdir()) == [target]


def test_the_former_folder_stays_until_the_new_one_is_whole(tmp_path):
    target = tmp_path / "midterm"
    build(target)
    former = content(target)
    with unfinished(target, force=True) as folder:
        for name in NAMES:
            folder.write(name, "new")
            assert content(target) == former
    assert content(target) == "new"


def test_force_replaces_no_foreign_folder(tmp_path):
    (tmp_path / "thesis.tex").touch()
    with pytest.raises(UserError, match=r"is not replaced, as it holds no exam.json"):
        build(tmp_path, force=True)
    assert list(tmp_path.iterdir()) == [tmp_path / "thesis.tex"]
    assert not partial(tmp_path).exists()


def test_a_folder_that_comes_up_meanwhile_is_kept(tmp_path):
    target = tmp_path / "midterm"

    def build_slowly():
        with unfinished(target) as folder:
            folder.write("exam.json", "{}")
            target.mkdir()
            (target / "mine.txt").touch()

    with pytest.raises(UserError, match="exists already"):
        build_slowly()
    assert [path.name for path in target.iterdir()] == ["mine.txt"]


def test_a_file_in_the_way_is_named(tmp_path):
    (tmp_path / "midterm").touch()
    with pytest.raises(UserError, match="midterm is a file; choose another name"):
        build(tmp_path / "midterm", force=True)
    with pytest.raises(UserError, match="cannot be made: part of its path is a file"):
        build(tmp_path / "midterm" / "inside")
    (tmp_path / "final.partial").mkdir()
    (tmp_path / "final.partial" / "letter.txt").touch()
    with pytest.raises(UserError, match=r"final.partial holds other files, .*; move it away"):
        build(tmp_path / "final", force=True)
    assert (tmp_path / "final.partial" / "letter.txt").exists()


def test_a_mounted_disk_is_refused_before_any_work(tmp_path, monkeypatch):
    (tmp_path / "midterm").mkdir()
    monkeypatch.setattr(Path, "is_mount", lambda self: self == tmp_path / "midterm")
    with pytest.raises(UserError, match="midterm is a mounted disk; choose a folder in it"):
        build(tmp_path / "midterm")
    assert list(tmp_path.iterdir()) == [tmp_path / "midterm"]


# A stopped run


def stop(target, after=2, names=NAMES, **inputs):
    with suppress(KeyboardInterrupt), unfinished(target, **inputs) as folder:
        folder.note("secret", "stopped")
        for name in names[:after]:
            folder.write(name, "stopped")
        raise KeyboardInterrupt


def test_a_stopped_run_goes_on(tmp_path):
    target = tmp_path / "midterm"
    stop(target)
    assert not target.exists()
    with unfinished(target) as folder:
        assert [name in folder for name in NAMES] == [True, True, False, False]
        assert folder.noted("secret") == b"stopped"
        assert folder.read("forms/1.pdf") == b"stopped"
        for name in NAMES[2:]:
            folder.write(name, "stopped")
    assert content(target) == "stopped"


def test_a_run_that_finished_nothing_leaves_nothing(tmp_path):
    stop(tmp_path / "midterm", after=0)
    assert not list(tmp_path.iterdir())


def test_a_stopped_run_with_other_inputs_is_kept_or_given_up_by_force(tmp_path):
    target = tmp_path / "midterm"
    stop(target, seed="1", roster="abc")
    for _ in range(2):
        with pytest.raises(UserError, match=r"partial is a stopped run with another roster; .* --force"):
            build(target, seed="1", roster="def")
    with pytest.raises(UserError, match="another roster and seed"):
        build(target, time="2")
    build(target, force=True, seed="1", roster="def")
    assert content(target) != "stopped"
    assert not partial(target).exists()


def test_nothing_of_a_run_that_was_given_up_gets_into_the_folder(tmp_path):
    target = tmp_path / "midterm"
    stop(target, names=["letters/1.pdf"])
    build(target, force=True, seed="2")
    content(target)
    assert not (target / "letters").exists()


@pytest.mark.parametrize("damage", ["missing", "torn", "other"])
def test_a_run_goes_on_before_the_first_damaged_file(tmp_path, damage):
    """A power cut may lose any of the last files: what was made after a lost one is made again."""
    target = tmp_path / "midterm"
    stop(target, after=4)
    lost = partial(target) / "result" / NAMES[1]
    lost.unlink() if damage == "missing" else lost.write_text("stop" if damage == "torn" else "damaged")
    with unfinished(target) as folder:
        assert [name in folder for name in NAMES] == [True, False, False, False]
        for name in NAMES[1:]:
            folder.write(name, "stopped")
    content(target)


@pytest.mark.parametrize("tail", [b'{"file": "result/key.js', b"\x00\x00\x00", b"\xff\n", b"{}"[:1]])
def test_a_torn_journal_counts_up_to_its_last_whole_line(tmp_path, tail):
    target = tmp_path / "midterm"
    stop(target, after=2)
    with (partial(target) / "journal").open("ab") as journal:
        journal.write(tail)
    (partial(target) / "result" / "key.json").write_text("half")
    with unfinished(target) as folder:
        assert [name in folder for name in NAMES] == [True, True, False, False]
        for name in NAMES[2:]:
            folder.write(name, "stopped")
    assert content(target) == "stopped"


def test_two_runs_do_not_make_the_same_folder(tmp_path):
    target = tmp_path / "midterm"
    command = [sys.executable, __file__, "hold", str(target)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout.readline() == b"started\n"
        for force in (False, True):
            with pytest.raises(UserError, match="midterm is being made by another run"):
                build(target, force=force)
        other.communicate(b"\n")
    content(target)


def test_a_full_disk_leaves_what_is_finished(tmp_path, monkeypatch):
    target = tmp_path / "midterm"

    def full(*arguments):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    stop(target)
    monkeypatch.setattr("quizgrad.exams.unfinished.write_new", full)
    with pytest.raises(
        UserError, match=r"key.json cannot be written: the disk is full; what is finished is kept"
    ):
        build(target)
    monkeypatch.undo()
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UserError, match="the disk is full"):
        build(target)
    monkeypatch.undo()
    assert not target.exists()
    build(target)
    assert content(target) == "stopped"


def test_a_failed_exchange_brings_the_former_folder_back(tmp_path, monkeypatch):
    target = tmp_path / "midterm"
    build(target)
    former = content(target)
    rename = Path.rename

    def refuse(self, to):
        if self.name == "result":
            raise PermissionError(errno.EPERM, "Operation not permitted")
        return rename(self, to)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(UserError, match="midterm cannot be made: permission is denied"):
        build(target, force=True)
    assert content(target) == former
    monkeypatch.undo()
    build(target, force=True)
    assert content(target) != former


@pytest.mark.parametrize("journal", [True, False])
def test_a_former_folder_is_never_lost_to_a_later_one(tmp_path, journal):
    """Stopped between the two renames, and somebody made a folder of that name by hand."""
    target = tmp_path / "midterm"
    build(target)
    stop(tmp_path / "other", after=4)
    (tmp_path / "other.partial").rename(partial(target))
    target.rename(partial(target) / "former")
    target.mkdir()
    if not journal:
        (partial(target) / "journal").unlink()
    with pytest.raises(UserError, match=r"former holds the folder that .*midterm replaced; move it away"):
        build(target, force=True)
    content(partial(target) / "former")


def test_digest_tells_contents_apart():
    assert digest("é") == digest("é".encode()) != digest("e")
    assert len(digest("")) == 64


# Killed at each step


@pytest.mark.parametrize("scenario", ["new", "replaced", "twice"])
def test_killed_at_any_step_a_folder_is_whole_or_not_there(tmp_path, scenario):
    run = subprocess.run(
        [sys.executable, __file__, scenario, tmp_path],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert int(run.stdout) > 20


def survives(build, step):
    """Whether a build comes to its end in another process that is killed before a step of it."""
    if child := os.fork():
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        assert status in (0, -signal.SIGKILL)
        return status == 0
    remaining = step

    def count(event, arguments):
        nonlocal remaining
        if event in STEPS:
            remaining -= 1
            if remaining == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
    try:
        build()
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def killed_new(target):
    step = 0
    while not survives(lambda: build(target), step := step + 1):
        if target.exists():
            content(target)
            with pytest.raises(UserError, match="exists already"):
                build(target)
        else:
            build(target)
            content(target)
        assert not partial(target).exists()
        shutil.rmtree(target)
    return step


def killed_replaced(target):
    build(target)
    step = 0
    while True:
        former = content(target)
        if survives(lambda: build(target, force=True, seed="2"), step := step + 1):
            return step
        present = target if target.exists() else partial(target) / "former"
        assert content(present) == former or not (partial(target) / "result").exists()
        with pytest.raises(UserError, match="exists already"):
            build(target)
        content(target)
        build(target, force=True, seed="3")
        assert content(target) != former
        assert not partial(target).exists()


def killed_twice(target):
    draw = random.Random(0)
    for _ in range(60):
        former = content(target) if target.exists() else None
        while not survives(lambda: build(target, force=True), draw.randint(1, 120)):
            if target.exists():
                content(target)
            else:
                assert former is None or content(partial(target) / "former") == former
        content(target)
        assert not partial(target).exists()
        if draw.random() < 0.5:
            shutil.rmtree(target)
    return 60


if __name__ == "__main__":
    task, place = sys.argv[1:]
    if task == "hold":
        with unfinished(Path(place)) as held:
            print("started", flush=True)
            sys.stdin.readline()
            for file in NAMES:
                held.write(file, "held")
    else:
        scenarios = {"new": killed_new, "replaced": killed_replaced, "twice": killed_twice}
        print(scenarios[task](Path(place) / "midterm"))
