"""The lines of a training step and their order."""

from __future__ import annotations

import re
from itertools import combinations
from random import Random
from typing import Any, Self

from ...answers import Answer, Integer, Ordering, Real
from ...question import Given, Question, mistake
from ..numbers import bounded
from .computation_graphs import figure as graph_figure
from .training_lines import (
    ACCUMULATION_SETUP,
    CLEAR,
    DETACHED,
    STEP,
    accumulation,
    backward_pass,
    effects,
    graph_of,
    is_known,
    number_of_orders,
    training_step,
)


class TrainingStepOrder(Question):
    """The lines of a training step in an order that works; with gradient accumulation also what comes out.

    A line must stay before another if it writes what the other reads or writes (Bernstein's conditions);
    additions to a gradient may change places with each other.

    Source: PyTorch tutorial "Optimizing Model Parameters"; torch.Tensor.backward, on accumulation.
    """

    title = "Order of a training step"
    minutes = {1: 2, 2: 5, 3: 8}

    numbers: tuple[tuple[str, float], ...]
    setup: tuple[str, ...]
    lines: tuple[str, ...]

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        drawn = {1: training_step, 2: backward_pass, 3: accumulation}[level]
        return cls(*drawn(rng))

    def flaw(self) -> str | None:
        if not (2 <= len(self.lines) <= 10 and len(self.setup) <= 12 and len(self.numbers) <= 10):
            return "there are not 2 to 10 lines to be ordered, or too many before them"
        for line in (*self.setup, *self.lines):
            if not is_known(line):
                return f"the line {line[:60]!r} is not one of those that this question knows"
        if not bounded([number for _, number in self.numbers], 20):
            return "a number is larger than 20"
        return self._accumulation_flaw() if self.accumulates else None

    def _accumulation_flaw(self) -> str | None:
        names = {name for name, _ in self.numbers}
        inputs = {f"x_{number}" for number in range(self.backward_calls + 1)}
        read = {name for line in self.lines for name in re.findall(r"\b[xt]_\d+", line)}
        read -= {name for line in self.lines for name in effects(line).writes}
        if self.setup != ACCUMULATION_SETUP or not inputs | read | {"rate", "t_0", "t_1"} <= names:
            return "start, rate, or the input or target of a batch is missing"
        if not 0.001 <= dict(self.numbers)["rate"] <= 10:
            return "the learning rate lies between 0.001 and 10"
        if any(number % 1 for name, number in self.numbers if name != "rate"):
            return "the numbers other than the learning rate are not whole"
        terms = [*self.terms, _squared_error_slope(self.start, *self._batch(0))]
        if not all(terms) or not self.gradient:
            return "a gradient is zero"
        return "a gradient is larger than 200" if max(map(abs, (*terms, self.gradient))) > 200 else None

    @property
    def listing(self) -> str:
        """What ran before, as a student reads it."""
        lines = list(self.setup)
        for numbers in (self.numbers[2:], self.numbers[:2]) if self.accumulates else (self.numbers,):
            names, values = zip(*numbers, strict=True) if numbers else ((), ())
            lines[:0] = [f"{', '.join(names)} = {', '.join(map(str, values))}"] if numbers else []
        return "\n".join(lines)

    @property
    def nodes(self) -> tuple[tuple[str, ...], ...]:
        """The graph whose backward pass is to be ordered; empty for other lines."""
        return graph_of(self.setup)

    @property
    def graph(self) -> list[dict[str, Any]]:
        """The graph as a figure shows it."""
        return graph_figure([(name, None) for name, _ in self.numbers], self.nodes)

    def handovers(self) -> list[tuple[str, list[str], list[str]]]:
        """Each derivative that is handed on, the lines that add its terms, and those that read it."""
        does = {line: effects(line) for line in self.lines}
        found = []
        for name in dict.fromkeys(line.split()[0] for line in self.lines):
            adding = [line for line in self.lines if name in does[line].adds]
            reading = [line for line in self.lines if name in does[line].reads]
            found += [(name, adding, reading)] if reading else []
        return found

    def orders(self) -> int:
        """How many orders are right."""
        return number_of_orders(len(self.lines), self._before)

    @property
    def detached(self) -> str | None:
        """The line that makes a target which carries no gradient."""
        return next((line for line in self.lines if line.split(" ")[0] in {"t_2", "with"}), None)

    @property
    def rate(self) -> float:
        """The learning rate; 0 where the lines have no numbers."""
        return dict(self.numbers).get("rate", 0.0)

    @property
    def accumulates(self) -> bool:
        """Whether there are numbers from which the accumulated gradient follows."""
        return "start" in dict(self.numbers)

    @property
    def start(self) -> float:
        """The weight before the step; 0 where the lines have no numbers."""
        return dict(self.numbers).get("start", 0.0)

    @property
    def backward_calls(self) -> int:
        """How often `backward()` is called on the lines to be ordered."""
        return sum(line.endswith(".backward()") for line in self.lines)

    @property
    def batches(self) -> list[tuple[float, float]]:
        """Input and target of each batch whose gradient is accumulated."""
        return [self._batch(number) for number in range(1, self.backward_calls + 1) if self.accumulates]

    @property
    def terms(self) -> list[float]:
        """What each backward call adds to the gradient: the derivative of (wx − t)², which is 2(wx − t)x."""
        return [_squared_error_slope(self.start, x, t) for x, t in self.batches]

    @property
    def gradient(self) -> float:
        """The gradient after all backward calls."""
        return sum(self.terms)

    def _batch(self, number: int) -> tuple[float, float]:
        """Input and target; a target without a number of its own is a prediction that carries no gradient."""
        numbers = dict(self.numbers)
        source = "x_1" if DETACHED in self.lines else "x_3"
        target = numbers.get(f"t_{number}")
        return numbers[f"x_{number}"], self.start * numbers[source] if target is None else target

    def follow(self, given: Given) -> dict[str, Answer]:
        items = tuple(f"`{line}`" for line in self.lines)
        answers: dict[str, Answer] = {"order": Ordering(items, self._before)}
        if self.accumulates:
            answers["gradient"] = Integer(int(self.gradient))
            gradient = given("gradient", self.gradient)
            answers["weight"] = Real(self.start - self.rate * gradient, 2)
        return answers

    @mistake("The optimizer reads the gradients: it can step only after the backward pass has filled them.")
    def step_before_backward(self) -> dict[str, Any] | None:
        return self._moved(STEP, self._first_backward)

    @mistake("Clearing the gradients after the backward pass throws away what it computed: the step is 0.")
    def zero_grad_after_backward(self) -> dict[str, Any] | None:
        return self._moved(CLEAR, len(self.lines) - 2)

    @mistake("The old gradients are still there: clear them before the backward pass, not after the step.")
    def zero_grad_last(self) -> dict[str, Any] | None:
        return self._moved(CLEAR, len(self.lines) - 1)

    @mistake("Backpropagation goes from the output to the inputs, in the reverse of the forward order.")
    def forward_order_for_backprop(self) -> dict[str, Any] | None:
        return {"order": tuple(reversed(range(len(self.lines))))} if self._is_backward_pass else None

    @mistake("A node hands its derivative on only when all its terms have been added, one for each use.")
    def hands_on_too_early(self) -> dict[str, Any] | None:
        targets = [line.split()[0] for line in self.lines]
        late = [line for line, target in zip(self.lines, targets, strict=True) if targets.count(target) > 1]
        return self._moved(late[-1], len(self.lines) - 1) if late and self._is_backward_pass else None

    @mistake(
        "Each backward call adds to `.grad`, which only zero_grad clears: sum the gradients of all calls."
    )
    def no_accumulation(self) -> dict[str, Any] | None:
        return self.consequences(gradient=int(self.terms[-1])) if self.accumulates else None

    @mistake("Gradients that accumulate are added, not averaged.")
    def averages(self) -> dict[str, Any] | None:
        if not self.accumulates or self.gradient % self.backward_calls:
            return None
        return self.consequences(gradient=int(self.gradient) // self.backward_calls)

    @mistake("The gradient of the earlier batch was cleared by zero_grad and does not count.")
    def keeps_old_gradient(self) -> dict[str, Any] | None:
        if not self.accumulates:
            return None
        old = _squared_error_slope(self.start, *self._batch(0))
        return self.consequences(gradient=int(self.gradient + old))

    @mistake("The target t_2 carries no gradient (detach or no_grad): it counts as a constant.")
    def differentiates_target(self) -> dict[str, Any] | None:
        if not self.accumulates or "t_2" in dict(self.numbers):
            return None
        x, t = self._batch(2)
        through_target = -2 * (self.start * x - t) * t / self.start
        return self.consequences(gradient=int(self.gradient + through_target))

    @mistake("The derivative of the square brings down the factor 2.")
    def forgets_2(self) -> dict[str, Any] | None:
        return self.consequences(gradient=int(self.gradient / 2)) if self.accumulates else None

    @mistake("After the step the gradient is still there: the optimizer does not clear it.")
    def step_clears(self) -> dict[str, Any] | None:
        return {"gradient": 0} if self.accumulates else None

    @mistake("Gradient descent subtracts the learning rate times the gradient.")
    def climbs(self) -> dict[str, Any] | None:
        if not self.accumulates:
            return None
        return {"weight": self.start + self.rate * self.gradient}

    @property
    def _before(self) -> tuple[tuple[int, int], ...]:
        """The pairs of lines that must keep their order."""
        does = [effects(line) for line in self.lines]
        pairs = combinations(range(len(self.lines)), 2)
        return tuple((first, second) for first, second in pairs if does[first].conflict(does[second]))

    @property
    def _is_backward_pass(self) -> bool:
        return all(" += " in line for line in self.lines)

    @property
    def _first_backward(self) -> int:
        return next((place for place, line in enumerate(self.lines) if line.endswith(".backward()")), 0)

    def _moved(self, line: str, place: int) -> dict[str, Any] | None:
        """The order in which one line stands at another place."""
        if line not in self.lines:
            return None
        order = [number for number, other in enumerate(self.lines) if other != line]
        order.insert(place, self.lines.index(line))
        return {"order": tuple(order)}


def _squared_error_slope(weight: float, x: float, target: float) -> float:
    """The derivative of (wx − t)² with respect to w."""
    return 2 * (weight * x - target) * x
