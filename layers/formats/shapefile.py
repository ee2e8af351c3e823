"""Shapefile: shapes, a table in an encoding that is declared or carried, and perhaps a coordinate system."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS
from pyproj.exceptions import CRSError

from layers.faults import Fault, FaultsError
from layers.formats.base import Ask, Raw, stop
from layers.formats.dbf import Column, Dbf, read_dbf
from layers.formats.gdal import read_ogr
from layers.formats.text import codec_of, declared_codec, decode_cut, proposal
from layers.hints import reader_says, shown

_RECORD = 8
_HEADER = 100
_MAGIC = (9994).to_bytes(4, "big")
_CUT = 10
"""Bytes of a column's name that the table has room for."""
_DRIVERS = {
    0x13: "cp932", 0x4D: "gb18030", 0x4E: "cp949", 0x4F: "cp950",
    0x78: "cp950", 0x79: "cp949", 0x7A: "gb18030", 0x7B: "cp932",
}  # fmt: skip
"""Language driver bytes that are believed; Western ones stand in files whatever their text is."""
_RAW = "ISO-8859-1"
"""What GDAL is told, so that it leaves every byte as it is."""
_RESTORE = "It is made again from the .shp by: ogr2ogr --config SHAPE_RESTORE_SHX YES mended.shp {name}"


def read_shapefile(ask: Ask) -> Raw:
    """The one layer of a shapefile; its sidecars lie beside it under the same name."""
    file = ask.file
    parts = _parts(ask.path)
    _check_parts(ask.path, parts, file)
    table = read_dbf(parts[".dbf"], file)
    _check_counts(ask.path, parts[".shx"], table, file)
    codec = _codec(ask, parts.get(".cpg"), table)
    names = _names(table, codec, ask)
    columns, faults = _texts(table, names, codec, ask)
    raw = _shapes(ask, table, names, columns, codec)
    return replace(raw, index=table.kept, faults=faults)


def _parts(path: Path) -> dict[str, Path]:
    """The files that belong together, by their suffix in small letters."""
    return {beside.suffix.lower(): beside for beside in path.parent.iterdir() if beside.stem == path.stem}


def _check_parts(path: Path, parts: dict[str, Path], file: str) -> None:
    faults = []
    for suffix, what, hint in (
        (".dbf", "the table of the shapefile is missing", "Copy it from where the .shp came from"),
        (".shx", "the index of the shapefile is missing", _RESTORE.format(name=shown(path.name))),
    ):
        if suffix not in parts:
            expected = f"{path.stem}{suffix} beside {path.name}"
            faults.append(Fault(what, file, None, "", f"no {suffix} there", expected, hint))
    home = path.resolve().parent
    for suffix, part in parts.items():
        if part.resolve().parent != home and suffix in (".dbf", ".shx", ".prj", ".cpg", ".dbt"):
            what, hint = "a part of the shapefile lies elsewhere", "Copy it beside the .shp"
            faults.append(Fault(what, file, None, "", f"a link at {part.name}", "a file", hint))
    if faults:
        raise FaultsError(faults)


def _check_counts(path: Path, index: Path, table: Dbf, file: str) -> None:
    """The three files are whole and speak of the same records."""
    hint = "Copy all files of the shapefile again: they may have been cut off on their way"
    for part in (path, index):
        size = part.stat().st_size
        with part.open("rb") as stream:
            head = stream.read(_HEADER)
        if len(head) < _HEADER:
            got, expected = f"{size:,} bytes", f"a header of {_HEADER}"
            raise stop(f"the {part.suffix.lower()} breaks off", file, got, expected, hint)
        if not head.startswith(_MAGIC):
            what = "not a shapefile" if part == path else "the .shx is not of a shapefile"
            raise stop(what, file, f"a file that begins with {head[:4]!r}", f"the mark {_MAGIC!r}", hint)
        said = 2 * int.from_bytes(head[24:28], "big")
        if said > size:
            got, expected = f"{size:,} bytes", f"{said:,}, as its header says"
            raise stop(f"the {part.suffix.lower()} breaks off", file, got, expected, hint)
    shapes = (said - _HEADER) // _RECORD
    if shapes != len(table.records):
        got = f"{shapes:,} shapes and {len(table.records):,} rows"
        raise stop("the parts of the shapefile do not belong together", file, got, "as many of both", hint)


def _codec(ask: Ask, cpg: Path | None, table: Dbf) -> str:
    """The encoding of the text: declared, else carried, else plain ASCII; raises FaultsError for none."""
    if ask.encoding is not None:
        codec = declared_codec(ask.encoding, ask.file)
        if "\0".encode(codec) != b"\0":
            expected = "one that keeps ASCII, such as gb18030"
            raise stop("no encoding of a shapefile", ask.file, ask.encoding, expected, field="encoding")
        return codec
    said = cpg.read_bytes()[:80].decode("ascii", "replace").strip("\ufeff\ufffd \t\r\n\0") if cpg else ""
    if said and said.upper() != "SYSTEM":
        carried = _code_page(said)
        if carried is None:
            what, expected = "the .cpg names no encoding that we know", "such as UTF-8 or GB18030"
            raise stop(what, ask.file, said, expected, proposal(table.body()), field="encoding")
        return carried
    if table.driver in _DRIVERS:
        return _DRIVERS[table.driver]
    body = table.body()
    if not body:
        return "utf-8"
    what, got = "the encoding is not known", "Chinese or other text beyond ASCII, and no .cpg"
    hint = proposal(body) or 'Declare it, for example encoding = "gb18030"'
    raise stop(what, ask.file, got, "a declared encoding, or a .cpg", hint, field="encoding")


def _code_page(said: str) -> str | None:
    """The codec of a .cpg: a name, or a number with or without words before it."""
    name = said.lower().removeprefix("ldid/").strip()
    if said.lower().startswith("ldid/") and name.isdigit():
        return _DRIVERS.get(int(name))
    latin = re.fullmatch(r"(?:iso)?[\s_-]*8859[\s_-]*(\d{1,2})", name)
    if latin:
        return codec_of(f"iso8859-{latin[1]}")
    number = re.fullmatch(r"(?:ansi|oem|cp|ms|windows|code ?page)?[\s_-]*(\d{3,5})", name)
    if number is None:
        return codec_of(name)
    if number[1] in ("936", "20936", "54936"):
        return "gb18030"
    return codec_of("utf-8" if number[1] == "65001" else f"cp{number[1]}")


def _names(table: Dbf, codec: str, ask: Ask) -> list[str]:
    """The columns' names, each its own."""
    names: list[str] = []
    for column in table.columns:
        try:
            name = decode_cut(column.name, codec) if len(column.name) >= _CUT else column.name.decode(codec)
        except UnicodeDecodeError:
            raise _wrong(table, codec, ask, f"a column named {column.name!r}") from None
        same = sum(1 for other in names if other == name or re.fullmatch(re.escape(name) + r"_\d+", other))
        names.append(f"{name}_{same}" if name in names else name)
    return names


def _texts(table: Dbf, names: list[str], codec: str, ask: Ask) -> tuple[dict[str, NDArray[Any]], list[Fault]]:
    """The columns of text, decoded, and the rows in which that is not possible."""
    columns: dict[str, NDArray[Any]] = {}
    faults: list[Fault] = []
    for name, column in zip(names, table.columns, strict=True):
        if column.kind != "C":
            continue
        try:
            columns[name] = _decoded(table, column, codec)
        except UnicodeDecodeError:
            values, bad = _one_by_one(table, column, codec)
            odd = (table.block(column) & 0x80).any(axis=1).sum()
            if 2 * len(bad) > odd and proposal(table.body(), wrong=codec):
                raise _wrong(table, codec, ask, f"text in {shown(name)}") from None
            columns[name] = values
            what, expected = "the text cannot be decoded", f"{codec}, no letter cut in two"
            faults += [Fault(what, ask.file, row + 1, name, got, expected) for row, got in bad]
    return columns, faults


def _decoded(table: Dbf, column: Column, codec: str) -> NDArray[Any]:
    """A column of text in one go; an empty value is None."""
    block = table.block(column)[table.kept] if len(table.kept) < len(table.records) else table.block(column)
    if not block.size:
        return np.full(len(block), None, dtype=object)
    if (block == 0).any():  # then a value ends there, whatever follows
        block = np.where(np.logical_or.accumulate(block == 0, axis=1), ord(" "), block).astype(np.uint8)
    ended = np.zeros((len(block), block.shape[1] + 1), dtype=np.uint8)
    ended[:, :-1] = block
    values = np.empty(len(block), dtype=object)
    values[:] = [text.strip(" ") or None for text in ended.tobytes().decode(codec).split("\0")[:-1]]
    return values


def _one_by_one(table: Dbf, column: Column, codec: str) -> tuple[NDArray[Any], list[tuple[int, str]]]:
    block, bad = table.block(column), []
    values = np.full(len(table.kept), None, dtype=object)
    for at, row in enumerate(table.kept.tolist()):
        raw = block[row].tobytes().split(b"\0")[0].strip(b" ")
        try:
            values[at] = raw.decode(codec) or None
        except UnicodeDecodeError:
            bad.append((row, shown(raw.decode(codec, "replace"))))
    return values, bad


def _wrong(table: Dbf, codec: str, ask: Ask, got: str) -> FaultsError:
    said = "declared" if ask.encoding is not None else "carried"
    hint = proposal(table.body(), wrong=codec)
    return stop(f"the text is not in the {said} encoding", ask.file, got, codec, hint, field="encoding")


def _shapes(ask: Ask, table: Dbf, names: list[str], texts: dict[str, NDArray[Any]], codec: str) -> Raw:
    """The shapes and the columns of numbers and days, which GDAL reads, beside those of text."""
    others = [at for at, column in enumerate(table.columns) if column.kind != "C"]
    wanted: list[str] | None = [table.columns[at].name.decode(_RAW) for at in others]
    if len({column.name.upper() for column in table.columns}) < len(table.columns):
        wanted, others = None, list(range(len(table.columns)))  # by place: GDAL gives doubles other names
    try:
        raw = read_ogr(ask.path, None, ask.file, encoding=_RAW, columns=wanted)
    except FaultsError:
        _check_prj(_parts(ask.path).get(".prj"), ask.file)
        raise
    if len(raw.columns) != len(others) or len(raw.index) != len(table.kept):
        got = f"{len(raw.columns)} columns, {len(raw.index):,} rows"
        expected = f"{len(others)} columns, {len(table.kept):,} rows"
        raise stop("the file cannot be read", ask.file, got, expected)
    columns = dict(zip((names[at] for at in others), raw.columns.values(), strict=True))
    for at in others:
        if table.columns[at].kind == "M":
            columns[names[at]] = _memo(columns[names[at]], codec, ask)
    return replace(raw, columns={name: texts.get(name, columns.get(name)) for name in names})


def _check_prj(path: Path | None, file: str) -> None:
    """Raises FaultsError where it is the coordinate system that cannot be read, rather than the shapes."""
    text = path.read_text("utf-8", "replace") if path else ""
    try:
        CRS.from_wkt(text)
    except CRSError:
        if text.strip():
            hint = "Delete the .prj, and declare the coordinate system"
            raise stop("the .prj cannot be read", file, text, "well-known text", hint, field="crs") from None


def _memo(values: NDArray[Any], codec: str, ask: Ask) -> NDArray[Any]:
    """Long texts, which lie in a file of their own."""
    found = values.copy()
    try:
        found[:] = [value and value.encode(_RAW).decode(codec) for value in values.tolist()]
    except UnicodeError as error:
        what = "a long text is in another encoding"
        raise stop(what, ask.file, reader_says(error), codec, field="encoding") from None
    return found
