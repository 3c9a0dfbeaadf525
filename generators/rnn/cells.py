"""Gated cells: what an LSTM and a GRU do in a step."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Any, NamedTuple, Self

from ...answers import Answer, Real, Vector
from ...question import Given, MistakeValues, Question, mistake
from ..activations.functions import sigmoid
from ..numbers import Row, bounded, dot, latex_number, printable, written_number

LARGEST_ENTRY = 10
LARGEST_PREACTIVATION = 4
"""Beyond it gates and candidates are saturated."""
SMALLEST_CANDIDATE, LARGEST_CANDIDATE = 0.02, 0.9995
GATES = ("0.25", "0.5", "0.75")
CANDIDATES = ("-0.8", "-0.6", "-0.4", "-0.2", "0.2", "0.4", "0.6", "0.8")
PREACTIVATIONS = ("-ln 4", "-ln 3", "0", "ln 3", "ln 4")
"""Pre-activations of gates that have two decimals."""
CANDIDATE_PREACTIVATIONS = ("-ln 3", "-ln 2", "ln 2", "ln 3")
WEIGHTS = (-1.0, -0.5, 0.5, 1.0)
Matrix = tuple[tuple[float, ...], ...]


class LSTMRules(NamedTuple):
    """How a cell is computed; a mistake has another rule somewhere."""

    mix: Callable[[float, float, float, float], float] = lambda f, c, i, g: f * c + i * g
    show: Callable[[float, float, float], float] = lambda o, c, past: o * math.tanh(c)
    gate: Callable[[float], float] = sigmoid
    candidate: Callable[[float], float] = math.tanh
    order: str = "ifgo"
    """Which block of rows each of i, f, g and o has."""
    recurrent: bool = True
    """Whether the last state enters."""


class LSTMStep(NamedTuple):
    """Gates, candidate, new cell state and new hidden state, an entry for each unit."""

    i: tuple[float, ...]
    f: tuple[float, ...]
    g: tuple[float, ...]
    o: tuple[float, ...]
    c: tuple[float, ...]
    h: tuple[float, ...]


class LSTMCellStep(Question):
    """Gates, cell state and hidden state of an LSTM, and how much of the past goes on.

    At level 1 the values of the gates are given, at level 2 their pre-activations, with the derivative along
    the cell state; at level 3 a cell with one unit takes two steps, or a cell with two units has its weights
    in the matrices of PyTorch.

    Source: Hochreiter & Schmidhuber 1997, Long short-term memory, with the forget gate of Gers, Schmidhuber &
    Cummins 2000; Goodfellow, Bengio & Courville 2016, Deep Learning, section 10.10.1; torch.nn.LSTMCell.
    """

    title = "Step of an LSTM cell"
    minutes = {1: 3, 2: 6, 3: 12}

    form: str
    """`gates`, `preactivations`, `weights` of one unit in two steps, or `matrices` of two units."""
    gates: tuple[str, ...]
    """i, f, g and o, or their pre-activations: numbers such as `0.5` or `-ln 3`; none with weights."""
    input_weights: Matrix
    """A row for each unit of i, then of f, g and o."""
    recurrent_weights: Matrix
    biases: tuple[float, ...]
    inputs: Matrix
    """The input of each step."""
    hidden: tuple[float, ...]
    """The hidden state before."""
    cell: tuple[float, ...]
    """The cell state before."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        cell = (rng.choice([-2.0, -1.0, 1.0, 2.0]),)
        if level == 1:
            i, f, o = rng.choices(GATES, k=3)
            return cls("gates", (i, f, rng.choice(CANDIDATES), o), (), (), (), (), (), cell)
        if level == 2:
            i, f, o = rng.choices(PREACTIVATIONS, k=3)
            gates = i, f, rng.choice(CANDIDATE_PREACTIVATIONS), o
            return cls("preactivations", gates, (), (), (), (), (), cell)
        if rng.random() < 0.5:
            w, u = _columns(rng, WEIGHTS, 4, 1), _columns(rng, WEIGHTS, 4, 1)
            biases = tuple(rng.choice([-1.0, 0.0, 0.5, 1.0]) for _ in range(4))
            inputs = tuple((float(x),) for x in rng.sample([-2, -1, 1, 2], 2))
            return cls("weights", (), w, u, biases, inputs, (0.0,), (0.0,))
        w, u = _columns(rng, WEIGHTS, 8, 2), _columns(rng, (-1.0, 0.0, 1.0), 8, 2)
        x, h = (tuple(rng.choices([-1.0, 1.0, 2.0], k=2)) for _ in range(2))
        c = tuple(rng.sample([-2.0, -1.0, 1.0, 2.0], 2))
        return cls("matrices", (), w, u, (0.0,) * 8, (x,), h, c)

    def flaw(self) -> str | None:
        if self.form not in {"gates", "preactivations", "weights", "matrices"}:
            return "form is gates, preactivations, weights or matrices"
        units = 2 if self.form == "matrices" else 1
        if len(self.cell) != units or not _plain(self.cell):
            return (
                f"the cell state has {units} number{'s' * (units > 1)} up to {LARGEST_ENTRY} with 2 decimals"
            )
        if self.form in {"gates", "preactivations"}:
            if self.input_weights or self.recurrent_weights or self.biases or self.inputs or self.hidden:
                return "gates that are given have no weights, inputs and hidden states"
            return self._flaw_of_gates()
        if self.gates:
            return "gates that follow from weights are not given"
        steps, wide = (2, 1) if self.form == "weights" else (1, 2)
        shapes = (
            (self.input_weights, 4 * units, wide),
            (self.recurrent_weights, 4 * units, units),
            (self.inputs, steps, wide),
            ((self.hidden,), 1, units),
            ((self.biases,), 1, 4 * units),
        )
        if any(not _has_shape(matrix, rows, columns) for matrix, rows, columns in shapes):
            return "weights, biases, inputs and states do not fit each other"
        if not all(_plain(row) for matrix, _, _ in shapes for row in matrix):
            return f"numbers go up to {LARGEST_ENTRY} and have at most 2 decimals"
        if not all(bounded(row, LARGEST_PREACTIVATION) for row in self.preactivations):
            return "a gate or candidate is saturated"
        if any(abs(entry) < SMALLEST_CANDIDATE for step in self.steps for entry in step.g):
            return "a candidate is almost zero"
        return None

    def _flaw_of_gates(self) -> str | None:
        try:
            i, f, g, o = self.numbers
        except ValueError:
            return "four gates are numbers such as 0.5 or -ln 3"
        if self.form == "gates":
            if not all(0 < gate < 1 for gate in (i, f, o)) or not -1 < g < 1 or not g:
                return "gates lie strictly between 0 and 1, the candidate strictly between -1 and 1, not at 0"
            return None if printable((i, f, g, o), 2) else "gates have at most 2 decimals"
        if not bounded((i, f, g, o), LARGEST_PREACTIVATION) or not g:
            return "a gate or candidate is saturated, or the candidate is zero"
        return None

    @property
    def numbers(self) -> tuple[float, ...]:
        """The given gates, or pre-activations, as numbers."""
        return tuple(written_number(gate) for gate in self.gates)

    @property
    def gates_latex(self) -> tuple[str, ...]:
        """The same in LaTeX."""
        return tuple(latex_number(gate) for gate in self.gates)

    @property
    def steps(self) -> tuple[LSTMStep, ...]:
        """What comes out in each step."""
        return tuple(self._walk(Given()))

    @property
    def preactivations(self) -> tuple[tuple[float, ...], ...]:
        """For each step the pre-activations of all rows of the weights, or the given ones."""
        if not self.inputs:
            return (self.numbers,)
        states = (self.hidden, *(step.h for step in self.steps[:-1]))
        return tuple(self._rows(x, h) for x, h in zip(self.inputs, states, strict=True))

    def follow(self, given: Given) -> dict[str, Answer]:
        steps = list(self._walk(given))
        if self.form == "gates":
            return {"c": Real(steps[0].c[0], 2), "h": Real(steps[0].h[0], 3)}
        answers: dict[str, Answer] = {
            name: self._answer(values)
            for time, step in enumerate(steps, 1)
            for name, values in zip(self._names(time), step, strict=True)
        }
        if self.form == "preactivations":
            answers["slope"] = Real(given("f", steps[0].f[0]), 3)
        return answers

    def _names(self, time: int) -> tuple[str, ...]:
        """The blanks of a step."""
        return tuple(name + (str(time) if self.form == "weights" else "") for name in LSTMStep._fields)

    def _answer(self, values: Row) -> Answer:
        return Vector(tuple(values), 3) if self.form == "matrices" else Real(values[0], 3)

    def _rows(self, x: Row, h: Row) -> tuple[float, ...]:
        weights = zip(self.input_weights, self.recurrent_weights, self.biases, strict=True)
        return tuple(dot(w, x) + dot(u, h) + b for w, u, b in weights)

    def _walk(self, given: Given, rules: LSTMRules | None = None) -> Iterator[LSTMStep]:
        rules = rules or LSTMRules()
        h, c = self.hidden or (0.0,), self.cell
        units = len(c)
        for time, x in enumerate(self.inputs or ((),), 1):
            blanks = dict(zip(LSTMStep._fields, self._names(time), strict=True))
            rows = self.numbers or self._rows(x, h if rules.recurrent else (0.0,) * units)
            values: dict[str, tuple[float, ...]] = {}
            for name in "ifgo":
                block = rules.order.index(name) * units
                squash = rules.candidate if name == "g" else rules.gate
                values[name] = tuple(
                    row if self.form == "gates" else squash(row) for row in rows[block : block + units]
                )
            own = {name: _entries(given(blanks[name], _bare(values[name], units))) for name in "ifgo"}
            after = tuple(map(rules.mix, own["f"], c, own["i"], own["g"]))
            past, c = c, _entries(given(blanks["c"], _bare(after, units)))
            shown = tuple(map(rules.show, own["o"], c, past))
            yield LSTMStep(**values, c=after, h=shown)
            h = _entries(given(blanks["h"], _bare(shown, units)))

    def _wrong(self, **rules: Any) -> MistakeValues:
        """What other rules lead to."""
        values: dict[str, Any] = {}
        for time, step in enumerate(self._walk(Given(), LSTMRules(**rules)), 1):
            values |= {
                name: _bare(entries, len(self.cell))
                for name, entries in zip(self._names(time), step, strict=True)
            }
        asked = self.follow(Given())
        return {name: value for name, value in values.items() if name in asked}

    @mistake("The forget gate multiplies the past cell state, the input gate the candidate.")
    def gates_swapped(self) -> MistakeValues:
        return self._wrong(mix=lambda f, c, i, g: i * c + f * g)

    @mistake("The output gate multiplies tanh of the new cell state, not the cell state itself.")
    def tanh_missing_on_cell(self) -> MistakeValues:
        return self._wrong(show=lambda o, c, past: o * c)

    @mistake("The output gate stands outside the tanh.")
    def output_gate_inside_tanh(self) -> MistakeValues:
        return self._wrong(show=lambda o, c, past: math.tanh(o * c))

    @mistake("The hidden state shows the new cell state, not the one of the step before.")
    def shows_past_cell(self) -> MistakeValues:
        return self._wrong(show=lambda o, c, past: o * math.tanh(past))

    @mistake("The candidate may be negative: its activation is tanh, only gates have a sigmoid.")
    def candidate_uses_sigmoid(self) -> MistakeValues:
        return self._wrong(candidate=sigmoid)

    @mistake("A gate lies between 0 and 1: its activation is a sigmoid, only the candidate has tanh.")
    def gates_use_tanh(self) -> MistakeValues:
        return self._wrong(gate=math.tanh)

    @mistake("What is kept and what is new are added, not multiplied: this is why gradients survive.")
    def multiplies_instead_of_adds(self) -> MistakeValues:
        return self._wrong(mix=lambda f, c, i, g: f * c * i * g)

    @mistake("The forget gate says what is kept, not what is forgotten: f = 1 keeps all of the cell state.")
    def forgets_by_gate(self) -> MistakeValues:
        return self._wrong(mix=lambda f, c, i, g: (1 - f) * c + i * g)

    @mistake("The input gate decides how much of the candidate is let in.")
    def forgets_input_gate(self) -> MistakeValues:
        return self._wrong(mix=lambda f, c, i, g: f * c + g)

    @mistake("PyTorch's rows have the order i, f, g, o: the third block is the candidate's.")
    def candidate_last(self) -> MistakeValues:
        return self._wrong(order="ifog") if self.form == "matrices" else None

    @mistake("PyTorch's rows have the order i, f, g, o: the first block is the input gate's.")
    def forget_gate_first(self) -> MistakeValues:
        return self._wrong(order="figo") if self.form == "matrices" else None

    @mistake("The last hidden state also enters every gate.")
    def forgets_recurrence(self) -> MistakeValues:
        return self._wrong(recurrent=False) if self.inputs else None

    @mistake("Along the cell state there is a product with the forget gate; no sigmoid is differentiated.")
    def slope_of_sigmoid(self) -> MistakeValues:
        return self._slope(lambda step: step.f[0] * (1 - step.f[0]))

    @mistake("The input gate does not touch the path from the old cell state to the new one.")
    def slope_is_input_gate(self) -> MistakeValues:
        return self._slope(lambda step: step.i[0])

    @mistake("The path from the old cell state passes the forget gate: the derivative is not 1.")
    def slope_is_one(self) -> MistakeValues:
        return self._slope(lambda step: 1.0)

    def _slope(self, wrong: Callable[[LSTMStep], float]) -> MistakeValues:
        return {"slope": wrong(self.steps[0])} if self.form == "preactivations" else None


class GRURules(NamedTuple):
    """How a cell is computed; a mistake has another rule somewhere."""

    mix: Callable[[float, float, float], float]
    argument: Callable[[float, float, float, float], float] = lambda p, r, q, b: p + r * (q + b)
    """The candidate's, from what the input brings, the reset gate, the state's part and its bias."""
    candidate: Callable[[float], float] = math.tanh
    gates_swapped: bool = False


class GRUStep(NamedTuple):
    """Reset gate, update gate, candidate and new state."""

    r: float
    z: float
    n: float
    h: float


class GRUCellStep(Question):
    """Gates, candidate and state of a GRU, with the convention that is declared.

    At level 1 update gate and candidate are given, at level 2 pre-activations; at level 3 a cell with one
    unit takes two steps as in PyTorch, or resets before and after the recurrent matrix are compared.

    Source: Cho et al. 2014, Learning phrase representations using RNN encoder–decoder, section 2.3; Chung et
    al. 2014, Empirical evaluation of gated recurrent neural networks, section 3.2; torch.nn.GRUCell.
    """

    title = "Step of a GRU cell"
    minutes = {1: 2, 2: 6, 3: 10}

    form: str
    """`gates`, `preactivations`, `weights` of one unit in two steps, or `compared`."""
    update_keeps_past: bool
    """Whether the update gate z multiplies the past, as in PyTorch, or the candidate."""
    gates: tuple[str, ...]
    """z and n; or the pre-activations of r and z; with `compared` the values r₁, r₂, z₁ and z₂."""
    input_part: tuple[float, ...]
    """What the input brings to the pre-activation of the candidate, for each unit."""
    input_weights: tuple[float, ...]
    """Of r, z and n."""
    recurrent_weights: Matrix
    """One for n; one for each of r, z and n; or the matrix for n."""
    input_biases: tuple[float, ...]
    recurrent_biases: tuple[float, ...]
    inputs: tuple[float, ...]
    """The input of each step."""
    hidden: tuple[float, ...]
    """The state before."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        past, hidden = rng.choice([True, False]), (rng.choice([-2.0, -1.0, 1.0, 2.0]),)
        if level == 1:
            z, n = rng.choice([*GATES, "0.2", "0.8", "0.4", "0.6"]), rng.choice(CANDIDATES)
            return cls("gates", past, (z, n), (), (), (), (), (), (), hidden)
        if level == 2:
            a_r, a_z = rng.choices(PREACTIVATIONS, k=2)
            part, weights = (rng.choice(WEIGHTS),), _columns(rng, WEIGHTS, 1, 1)
            return cls("preactivations", past, (a_r, a_z), part, (), weights, (), (), (), hidden)
        if rng.random() < 0.5:
            w, u = tuple(rng.choices(WEIGHTS, k=3)), tuple((rng.choice(WEIGHTS),) for _ in range(3))
            biases = tuple(rng.choice([-0.5, 0.0, 0.5, 1.0]) for _ in range(3))
            recurrent = (0.0, 0.0, rng.choice([-1.0, -0.5, 0.5, 1.0]))
            inputs = tuple(map(float, rng.sample([-2, -1, 1, 2], 2)))
            return cls("weights", True, (), (), w, u, biases, recurrent, inputs, hidden)
        input_part = tuple(rng.choice([-1.0, -0.5, 0.0, 0.5, 1.0]) for _ in range(2))
        gates = (*rng.sample(GATES, 2), *rng.sample(GATES, 2))
        state = tuple(rng.sample([-2.0, -1.0, 1.0, 2.0], 2))
        matrix = _columns(rng, WEIGHTS, 2, 2)
        return cls("compared", past, gates, input_part, (), matrix, (), (), (), state)

    def flaw(self) -> str | None:
        shapes = {
            "gates": (2, 0, 0, 0, 0, 0, 1),
            "preactivations": (2, 1, 0, 1, 0, 0, 1),
            "weights": (0, 0, 3, 3, 3, 2, 1),
            "compared": (4, 2, 0, 2, 0, 0, 2),
        }
        if self.form not in shapes:
            return "form is gates, preactivations, weights or compared"
        given = (
            self.gates,
            self.input_part,
            self.input_weights,
            self.recurrent_weights,
            self.input_biases,
            self.inputs,
            self.hidden,
        )
        if tuple(map(len, given)) != shapes[self.form] or len(self.recurrent_biases) != len(
            self.input_biases
        ):
            return "gates, weights, biases, inputs and states do not fit each other"
        if any(len(row) != len(self.hidden) for row in self.recurrent_weights):
            return "each row of the recurrent weights has an entry for each unit"
        rows = (*given[1:3], *self.recurrent_weights, *given[4:], self.recurrent_biases)
        if not all(_plain(row) for row in rows):
            return f"numbers go up to {LARGEST_ENTRY} and have at most 2 decimals"
        if self.form == "weights" and not self.update_keeps_past:
            return "with weights the update gate multiplies the past, as in PyTorch"
        return self._flaw_of_gates()

    def _flaw_of_gates(self) -> str | None:
        try:
            numbers = self.numbers
        except ValueError:
            return "gates are numbers such as 0.5 or -ln 3"
        if not bounded(numbers, LARGEST_PREACTIVATION):
            return "a gate is saturated"
        if self.form in {"gates", "compared"}:
            gates = numbers[:1] if self.form == "gates" else numbers
            if not all(0 < gate < 1 for gate in gates) or not all(-1 < number < 1 for number in numbers):
                return "gates lie strictly between 0 and 1, the candidate strictly between -1 and 1"
            if not printable(numbers, 2):
                return "gates have at most 2 decimals"
        if not bounded((argument for part in self.parts for argument in part), LARGEST_PREACTIVATION):
            return "a gate is saturated"
        if not all(SMALLEST_CANDIDATE < abs(n) < LARGEST_CANDIDATE for n in self._candidates):
            return "a candidate is saturated or almost zero"
        return None

    @property
    def _candidates(self) -> tuple[float, ...]:
        """Every candidate."""
        if self.form == "compared":
            return tuple(map(math.tanh, self.arguments_after + self.arguments_before))
        return tuple(step.n for step in self.steps)

    @property
    def numbers(self) -> tuple[float, ...]:
        """The given gates, or pre-activations, as numbers."""
        return tuple(written_number(gate) for gate in self.gates)

    @property
    def gates_latex(self) -> tuple[str, ...]:
        """The same in LaTeX."""
        return tuple(latex_number(gate) for gate in self.gates)

    @property
    def past_share(self) -> str:
        """What multiplies the past, in LaTeX."""
        return "z" if self.update_keeps_past else "(1 - z)"

    @property
    def candidate_share(self) -> str:
        """What multiplies the candidate, in LaTeX."""
        return "(1 - z)" if self.update_keeps_past else "z"

    @property
    def steps(self) -> tuple[GRUStep, ...]:
        """What comes out in each step, unless ways are compared."""
        return () if self.form == "compared" else tuple(self._walk(Given(), self._rules))

    @property
    def parts(self) -> tuple[tuple[float, float, float], ...]:
        """For each step with weights the arguments of r, z and n."""
        states = (self.hidden[0], *(step.h for step in self.steps))
        return tuple(
            (*self._gate_rows(x, h), self._input_row(x) + step.r * self._state_row(h))
            for x, h, step in zip(self.inputs, states, self.steps, strict=False)
        )

    @property
    def arguments_after(self) -> tuple[float, ...]:
        """Of the candidate where r multiplies the product of matrix and state."""
        if self.form != "compared":
            return ()
        rows = zip(self.input_part, self.numbers, self.recurrent_weights, strict=False)
        return tuple(part + reset * dot(row, self.hidden) for part, reset, row in rows)

    @property
    def arguments_before(self) -> tuple[float, ...]:
        """Of the candidate where r multiplies the state."""
        if self.form != "compared":
            return ()
        state = tuple(map(_product, self.numbers, self.hidden))
        rows = zip(self.input_part, self.recurrent_weights, strict=True)
        return tuple(part + dot(row, state) for part, row in rows)

    @property
    def _rules(self) -> GRURules:
        if self.update_keeps_past:
            return GRURules(lambda z, n, h: (1 - z) * n + z * h)
        return GRURules(lambda z, n, h: z * n + (1 - z) * h)

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.form == "compared":
            return self._compared(given)
        steps = list(self._walk(given, self._rules))
        if self.form == "gates":
            return {"h": Real(steps[0].h, 2)}
        return {
            name: Real(value, 3)
            for time, step in enumerate(steps, 1)
            for name, value in zip(self._names(time), step, strict=True)
        }

    def _compared(self, given: Given) -> dict[str, Answer]:
        answers: dict[str, Answer] = {}
        arguments = {"after": self.arguments_after, "before": self.arguments_before}
        for name, values in arguments.items():
            candidate = tuple(map(math.tanh, values))
            answers[f"n_{name}"] = Vector(candidate, 3)
            own = given(f"n_{name}", candidate)
            answers[f"h_{name}"] = Vector(tuple(map(self._rules.mix, self.numbers[2:], own, self.hidden)), 3)
        return answers

    def _names(self, time: int) -> tuple[str, ...]:
        """The blanks of a step."""
        return tuple(name + (str(time) if self.form == "weights" else "") for name in GRUStep._fields)

    def _input_row(self, x: float) -> float:
        return self.input_weights[2] * x + self.input_biases[2]

    def _state_row(self, h: float) -> float:
        return self.recurrent_weights[2][0] * h + self.recurrent_biases[2]

    def _gate_rows(self, x: float, h: float) -> tuple[float, float]:
        reset, update = (
            self.input_weights[k] * x
            + self.input_biases[k]
            + self.recurrent_weights[k][0] * h
            + self.recurrent_biases[k]
            for k in range(2)
        )
        return reset, update

    def _walk(self, given: Given, rules: GRURules) -> Iterator[GRUStep]:
        h = self.hidden[0]
        for time, x in enumerate(self.inputs or (0.0,), 1):
            blanks = self._names(time)
            r, z, n = self._gates_and_candidate(x, h, rules, given, blanks[0])
            own_z, own_n = given(blanks[1], z), given(blanks[2], n)
            after = rules.mix(own_z, own_n, h)
            yield GRUStep(r, z, n, after)
            h = given(blanks[3], after)

    def _gates_and_candidate(
        self, x: float, h: float, rules: GRURules, given: Given, blank: str
    ) -> tuple[float, float, float]:
        """Reset and update gate, and the candidate that follows from the student's own reset gate."""
        if self.form == "gates":
            z, n = self.numbers
            return 1.0, z, n
        if self.form == "preactivations":
            rows, part, state, bias = self.numbers, self.input_part[0], self.recurrent_weights[0][0] * h, 0.0
        else:
            rows, part = self._gate_rows(x, h), self._input_row(x)
            state, bias = self.recurrent_weights[2][0] * h, self.recurrent_biases[2]
        r, z = map(sigmoid, reversed(rows) if rules.gates_swapped else rows)
        return r, z, rules.candidate(rules.argument(part, given(blank, r), state, bias))

    def _wrong(self, **rules: Any) -> MistakeValues:
        """What other rules lead to."""
        if self.form == "compared":
            return None
        steps = self._walk(Given(), self._rules._replace(**rules))
        values = {
            name: value
            for time, step in enumerate(steps, 1)
            for name, value in zip(self._names(time), step, strict=True)
        }
        return {"h": values["h"]} if self.form == "gates" else values

    def _mixed(self, mix: Callable[[float, float, float], float]) -> MistakeValues:
        """What another mixture leads to."""
        if self.form != "compared":
            return self._wrong(mix=mix)
        keys = self._compared(Given())
        return {
            f"h_{name}": tuple(map(mix, self.numbers[2:], vars(keys[f"n_{name}"])["value"], self.hidden))
            for name in ("after", "before")
        }

    @mistake("The update gate is taken for the other share: mind what z multiplies in this convention.")
    def convention_swapped(self) -> MistakeValues:
        if self.update_keeps_past:
            return self._mixed(lambda z, n, h: z * n + (1 - z) * h)
        return self._mixed(lambda z, n, h: (1 - z) * n + z * h)

    @mistake("Past and candidate have shares z and 1 − z: they are averaged, not added.")
    def sum_without_weights(self) -> MistakeValues:
        return self._mixed(lambda z, n, h: n + h)

    @mistake("Both terms have the same share here; one of them has what the other leaves.")
    def update_gate_on_both(self) -> MistakeValues:
        return self._mixed(lambda z, n, h: z * (n + h))

    @mistake("The reset gate decides how much of the past enters the candidate.")
    def no_reset(self) -> MistakeValues:
        if self.form == "compared":
            rows = zip(self.input_part, self.recurrent_weights, strict=True)
            candidate = tuple(math.tanh(part + dot(row, self.hidden)) for part, row in rows)
            return self.consequences(n_after=candidate, n_before=candidate)
        return self._wrong(argument=lambda p, r, q, b: p + q + b)

    @mistake("The candidate has tanh: only the gates are sigmoids.")
    def candidate_with_sigmoid(self) -> MistakeValues:
        if self.form == "compared":
            wrong = (tuple(map(sigmoid, a)) for a in (self.arguments_after, self.arguments_before))
            return self.consequences(**dict(zip(("n_after", "n_before"), wrong, strict=True)))
        return self._wrong(candidate=sigmoid)

    @mistake("The reset gate multiplies the part of the past only, not that of the input.")
    def resets_input_too(self) -> MistakeValues:
        return self._wrong(argument=lambda p, r, q, b: r * (p + q + b))

    @mistake("A reset gate of 1 lets all of the past in; 1 − r is the wrong way round.")
    def reset_reversed(self) -> MistakeValues:
        return self._wrong(argument=lambda p, r, q, b: p + (1 - r) * (q + b))

    @mistake("PyTorch multiplies the recurrent bias of the candidate by the reset gate too.")
    def bias_outside_reset(self) -> MistakeValues:
        return self._wrong(argument=lambda p, r, q, b: p + r * q + b) if self.form == "weights" else None

    @mistake("Reset and update gate are exchanged.")
    def gates_exchanged(self) -> MistakeValues:
        return self._wrong(gates_swapped=True) if self.form in {"preactivations", "weights"} else None

    @mistake("The two forms are exchanged: one resets the state before the matrix, the other its product.")
    def resets_exchanged(self) -> MistakeValues:
        if self.form != "compared":
            return None
        keys = {blank: vars(key)["value"] for blank, key in self._compared(Given()).items()}
        others = {"n_after": "n_before", "h_after": "h_before", "n_before": "n_after", "h_before": "h_after"}
        return {blank: keys[other] for blank, other in others.items()}


def _product(left: float, right: float) -> float:
    return left * right


def _columns(rng: Random, numbers: Sequence[float], rows: int, columns: int) -> Matrix:
    return tuple(tuple(rng.choices(numbers, k=columns)) for _ in range(rows))


def _plain(row: Row) -> bool:
    return bounded(row, LARGEST_ENTRY) and printable(row, 2)


def _has_shape(matrix: Sequence[Row], rows: int, columns: int) -> bool:
    return len(matrix) == rows and all(len(row) == columns for row in matrix)


def _bare(values: tuple[float, ...], units: int) -> Any:
    """The value of a blank: a number for a single unit."""
    return values[0] if units == 1 else values


def _entries(value: Any) -> tuple[float, ...]:
    """The other way round."""
    return value if isinstance(value, tuple) else (value,)
