"""Banks written for a test, and the shared folder that some tests look for."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from quizgrad import Bank

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before PyTorch is imported: solvers are small

# A test fails or passes with the code alone: not by chance, and not because the machine is busy. To search for
# new counterexamples: pytest --hypothesis-profile=default
settings.register_profile(
    "repeatable", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("repeatable")

SHARED = Path(__file__).parent.parent.parent / "shared"

GENERATOR = '''
from random import Random
from typing import Self
from quizgrad.answers import Answer, Integer, Real
from quizgrad.question import Given, Question, mistake


class Slope(Question):
    """A toy: the slope of w·x², and a step along it. Source: none."""

    title = "A slope"
    minutes = {1: 1, 2: 2}
    w: int
    x: int

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        return cls(rng.randint(0, 5), rng.randint(-5, 5))

    def flaw(self) -> str | None:
        return "the slope is zero" if self.w * self.x == 0 else None

    def follow(self, given: Given) -> dict[str, Answer]:
        slope = 2 * self.w * self.x
        own_slope = given("slope", slope)
        return {"slope": Integer(slope), "step": Real(self.x - 0.1 * own_slope, 2)}

    @mistake("The factor 2 of the power rule is missing at x = {x}.")
    def forgets_factor(self) -> dict[str, float]:
        return {"slope": self.w * self.x, "step": self.x - 0.1 * self.w * self.x}

    @mistake("Go down the slope, not up.")
    def climbs(self) -> dict[str, float]:
        return {"step": self.x + 0.2 * self.w * self.x}

    @mistake("This is no mistake at all.")
    def right_by_chance(self) -> dict[str, float]:
        return {"slope": 2 * self.w * self.x}

    @mistake("The same value as another mistake.")
    def repeats(self) -> dict[str, float]:
        return {"step": self.x + 0.2 * self.w * self.x}
'''
SOLVER = """
import torch


def slope(w, x, slope=None):
    point = torch.tensor(float(x), dtype=torch.float64, requires_grad=True)
    (w * point**2).backward()
    gradient = point.grad if slope is None else slope
    return {"slope": round(point.grad.item()), "step": (point - 0.1 * gradient).item()}
"""
TEMPLATE = """
{% block prompt %}
What is the slope of ${{ w }}x^2$ at $x = {{ x }}$? {{ blank("slope") }}

One step of gradient descent with rate $0.1$ leads to $x =$ {{ blank("step") }}.
{% endblock %}
{% block solution %}
The slope is $2 \\cdot {{ w }} \\cdot {{ x | factor }} = {{ key("slope") }}$.
{% endblock %}
"""


@pytest.fixture
def write_bank(tmp_path: Path) -> Callable[..., Path]:
    """Writes a bank with one toy question, toys/slope, any piece of which a test may replace."""

    def write(
        generator: str = GENERATOR, solver: str = SOLVER, template: str = TEMPLATE, name: str = "bank"
    ) -> Path:
        root = tmp_path / name
        pieces = {
            "generators/toys.py": generator,
            "solvers/toys.py": solver,
            "templates/questions/toys/slope.md": template,
        }
        for path, text in pieces.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8")
        return root

    return write


@pytest.fixture
def toy_bank(write_bank: Callable[..., Path]) -> Bank:
    return Bank([write_bank()])


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with other graders' verdicts and real inputs; without it the test is skipped."""
    if not SHARED.is_dir():
        pytest.skip("the shared folder is not beside this checkout")
    return SHARED
