"""Hyperplanes, and the linear pieces of networks of ReLU units."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from random import Random
from typing import Self

from ...answers import Answer, Integer, Real, ShortText, Vector
from ...question import Given, MistakeValues, Question, mistake
from ..numbers import dot

Values = tuple[float, ...]
Line = tuple[tuple[float, float], tuple[float, float]]

PLOT_RATIO = 1.6
"""The width of a plot over its height: with ranges in this ratio, right angles look right."""
LARGEST_COORDINATE = 12
PLANE_NORMALS = ((3, 4), (6, 8), (5, 12))
SPACE_NORMALS = ((1, 2, 2), (2, 3, 6), (1, 4, 8), (4, 4, 7), (2, 4, 4))
"""Vectors whose norms are whole numbers."""
SIDES = ("positive", "negative")


class HyperplaneGeometry(Question):
    """Distances from a hyperplane, and the bias that puts it where it is wanted.

    At level 1 it is a line, with the side on which a point lies, at level 2 a plane in space, at level 3 the
    nearest point is sought, or the bias for which the boundary has a given place.

    Source: Bishop 2006, Pattern Recognition and Machine Learning, section 4.1.1.
    """

    title = "Geometry of a linear classifier"
    minutes = {1: 2, 2: 4, 3: 6}

    form: str
    """`side` of a line, `space`, `foot` for the nearest point, `through` a point, or `offset` from it."""
    normal: tuple[int, ...]
    """The weights."""
    bias: int
    """0 where it is asked."""
    point: tuple[int, ...]
    distance: float
    """Of the point from the boundary where the bias is asked for it, and else 0."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        form = {1: "side", 2: "space", 3: rng.choice(["foot", "through", "offset"])}[level]
        width = {"side": 2, "space": 3, "through": 2}.get(form) or rng.choice([2, 2, 3])
        sizes = rng.choice(PLANE_NORMALS if width == 2 else SPACE_NORMALS)
        if form in {"foot", "through"}:
            sizes = tuple(rng.randint(1, 5 if form == "foot" else 6) for _ in range(width))
        normal = tuple(rng.choice([-1, 1]) * size for size in rng.sample(sizes, width))
        point = tuple(rng.randint(-6, 6) for _ in range(width))
        bias = 0 if form in {"through", "offset"} else rng.randint(-10, 10)
        distance = rng.choice([0.5, 1, 1.5, 2, 3, 4]) if form == "offset" else 0.0
        return cls(form, normal, bias, point, distance)

    def flaw(self) -> str | None:
        widths = {"side": {2}, "space": {3, 4}, "foot": {2, 3}, "through": {2}, "offset": {2, 3}}
        if self.form not in widths:
            return f"form is one of {', '.join(widths)}"
        if len(self.normal) not in widths[self.form] or len(self.point) != len(self.normal):
            return (
                "weights and point have two entries, for space three or four, for foot and offset also three"
            )
        if not all(abs(entry) <= LARGEST_COORDINATE for entry in (*self.normal, *self.point, self.bias)):
            return f"weights, bias and coordinates go from -{LARGEST_COORDINATE} to {LARGEST_COORDINATE}"
        if not all(self.normal) or not any(self.point):
            return "a weight is 0, or the point is the origin"
        if self.form in {"through", "offset"}:
            return self._bias_flaw()
        if self.distance or not self.bias:
            return "no distance is given, and the boundary does not pass through the origin"
        score = abs(self.score)
        if not score or not dot(self.normal, self.point) or score == abs(self.bias):
            return "the point is on the boundary or beside the origin"
        return None

    def _bias_flaw(self) -> str | None:
        if self.bias or (self.form == "offset") != (self.distance > 0):
            return "the bias is 0, as it is asked, and offset takes a distance"
        if not dot(self.normal, self.point):
            return "the bias that is asked is 0, or both have the same size"
        if self.form == "through":
            return None if all(self.point) else "the point is on an axis"
        if self.distance > 10 or self.distance * 2 != int(self.distance * 2):
            return "the distance goes to 10, in halves"
        if self.norm != int(self.norm) or not all(self.biases):
            return "the norm of the weights is not whole, or a bias is 0"
        return None

    @property
    def norm(self) -> float:
        """The norm of the weights."""
        return math.sqrt(dot(self.normal, self.normal))

    @property
    def score(self) -> float:
        """The weights times the point, plus the bias."""
        return dot(self.normal, self.point) + self.bias

    @property
    def signed(self) -> float:
        """The signed distance of the point."""
        return self.score / self.norm

    @property
    def foot(self) -> Values:
        """The point of the boundary that is nearest to the given one."""
        return self._foot(self.signed)

    def _foot(self, signed: float) -> Values:
        return tuple(x - signed * w / self.norm for x, w in zip(self.point, self.normal, strict=True))

    @property
    def biases(self) -> tuple[float, float]:
        """The two biases for which the point has the given distance, the smaller one first."""
        product, shift = dot(self.normal, self.point), self.distance * self.norm
        return -product - shift, -product + shift

    @property
    def passing(self) -> float:
        """The bias of the boundary through the point, or the given one."""
        return -dot(self.normal, self.point) if self.form == "through" else self.bias

    def _intercepts(self, bias: float) -> Values:
        return tuple(-bias / weight for weight in self.normal)

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.form == "side":
            own = given("distance", self.signed)
            return {
                "distance": Real(self.signed, 2),
                "side": ShortText(SIDES[own < 0], SIDES),
                "origin": Real(abs(self.bias) / self.norm, 2),
            }
        if self.form == "space":
            own_norm = given("norm", self.norm)
            return {
                "norm": Real(self.norm, 3) if self.norm != int(self.norm) else Integer(int(self.norm)),
                "distance": Real(self.score / own_norm, 3),
                "origin": Real(abs(self.bias) / own_norm, 3),
            }
        if self.form == "foot":
            foot = self._foot(given("distance", self.signed))
            return {"distance": Real(self.signed, 3), "foot": Vector(foot, 3)}
        if self.form == "through":
            own_bias = given("bias", self.passing)
            return {
                "bias": Integer(round(self.passing)),
                "origin": Real(abs(own_bias) / self.norm, 3),
                "intercepts": Vector(self._intercepts(own_bias), 3),
            }
        return {"biases": Vector(self.biases, 1)}

    def _by_distance(self, signed: float) -> MistakeValues:
        """What a wrong distance of the point leads to, without the norm being wrong."""
        if self.form in {"through", "offset"}:
            return None
        return self.consequences(distance=signed)

    @mistake("This is the score; divide it by the norm of the weights to have a distance.")
    def no_norm(self) -> MistakeValues:
        if self.form == "offset":
            product = -dot(self.normal, self.point)
            return {"biases": (product - self.distance, product + self.distance)}
        return self._by_distance(self.score)

    @mistake("The bias belongs to the score: the boundary need not pass through the origin.")
    def forgets_bias(self) -> MistakeValues:
        return self._by_distance(dot(self.normal, self.point) / self.norm)

    @mistake("Divide by the norm of the weights, not by its square.")
    def norm_squared(self) -> MistakeValues:
        if self.form == "space":
            return self.consequences(norm=self.norm**2)
        return self._by_distance(self.score / self.norm**2)

    @mistake("The norm is the root of the sum of squares, not the sum of the absolute values.")
    def l1_norm(self) -> MistakeValues:
        total = sum(map(abs, self.normal))
        return (
            self.consequences(norm=total) if self.form == "space" else self._by_distance(self.score / total)
        )

    @mistake("A signed distance is negative on the side from which the weights point away.")
    def distance_without_sign(self) -> MistakeValues:
        return self._by_distance(abs(self.signed))

    @mistake("The bias is added to the product of weights and point, with its own sign.")
    def bias_subtracted(self) -> MistakeValues:
        return self._by_distance((self.score - 2 * self.bias) / self.norm)

    @mistake("The origin has the score b: divide its absolute value by the norm of the weights.")
    def origin_without_norm(self) -> MistakeValues:
        return {"origin": abs(self.passing)} if self.form in {"side", "space", "through"} else None

    @mistake("The distance of the boundary from the origin is that of the boundary, not of the point.")
    def distance_between_points(self) -> MistakeValues:
        if self.form not in {"side", "space", "through"}:
            return None
        return {"origin": math.sqrt(dot(self.point, self.point))}

    @mistake("Go from the point towards the boundary: subtract the signed distance times the unit normal.")
    def foot_on_other_side(self) -> MistakeValues:
        return {"foot": self._foot(-self.signed)} if self.form == "foot" else None

    @mistake("The step to the boundary takes the unit normal: divide the weights by their norm.")
    def normal_not_normalised(self) -> MistakeValues:
        return {"foot": self._foot(self.signed * self.norm)} if self.form == "foot" else None

    @mistake("The score of the point is to be 0: the bias is minus the product of weights and point.")
    def bias_turned_round(self) -> MistakeValues:
        if self.form == "offset":
            return {"biases": tuple(sorted(-bias for bias in self.biases))}
        return self.consequences(bias=-self.passing) if self.form == "through" else None

    @mistake("On an axis, only one coordinate is not 0: wx + b = 0 gives −b/w, with a minus.")
    def intercepts_turned_round(self) -> MistakeValues:
        return {"intercepts": self._intercepts(-self.passing)} if self.form == "through" else None

    @mistake("The intercept is the bias over the weight, not the weight over the bias.")
    def intercepts_upside_down(self) -> MistakeValues:
        if self.form != "through":
            return None
        return {"intercepts": tuple(1 / x for x in self._intercepts(self.passing))}

    @mistake("These boundaries lie on both sides of the origin; the distance is that from the point.")
    def offset_from_origin(self) -> MistakeValues:
        shift = self.distance * self.norm
        return {"biases": (-shift, shift)} if self.form == "offset" else None

    @property
    def reach(self) -> float:
        """The largest second coordinate of the figure."""
        places = [*self.point, *(self.foot if self.form in {"side", "foot"} else ())]
        if self.form == "through":
            places += [min(abs(x), 12) for x in self._intercepts(self.passing)]
        return max(map(abs, places)) + 1.5

    @property
    def lines(self) -> list[dict[str, object]]:
        """The boundary in the plane, or both of them, and the way from the point to it."""
        if len(self.normal) != 2:
            return []
        first, second = self.normal
        biases = self.biases if self.form == "offset" else (self.passing,)
        lines: list[object] = [boundary((first, second), bias, self.reach) for bias in biases]
        lines += [(self.point, self.foot)] if self.form in {"side", "foot"} else []
        return [{"points": points} for points in lines]

    @property
    def marks(self) -> list[dict[str, object]]:
        """The point, and the one of the boundary that is nearest to it."""
        named: dict[Values, str] = {self.point[:2]: "$p$" if self.form == "through" else "$x$"}
        named |= {self.foot[:2]: ""} if self.form in {"side", "foot"} else {}
        return [{"x": x, "y": y, "label": label} for (x, y), label in named.items()]


class ReluElbow(Question):
    """Where a network of one input and one hidden layer of ReLU units bends, and how steep it is between.

    At level 1 there is one unit, at level 2 two or three, at level 3 up to four with coincident elbows, whose
    pieces are counted, or the units are to be found from values of the function.

    Source: Goodfellow, Bengio & Courville 2016, Deep Learning, section 6.4.1; Montúfar et al. 2014, On the
    number of linear regions of deep neural networks, section 2.
    """

    title = "Elbows of ReLU units"
    minutes = {1: 2, 2: 5, 3: 7}

    form: str
    """`unit`, `units`, `pieces` to be counted, or `inverse`, where all weights of the input are 1."""
    weights: tuple[int, ...]
    """What each unit multiplies the input by."""
    biases: tuple[int, ...]
    outputs: tuple[int, ...]
    """What the output multiplies each unit by."""
    constant: int
    """The bias of the output."""
    x: float
    """Where the value is asked; 0 for `inverse`."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        form = {1: "unit", 2: "units", 3: rng.choice(["pieces", "pieces", "inverse"])}[level]
        size = {"unit": 1, "units": rng.choice([2, 3]), "pieces": rng.choice([3, 4]), "inverse": 3}[form]
        outputs = [rng.choice([-3, -2, -1, 1, 2, 3]) for _ in range(size)]
        elbows = rng.sample(range(-3, 5), size)
        if form == "inverse":
            biases = tuple(-elbow for elbow in sorted(elbows))
            return cls(form, (1,) * size, biases, tuple(outputs), rng.randint(-3, 5), 0.0)
        weights = [rng.choice([-3, -2, -1, 1, 2, 3]) for _ in range(size)]
        if form == "pieces":
            elbows[1] = elbows[0]
            if rng.random() < 0.5:  # at this elbow, the function does not bend
                weights[1], outputs[1] = rng.choice([-1, 1]) * weights[0], -outputs[0]
        biases = tuple(-weight * elbow for weight, elbow in zip(weights, elbows, strict=True))
        constant = rng.randint(-4, 4) if form == "pieces" else 0
        question = cls(form, tuple(weights), biases, tuple(outputs), constant, 0.0)
        places = [x + 0.5 for x in range(-4, 5)]
        return replace(question, x=rng.choice([x for x in places if max(question.scores(x)) > 0]))

    def flaw(self) -> str | None:
        sizes = {"unit": (1, 1), "units": (2, 4), "pieces": (3, 5), "inverse": (2, 4)}
        if self.form not in sizes:
            return f"form is one of {', '.join(sizes)}"
        least, most = sizes[self.form]
        if not least <= self.size <= most or {len(self.biases), len(self.outputs)} != {self.size}:
            return f"{least} to {most} units are wanted, each with a weight, a bias and an output weight"
        if not all(0 < abs(weight) <= 5 for weight in (*self.weights, *self.outputs)):
            return "weights go from -5 to 5 and are not 0"
        if any(b % w or abs(b // w) > 6 for w, b in zip(self.weights, self.biases, strict=True)):
            return "each weight divides its bias, and elbows go from -6 to 6"
        if abs(self.constant) > 10 or (self.constant and self.form in {"unit", "units"}):
            return "the constant goes from -10 to 10, and is 0 for unit and units"
        if self.form == "inverse":
            return self._inverse_flaw()
        if not abs(self.x) <= 9 or self.x * 2 != int(self.x * 2) or self.x in self.corners:
            return "x goes from -9 to 9 in halves, and is no elbow"
        if max(self.at_x) <= 0:
            return "no unit is active where the value is asked"
        if self.form == "units" and len(self.corners) < self.size:
            return "two elbows are equal"
        return "the function has no elbow" if len({*self.slopes}) == 1 else None

    def _inverse_flaw(self) -> str | None:
        if self.x or {*self.weights} != {1} or sorted({*self.elbows}) != list(self.elbows):
            return "for inverse, weights are 1, elbows ascend, and x is 0"
        if self.elbows[-1] - self.elbows[0] > 8 or max(abs(y) for _, y in self.values) > 40:
            return "the table would be too wide, or its values too large"
        return None

    @property
    def size(self) -> int:
        """The number of units."""
        return len(self.weights)

    @property
    def elbows(self) -> tuple[int, ...]:
        """Where each unit bends."""
        return tuple(-b // w for w, b in zip(self.weights, self.biases, strict=True))

    @property
    def corners(self) -> tuple[float, ...]:
        """The different elbows from left to right."""
        return tuple(sorted({*self.elbows}))

    @property
    def steepness(self) -> tuple[int, ...]:
        """The slope of each unit's share where it is active."""
        return tuple(a * w for a, w in zip(self.outputs, self.weights, strict=True))

    @property
    def slopes(self) -> tuple[int, ...]:
        """The slope between the elbows, from left to right."""
        return self._slopes(self.elbows, self.steepness)

    def _slopes(
        self, elbows: Values, steepness: tuple[int, ...], signs: tuple[int, ...] | None = None
    ) -> tuple[int, ...]:
        """The sum of the active units' slopes on each interval between the elbows."""
        corners = sorted({*elbows})
        middles = [
            (left + right) / 2 for left, right in pairwise([corners[0] - 2, *corners, corners[-1] + 2])
        ]
        units = list(zip(elbows, signs or self.weights, steepness, strict=True))
        return tuple(
            sum(slope for elbow, sign, slope in units if sign * (middle - elbow) > 0) for middle in middles
        )

    def value(self, x: float) -> float:
        """The value of the function."""
        return self.constant + sum(a * max(0, z) for a, z in zip(self.outputs, self.scores(x), strict=True))

    def scores(self, x: float) -> Values:
        """What each unit takes the ReLU of."""
        return tuple(w * x + b for w, b in zip(self.weights, self.biases, strict=True))

    @property
    def values(self) -> tuple[tuple[int, int], ...]:
        """The table of the inverse question: whole numbers around the elbows, and the function there."""
        places = range(int(self.corners[0]) - 2, int(self.corners[-1]) + 3)
        return tuple((x, round(self.value(x))) for x in places)

    @property
    def pieces(self) -> int:
        """The number of linear pieces."""
        return _pieces(self.slopes)

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.form == "unit":
            return self._one_unit(given)
        answers: dict[str, Answer] = {"elbows": Vector(self.elbows)}
        if self.form == "inverse":
            return answers | {"outputs": Vector(self.outputs), "constant": Integer(self.constant)}
        slopes = self._slopes(given("elbows", self.elbows), self.steepness)
        if len(slopes) != len(self.slopes):
            raise ValueError("these elbows make another number of intervals")
        answers |= {"slopes": Vector(slopes), "value": Real(self.value(self.x), 1)}
        if self.form == "pieces":
            answers["pieces"] = Integer(_pieces(given("slopes", slopes)))
        return answers

    def _one_unit(self, given: Given) -> dict[str, Answer]:
        """The value of one unit follows from its elbow and its slope."""
        elbow, slopes = self.elbows[0], self.slopes
        distance = self.x - given("elbow", elbow)
        value = given("slopes", slopes)[distance > 0] * distance
        return {"elbow": Integer(elbow), "slopes": Vector(slopes), "value": Real(value, 1)}

    def _by_elbows(self, elbows: tuple[int, ...]) -> MistakeValues:
        if self.form == "inverse":
            return {"elbows": elbows}
        if self.form == "unit":
            return self.consequences(elbow=elbows[0])
        same = len({*elbows}) == len(self.corners)
        return self.consequences(elbows=elbows) if same else {"elbows": elbows}

    def _by_slopes(self, slopes: tuple[int, ...]) -> MistakeValues:
        return self.consequences(slopes=slopes) if self.form != "inverse" else None

    @mistake("The unit bends where wx + b = 0, that is, at x = −b/w, with a minus.")
    def elbow_plus(self) -> MistakeValues:
        return self._by_elbows(tuple(-elbow for elbow in self.elbows))

    @mistake("The elbow is not the bias: solve wx + b = 0 for x.")
    def elbow_is_b(self) -> MistakeValues:
        return self._by_elbows(self.biases)

    @mistake("Divide by the weight of the input: the unit bends at x = −b/w.")
    def elbow_is_minus_b(self) -> MistakeValues:
        return self._by_elbows(tuple(-bias for bias in self.biases))

    @mistake(
        "The output multiplies each unit by its weight: an active unit adds the product of both weights."
    )
    def slope_ignores_output_weight(self) -> MistakeValues:
        return self._by_slopes(self._slopes(self.elbows, self.weights))

    @mistake("The slope of an active unit is the product of its two weights; the input's counts as well.")
    def slope_ignores_input_weight(self) -> MistakeValues:
        return self._by_slopes(self._slopes(self.elbows, self.outputs))

    @mistake("Only active units add to the slope: those with wx + b > 0.")
    def all_units_active(self) -> MistakeValues:
        return self._by_slopes((sum(self.steepness),) * len(self.slopes))

    @mistake("With a negative weight a unit is active to the left of its elbow, not to the right.")
    def orientation_ignored(self) -> MistakeValues:
        return self._by_slopes(self._slopes(self.elbows, self.steepness, signs=(1,) * self.size))

    @mistake("The intervals are wanted from left to right.")
    def intervals_from_right(self) -> MistakeValues:
        return self._by_slopes(self.slopes[::-1])

    @mistake("A unit with wx + b < 0 gives 0: apply the ReLU before the output adds the units.")
    def value_without_relu(self) -> MistakeValues:
        if self.form == "inverse":
            return None
        return {"value": self.constant + dot(self.outputs, self.scores(self.x))}

    @mistake("The output multiplies each unit by its weight before it adds them.")
    def value_without_outputs(self) -> MistakeValues:
        if self.form == "inverse":
            return None
        return {"value": self.constant + sum(max(0, z) for z in self.scores(self.x))}

    @mistake("The output has a bias, which is added to the value.")
    def value_without_constant(self) -> MistakeValues:
        return {"value": self.value(self.x) - self.constant} if self.form == "pieces" else None

    @mistake("Units that bend at the same place make one elbow, or none if their bends cancel.")
    def a_piece_for_each_unit(self) -> MistakeValues:
        return {"pieces": self.size + 1} if self.form == "pieces" else None

    @mistake("Where the slope does not change, the function does not bend: these are one piece.")
    def a_piece_for_each_interval(self) -> MistakeValues:
        return {"pieces": len(self.slopes)} if self.form == "pieces" else None

    @mistake("There is one more piece than there are bends.")
    def counts_bends(self) -> MistakeValues:
        return {"pieces": self.pieces - 1} if self.form == "pieces" else None

    @mistake("A unit adds to the slope that is there already: its weight is the change of the slope.")
    def slopes_for_changes(self) -> MistakeValues:
        if self.form != "inverse":
            return None
        return {"outputs": self.slopes[1:]}

    @mistake("The constant is the value where no unit is active, left of all elbows.")
    def constant_at_zero(self) -> MistakeValues:
        return {"constant": self.value(0)} if self.form == "inverse" else None

    @property
    def at_x(self) -> Values:
        """What each unit takes the ReLU of where the value is asked."""
        return self.scores(self.x)

    @property
    def arguments(self) -> tuple[str, ...]:
        """What each unit takes the ReLU of, in LaTeX."""
        return tuple(
            f"{_factor(w)}x" + (f" {'-' if b < 0 else '+'} {abs(b)}" if b else "")
            for w, b in zip(self.weights, self.biases, strict=True)
        )

    @property
    def formula(self) -> str:
        """The function in LaTeX."""
        text = ""
        for a, argument in zip(self.outputs, self.arguments, strict=True):
            sign = ("-" if a < 0 else "") if not text else " - " if a < 0 else " + "
            text += rf"{sign}{_factor(abs(a))}\operatorname{{ReLU}}({argument})"
        return text + (f" {'-' if self.constant < 0 else '+'} {abs(self.constant)}" if self.constant else "")

    @property
    def curves(self) -> list[dict[str, object]]:
        """The function and, if they are few, what each unit adds to it."""
        reach = [*self.corners, self.x] if self.form != "inverse" else list(self.corners)
        places = [min(reach) - 2, *self.corners, max(reach) + 2]
        curves: list[dict[str, object]] = [{"points": [(x, self.value(x)) for x in places], "label": "$f$"}]
        if not 1 < self.size < 4 or self.form == "inverse":
            return curves
        for n, a in enumerate(self.outputs):
            points = [(x, a * max(0, self.scores(x)[n])) for x in places]
            curves.append({"points": points, "label": f"unit {n + 1}"})
        return curves


def boundary(normal: Values, bias: float, reach: float) -> Line:
    """Where a linear function of two coordinates is zero, from edge to edge of a plot.

    Args:
        normal: its two weights, not both 0.
        bias: its constant.
        reach: the largest second coordinate that is shown.
    """
    u, v = normal
    if abs(u) > PLOT_RATIO * abs(v):
        return (-(bias - v * reach) / u, -reach), (-(bias + v * reach) / u, reach)
    wide = PLOT_RATIO * reach
    return (-wide, -(bias - u * wide) / v), (wide, -(bias + u * wide) / v)


def _pieces(slopes: Values) -> int:
    """How many linear pieces intervals with these slopes make."""
    return 1 + sum(left != right for left, right in pairwise(slopes))


def _factor(number: int) -> str:
    """A factor in LaTeX, without a one."""
    return {1: "", -1: "-"}.get(number, str(number))
