"""Form fields (AcroForm, ISO 32000-1, 12.7), laid over boxes and circles that the page draws.

ReportLab's own fields draw their boxes themselves, cannot nest names and leave the circles of radio buttons
off centre; these are invisible until they are filled, so that the fillable paper looks like the printed one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFStream, PDFString
from reportlab.pdfgen.canvas import Canvas

from .pen import circle_path, components
from .styles import INK

Rectangle = tuple[float, float, float, float]
"""Left, bottom, right, top."""
Mark = Literal["disc", "cross"]

_READ_ONLY = 1 << 0
_MULTILINE = 1 << 12
_NO_TOGGLE_TO_OFF = 1 << 14
_RADIO = 1 << 15
_NO_SPELL_CHECK = 1 << 22
_COMB = 1 << 24

_HIDDEN = 1 << 1
_PRINT = 1 << 2


class Fields:
    """The form of one document. Names are written with dots, which nest the fields.

    Attributes:
        size: of typed text, in points.
    """

    def __init__(self, canvas: Canvas, size: float) -> None:
        self.size = size
        self._canvas = canvas
        self._document: Any = canvas._doc
        self._fields: dict[str, PDFDictionary] = {}
        self._roots: list[Any] = []

    def text(
        self, name: str, box: Rectangle, tooltip: str, *, cells: int = 0, multiline: bool = False
    ) -> None:
        """A field for text.

        Args:
            name: the full name.
            box: where it is on the page.
            tooltip: what it is for, also for those who cannot see the page.
            cells: if not zero, each character has a cell of its own, of so many.
            multiline: whether it may have several lines.
        """
        flags = _NO_SPELL_CHECK | (_COMB if cells else 0) | (_MULTILINE if multiline else 0)
        size = min(self.size, 0.7 * (box[3] - box[1]))
        entries: dict[str, Any] = {"DA": PDFString(f"/Helv {size:.1f} Tf 0 g"), "Ff": flags}
        if cells:
            entries["MaxLen"] = cells
        elif not multiline:
            entries["Q"] = 1
        self._widget(self._field(name, "Tx", tooltip, entries), box)

    def constant(self, name: str, value: str) -> None:
        """A hidden text that nobody changes."""
        entries = {"DA": PDFString("/Helv 8 Tf 0 g"), "Ff": _READ_ONLY, "V": PDFString(value)}
        self._widget(self._field(name, "Tx", "", entries), (0, 0, 0, 0), _HIDDEN)

    def check(self, name: str, box: Rectangle, tooltip: str) -> None:
        """A box of its own that is crossed or not; its value when crossed is `Yes`."""
        field = self._field(name, "Btn", tooltip, {"V": PDFName("Off")})
        self._button(field, "Yes", box, "cross")

    def radio(self, name: str, value: str, box: Rectangle, tooltip: str) -> None:
        """One of several buttons of the same name, of which one at most is chosen."""
        group = self._fields.get(name)
        if group is None:
            flags = _RADIO | _NO_TOGGLE_TO_OFF
            group = self._field(name, "Btn", "", {"Ff": flags, "V": PDFName("Off"), "Kids": PDFArray([])})
        button = PDFDictionary({"Parent": self._reference(group)})
        self._button(button, value, box, "disc")
        group["Kids"].sequence.append(self._reference(button))
        if tooltip and "TU" not in group.dict:
            group["TU"] = PDFString(tooltip)

    def finish(self) -> None:
        """Put the form into the document; to be called once, after all fields."""
        font = PDFDictionary(
            {
                "Type": PDFName("Font"),
                "Subtype": PDFName("Type1"),
                "BaseFont": PDFName("Helvetica"),
                "Encoding": PDFName("WinAnsiEncoding"),
            }
        )
        self._document.Catalog.AcroForm = PDFDictionary(
            {
                "Fields": PDFArray(self._roots),
                "DA": PDFString("/Helv 0 Tf 0 g"),
                "DR": PDFDictionary({"Font": PDFDictionary({"Helv": self._reference(font)})}),
            }
        )

    def _reference(self, value: Any) -> Any:
        return self._document.Reference(value)

    def _field(self, name: str, kind: str, tooltip: str, entries: Mapping[str, Any]) -> PDFDictionary:
        field = self._node(name)
        field.dict.update(entries, FT=PDFName(kind))
        if tooltip:
            field["TU"] = PDFString(tooltip)
        return field

    def _node(self, name: str) -> PDFDictionary:
        """The field of a full name, with all those that it is nested in."""
        if name in self._fields:
            return self._fields[name]
        parent_name, _, own = name.rpartition(".")
        node = self._fields[name] = PDFDictionary({"T": PDFString(own)})
        reference = self._reference(node)
        if parent_name:
            parent = self._node(parent_name)
            node["Parent"] = self._reference(parent)
            parent.dict.setdefault("Kids", PDFArray([])).sequence.append(reference)
        else:
            self._roots.append(reference)
        return node

    def _button(self, widget: PDFDictionary, value: str, box: Rectangle, mark: Mark) -> None:
        width, height = box[2] - box[0], box[3] - box[1]
        states = {value: self._appearance(mark, width, height), "Off": self._appearance(None, width, height)}
        widget.dict.update(
            AS=PDFName("Off"),
            AP=PDFDictionary({"N": PDFDictionary(states)}),
            MK=PDFDictionary({"CA": PDFString("l" if mark == "disc" else "8")}),
        )
        self._widget(widget, box)

    def _appearance(self, mark: Mark | None, width: float, height: float) -> Any:
        """The picture of a button in one of its states; buttons of one size share it."""
        name = f"button.{mark}.{width:.2f}.{height:.2f}"
        if name not in self._document.idToObject:
            stream = PDFStream(content=_picture(mark, width, height))
            stream.dictionary.dict.update(
                Type=PDFName("XObject"),
                Subtype=PDFName("Form"),
                BBox=PDFArray([0, 0, round(width, 2), round(height, 2)]),
                Resources=PDFDictionary({}),
            )
            return self._document.Reference(stream, name)
        return self._document.Reference(self._document.idToObject[name])

    def _widget(self, field: PDFDictionary, box: Rectangle, flags: int = _PRINT) -> None:
        field.dict.update(
            Type=PDFName("Annot"),
            Subtype=PDFName("Widget"),
            Rect=PDFArray([round(side, 2) for side in box]),
            F=flags,
        )
        self._canvas._annotationrefs.append(self._reference(field))


def _picture(mark: Mark | None, width: float, height: float) -> str:
    x, y, reach = width / 2, height / 2, 0.3 * min(width, height)
    if mark == "disc":
        return f"{components(INK)} rg {circle_path(x, y, reach)} f"
    if mark == "cross":
        left, bottom, right, top = x - reach, y - reach, x + reach, y + reach
        return (
            f"{components(INK)} RG {0.12 * width:.2f} w 1 J "
            f"{left:.2f} {bottom:.2f} m {right:.2f} {top:.2f} l "
            f"{left:.2f} {top:.2f} m {right:.2f} {bottom:.2f} l S"
        )
    return ""
