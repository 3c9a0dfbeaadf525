"""The sheet of paper on which a figure is drawn, and which is then cut to what was drawn."""

from __future__ import annotations

from cmath import exp, phase
from collections.abc import Iterable, Mapping, Sequence

from reportlab.graphics.shapes import Circle, Drawing, Group, Path, Rect, Shape

from .curves import Box, Curve, Outline
from .errors import FigureError
from .label import DESCENT, Content, Label
from .style import COLUMN, INK, PEN, SIZE, Pen, Tint

MARGIN = 1.0
WIDEST = 2.0
"""How much wider than a text column a figure may be to be reduced to it."""
HEAD = 5.2
"""The length of an arrowhead."""


class Sheet:
    """Collects shapes and what they cover. Points are complex numbers in points (1/72 inch), y upwards.

    Attributes:
        width: the room from left to right, which a figure should use well and not exceed.
    """

    def __init__(self, width: float = COLUMN) -> None:
        self.width = width
        self._shapes: list[Shape] = []
        self._left = self._bottom = float("inf")
        self._right = self._top = float("-inf")

    def drawing(self, scale: float = 1.0) -> Drawing:
        """The figure, cut to its contents, at most a text column wide.

        Raises:
            FigureError: labels would be too small to read.
        """
        width = self._right - self._left + 2 * MARGIN
        height = self._top - self._bottom + 2 * MARGIN
        if width > WIDEST * COLUMN:
            raise FigureError(f"it is {width / COLUMN:.1f} times as wide as a text column")
        scale = min(scale, COLUMN / width)
        shift = (scale * (MARGIN - self._left), scale * (MARGIN - self._bottom))
        return Drawing(
            width * scale, height * scale, Group(*self._shapes, transform=(scale, 0, 0, scale, *shift))
        )

    def strokes(self, curves: Iterable[Curve], pen: Pen = PEN) -> None:
        """Draw lines and curves."""
        path = _path(pen)
        end: complex | None = None
        for curve in curves:
            if curve.points[0] != end:
                path.moveTo(*_pair(curve.points[0]))
            end = curve.points[-1]
            (path.lineTo if len(curve.points) == 2 else path.curveTo)(
                *(part for point in curve.points[1:] for part in _pair(point))
            )
            self._cover(curve.course())
        if path.operators:
            self._shapes.append(path)

    def polygon(self, corners: Sequence[Sequence[complex]], fill: Tint = INK) -> None:
        """Fill areas, each given by its corners."""
        path = Path(fillColor=fill, strokeColor=None)
        for points in corners:
            path.moveTo(*_pair(points[0]))
            for point in points[1:]:
                path.lineTo(*_pair(point))
            path.closePath()
            self._cover(points)
        if path.operators:
            self._shapes.append(path)

    def arrows(self, curves: Iterable[Sequence[Curve]], pen: Pen = PEN) -> None:
        """Draw arrows, each a run of curves with a head at its end."""
        bodies: list[Curve] = []
        heads: list[Sequence[complex]] = []
        for run in curves:
            last = run[-1]
            tip = last.points[-1]
            back = last.before_end(HEAD)
            bodies += [*run[:-1], last.part(0.0, last.before_end(0.85 * HEAD))]
            heads.append(_head(last.at(back), tip))
        self.strokes(bodies, pen)
        self.polygon(heads, pen.colour)

    def outline(self, node: Outline, fill: Tint | None = None, pen: Pen = PEN) -> None:
        """Draw the border of a node."""
        look = {"fillColor": fill, "strokeColor": pen.colour, "strokeWidth": pen.width}
        box = node.box
        if node.is_circle:
            self._shapes.append(Circle(*_pair(node.centre), node.corner, **look))
        else:
            self._shapes.append(self._rectangle(box, node.corner, look))
        self._cover((complex(box.left, box.bottom), complex(box.right, box.top)))

    def frame(self, box: Box, pen: Pen = PEN) -> None:
        """Draw the border of a rectangle."""
        look = {"fillColor": None, "strokeColor": pen.colour, "strokeWidth": pen.width}
        self._shapes.append(self._rectangle(box, 0, look))
        self._cover((complex(box.left, box.bottom), complex(box.right, box.top)))

    def area(self, box: Box, fill: Tint) -> None:
        """Tint a rectangle."""
        self._shapes.append(self._rectangle(box, 0, {"fillColor": fill, "strokeColor": None}))
        self._cover((complex(box.left, box.bottom), complex(box.right, box.top)))

    def label(self, content: Content, point: complex, side: complex = 0j, size: float = SIZE) -> Label:
        """Write a label at a side of a point; see `Label.beside`."""
        return self.place(Label(content, size).beside(point, side))

    def place(self, label: Label) -> Label:
        """Write a label that knows where it stands."""
        self._shapes.append(label)
        box = label.box
        bottom = min(box.bottom, label.y - DESCENT * label.size) if label.setting.plain else box.bottom
        self._cover((complex(box.left, bottom), complex(box.right, box.top)))
        return label

    def turned(self, content: Content, point: complex, size: float = SIZE) -> None:
        """Write a label that reads upwards, centred to the left of a point."""
        label = Label(content, size).beside(0j, 1j)
        self._shapes.append(Group(label, transform=(0, 1, -1, 0, *_pair(point))))
        half = label.width / 2
        self._cover((point + complex(-label.height, -half), point + complex(DESCENT * size, half)))

    def _cover(self, points: Iterable[complex]) -> None:
        for point in points:
            x, y = point.real, point.imag
            self._left, self._right = min(self._left, x), max(self._right, x)
            self._bottom, self._top = min(self._bottom, y), max(self._top, y)

    @staticmethod
    def _rectangle(box: Box, corner: float, look: Mapping[str, object]) -> Rect:
        return Rect(
            box.left, box.bottom, box.right - box.left, box.top - box.bottom, rx=corner, ry=corner, **look
        )


def _path(pen: Pen) -> Path:
    return Path(
        fillColor=None,
        strokeColor=pen.colour,
        strokeWidth=pen.width,
        strokeLineJoin=1,
        strokeDashArray=list(pen.dash) or None,
    )


def _head(back: complex, tip: complex) -> Sequence[complex]:
    """A slender arrowhead with a notched back."""
    angle = phase(tip - back)
    turn = exp(1j * angle)
    return (
        tip,
        tip + turn * complex(-HEAD, 0.34 * HEAD),
        tip - turn * 0.78 * HEAD,
        tip + turn * complex(-HEAD, -0.34 * HEAD),
    )


def _pair(point: complex) -> tuple[float, float]:
    return point.real, point.imag
