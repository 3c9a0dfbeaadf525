"""Gradient descent with momentum: the heavy ball in its written forms, and Nesterov's look-ahead."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import NamedTuple, Self

from ...answers import Answer, Real
from ...question import Given, MistakeValues, Question, mistake
from .quadratic import Marks, Points, latex_product, on_parabola, parabola

LARGEST_PARAMETER = 20
LARGEST_VALUE = 1000
GRADIENTS = (-4, -3, -2, -1, 1, 2, 3, 4)
LETTERS = {"classical": "v", "buffer": "b", "average": "m", "change": "v", "constant": "v"}
Amounts = tuple[float, float, float]
"""The factors of the past velocity and of the gradient in the new velocity, and of the velocity in a step."""


class MomentumStep(Question):
    """Steps of gradient descent with momentum, in the written form that is declared.

    At level 1 one step from a given velocity is asked, at level 2 a table of three steps, at level 3 how two
    forms part when the rate changes, or what becomes of the velocity under a constant gradient.

    Source: Sutskever et al. 2013, On the importance of initialization and momentum in deep learning, section
    2; Goodfellow, Bengio & Courville 2016, Deep Learning, section 8.3.2; torch.optim.SGD.
    """

    title = "Gradient descent with momentum"
    minutes = {1: 2, 2: 6, 3: 6}

    form: str
    """`classical` for v = μv − ηg, `buffer` for b = μb + g as in PyTorch, `average` for m = μm + (1 − μ)g;
    `change` compares the first two, and `constant` has the first one under a constant gradient."""
    momentum: float
    rates: tuple[float, ...]
    """The learning rate of each step; only that of a last step after a `change` is another one."""
    start: int
    velocity: int
    """The velocity before the first step."""
    gradients: tuple[int, ...]
    """The gradient of each step; none where they follow from a loss a(w − c)²."""
    coefficient: int
    """The factor a of the loss, or 0."""
    minimum: int

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        momentum, rate = rng.choice([0.5, 0.9]), rng.choice([0.1, 0.2, 0.5])
        start, form = rng.randint(-4, 4), rng.choice(["classical", "buffer", "average"])
        if level == 1:
            velocity, gradient = rng.choice(GRADIENTS), rng.choice(GRADIENTS)
            return cls(form, momentum, (rate,), start, velocity, (gradient,), 0, 0)
        if level == 3 and rng.random() < 0.5:
            gradient, steps = rng.choice(GRADIENTS), rng.randint(3, 6)
            return cls("constant", rng.choice([0.5, 0.8, 0.9]), (rate,) * steps, 0, 0, (gradient,), 0, 0)
        loss = rng.randint(1, 2), rng.randint(-3, 3)
        if level == 3:
            rates = rng.choice([(0.1, 0.1, 0.01), (0.1, 0.1, 0.05), (0.2, 0.2, 0.02), (0.2, 0.2, 0.1)])
            return cls("change", momentum, rates, start, 0, (), *loss)
        if rng.random() < 0.5:
            return cls(form, momentum, (rate,) * 3, start, 0, tuple(rng.choices(GRADIENTS, k=3)), 0, 0)
        return cls(form, momentum, (rng.choice([0.1, 0.2]),) * 3, start, 0, (), *loss)

    def flaw(self) -> str | None:
        if self.form not in LETTERS:
            return f"form is one of {', '.join(LETTERS)}"
        if not 1 <= len(self.rates) <= (10 if self.form == "constant" else 4):
            return "one to four steps, or to ten under a constant gradient, are taken"
        if not 0.1 <= self.momentum <= 0.99 or not all(0.001 <= rate <= 1 for rate in self.rates):
            return "the momentum goes from 0.1 to 0.99, and rates from 0.001 to 1"
        if any(abs(number - round(number, 3)) > 1e-12 for number in (self.momentum, *self.rates)):
            return "momentum and rates have at most three decimals"
        places = (self.start, self.velocity, self.minimum, *self.gradients)
        if max(map(abs, places)) > LARGEST_PARAMETER or not 0 <= self.coefficient <= LARGEST_PARAMETER:
            return f"start, velocity, gradients, coefficient and minimum go up to {LARGEST_PARAMETER}"
        if bool(self.gradients) == bool(self.coefficient) or 0 in self.gradients:
            return "either gradients that are not zero, or the positive coefficient of a loss, are given"
        if self.coefficient and any(abs(row.gradient) < 1e-9 for row in self.rows):
            return "a gradient is zero"
        if self.form == "change":
            return self._change_flaw()
        if len({*self.rates}) != 1:
            return "all steps have one rate unless it changes"
        if self.form == "constant":
            resting = not self.start and not self.velocity and len(self.gradients) == 1
            return None if resting else "a constant gradient is one number, and start and velocity are 0"
        if len(self.gradients) not in ({1} if len(self.rates) == 1 else {0, len(self.rates)}):
            return "each step has one gradient, or none where they follow from a loss; a single step has one"
        if max(abs(number) for row in self.rows for number in row) > LARGEST_VALUE:
            return "the steps lead too far away"
        return None

    def _change_flaw(self) -> str | None:
        if len(self.rates) != 3 or len({*self.rates[:2]}) != 1 or self.rates[1] == self.rates[2]:
            return "the rate changes before the last of three steps"
        if self.gradients or self.velocity:
            return "a change is shown on a loss, from rest"
        if abs(self.rows[1].velocity) < 1e-9:
            return "the velocity is zero where the rate changes"
        return None

    @property
    def rate(self) -> float:
        """The rate of the first step."""
        return self.rates[0]

    @property
    def steps(self) -> int:
        """The number of steps."""
        return len(self.rates)

    @property
    def letter(self) -> str:
        """The letter of the velocity in this form."""
        return LETTERS[self.form]

    @property
    def loss(self) -> str:
        """The loss in LaTeX."""
        return latex_product(self.coefficient, "w", self.minimum) + "^2"

    @property
    def slope(self) -> str:
        """The gradient in LaTeX."""
        return latex_product(2 * self.coefficient, "w", self.minimum)

    @property
    def limit(self) -> float:
        """Where the velocity goes under a constant gradient, or 0."""
        return -self.rate * self.gradients[0] / (1 - self.momentum) if self.form == "constant" else 0.0

    @property
    def rows(self) -> tuple[Row, ...]:
        """Gradient, velocity and weight of each step."""
        return tuple(self._walk(Given()))

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.form == "change":
            return {blank: Real(value, 4) for blank, value in self._parting(given).items()}
        if self.form == "constant":
            return self._constant(given)
        answers: dict[str, Answer] = {}
        for time, row in enumerate(self._walk(given), 1):
            asked = {"v": row.velocity, "w": row.weight}
            asked = {"g": row.gradient, **asked} if self.coefficient else asked
            decimals = 4 if self.steps > 1 else 2
            answers |= {f"{name}{time}": Real(value, decimals) for name, value in asked.items()}
        return answers

    def _gradient(self, weight: float, time: int) -> float:
        if self.coefficient:
            return 2 * self.coefficient * (weight - self.minimum)
        return float(self.gradients[min(time, len(self.gradients)) - 1])

    @property
    def _amounts(self) -> Amounts:
        if self.form in {"buffer", "average"}:
            return self.momentum, 1 if self.form == "buffer" else 1 - self.momentum, -self.rate
        return self.momentum, -self.rate, 1

    def _walk(
        self, given: Given, amounts: Amounts | None = None, velocity: float | None = None
    ) -> Iterator[Row]:
        weight = float(self.start)
        velocity = self.velocity if velocity is None else velocity
        past, new, share = amounts or self._amounts
        for time in range(1, self.steps + 1):
            gradient = self._gradient(weight, time)
            moved = past * velocity + new * given(f"g{time}", gradient)
            velocity = given(f"v{time}", moved)
            weight += share * velocity
            yield Row(gradient, moved, weight)
            weight = given(f"w{time}", weight)

    def _parting(self, given: Given) -> dict[str, float]:
        """The weights of two steps at one rate, and of a third step at another one by either form."""
        rate, _, last = self.rates
        first = self.start - rate * self._gradient(self.start, 1)
        own_first = given("w1", first)
        second = own_first + self.momentum * (own_first - self.start) - rate * self._gradient(own_first, 2)
        own_second = given("w2", second)
        past = self.momentum * (own_second - own_first)
        new = last * self._gradient(own_second, 3)
        return {
            "w1": first,
            "w2": second,
            "classical": own_second + past - new,
            "buffer": own_second + last / rate * past - new,
        }

    def _constant(self, given: Given) -> dict[str, Answer]:
        velocity = self.limit * (1 - self.momentum**self.steps)
        effective = -given("limit", self.limit) / self.gradients[0]
        return {"velocity": Real(velocity, 4), "limit": Real(self.limit, 4), "effective": Real(effective, 4)}

    def _wrong(self, past: float, new: float, share: float, velocity: float | None = None) -> MistakeValues:
        """What steps with other factors lead to."""
        if self.form in {"change", "constant"}:
            return None
        values: dict[str, float] = {}
        for time, row in enumerate(self._walk(Given(), (past, new, share), velocity), 1):
            values |= {f"v{time}": row.velocity, f"w{time}": row.weight}
            if self.coefficient:
                values[f"g{time}"] = row.gradient
        return values

    @mistake("In this form the gradient is not multiplied by 1 − μ: the velocity is a sum, not an average.")
    def ema_for_heavy_ball(self) -> MistakeValues:
        past, new, share = self._amounts
        if self.form == "constant":
            limit = -self.rate * self.gradients[0]
            return self.consequences(velocity=limit * (1 - past**self.steps), limit=limit)
        return self._wrong(past, (1 - past) * new, share) if self.form != "average" else None

    @mistake("In this form the velocity is an average: the gradient is multiplied by 1 − μ.")
    def heavy_ball_for_ema(self) -> MistakeValues:
        past, _, share = self._amounts
        return self._wrong(past, 1, share) if self.form == "average" else None

    @mistake("This is plain gradient descent: the share μ of the past velocity is kept.")
    def no_velocity_memory(self) -> MistakeValues:
        _, new, share = self._amounts
        return self._ending(0, self.rates[-1]) if self.form == "change" else self._wrong(0, new, share)

    @mistake("The step goes against the gradient: mind the minus sign.")
    def sign_of_gradient(self) -> MistakeValues:
        past, new, share = self._amounts
        if self.form == "constant":
            return {"velocity": -self.rows[-1].velocity, "limit": -self.limit}
        return self._wrong(past, -new, share) if self.form == "classical" else self._wrong(past, new, -share)

    @mistake("The weight moves by the new velocity, not by the one of the step before.")
    def velocity_after_update(self) -> MistakeValues:
        if self.form in {"change", "constant"}:
            return None
        past, new, share = self._amounts
        weight, velocity, values = float(self.start), float(self.velocity), {}
        for time in range(1, self.steps + 1):
            weight += share * velocity
            velocity = past * velocity + new * self._gradient(weight, time)
            values[f"w{time}"] = weight
        return values

    @mistake("The momentum μ multiplies the past velocity, not the gradient.")
    def mu_on_gradient(self) -> MistakeValues:
        past, new, share = self._amounts
        if self.form == "average":
            return self._wrong(1 - past, past, share)
        return self._wrong(1, past * new, share)

    @mistake("The rate is in the velocity already: the velocity itself is added to the weight.")
    def rate_twice(self) -> MistakeValues:
        past, new, _ = self._amounts
        return self._wrong(past, new, self.rate) if self.form == "classical" else None

    @mistake("In this form the velocity has no rate: it is multiplied by the rate {rate} in the step.")
    def forgets_rate(self) -> MistakeValues:
        past, new, _ = self._amounts
        return self._wrong(past, new, -1) if self.form in {"buffer", "average"} else None

    @mistake("The velocity is {velocity} before the first step, not 0.")
    def starts_at_rest(self) -> MistakeValues:
        return self._wrong(*self._amounts, velocity=0) if self.velocity else None

    @mistake("The forms are swapped: where the velocity contains the rate, its past steps keep the old rate.")
    def forms_swapped(self) -> MistakeValues:
        if self.form != "change":
            return None
        values = self._parting(Given())
        return {"classical": values["buffer"], "buffer": values["classical"]}

    @mistake("The last step has the new rate {last_rate}.")
    def keeps_rate(self) -> MistakeValues:
        return self._ending(self.momentum, self.rate) if self.form == "change" else None

    def _ending(self, share: float, rate: float) -> MistakeValues:
        """The last weight where both forms keep a share of the velocity and have the same rate."""
        _, before, last = self.rows
        weight = before.weight + share * before.velocity - rate * last.gradient
        return {"classical": weight, "buffer": weight}

    @mistake(
        "The past velocity shrinks by the factor μ in each step, so that equal steps do not just add up."
    )
    def adds_up(self) -> MistakeValues:
        if self.form != "constant":
            return None
        return {"velocity": -self.steps * self.rate * self.gradients[0]}

    @mistake("The first velocity contains no momentum yet, so that the sum of k terms ends with μ^(k − 1).")
    def one_step_less(self) -> MistakeValues:
        if self.form != "constant":
            return None
        return {"velocity": self.limit * (1 - self.momentum ** (self.steps - 1))}

    @mistake("In the limit v = μv − ηg: solved for v, this divides by 1 − μ.")
    def multiplies_by_rest(self) -> MistakeValues:
        if self.form != "constant":
            return None
        return self.consequences(limit=-self.rate * self.gradients[0] * (1 - self.momentum))

    @mistake("In the limit v = μv − ηg: solved for v, this divides by 1 − μ, not by μ.")
    def divides_by_momentum(self) -> MistakeValues:
        if self.form != "constant":
            return None
        return self.consequences(limit=-self.rate * self.gradients[0] / self.momentum)

    @property
    def last_rate(self) -> float:
        """The rate of the last step."""
        return self.rates[-1]

    @property
    def curve(self) -> Points:
        """The loss around the steps, or the limit of the velocity as a line; empty for given gradients."""
        if self.form == "constant":
            return [(0, self.limit), (3 * self.steps, self.limit)]
        weights = [float(self.start), *(row.weight for row in self.rows)]
        return parabola(self.coefficient, self.minimum, weights) if self.coefficient else []

    @property
    def marks(self) -> Marks:
        """The weights on the loss, by name, or the velocities of many steps."""
        if self.form == "constant":
            velocities = [self.limit * (1 - self.momentum**time) for time in range(3 * self.steps + 1)]
            return [{"x": time, "y": velocity} for time, velocity in enumerate(velocities)]
        named = {"w_0": float(self.start)} | {f"w_{t}": row.weight for t, row in enumerate(self.rows, 1)}
        if self.form == "change":
            ends = self._parting(Given())
            named = {"w_0": named["w_0"], "w_1": named["w_1"], "w_2": named["w_2"]}
            named |= {"A": ends["classical"], "B": ends["buffer"]}
        return on_parabola(self.coefficient, self.minimum, named)


class NesterovStep(Question):
    """Steps of gradient descent with Nesterov's momentum, whose gradient is taken at a look-ahead point.

    At level 1 one step from a given velocity is asked, at level 2 a table of steps, at level 3 the iterates
    that PyTorch keeps, or the form with an average in the place of the velocity.

    Source: Nesterov 1983, A method of solving a convex programming problem with convergence rate O(1/k²);
    Sutskever et al. 2013, On the importance of initialization and momentum in deep learning, section 2;
    torch.optim.SGD.
    """

    title = "Nesterov momentum"
    minutes = {1: 3, 2: 7, 3: 8}

    form: str
    """`classical`, `pytorch` for the iterates that PyTorch keeps, or `average` for m = μm + (1 − μ)g."""
    momentum: float
    rate: float
    steps: int
    start: int
    velocity: int
    """The velocity before the first step; an average starts at 0, as PyTorch's buffer does."""
    coefficient: int
    """The factor a of the loss a(w − c)²."""
    minimum: int

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        momentum, rate = rng.choice([0.5, 0.9]), rng.choice([0.1, 0.2])
        start, minimum = rng.sample(range(-4, 5), 2)
        coefficient, steps = rng.randint(1, 3 if level < 3 else 2), {1: 1, 2: 3, 3: rng.choice([2, 3])}[level]
        form = "classical" if level < 3 else rng.choice(["pytorch", "average"])
        if form == "average":
            rate = rng.choice([0.5, 1.0])
        velocity = rng.choice(GRADIENTS) if level == 1 else 0
        return cls(form, momentum, rate, steps, start, velocity, coefficient, minimum)

    def flaw(self) -> str | None:
        if self.form not in {"classical", "pytorch", "average"}:
            return "form is classical, pytorch or average"
        if not 0.1 <= self.momentum <= 0.99 or not 0.001 <= self.rate <= 1:
            return "the momentum goes from 0.1 to 0.99, and the rate from 0.001 to 1"
        if any(abs(number - round(number, 3)) > 1e-12 for number in (self.momentum, self.rate)):
            return "momentum and rate have at most three decimals"
        if not 1 <= self.steps <= 4 or not 1 <= self.coefficient <= LARGEST_PARAMETER:
            return f"one to four steps are taken, and the coefficient goes from 1 to {LARGEST_PARAMETER}"
        if max(map(abs, (self.start, self.velocity, self.minimum))) > LARGEST_PARAMETER:
            return f"start, velocity and minimum go up to {LARGEST_PARAMETER}"
        if self.velocity and self.form != "classical":
            return "only the classical form starts with a velocity"
        if (self.steps == 1 and not self.velocity) or self.start == self.minimum:
            return "one step from rest does not look ahead, and at the minimum there is no step"
        if any(abs(row.gradient) < 1e-9 for row in self.rows):
            return "a gradient is zero"
        if max(abs(number) for row in self.rows for number in row) > LARGEST_VALUE:
            return "the steps lead too far away"
        return None

    @property
    def loss(self) -> str:
        """The loss in LaTeX."""
        return latex_product(self.coefficient, "w", self.minimum) + "^2"

    @property
    def slope(self) -> str:
        """The gradient in LaTeX."""
        return latex_product(2 * self.coefficient, "w", self.minimum)

    @property
    def letter(self) -> str:
        """The letter of the velocity in this form."""
        return {"classical": "v", "pytorch": "b", "average": "m"}[self.form]

    @property
    def rows(self) -> tuple[LookAheadRow, ...]:
        """Look-ahead point or PyTorch's iterate, gradient, velocity and weight of each step."""
        return tuple(self._walk(Given()))

    def follow(self, given: Given) -> dict[str, Answer]:
        answers: dict[str, Answer] = {}
        decimals = 4 if self.steps > 1 else 2
        for time, row in enumerate(self._walk(given), 1):
            asked = {"p": row.point, "g": row.gradient, "v": row.velocity, "w": row.weight}
            if self.form == "pytorch":
                asked = {name: asked[name] for name in "gvpw"}
            answers |= {f"{name}{time}": Real(value, decimals) for name, value in asked.items()}
        return answers

    def _gradient(self, weight: float) -> float:
        return 2 * self.coefficient * (weight - self.minimum)

    @property
    def _amounts(self) -> Amounts:
        average = self.form == "average"
        return (self.momentum, 1 - self.momentum, -self.rate) if average else (self.momentum, -self.rate, 1)

    def _walk(
        self, given: Given, look: Callable[[float, float], float] | None = None
    ) -> Iterator[LookAheadRow]:
        """The steps; `look` finds the look-ahead point from weight and velocity."""
        if self.form == "pytorch":
            yield from self._kept(given)
            return
        past, new, share = self._amounts
        weight, velocity = float(self.start), float(self.velocity)
        for time in range(1, self.steps + 1):
            point = look(weight, velocity) if look else weight + share * past * velocity
            gradient = self._gradient(given(f"p{time}", point))
            moved = past * velocity + new * given(f"g{time}", gradient)
            velocity = given(f"v{time}", moved)
            weight += share * velocity
            yield LookAheadRow(point, gradient, moved, weight)
            weight = given(f"w{time}", weight)

    def _kept(self, given: Given, direct: float = 1, ahead: float | None = None) -> Iterator[LookAheadRow]:
        """PyTorch's steps: the look-ahead point is what is kept, and the classical weight follows from it.

        A step is `direct` times the gradient and `ahead`, by default the momentum, times the buffer.
        """
        point, buffer = float(self.start), 0.0
        for time in range(1, self.steps + 1):
            gradient = self._gradient(point)
            own_gradient = given(f"g{time}", gradient)
            moved = self.momentum * buffer + own_gradient
            buffer = given(f"v{time}", moved)
            step = direct * own_gradient + (self.momentum if ahead is None else ahead) * buffer
            kept = point - self.rate * step
            point = given(f"p{time}", kept)
            yield LookAheadRow(kept, gradient, moved, point + self.rate * self.momentum * buffer)

    def _wrong(self, look: Callable[[float, float], float]) -> MistakeValues:
        """What steps with a wrong look-ahead point lead to."""
        values: dict[str, float] = {}
        for time, row in enumerate(self._walk(Given(), look), 1):
            values |= {f"p{time}": row.point, f"g{time}": row.gradient}
            values |= {f"v{time}": row.velocity, f"w{time}": row.weight}
        return values if self.form != "pytorch" else None

    @mistake("This is the heavy ball: Nesterov takes the gradient at the look-ahead point.")
    def gradient_at_theta(self) -> MistakeValues:
        return self._wrong(lambda weight, _: weight)

    @mistake("Look ahead along the velocity, not along the gradient at the current weight.")
    def lookahead_along_gradient(self) -> MistakeValues:
        return self._wrong(lambda weight, _: weight - self.rate * self.momentum * self._gradient(weight))

    @mistake("Look ahead to where the velocity leads, not back to where it comes from.")
    def wrong_sign_lookahead(self) -> MistakeValues:
        past, _, share = self._amounts
        return self._wrong(lambda weight, velocity: weight - share * past * velocity)

    @mistake("The velocity shrinks by the factor μ in a step: look ahead by μ times the velocity.")
    def lookahead_without_momentum(self) -> MistakeValues:
        share = self._amounts[2]
        return self._wrong(lambda weight, velocity: weight + share * velocity)

    @mistake("This is the next look-ahead point, which PyTorch reports; the weight itself was asked.")
    def pytorch_iterate(self) -> MistakeValues:
        past, _, share = self._amounts
        if self.form == "pytorch":
            return {f"w{time}": row.point for time, row in enumerate(self.rows, 1)}
        return {f"w{t}": row.weight + share * past * row.velocity for t, row in enumerate(self.rows, 1)}

    @mistake("With nesterov=True the step is gradient plus μ times the new buffer; this is plain momentum.")
    def plain_buffer(self) -> MistakeValues:
        return self._kept_by(direct=0, ahead=1)

    @mistake("The step takes the gradient and μ times the buffer, not the whole buffer.")
    def buffer_in_full(self) -> MistakeValues:
        return self._kept_by(direct=1, ahead=1)

    def _kept_by(self, direct: float, ahead: float) -> MistakeValues:
        """PyTorch's values with a wrong step."""
        if self.form != "pytorch":
            return None
        values: dict[str, float] = {}
        for time, row in enumerate(self._kept(Given(), direct, ahead), 1):
            values |= {f"g{time}": row.gradient, f"v{time}": row.velocity, f"p{time}": row.point}
        return values

    @mistake("The look-ahead point lies ahead of the weight: go back from it, against the velocity.")
    def goes_on(self) -> MistakeValues:
        if self.form != "pytorch":
            return None
        back = self.rate * self.momentum
        return {f"w{time}": row.point - back * row.velocity for time, row in enumerate(self.rows, 1)}

    @property
    def curve(self) -> Points:
        """The loss around the steps."""
        return parabola(self.coefficient, self.minimum, [float(mark["x"]) for mark in self.marks])

    @property
    def marks(self) -> Marks:
        """The weights and the look-ahead points on the loss."""
        letter = "p" if self.form != "pytorch" else r"\varphi"
        named = {"w_0": float(self.start)} | {f"w_{t}": row.weight for t, row in enumerate(self.rows, 1)}
        ahead = {f"{letter}_{time}": row.point for time, row in enumerate(self.rows, 1)}
        loss = self.coefficient, self.minimum
        return [*on_parabola(*loss, named), *on_parabola(*loss, ahead, mark="circle")]


class Row(NamedTuple):
    """What a step with momentum has and reaches."""

    gradient: float
    velocity: float
    weight: float


class LookAheadRow(NamedTuple):
    """What a step of Nesterov has and reaches."""

    point: float
    gradient: float
    velocity: float
    weight: float
