"""Filled PDFs: one paper each, recognised by the code in a hidden field."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from time import monotonic
from typing import Any

from pypdf import PdfReader
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    StreamObject,
    TextStringObject,
)

from ...errors import UserError
from ...rendering.pdf.heads import ID_FIELD, NAME_FIELD
from ...rendering.pdf.page import FORM_FIELD
from ..submissions import Fault
from .papers import Box, Paper
from .sources import shown

MOST_FIELDS = 5_000
"""Fields, fields that they are nested in, and buttons."""
LONGEST_READING = 10.0
"""Seconds for one file; a form takes some milliseconds."""
MARGIN = 1024
"""Bytes at either end of a file in which viewers look for the marks where a PDF begins and ends."""

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what it says about a damaged file is said by a fault


class _Timed(BytesIO):
    """A file that ends the work of those who read it for too long, as a file can be made to last."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self._end = monotonic() + LONGEST_READING

    def read(self, size: int | None = -1, /) -> bytes:
        if monotonic() > self._end:
            raise TimeoutError
        return super().read(size)


@dataclass
class _Form:
    """What the fields of a PDF hold.

    Attributes:
        texts: by full name.
        ticked: the letters of ticked boxes, by the name of their blank.
        count: of fields.
        remarks: what was found besides.
    """

    texts: dict[str, str] = field(default_factory=dict)
    ticked: dict[str, list[str]] = field(default_factory=dict)
    count: int = 0
    remarks: dict[str, None] = field(default_factory=dict)


def read(source: str, data: bytes) -> Iterator[Paper | Fault]:
    """The paper of a filled PDF.

    Args:
        source: its name, for messages.
        data: the file.

    Raises:
        UserError: it is damaged, or not a filled form of quizgrad.
    """
    if not data:
        raise UserError("it is empty; expected a filled PDF")
    if b"%PDF-" not in data[:MARGIN]:
        raise UserError("it is no PDF, or its beginning is missing")
    form = _form(data)
    if not form.count:
        raise UserError("it has no form fields: it was flattened or printed; expected the filled form itself")
    if FORM_FIELD not in form.texts:
        raise UserError("it is no form of quizgrad: the hidden field with the form's code is missing")
    yield from (Fault(source, remark) for remark in form.remarks)
    if b"%%EOF" not in data[-MARGIN:]:
        yield Fault(source, "its end is missing; compare what was read with what was handed in")
    boxes = {name: Box.parse(name) for name in [*form.texts, *form.ticked]}
    texts = {box: text for name, text in form.texts.items() if (box := boxes[name]) and name not in _OWN}
    texts |= {
        box: ", ".join(sorted(letters)) for name, letters in form.ticked.items() if (box := boxes[name])
    }
    foreign = [name for name, box in boxes.items() if not box and form.texts.get(name)]
    if foreign:
        yield Fault(source, f"{len(foreign)} fields are not of this form, such as {shown(foreign[0][:40])!r}")
    yield Paper(source, form.texts[FORM_FIELD], form.texts.get(ID_FIELD, ""), texts)


_OWN = {FORM_FIELD, ID_FIELD, NAME_FIELD}


def _form(data: bytes) -> _Form:
    """The fields of a file.

    Raises:
        UserError: it is damaged, encrypted, or has too many fields.
    """
    form = _Form()
    try:
        reader = PdfReader(_Timed(data))
        root = reader.root_object
        if _runs_script(root, "/OpenAction", "/AA") or "/JavaScript" in _dictionary(root.get("/Names")):
            form.remarks[_SCRIPT] = None
        for name, kind, node in _fields(_dictionary(root.get("/AcroForm"))):
            _take(form, name, kind, node)
    except UserError:
        raise
    except TimeoutError as error:
        raise UserError(f"reading it takes longer than {LONGEST_READING:g} s") from error
    except Exception as error:  # a damaged file leads pypdf to any of them
        reason = "is encrypted" if b"/Encrypt" in data else "is damaged or cut off"
        raise UserError(f"it {reason} and cannot be read as a PDF ({type(error).__name__})") from error
    return form


_SCRIPT = "it contains JavaScript, which was not run"


def _take(form: _Form, name: str, kind: object, node: DictionaryObject) -> None:
    """Note what a field holds."""
    form.count += 1
    if _runs_script(node, "/A", "/AA"):
        form.remarks[_SCRIPT] = None
    if "/T" not in node or ("/V" not in node and "/AS" not in node):
        return
    if kind == "/Btn":
        state = str(node.get("/V", node.get("/AS"))).removeprefix("/")
        blank, _, letter = name.rpartition(".")
        if state in {"Off", "None", ""}:
            return
        if "." in blank:
            form.ticked.setdefault(blank, []).append(letter)
            return
        text = state
    else:
        text = _text(node.get("/V"))
    if form.texts.setdefault(name, text) != text:
        form.remarks[f"the field {shown(name[:40])!r} occurs more than once; the first one was read"] = None


def _text(value: Any) -> str:
    value = _resolved(value)
    if isinstance(value, StreamObject):
        value = TextStringObject(value.get_data().decode("utf-8", errors="replace"))
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    return "" if value is None or isinstance(value, ArrayObject | DictionaryObject) else str(value)


def _fields(form: DictionaryObject) -> Iterator[tuple[str, object, DictionaryObject]]:
    """The full name and type of each field and button, and its entries; each object is visited once."""
    found = [("", None, kid) for kid in _kids(form, "/Fields", 0)]
    seen: set[tuple[int, int]] = set()
    for prefix, inherited, kid in found:  # which grows meanwhile
        if isinstance(kid, IndirectObject):
            if (kid.idnum, kid.generation) in seen:
                continue
            seen.add((kid.idnum, kid.generation))
        node = _dictionary(kid)
        own = _text(node.get("/T"))
        name = f"{prefix}.{own}" if prefix and own else prefix or own
        kind = _resolved(node.get("/FT")) or inherited
        yield name, kind, node
        found += [(name, kind, kid) for kid in _kids(node, "/Kids", len(found))]


def _kids(node: DictionaryObject, key: str, count: int) -> ArrayObject | list[Any]:
    kids = _resolved(node.get(key))
    if not isinstance(kids, ArrayObject):
        return []
    if len(kids) + count > MOST_FIELDS:
        raise UserError(f"it has more than {MOST_FIELDS:,} form fields")
    return kids


def _runs_script(node: DictionaryObject, *keys: str) -> bool:
    """Whether an entry of an object is a JavaScript action, or holds one."""
    for key in keys:
        action = _dictionary(node.get(key))
        actions = [action, *map(_dictionary, action.values())]
        if any(part.get("/S") == NameObject("/JavaScript") for part in actions):
            return True
    return False


def _dictionary(value: Any) -> DictionaryObject:
    value = _resolved(value)
    return value if isinstance(value, DictionaryObject) else DictionaryObject()


def _resolved(value: Any) -> Any:
    return value.get_object() if isinstance(value, IndirectObject) else value
