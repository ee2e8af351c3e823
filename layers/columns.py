"""The columns of a file that no field takes: told of, and refused where they are about persons."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from layers.catalog import STAFF, LayerKind
from layers.faults import Fault
from layers.formats import POSITION, Raw
from layers.hints import shown
from layers.privacy import WITHHELD, personal_at, personal_column, personal_text

_COUNTED = frozenset({
    "fid", "fid_1", "ogc_fid", "gid", "objectid", "objectid_1", "osm_id", "osm_way_id",
    "shape_length", "shape_leng", "shape_le_1", "shape_area", "st_area_shape_", "st_length_shape_",
})  # fmt: skip
"""What a program numbers or measures: a long number there is nobody's."""
_PLACES = frozenset({"full_name", "fullname"})
"""Names of persons among readings, and of places on a map."""
_SYSTEM = _COUNTED | {
    *_PLACES, "id", "shape", "geom", "geometry", "layer", "path", "description", "snippet", "begin", "end",
    "timestamp", "altitudemode", "tessellate", "extrude", "visibility", "draworder", "icon", "styleurl",
}  # fmt: skip
"""What programs and KML write of themselves, in lower case: it needs no mention."""
_CHINESE = {
    "名称": "name", "站点名称": "name", "类别": "kind", "类型": "kind", "站点类别": "kind",
    "站点类型": "kind", "防线": "line", "所属防线": "line",
    "县": "county", "县区": "county", "区县": "county", "所属县": "county",
    "所在县": "county", "县代码": "county", "等级": "class", "道路等级": "class",
    "车道": "lanes_total", "车道数": "lanes_total", "车道总数": "lanes_total", "通道数": "lanes_total",
    "智慧": "smart", "智慧站点": "smart", "视频": "video_url", "视频地址": "video_url",
    "位置来源": "position_source", "坐标来源": "position_source",
    "开放日期": "opened_on", "启用日期": "opened_on", "开通日期": "opened_on", "设立日期": "opened_on",
    "启用时间": "opened_on", "关闭日期": "closed_on", "停用日期": "closed_on", "撤销日期": "closed_on",
    "停用时间": "closed_on", "缓冲": "buffer_m", "缓冲距离": "buffer_m", "缓冲区": "buffer_m",
    "行政区划代码": "adcode", "区划代码": "adcode",
}  # fmt: skip
_CLOSE = 0.8
_MOST = 8
"""Columns that are named."""


def personal_faults(raw: Raw, file: str, names: Mapping[str, str] | None = None) -> list[Fault]:
    """A fault for each column that says it is about persons, and for each value shaped like personal data.

    `names` maps the file's columns to the fields they are; no value is ever told.
    """
    return list(_personal(raw, file, names or {}))


def _personal(raw: Raw, file: str, names: Mapping[str, str]) -> Iterator[Fault]:
    expected = "nothing about a person"
    for column, given in raw.columns.items():
        if _about_persons(column):
            what = "a column about persons"
            hint = "Delete the column: the board knows sites and counts, never people"
            yield Fault(what, file, None, _name(column), WITHHELD, expected, hint)
        elif column.casefold() not in _COUNTED:
            what, hint = "a value shaped like personal data", "The board knows sites and counts, never people"
            for at in personal_at(given):
                row = int(raw.index[at]) + 1
                yield Fault(what, file, row, _name(names.get(column, column)), WITHHELD, expected, hint)


def unused_columns(
    raw: Raw, kind: LayerKind, taken: Collection[str], given: Collection[str], file: str
) -> list[Fault]:
    """One warning of all columns that are left behind, and what they may have been meant as.

    `taken` are the file's columns that are read, `given` the fields that have a value already.
    """
    fields = kind.fields()
    left = [
        name
        for name in raw.columns
        if name not in taken
        and name.casefold() not in _SYSTEM
        and not personal_text(name)
        and not _about_persons(name)
    ]
    if not left or not fields:
        return []
    free = [name for name in fields if name not in given]
    meant: dict[str, str] = {}
    for name in left:
        field = _meant(name, free, kind)
        if field and field not in meant:
            meant[field] = name
    # What may have been meant is named first: of many columns not all are.
    left.sort(key=lambda name: name not in meant.values())
    got = ", ".join(map(shown, left[:_MOST]))
    got += f", … ({len(left)} in all)" if len(left) > _MOST else ""
    pairs = ", ".join(f'{field} = "{name}"' for field, name in list(meant.items())[:_MOST])
    hint = f"If they are meant as fields, say so: columns = {{ {pairs} }}" if pairs else ""
    expected = f"columns among {', '.join(fields)}"
    return [Fault("columns that are not used", file, None, "columns", got, expected, hint, warning=True)]


def withheld(fault: Fault) -> Fault:
    """The fault without what may be about a person."""
    if personal_text(fault.got) or personal_text(fault.hint) or personal_text(fault.field):
        hint = "" if personal_text(fault.hint) else fault.hint
        got = WITHHELD if personal_text(fault.got) else fault.got
        return replace(fault, got=got, hint=hint, field=_name(fault.field))
    return fault


def read_columns(columns: Mapping[str, str], fields: Collection[str]) -> dict[str, str]:
    """The file's columns that are read, each to the field it is."""
    return {columns.get(name, name): name for name in (*POSITION, "geometry", *fields)}


def _about_persons(column: str) -> bool:
    return column.casefold() not in _PLACES and personal_column(column, declared=True)


def _name(column: str) -> str:
    return WITHHELD if personal_text(column) else column


def _meant(column: str, free: Collection[str], kind: LayerKind) -> str:
    """The field that a column's name is a slip of, or its Chinese name; "" where there is none."""
    plain = _letters(column)
    chinese = _CHINESE.get(plain, "")
    if chinese in free:
        return chinese
    known: dict[str, Any] = {_letters(name): name for name in free}
    if kind.is_site:
        end = column.rpartition("_")[2]
        known[_letters(STAFF + end)] = STAFF + end
    close = get_close_matches(plain[:60], known, n=1, cutoff=_CLOSE)
    return str(known[close[0]]) if close else ""


def _letters(name: str) -> str:
    """A name without case, punctuation and what stands in brackets."""
    plain = re.sub(r"\(.*?\)", "", unicodedata.normalize("NFKC", name))
    return re.sub(r"[\W_]+", "", plain).casefold()
