"""The main job: from a blueprint and a roster to the folder with one verified exam per student."""

from __future__ import annotations

import gc
import hashlib
import json
import re
import secrets
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..bank import Bank
from ..errors import UserError
from ..processes import workers
from . import blueprint as blueprints
from . import store
from .blueprint import Blueprint
from .codes import ALPHABET, exam_id, form_codes
from .files import PRIVATE
from .forms import Place, draw_form, places
from .roster import Student
from .sheets import sheet
from .unfinished import UnfinishedFolder, digest
from .versions import versions

MOST_FORMS = 10_000
PRINTER_FILE = "print.pdf"
MERGED_KEY = "keys.pdf"
MOST_NAMED = 10
FORM_FILE = re.compile(rf"(?:[A-Za-z0-9-]+_)?[{ALPHABET}]{{4,}}\.(?:pdf|html)")
RARELY = (20_000, 20, 20)
"""Thresholds of the garbage collector: a full pass over PyTorch's modules and the caches takes long."""
Progress = Callable[[Iterable[Any], int], Iterable[Any]]


@dataclass(frozen=True)
class Order:
    """What to make.

    Attributes:
        blueprint: the TOML text.
        source: where that is from, for messages.
        students: one form each; or None for anonymous forms.
        forms: the number of anonymous forms.
        seed: makes the run repeatable; None draws a random secret.
        fillable: whether the PDFs have form fields.
        snippets: whether the keys have code to paste.
        banks: folders of outside questions.
    """

    blueprint: str
    source: str
    students: tuple[Student, ...] | None
    forms: int
    seed: str | None = None
    fillable: bool = False
    banks: tuple[Path, ...] = ()
    snippets: bool = True

    @property
    def seats(self) -> tuple[Student | None, ...]:
        """Who gets a form."""
        return self.students if self.students is not None else (None,) * self.forms

    @property
    def form_keys(self) -> tuple[str, ...]:
        """What makes each form different: the student's id, or the form's number."""
        return tuple(student.id if student else str(number) for number, student in enumerate(self.seats, 1))


@dataclass(frozen=True)
class Drawn:
    """One finished form."""

    code: str
    asked: str
    keys: str
    form_pdf: bytes
    key_pdf: bytes


class Maker:
    """Makes forms in one process; the secret and the blueprint are read once."""

    def __init__(self, order: Order, secret: bytes) -> None:
        """Resolve the blueprint.

        Raises:
            UserError: it is wrong, or names what the bank has not.
        """
        self.blueprint: Blueprint = blueprints.parse(order.blueprint, order.source)
        try:
            self.places: tuple[Place, ...] = places(self.blueprint, Bank(order.banks))
        except UserError as fault:
            raise UserError(f"{order.source}: {fault}") from fault
        self.order, self.secret = order, secret
        self.exam = exam_id(secret)
        self.codes = form_codes(secret, order.form_keys)

    def form(self, index: int) -> Drawn:
        """Draw, verify and set the form of a seat.

        Raises:
            UserError: there is no fair item for a place.
            GateError: a question is wrong.
        """
        from ..rendering.pdf import exam_pdf, key_pdf

        order, code = self.order, self.codes[index]
        form = draw_form(
            self.blueprint, self.places, self.secret, order.form_keys[index], code, order.seats[index]
        )
        page = sheet(self.blueprint, form, self.exam, snippets=order.snippets)
        asked, keys = store.dumps(store.asked(form, page.notation)), store.dumps(store.keys(form))
        return Drawn(code, asked, keys, exam_pdf(page, order.fillable), key_pdf(page))


def build(
    order: Order,
    target: Path,
    *,
    jobs: int = 1,
    force: bool = False,
    progress: Progress = lambda forms, total: forms,
) -> Path:
    """Make the exam folder; a stopped run goes on where it was.

    Args:
        order: what to make.
        target: the folder.
        jobs: processes.
        force: replace an existing folder.
        progress: is given the forms as they are finished, and their number.

    Returns:
        the folder.

    Raises:
        UserError: something that was given is wrong; nothing is left that looks whole.
        GateError: a question is wrong.
    """
    if not 1 <= len(order.seats) <= MOST_FORMS:
        raise UserError(f"{len(order.seats)} forms are wanted; expected 1 to {MOST_FORMS}")
    Maker(order, b"only to find faults before anything is written")
    with UnfinishedFolder(target, inputs=_inputs(order), contains=store.EXAM_FILE, force=force) as folder:
        maker = Maker(order, _secret(order, folder))
        missing = [index for index in range(len(order.seats)) if folder.noted(f"asked-{index}") is None]
        made = zip(missing, _made(maker, missing, jobs), strict=True)
        for index, drawn in progress(made, len(missing)):
            _keep(folder, index, drawn, file_name(order.seats[index], drawn.code))
        _finish(folder, maker)
    return target


def _inputs(order: Order) -> dict[str, str]:
    """What a resumed run must have in common with the stopped one."""
    return {
        "blueprint": digest(order.blueprint),
        "roster": digest(repr(order.students)),
        "number of forms": str(order.forms),
        "seed": repr(order.seed),
        "fillable": str(order.fillable),
        "snippets": str(order.snippets),
        "banks": repr([str(folder) for folder in order.banks]),
        "versions": repr(versions()),
    }


def _secret(order: Order, folder: UnfinishedFolder) -> bytes:
    if order.seed is not None:
        return hashlib.sha256(f"quizgrad seed {order.seed}".encode()).digest()
    kept = folder.noted("secret")
    if kept is None:
        kept = secrets.token_bytes(32)
        folder.note("secret", kept)
    return kept


def _made(maker: Maker, indices: Sequence[int], jobs: int) -> Iterator[Drawn]:
    if jobs == 1 or len(indices) < 2:
        with rare_collections():
            yield from map(maker.form, indices)
        return
    with workers(jobs, _start_worker, (maker.order, maker.secret)) as pool:
        try:
            yield from pool.map(_work, indices, chunksize=2)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


@contextmanager
def rare_collections() -> Iterator[None]:
    """While forms are made, look for garbage less often."""
    usual = gc.get_threshold()
    gc.set_threshold(*RARELY)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


_workers_maker: list[Maker] = []


def _start_worker(order: Order, secret: bytes) -> None:
    gc.set_threshold(*RARELY)
    _workers_maker.append(Maker(order, secret))


def _work(index: int) -> Drawn:
    return _workers_maker[0].form(index)


def _keep(folder: UnfinishedFolder, index: int, drawn: Drawn, name: str) -> None:
    """Write a form's files; its note comes last, so that a noted form is whole."""
    if f"forms/{name}" not in folder:
        folder.write(f"forms/{name}", drawn.form_pdf, PRIVATE)
    if f"keys/{name}" not in folder:
        folder.write(f"keys/{name}", drawn.key_pdf, PRIVATE)
    if folder.noted(f"keys-{index}") is None:
        folder.note(f"keys-{index}", drawn.keys)
    folder.note(f"asked-{index}", drawn.asked)


def _finish(folder: UnfinishedFolder, maker: Maker) -> None:
    from ..rendering.pdf import merged

    count = len(maker.order.seats)
    asked = [json.loads(folder.noted(f"asked-{index}") or "") for index in range(count)]
    keys = [json.loads(folder.noted(f"keys-{index}") or "") for index in range(count)]
    names = [file_name(seat, code) for seat, code in zip(maker.order.seats, maker.codes, strict=True)]
    for merged_name, part in ((PRINTER_FILE, "forms"), (MERGED_KEY, "keys")):
        if merged_name not in folder:
            folder.write(merged_name, merged(folder.read(f"{part}/{name}") for name in names), PRIVATE)
    head = {"format": store.FORMAT, "id": maker.exam}
    exam = head | {"blueprint": store.public(maker.blueprint), "forms": asked}
    ordered = maker.blueprint.model_dump(mode="json", by_alias=True)
    made = {"secret": maker.secret.hex(), "versions": versions(), "blueprint": ordered}
    for name, data in ((store.KEY_FILE, head | made | {"forms": keys}), (store.EXAM_FILE, exam)):
        if name not in folder:
            folder.write(name, store.dumps(data) + "\n", PRIVATE)


def file_name(student: Student | None, code: str) -> str:
    """The name of a form's files: what is fit for a file name of the student's id, and the form's code."""
    if student is None:
        return f"{code}.pdf"
    ascii_id = unicodedata.normalize("NFKD", student.id).encode("ascii", "ignore").decode()
    return f"{re.sub(r'[^A-Za-z0-9]+', '-', ascii_id)[:40].strip('-')}_{code}.pdf".lstrip("_")


def is_form_file(name: str) -> bool:
    """Whether a file may have got its name from `file_name`, perhaps with the suffix of a web page."""
    return FORM_FILE.fullmatch(name) is not None


def transliterated(students: Sequence[Student]) -> str:
    """A sentence on the names that no font here has the script of; empty if there are none."""
    from ..rendering.pdf.fonts import lacks_script

    names = [f"{student.name} ({student.id})" for student in students if lacks_script(student.name)]
    if not names:
        return ""
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return (
        "these names are printed in Latin letters, as there is no font with their script: "
        f"{', '.join(names[:MOST_NAMED])}{more}"
    )


def summary(folder: Path) -> str:
    """What was written, and where."""
    count = len(list((folder / "forms").iterdir()))
    lines = [
        (folder / PRINTER_FILE, f"all forms ({count}), for the printer"),
        (folder / MERGED_KEY, "all keys"),
        (folder / "forms", "one PDF per form"),
        (folder / "keys", "one PDF per key, with worked solutions"),
        (folder / store.EXAM_FILE, "what was asked"),
        (folder / store.KEY_FILE, "the keys and the secret; keep it to yourself"),
    ]
    width = max(len(str(path)) for path, _ in lines)
    return "\n".join(f"{str(path).ljust(width)}  {meaning}" for path, meaning in lines)
