"""Recurrent networks step by step, forwards and backwards in time."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from random import Random
from typing import Any, NamedTuple, Self

from ...answers import Answer, Integer, Real, ShortText, Vector
from ...question import Given, MistakeValues, Question, mistake
from ..numbers import bounded, dot, printable, transposed

WORDS = ("sun", "rain", "snow")
"""What a network reads and predicts, by number."""
LARGEST = 10
LARGEST_STATE = 1000
MOST_STEPS = 6
SMALLEST = 0.02
"""Of gradients, and of the slope of a tanh that is not saturated."""
ACTIVATIONS: dict[str, Callable[[float], float]] = {
    "identity": lambda a: a,
    "relu": lambda a: max(a, 0),
    "tanh": math.tanh,
}
SLOPES: dict[str, Callable[[float], float]] = {
    "identity": lambda h: 1,
    "relu": lambda h: 1 if h > 0 else 0,
    "tanh": lambda h: 1 - h * h,
}
"""The derivative of each activation, from its value."""
Numbers = tuple[float, ...]
Matrix = tuple[Numbers, ...]


class Walk(NamedTuple):
    """How a network is run; a mistake does something else somewhere."""

    recurrent: bool = True
    active: bool = True
    biased: bool = True
    start: Numbers | None = None
    transposed: bool = False
    feeds_output: bool = False
    """Whether the output takes the place of the last state."""
    feeds_prediction: bool = False
    """Whether a decoder is fed its own words."""
    second_reads: str = "new"
    """What a second layer reads: the `new` or the `old` state of the first, or the `input`."""


class UnrolledSteps(Question):
    """The states of a recurrent network from step to step, and what it predicts from them.

    At level 1 there is one unit, at level 2 a network of two units reads words and predicts one, at level 3 a
    decoder is run with teacher forcing, or two layers with tanh are stacked.

    Source: Elman 1990, Finding structure in time; Goodfellow, Bengio & Courville 2016, Deep Learning,
    sections 10.1 and 10.2; torch.nn.RNN.
    """

    title = "Steps of a recurrent network"
    minutes = {1: 3, 2: 6, 3: 9}

    form: str
    """`unit`, `reader`, `decoder` or `layers`."""
    activation: str
    """`identity`, `relu` or `tanh`."""
    input_weights: Matrix
    """A row for each unit; of a reader a column for each word, of a decoder also a first one to start."""
    recurrent_weights: Matrix
    biases: Numbers
    second: Numbers
    """Of a second layer: the weights of the first one's state and of its own state, and the bias."""
    output_weights: Matrix
    output_biases: Numbers
    inputs: tuple[int, ...]
    """Numbers, or words by number; the target words of a decoder."""
    start: Numbers
    """The state before the first step."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        if level == 1:
            return cls._unit(rng)
        if level == 3 and rng.random() < 0.5:
            return cls._layers(rng)
        return cls._of_words(rng, "reader" if level == 2 else "decoder")

    @classmethod
    def _unit(cls, rng: Random) -> Self:
        activation, inputs = rng.choice(["identity", "relu"]), rng.choices(range(-1, 5), k=3)
        v = rng.choice([-2, -1, 1, 2] if activation == "identity" else [1, 2, 3])
        u, w = rng.choices([-2, -1, 1, 2], k=2)
        c, b, steps = rng.randint(-2, 2), rng.randint(-2, 2), rng.choice([2, 3])
        row = ((v,),), ((u,),), (c,), (), ((w,),), (b,)
        return cls("unit", activation, *row, tuple(inputs[:steps]), (0,))

    @classmethod
    def _layers(cls, rng: Random) -> Self:
        v, u, w, r = rng.choices([-1.0, -0.5, 0.5, 1.0], k=4)
        c, b = rng.choices([-0.5, 0.0, 0.5], k=2)
        inputs = tuple(rng.choices([-2, -1, 1, 2], k=3))
        return cls("layers", "tanh", ((v,),), ((u,),), (c,), (w, r, b), (), (), inputs, (0.0,))

    @classmethod
    def _of_words(cls, rng: Random, form: str) -> Self:
        start = (0, 0)
        if form == "decoder":
            start = rng.choice([(1, 0), (0, 1), (1, 1), (2, 1), (1, 2), (2, 0), (0, 2)])
        weights = _matrix(rng, 2, 3 if form == "reader" else 4), _matrix(rng, 2, 2)
        biases = tuple(rng.choices([-1, 0, 1, 1], k=2))
        outputs = tuple(tuple(rng.sample([-2, -1, 1, 2, 3], 2)) for _ in WORDS)
        words = tuple(rng.choices(range(3), k=3))
        return cls(form, "relu", *weights, biases, (), outputs, (0, 0, 0), words, start)

    def flaw(self) -> str | None:
        sizes = {
            "unit": (1, 1, 0, 1),
            "layers": (1, 1, 3, 0),
            "reader": (2, 3, 0, 3),
            "decoder": (2, 4, 0, 3),
        }
        if self.form not in sizes:
            return f"form is one of {', '.join(sizes)}"
        if self.activation not in ACTIVATIONS:
            return f"activation is one of {', '.join(ACTIVATIONS)}"
        units, columns, second, outputs = sizes[self.form]
        shapes = (
            (self.input_weights, units, columns),
            (self.recurrent_weights, units, units),
            (self.output_weights, outputs, units),
            ((self.biases,), 1, units),
            ((self.start,), 1, units),
            ((self.second,), 1, second),
            ((self.output_biases,), 1, outputs),
        )
        if any(not _has_shape(*shape) for shape in shapes):
            return "weights, biases and states do not fit each other"
        numbers = [number for matrix, _, _ in shapes for row in matrix for number in row]
        if not bounded(numbers, LARGEST) or not printable(numbers, 2):
            return f"numbers go up to {LARGEST} and have at most 2 decimals"
        if not 2 <= len(self.inputs) <= MOST_STEPS or not bounded(self.inputs, LARGEST):
            return f"there are 2 to {MOST_STEPS} steps, with inputs up to {LARGEST}"
        if self.words and not all(0 <= word < len(WORDS) for word in self.inputs):
            return f"a word has a number from 0 to {len(WORDS) - 1}"
        if (self.activation == "tanh") != (self.form == "layers"):
            return "two layers have tanh, and nothing else has"
        if self.form != "layers" and not all(number == round(number) for number in numbers):
            return "numbers are whole where no tanh is taken"
        return self._flaw_of_run()

    def _flaw_of_run(self) -> str | None:
        steps = self.steps
        if not all(bounded(step.state + step.second + step.output, LARGEST_STATE) for step in steps):
            return f"the states grow beyond {LARGEST_STATE}"
        if self.form == "layers":
            states = [entry for step in steps for entry in step.state + step.second]
            return (
                None if all(0.02 < abs(entry) < 0.999 for entry in states) else "a tanh is saturated or zero"
            )
        alive = [any(step.state) for step in steps]
        if not alive[-1] or not any(alive[:-1]) or (self.words and not all(alive)):
            return "a state that is zero brings nothing to the next step"
        if self.words:
            tops = [sorted(step.output)[-2:] for step in steps]
            if any(second == first for second, first in (tops if self.form == "decoder" else tops[-1:])):
                return "two words have the same score"
        if self.form == "decoder" and all(
            step.word == target for step, target in zip(steps[:-1], self.inputs, strict=False)
        ):
            return "teacher forcing changes nothing where all predictions are right"
        return None

    @property
    def words(self) -> tuple[str, ...]:
        """The words of a reader or decoder."""
        return WORDS if self.form in {"reader", "decoder"} else ()

    @property
    def steps(self) -> tuple[Step, ...]:
        """What happens in each step."""
        return tuple(self._walk(Given()))

    @property
    def fed(self) -> tuple[int, ...]:
        """The columns of the input weights that the words choose, or the numbers."""
        return self._fed(self.inputs) if self.form == "decoder" else self.inputs

    @property
    def activation_latex(self) -> str:
        """The activation's name in a formula."""
        return {"identity": "", "relu": r"\operatorname{ReLU}", "tanh": r"\tanh"}[self.activation]

    def follow(self, given: Given) -> dict[str, Answer]:
        answers: dict[str, Answer] = {}
        for time, step in enumerate(self._walk(given), 1):
            answers[f"h{time}"] = self._state(step.state)
            if step.second:
                answers[f"s{time}"] = self._state(step.second)
            last = time == len(self.inputs)
            if self.form == "decoder":
                answers[f"w{time}"] = ShortText(WORDS[step.word], WORDS)
            elif self.output_weights and last:
                answers["y"] = self._state(step.output)
            if self.form == "reader" and last:
                answers["word"] = ShortText(WORDS[_largest(given("y", step.output))], WORDS)
        return answers

    def _state(self, values: Numbers) -> Answer:
        if self.form == "layers":
            return Real(values[0], 3)
        return Integer(round(values[0])) if self.form == "unit" else Vector(values)

    @staticmethod
    def _fed(words: Sequence[int]) -> tuple[int, ...]:
        """The columns of the start and of all words but the last."""
        return (0, *(word + 1 for word in words[:-1]))

    def _walk(self, given: Given, walk: Walk | None = None) -> Iterator[Step]:
        walk = walk or Walk()
        activation = ACTIVATIONS[self.activation if walk.active else "identity"]
        past = self.start if walk.start is None else walk.start
        second, word = 0.0, -1
        for time, target in enumerate(self.fed, 1):
            column = word + 1 if walk.feeds_prediction else target
            state = tuple(map(activation, self._arguments(column, past, walk)))
            own = _entries(given(f"h{time}", _bare(state, self.words)))
            above: Numbers = ()
            if self.second:
                above = (activation(self._second_argument(own[0], past[0], column, second, walk)),)
                second = given(f"s{time}", above[0])
            output = self._output(own, walk)
            word = _largest(output) if output else -1
            yield Step(state, above, output, word)
            past = output if walk.feeds_output else own

    def _arguments(self, column: float, past: Numbers, walk: Walk) -> Iterator[float]:
        rows = transposed(self.recurrent_weights) if walk.transposed else self.recurrent_weights
        for weights, row, bias in zip(self.input_weights, rows, self.biases, strict=True):
            part = weights[round(column)] if self.words else weights[0] * column
            yield part + (dot(row, past) if walk.recurrent else 0) + (bias if walk.biased else 0)

    def _second_argument(self, new: float, old: float, x: float, past: float, walk: Walk) -> float:
        v, u, c = self.second
        read = {"new": new, "old": old, "input": x}[walk.second_reads]
        return v * read + (u * past if walk.recurrent else 0) + (c if walk.biased else 0)

    def _output(self, state: Numbers, walk: Walk) -> Numbers:
        rows = zip(self.output_weights, self.output_biases, strict=True)
        return tuple(dot(row, state) + (bias if walk.biased else 0) for row, bias in rows)

    def _wrong(self, **changes: Any) -> MistakeValues:
        """What another way of running the network leads to."""
        values: dict[str, Any] = {}
        for time, step in enumerate(self._walk(Given(), Walk(**changes)), 1):
            values[f"h{time}"] = _bare(step.state, self.words)
            if step.second:
                values[f"s{time}"] = step.second[0]
            if self.form == "decoder":
                values[f"w{time}"] = WORDS[step.word]
            elif step.output:
                values["y"] = _bare(step.output, self.words)
                values["word"] = WORDS[step.word]
        return {blank: value for blank, value in values.items() if blank in self.follow(Given())}

    @mistake("Each state also follows from the one before: this is what makes the network recurrent.")
    def no_recurrence(self) -> MistakeValues:
        return self._wrong(recurrent=False)

    @mistake("The state before the first step is 0.")
    def starts_with_one(self) -> MistakeValues:
        return self._wrong(start=(1,) * len(self.start)) if not any(self.start) else None

    @mistake("The decoder starts from the state that is given, not from 0.")
    def starts_with_zero(self) -> MistakeValues:
        return self._wrong(start=(0,) * len(self.start)) if any(self.start) else None

    @mistake("The state goes on to the next step, not the output.")
    def uses_output_as_state(self) -> MistakeValues:
        return self._wrong(feeds_output=True) if self.form == "unit" else None

    @mistake("Every state is the activation of what is added up.")
    def activation_skipped(self) -> MistakeValues:
        return self._wrong(active=False)

    @mistake("The biases are added too.")
    def forgets_biases(self) -> MistakeValues:
        return self._wrong(biased=False)

    @mistake("Entry i of U h has the entries of row i of U: the matrix is not transposed.")
    def transposes_recurrence(self) -> MistakeValues:
        return self._wrong(transposed=True) if self.words else None

    @mistake("With teacher forcing the decoder is fed the target words, whatever it has predicted.")
    def feeds_predictions(self) -> MistakeValues:
        return self._wrong(feeds_prediction=True) if self.form == "decoder" else None

    @mistake("The second layer reads the state of the first one, not the input.")
    def second_layer_reads_input(self) -> MistakeValues:
        return self._wrong(second_reads="input") if self.second else None

    @mistake("The second layer reads the first one's state of the same step, not of the step before.")
    def second_layer_reads_past(self) -> MistakeValues:
        return self._wrong(second_reads="old") if self.second else None


class Step(NamedTuple):
    """The state, that of a second layer, the output, and the number of the word with the largest entry."""

    state: Numbers
    second: Numbers
    output: Numbers
    word: int


class BPTTGradient(Question):
    """Gradients of a recurrent unit by backpropagation through time.

    At level 1 the last state of a linear unit is differentiated, at level 2 a loss at the end of ReLU steps,
    at level 3 there is a loss at each step, a tanh, or backpropagation that is truncated.

    Source: Werbos 1990, Backpropagation through time: what it does and how to do it; Goodfellow, Bengio &
    Courville 2016, Deep Learning, section 10.2.2; Williams & Peng 1990, An efficient gradient-based algorithm
    for on-line training of recurrent network trajectories, for the truncated form.
    """

    title = "Backpropagation through time"
    minutes = {1: 4, 2: 7, 3: 10}

    activation: str
    """`identity`, `relu` or `tanh`."""
    input_weight: float
    recurrent_weight: float
    inputs: tuple[int, ...]
    start: float
    """The state before the first step."""
    targets: tuple[float, ...]
    """One for the last step, one for each step, or none where the last state itself is differentiated."""
    reach: int
    """The steps through which truncated backpropagation goes back; 0 if it is not truncated."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        start = rng.choice([-2, -1, 1, 2])
        if level == 1:
            inputs = tuple(rng.choices(range(-2, 4), k=rng.choice([2, 3])))
            return cls("identity", 1, rng.choice([-2, 2, 3]), inputs, start, (), 0)
        form = rng.choice(["each", "tanh", "truncated"]) if level == 3 else "last"
        if form == "tanh":
            v, target = rng.choice([-0.5, 0.5]), rng.choice([-1.0, -0.5, 0.5, 1.0])
            inputs, weight = tuple(rng.choices([-2, -1, 1, 2], k=2)), rng.choice([-1.0, -0.5, 0.5, 1.0, 1.5])
            return cls("tanh", v, weight, inputs, rng.choice([-1, 1]), (target,), 0)
        if form == "truncated":
            inputs, reach = tuple(rng.choices([-1, 1, 2, 3], k=4)), rng.choice([2, 3])
            unit = cls("identity", rng.choice([-1, 1, 2]), rng.choice([-2, -1, 2]), inputs, start, (), reach)
        else:
            inputs = tuple(rng.choices([-2, -1, 1, 2, 3, 4], k=3))
            unit = cls("relu", rng.choice([1, 2]), rng.choice([-1, 2, 2, 3]), inputs, abs(start), (), 0)
        missed = unit.states[1:] if form == "each" else unit.states[-1:]
        targets = tuple(state + rng.choice([-3, -2, -1, 1, 2, 3]) for state in missed)
        return replace(unit, targets=targets)

    def flaw(self) -> str | None:
        if self.activation not in ACTIVATIONS:
            return f"activation is one of {', '.join(ACTIVATIONS)}"
        if not 2 <= len(self.inputs) <= MOST_STEPS or len(self.targets) not in {0, 1, len(self.inputs)}:
            return f"there are 2 to {MOST_STEPS} steps, and targets for none, the last or all of them"
        numbers = (self.input_weight, self.recurrent_weight, self.start, *self.targets)
        small = (*numbers[:3], *self.inputs)
        if not bounded(small, LARGEST) or not bounded(self.targets, LARGEST_STATE):
            return f"targets go up to {LARGEST_STATE}, other numbers up to {LARGEST}"
        if not printable(numbers, 2):
            return "numbers have at most 2 decimals"
        if not self.is_real and not all(number == round(number) for number in numbers):
            return "numbers are whole where no tanh is taken"
        if not 0 <= self.reach < len(self.inputs) or (self.reach and len(self.targets) > 1):
            return "truncated backpropagation goes back fewer steps than there are, from a loss at the end"
        if not self.input_weight or (abs(self.recurrent_weight) in {0, 1} and not self.targets):
            return "a weight is zero, or its powers do not differ"
        return self._flaw_of_run()

    def _flaw_of_run(self) -> str | None:
        keys = {blank: key.value for blank, key in self._keys(Given()).items()}
        if not bounded(keys.values(), 10 * LARGEST_STATE):
            return "states or gradients grow too large"
        if self.is_real and not all(slope > SMALLEST for slope in self.slopes):
            return "a tanh is saturated"
        if not any(self.slopes[:-1]) or not self.slopes[-1]:
            return "no gradient flows back beyond the last step"
        if self.activation == "identity" and not all(self.states):
            return "a state is zero"
        needed = [f"d{time}" for time in range(2, len(self.inputs) + 1)] + ["du", "dv", "truncated"]
        needed += ["d1", "dh0"] if self.is_real else []
        if any(abs(keys[blank]) < SMALLEST for blank in needed if blank in keys):
            return "a gradient is zero"
        return None

    @property
    def is_real(self) -> bool:
        """Whether the values are not whole."""
        return self.activation == "tanh"

    @property
    def states(self) -> Numbers:
        """The states, with the one before the first step."""
        return tuple(self._states(Given()))

    @property
    def slopes(self) -> Numbers:
        """The derivative of the activation in each step."""
        return tuple(map(SLOPES[self.activation], self.states[1:]))

    @property
    def errors(self) -> Numbers:
        """What each state contributes to the loss directly, as a derivative."""
        return self._errors(self.states[1:])

    @property
    def gradients(self) -> Numbers:
        """The derivative of the loss for each state from the first step on."""
        return self._gradients(Given(), self.errors, self.slopes)

    @property
    def activation_latex(self) -> str:
        """The activation's name in a formula."""
        return {"identity": "", "relu": r"\operatorname{ReLU}", "tanh": r"\tanh"}[self.activation]

    def follow(self, given: Given) -> dict[str, Answer]:
        return dict(self._keys(given))

    def _keys(self, given: Given) -> dict[str, Integer | Real]:
        states = tuple(self._states(given))
        own_states = tuple(given(f"h{time}", state) if time else state for time, state in enumerate(states))
        slopes = tuple(map(SLOPES[self.activation], own_states[1:]))
        gradients = self._gradients(given, self._errors(own_states[1:]), slopes)
        own = tuple(given(f"d{time}", gradient) for time, gradient in enumerate(gradients, 1))
        parts = tuple(map(_product, own, slopes))
        values = {f"h{time}": state for time, state in enumerate(states) if time}
        values |= {f"d{time}": gradients[time - 1] for time in range(len(gradients), 0, -1)}
        values["du"] = dot(parts, own_states[:-1])
        if self.reach:
            values["truncated"] = dot(parts[-self.reach :], own_states[-self.reach - 1 : -1])
        elif self.targets:
            values["dv"] = dot(parts, self.inputs)
        if not self.reach:
            values["dh0"] = self.recurrent_weight * parts[0]
        return {
            blank: Real(value, 3) if self.is_real else Integer(round(value))
            for blank, value in values.items()
        }

    def _states(self, given: Given) -> Iterator[float]:
        activation, past = ACTIVATIONS[self.activation], self.start
        yield past
        for time, x in enumerate(self.inputs, 1):
            state = activation(self.input_weight * x + self.recurrent_weight * past)
            yield state
            past = given(f"h{time}", state)

    def _errors(self, states: Sequence[float]) -> Numbers:
        if len(self.targets) == len(states):
            return tuple(state - target for state, target in zip(states, self.targets, strict=True))
        last = states[-1] - self.targets[0] if self.targets else 1
        return (0,) * (len(states) - 1) + (last,)

    def _gradients(self, given: Given, errors: Sequence[float], slopes: Sequence[float]) -> Numbers:
        """From the last step back to the first, returned from the first step on."""
        found: list[float] = []
        later = 0.0
        for time in range(len(errors), 0, -1):
            gradient = errors[time - 1] + later
            found.insert(0, gradient)
            later = self.recurrent_weight * slopes[time - 1] * given(f"d{time}", gradient)
        return tuple(found)

    def _from(self, gradients: Sequence[float], slopes: Sequence[float] | None = None) -> MistakeValues:
        """What wrong derivatives for the states lead to."""
        parts = tuple(map(_product, gradients, slopes or self.slopes))
        values = {f"d{time}": gradient for time, gradient in enumerate(gradients, 1)}
        values |= {"du": dot(parts, self.states[:-1]), "dv": dot(parts, self.inputs)}
        values["dh0"] = self.recurrent_weight * parts[0]
        if self.reach:
            values["truncated"] = dot(parts[-self.reach :], self.states[-self.reach - 1 : -1])
        return {blank: value for blank, value in values.items() if blank in self._keys(Given())}

    def _terms(self, factors: Sequence[float]) -> Numbers:
        """What each step contributes to the gradient of a weight."""
        return tuple(map(_product, map(_product, self.gradients, self.slopes), factors))

    def _weights(self, wrong: Callable[[Numbers], float]) -> MistakeValues:
        """What another way of putting the contributions together leads to."""
        values = {"du": wrong(self._terms(self.states[:-1]))}
        return values | {"dv": wrong(self._terms(self.inputs))} if "dv" in self._keys(Given()) else values

    @mistake("The weight is used in every step: the earlier steps contribute too.")
    def only_last_step(self) -> MistakeValues:
        return self._weights(lambda terms: terms[-1])

    @mistake("On its way back through each step the gradient is multiplied by the recurrent weight.")
    def forgets_power_factor(self) -> MistakeValues:
        return self._from([sum(self.errors[time:]) for time in range(len(self.errors))])

    @mistake("The contributions of the steps are added: only along one path there is a product.")
    def product_instead_of_sum(self) -> MistakeValues:
        return self._weights(math.prod)

    @mistake("Each step back also passes the derivative of the activation.")
    def ignores_activation_derivative(self) -> MistakeValues:
        if self.activation == "identity":
            return None
        ones = (1,) * len(self.inputs)
        return self._from(self._gradients(Given(), self.errors, ones), ones)

    @mistake("The recurrent weight multiplies the state of the step before, not that of the same step.")
    def uses_new_state(self) -> MistakeValues:
        return {"du": sum(self._terms(self.states[1:]))}

    @mistake("Every step has a loss of its own, which joins what comes from later steps.")
    def only_last_loss(self) -> MistakeValues:
        if len(self.targets) < 2:
            return None
        errors = (0,) * (len(self.errors) - 1) + self.errors[-1:]
        return self._from(self._gradients(Given(), errors, self.slopes))

    @mistake("A state also acts through all later states, not only on the loss of its own step.")
    def only_own_losses(self) -> MistakeValues:
        return self._from(self.errors) if len(self.targets) > 1 else None

    @mistake("The derivative of the loss is the state minus the target.")
    def turns_error_round(self) -> MistakeValues:
        return self._from([-gradient for gradient in self.gradients]) if self.targets else None

    @mistake("The derivative for the state before the first step passes that step too.")
    def stops_at_first_state(self) -> MistakeValues:
        return {"dh0": self.gradients[0]} if "dh0" in self._keys(Given()) else None

    @mistake("Truncated, the steps before the last {reach} contribute nothing.")
    def goes_all_the_way(self) -> MistakeValues:
        return {"truncated": sum(self._terms(self.states[:-1]))} if self.reach else None

    @mistake("Truncated, the last {reach} steps contribute, among them the very last.")
    def goes_one_step_less(self) -> MistakeValues:
        if self.reach < 2:
            return None
        return {"truncated": sum(self._terms(self.states[:-1])[-self.reach + 1 :])}

    @mistake("Truncated, the last {reach} steps contribute; one more is too many.")
    def goes_one_step_more(self) -> MistakeValues:
        if not self.reach:
            return None
        return {"truncated": sum(self._terms(self.states[:-1])[-self.reach - 1 :])}


def _matrix(rng: Random, rows: int, columns: int) -> Matrix:
    return tuple(tuple(rng.choices([-1, 0, 1, 1, 2, 2], k=columns)) for _ in range(rows))


def _has_shape(matrix: Sequence[Sequence[float]], rows: int, columns: int) -> bool:
    return len(matrix) == rows and all(len(row) == columns for row in matrix)


def _largest(numbers: Sequence[float]) -> int:
    """The place of the largest number, the first one of equals."""
    return max(range(len(numbers)), key=lambda place: numbers[place])


def _bare(values: Numbers, is_vector: object) -> Any:
    """The value of a blank: a number for a single unit."""
    return values if is_vector else values[0]


def _entries(value: Any) -> Numbers:
    """The other way round."""
    return value if isinstance(value, tuple) else (value,)


def _product(left: float, right: float) -> float:
    return left * right
