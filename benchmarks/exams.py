"""Forms per second and core, size, memory, and a whole class with keys."""

from __future__ import annotations

import resource
import tempfile
import time
from pathlib import Path

from quizgrad import Order, build
from quizgrad.exams.build import Maker, rare_collections
from quizgrad.exams.forms import draw_form
from quizgrad.exams.roster import Student
from quizgrad.exams.sheets import sheet
from quizgrad.rendering.pdf import exam_pdf

BLUEPRINT = Path(__file__).parent.parent / "examples" / "midterm.toml"
WARM_UP, FORMS, CLASS = 30, 60, 300


def run() -> None:
    students = tuple(Student(str(1_000_000 + number), f"Student {number}") for number in range(CLASS))
    order = Order(BLUEPRINT.read_text(encoding="utf-8"), str(BLUEPRINT), students, 0, "benchmark")
    maker = Maker(order, b"benchmark")
    sizes = [len(_form(maker, index)) for index in range(WARM_UP)]
    with rare_collections():
        started = time.process_time()
        sizes = [len(_form(maker, index)) for index in range(WARM_UP, WARM_UP + FORMS)]
        seconds = (time.process_time() - started) / FORMS
    print(f"forms (draw, verify, render) {1 / seconds:7.1f} per second and core, warm")
    print(f"size of a form               {max(sizes) / 1000:7.0f} KB at most")
    print(f"memory of the process        {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:7.0f} MB")
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        build(order, Path(folder) / "exam", jobs=2)
        print(f"{CLASS} students with keys, 2 jobs {time.perf_counter() - started:5.1f} s")


def _form(maker: Maker, index: int) -> bytes:
    """One student's paper, without its key."""
    order = maker.order
    form = draw_form(
        maker.blueprint,
        maker.places,
        maker.secret,
        order.form_keys[index],
        maker.codes[index],
        order.seats[index],
    )
    return exam_pdf(sheet(maker.blueprint, form, maker.exam, keys=False))
