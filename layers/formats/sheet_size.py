"""How large a spreadsheet is once unpacked, found out before anything makes room for it.

A file of a kilobyte may unpack to gigabytes, or hold one cell in each of two far corners, for which the
reader would lay out every cell between. So its parts are unpacked here, up to a bound, their cells counted,
and only what was counted is handed on.
"""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from xml.parsers import expat

from layers.formats import zipped
from layers.formats.base import stop
from layers.formats.table import MAX_CELLS, too_large
from layers.hints import reader_says

MAX_UNPACKED = 256 * 1024 * 1024
_NEEDED = re.compile(r".*\.(xml|rels)", re.IGNORECASE)
"""Pictures, printer settings and macros stay packed."""
_PIECE = 1 << 20
_REF = re.compile("([A-Za-z]{1,3})([0-9]{1,7})")
_CELL = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"')
_ANY_CELL = re.compile(rb"<(?:[^\s<>/:]+:)?c[\s/>]")
_VALUES = ("v", "is", "t")


def unpacked(path: Path, file: str) -> io.BytesIO:
    """The spreadsheet, unpacked and measured; raises FaultsError where it is too large or no spreadsheet."""
    out = io.BytesIO()
    with zipped.opened(path, file) as packed, zipfile.ZipFile(out, "w") as measured:
        parts = [part for part in packed.infolist() if _NEEDED.fullmatch(part.filename)]
        size = sum(part.file_size for part in parts)
        if size > MAX_UNPACKED:
            got, most = f"{size / 2**20:,.0f} MB", f"at most {MAX_UNPACKED // 2**20} MB"
            raise stop("the spreadsheet is too large once unpacked", file, got, most, "Split it")
        for part in parts:
            body = io.BytesIO()
            zipped.unpack(packed, {part: body}, file)
            try:
                _check(body.getvalue(), file)
            except expat.ExpatError as error:
                what, got = "the spreadsheet cannot be read", reader_says(f"{part.filename}: {error}")
                raise stop(what, file, got, "a whole .xlsx") from None
            measured.writestr(part.filename, body.getvalue())
    out.seek(0)
    return out


def _check(body: bytes, file: str) -> None:
    """Nothing for a part that is no sheet; raises FaultsError where the cells of a sheet span too much."""
    if _fits_at_a_glance(body):
        return
    sheet = _Sheet()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = sheet.start
    parser.StartDoctypeDeclHandler = sheet.doctype
    for begin in range(0, len(body), _PIECE):
        parser.Parse(body[begin : begin + _PIECE], False)
        if sheet.strange:
            got, expected = "a document type of its own", "the XML of a spreadsheet"
            raise stop("the spreadsheet cannot be read", file, got, expected)
        if sheet.other:
            return
        if sheet.rows * sheet.columns > MAX_CELLS:
            raise too_large(file)
    parser.Parse(b"", True)


def _fits_at_a_glance(body: bytes) -> bool:
    """Whether every cell is written as all programs write it, and none, empty or not, lies too far out."""
    if b"\0" in body or b"<!DOCTYPE" in body:
        return False
    rows = columns = begin = 0
    while begin < len(body):
        end = body.rfind(b"<", begin + 1, begin + _PIECE) if begin + _PIECE < len(body) else len(body)
        if end < 0:
            return False
        piece = body[begin:end]
        found = _CELL.findall(piece)
        if len(found) != len(_ANY_CELL.findall(piece)):
            return False
        if found:
            columns = max(columns, *(_column_of(letters.decode()) for letters in {ref[0] for ref in found}))
            rows = max(rows, *(int(number) for number in {ref[1] for ref in found}))
        begin = end
    return rows * columns <= MAX_CELLS


class _Sheet:
    """How far the cells of a sheet reach that have something in them."""

    def __init__(self) -> None:
        self.rows = self.columns = 0
        self.other = self.strange = False
        self._root = True
        self._row = self._column = 0
        self._ref = ""
        self._letters: dict[str, int] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        name = name.rpartition(" ")[2]
        if name == "c":
            self._column += 1
            self._ref = attributes.get("r", "")
        elif name in _VALUES:
            self._reach()
        elif name == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._column = 0
        if self._root:
            self._root, self.other = False, name != "worksheet"

    def doctype(self, *_: object) -> None:
        """A document type is declared, with which entities come."""
        self.strange = True

    def _reach(self) -> None:
        ref = _REF.fullmatch(self._ref)
        if ref:
            letters = ref[1]
            if letters not in self._letters:
                self._letters[letters] = _column_of(letters)
            self._row, self._column = int(ref[2]), self._letters[letters]
        self.rows = max(self.rows, self._row)
        self.columns = max(self.columns, self._column)


def _column_of(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number
