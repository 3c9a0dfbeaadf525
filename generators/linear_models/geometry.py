"""Hyperplanes, and the linear pieces of networks of ReLU units."""

from __future__ import annotations

import math
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
