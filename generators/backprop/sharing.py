"""Weights that are used more than once: their gradient adds up all uses."""

from __future__ import annotations

from random import Random
from typing import Any, Self

from ...answers import Answer, Integer, Matrix, Vector
from ...question import Given, MistakeValues, Question, mistake
from ..numbers import Row, bounded, matmul, transposed

Rows = tuple[tuple[float, ...], ...]
FORMS = ("nested", "rectified", "tied")
LARGEST = 20
LARGEST_TARGET = 200


class SharedWeightGradient(Question):
    """The gradient of a weight that is used twice, or of a tied encoder and decoder.

    At level 1 of a product in which a weight occurs twice, at level 2 of a loss behind two uses with ReLU, at
    level 3 of the matrix of an autoencoder with tied weights.

    Source: Goodfellow, Bengio & Courville 2016, Deep Learning, sections 6.5.6 and 7.9; Vincent et al. 2010,
    Stacked denoising autoencoders, section 2.2, for tied weights.
    """

    title = "Gradient of a shared weight"
    minutes = {1: 2, 2: 4, 3: 7}

    form: str
    """`nested`, `rectified` or `tied`."""
    weights: tuple[tuple[int, ...], ...]
    """The shared weight, or matrix."""
    inputs: tuple[int, ...]
    bias: int
    target: int

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        if level == 3:
            weights = tuple(tuple(rng.randint(-2, 2) for _ in range(2)) for _ in range(2))
            return cls("tied", weights, tuple(rng.choice([-2, -1, 1, 2]) for _ in range(2)), 0, 0)
        weight, bias = rng.choice([-3, -2, 2, 3, 4, 5]), rng.choice([-4, -3, -2, -1, 1, 2, 3, 4])
        inputs = (rng.choice([-4, -3, -2, -1, 1, 2, 3, 4]),)
        if level == 1:
            return cls("nested", ((weight,),), inputs, bias, 0)
        active = (abs(inputs[0]) if weight > 0 else -abs(inputs[0]),)
        output = weight * (weight * active[0] + bias)
        return cls("rectified", ((weight,),), active, bias, output + rng.choice([-3, -2, -1, 1, 2, 3]))

    def flaw(self) -> str | None:
        size = 2 if self.form == "tied" else 1
        if self.form not in FORMS:
            return f"form is one of {', '.join(FORMS)}"
        if len(self.inputs) != size or [len(row) for row in self.weights] != [size] * size:
            return "the weight is a number, or a matrix of two rows and columns, and fits the input"
        numbers = (*sum(self.weights, ()), *self.inputs, self.bias)
        if not bounded(numbers, LARGEST) or abs(self.target) > LARGEST_TARGET:
            return f"a number is larger than {LARGEST}, or the target than {LARGEST_TARGET}"
        if self.form == "nested" and self.target:
            return "a product has no target"
        if self.form == "tied":
            first, second = self.uses
            if self.bias or self.target:
                return "an autoencoder here has no bias, and its target is its input"
            return None if any(map(any, first)) and any(map(any, second)) else "a use has no gradient"
        if self.form == "rectified" and self.hidden[0] <= 0:
            return "the unit is not active"
        if self.form == "rectified" and self.error[0] == 0:
            return "the loss is zero"
        first, second = self.uses
        return "a use has no gradient" if 0 in (first[0][0], second[0][0]) else None

    @property
    def hidden(self) -> tuple[float, ...]:
        """What the first use makes."""
        hidden = tuple(row[0] for row in matmul(self.weights, [(x,) for x in self.inputs]))
        return tuple(h + self.bias for h in hidden)

    @property
    def output(self) -> tuple[float, ...]:
        """What the second use makes of that."""
        return self._output(self.hidden)

    def _output(self, hidden: Row) -> tuple[float, ...]:
        return tuple(row[0] for row in matmul(transposed(self.weights), [(h,) for h in hidden]))

    @property
    def error(self) -> tuple[float, ...]:
        """The derivative by the output: of the output itself, or of half the squared error."""
        return self._error(self.output)

    def _error(self, output: Row) -> tuple[float, ...]:
        if self.form == "nested":
            return (1,)
        targets = self.inputs if self.form == "tied" else (self.target,)
        return tuple(y - t for y, t in zip(output, targets, strict=True))

    @property
    def uses(self) -> tuple[Rows, Rows]:
        """The gradient by the first use and by the second, as if each had a weight of its own."""
        return self._uses(self.hidden, self.error)

    def _uses(self, hidden: Row, error: Row) -> tuple[Rows, Rows]:
        back = tuple(row[0] for row in matmul(self.weights, [(e,) for e in error]))
        first = tuple(tuple(b * x for x in self.inputs) for b in back)
        return first, tuple(tuple(h * e for e in error) for h in hidden)

    @property
    def total(self) -> Rows:
        """The gradient of the shared weight."""
        return _summed(*self.uses)

    def follow(self, given: Given) -> dict[str, Answer]:
        keys: dict[str, Answer] = {"hidden": _vector(self.hidden)}
        hidden = _own(given, "hidden", self.hidden)
        output = self._output(hidden)
        keys["output"] = _vector(output)
        error = self._error(_own(given, "output", output))
        uses = self._uses(hidden, error)
        names = ("first_use", "second_use")
        keys |= {name: _matrix(use) for name, use in zip(names, uses, strict=True)}
        own = [_own_rows(given, name, use) for name, use in zip(names, uses, strict=True)]
        return keys | {"gradient": _matrix(_summed(*own))}

    def _total(self, rows: Rows) -> MistakeValues:
        return {"gradient": vars(_matrix(rows))["value"]}

    @mistake("The weight is used before as well: that use adds to its gradient.")
    def takes_the_second_use(self) -> MistakeValues:
        return self._total(self.uses[1])

    @mistake("The weight is used again behind: that use adds to its gradient.")
    def takes_the_first_use(self) -> MistakeValues:
        return self._total(self.uses[0])

    @mistake("The gradients of all uses are added, not averaged.")
    def averages_the_uses(self) -> MistakeValues:
        rows = tuple(tuple(entry / 2 for entry in row) for row in self.total)
        return self._total(rows) if all(entry == int(entry) for row in rows for entry in row) else None

    @mistake("The gradients of all uses are added, not multiplied.")
    def multiplies_the_uses(self) -> MistakeValues:
        first, second = self.uses
        pairs = zip(first, second, strict=True)
        return self._total(tuple(tuple(x * y for x, y in zip(*rows, strict=True)) for rows in pairs))

    @mistake("The squared error has the derivative y − t: multiply by it.")
    def forgets_the_error(self) -> MistakeValues:
        if self.form != "rectified":
            return None
        first, second = self._uses(self.hidden, (1,))
        return self.consequences(first_use=int(first[0][0]), second_use=int(second[0][0]))

    @mistake("Behind the first use the signal passes the second one: its weight is a factor.")
    def forgets_the_weight_behind(self) -> MistakeValues:
        if self.form == "tied":
            return self.consequences(first_use=tuple(tuple(e * x for x in self.inputs) for e in self.error))
        return self.consequences(first_use=int(self.error[0] * self.inputs[0]))

    @mistake("The decoder uses the transposed matrix: its gradient belongs to the encoder's shape.")
    def transposes_the_second_use(self) -> MistakeValues:
        if self.form != "tied":
            return None
        return self.consequences(second_use=transposed(self.uses[1]))


def _vector(values: Row) -> Answer:
    return Integer(int(values[0])) if len(values) == 1 else Vector(tuple(values))


def _matrix(rows: Rows) -> Answer:
    return Integer(int(rows[0][0])) if len(rows) == 1 else Matrix(rows)


def _own(given: Given, blank: str, values: Row) -> tuple[float, ...]:
    """The student's numbers, of which a single one has no brackets."""
    own: Any = given(blank, values[0] if len(values) == 1 else values)
    return (own,) if len(values) == 1 else own


def _own_rows(given: Given, blank: str, rows: Rows) -> Rows:
    own: Any = given(blank, rows[0][0] if len(rows) == 1 else rows)
    return ((own,),) if len(rows) == 1 else own


def _summed(left: Rows, right: Rows) -> Rows:
    return tuple(tuple(x + y for x, y in zip(*rows, strict=True)) for rows in zip(left, right, strict=True))
