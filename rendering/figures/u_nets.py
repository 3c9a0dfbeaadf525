"""Networks that contract and expand, with copies from one side to the other."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated

from pydantic import Field

from .curves import Outline, line
from .errors import FigureError
from .label import Content, Label
from .sheet import Sheet
from .style import PEN, SHADE, SMALL, Pen

HEIGHT = 22.0
LEAST_WIDTH = 64.0
PADDING = 13.0
ROW = 50.0
"""The distance from one level to the next."""
STEP = 20.0
"""How far a box begins right of the one above; less than half a box, so that an arrow fits between them."""
END = 34.0
"""The length of the arrows at the input and the output."""
GAP = 4.0
DASHED = Pen(PEN.colour, PEN.width, (3.0, 2.0))

Labels = Annotated[Sequence[Content], Field(min_length=1, max_length=6)]


def u_net(
    sheet: Sheet,
    /,
    *,
    contracting: Labels,
    bottom: Content,
    expanding: Labels,
    ends: tuple[Content, Content] = ("", ""),
    arrows: tuple[Content, Content, Content] = ("", "", ""),
) -> None:
    """The shape of a U: down the contracting path, up the expanding path, and copies across.

    Args:
        sheet: where to draw.
        contracting: what stands in the boxes on the left, from above.
        bottom: what stands in the lowest box.
        expanding: what stands in the boxes on the right, from above.
        ends: what goes in above on the left, and comes out above on the right.
        arrows: what the topmost arrows down, across and up say.

    Raises:
        FigureError: the two paths differ in length.
    """
    if len(contracting) != len(expanding):
        raise FigureError(f"{len(contracting)} levels contract, but {len(expanding)} expand")
    levels = len(contracting)
    width = max(LEAST_WIDTH, *(Label(text).width + PADDING for text in (*contracting, bottom, *expanding)))
    reach = (width / 2 + STEP) * levels
    left = [_box(complex(-reach * (1 - n / levels), -ROW * n), width) for n in range(levels)]
    right = [_box(complex(-box.centre.real, box.centre.imag), width) for box in left]
    deepest = _box(complex(0, -ROW * levels), width)
    _connect(sheet, [*left, deepest, *right[::-1]], arrows)
    _copy(sheet, left, right, arrows[1])
    _end(sheet, left[0], ends[0], -1)
    _end(sheet, right[0], ends[1], 1)
    for box, text in zip((*left, deepest, *right), (*contracting, bottom, *expanding), strict=True):
        sheet.outline(box, SHADE)
        sheet.label(text, box.centre)


def _box(centre: complex, width: float) -> Outline:
    return Outline(centre, width / 2, HEIGHT / 2, 3.0)


def _connect(sheet: Sheet, boxes: Sequence[Outline], says: Sequence[Content]) -> None:
    """Arrows down on the left and up on the right."""
    half = len(boxes) // 2
    for number, (start, end) in enumerate(pairwise(boxes)):
        down = number < half
        x = (start.box.right + end.box.left) / 2
        edge = 1 if down else -1
        tail = complex(x, start.centre.imag - edge * HEIGHT / 2)
        tip = complex(x, end.centre.imag + edge * HEIGHT / 2)
        sheet.arrows([[line(tail, tip)]])
        if number in (0, len(boxes) - 2):
            sheet.label(says[0 if down else 2], (tail + tip) / 2 - edge * GAP, -edge + 0j, SMALL)


def _copy(sheet: Sheet, left: Sequence[Outline], right: Sequence[Outline], says: Content) -> None:
    """Dashed arrows from left to right, level by level."""
    for start, end in zip(left, right, strict=True):
        tail, tip = start.centre + start.half_width, end.centre - end.half_width
        sheet.arrows([[line(tail, tip)]], DASHED)
    sheet.label(says, complex(0, left[0].centre.imag + GAP), 1j, SMALL)


def _end(sheet: Sheet, box: Outline, says: Content, side: int) -> None:
    """An arrow that comes from the left or goes to the right."""
    edge = box.centre + side * box.half_width
    far = edge + side * END
    sheet.arrows([[line(far, edge) if side < 0 else line(edge, far)]])
    sheet.label(says, far + side * GAP, side + 0j, SMALL)
