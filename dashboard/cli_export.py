"""`threeline export`: a layer with its state at a moment, as a file for other programs."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Annotated

import typer

from dashboard.cli_parts import refused, telling
from dashboard.saying import say
from dashboard.settings import read_settings

WORDS: dict[str, tuple[str, str]] = {
    # key: (zh-CN, en)
    "help": (
        "把一个图层连同某一时刻的状态导出为 GeoPackage（内含 QGIS 样式）、GeoJSON 或 CSV。",
        "Write a layer with its state at a moment as GeoPackage (with a QGIS style inside), GeoJSON or CSV.",
    ),
    "layer": (
        "图层名；或 sites（全部站点）、gaps（缺口）、fences（围栏）；all 为全部图层（仅 GeoPackage）。",
        "A layer of the profile; or sites, gaps, fences; all for every layer, in a GeoPackage.",
    ),
    "out": ("输出文件：.gpkg、.geojson 或 .csv。", "File to write: .gpkg, .geojson or .csv."),
    "crs": (
        "坐标系，如 EPSG:4490、EPSG:4521、GCJ-02；默认 EPSG:4326。",
        "Coordinate system, such as EPSG:4490, EPSG:4521 or GCJ-02; EPSG:4326 when absent.",
    ),
    "titles": ("CSV 表头用文字而非字段名。", "Head the columns of a CSV in words, not in field names."),
    "lang": ("文字语言：zh-CN 或 en。", "Language of the words: zh-CN or en."),
    "wrote": (
        "已写入 {file}{as_of}：图层 {layers} 个，要素 {features} 个",
        "Wrote {file}{as_of}: layers {layers}, features {features}",
    ),
    "as_of": ("（数据截至 {time}）", " (data as of {time})"),
    "simulated": ("注意：其中含模拟数据，非真实上报。", "Mind: it holds simulated data, not real reports."),
}


told = telling(WORDS)


def export(
    layer: Annotated[str, typer.Argument(help=told("layer"), metavar="LAYER", show_default=False)],
    out: Annotated[Path, typer.Option("-o", "--out", help=told("out"), metavar="FILE")],
    *,
    scope: Annotated[str, typer.Option(help=say("opt_scope"), metavar="ADCODE")] = "",
    at: Annotated[str, typer.Option(help=say("opt_at"), metavar="TIME")] = "",
    crs: Annotated[str, typer.Option(help=told("crs"), metavar="CRS")] = "EPSG:4326",
    titles: Annotated[bool, typer.Option("--titles", help=told("titles"))] = False,
    lang: Annotated[str | None, typer.Option(help=told("lang"))] = None,
    profile: Annotated[str | None, typer.Option(help=say("opt_profile"), metavar="NAME|DIR")] = None,
    store: Annotated[str | None, typer.Option(help=say("opt_store"), metavar="URL")] = None,
) -> None:
    """Write a layer with its state at a moment."""
    from dashboard.exporting.files import FORMS, chosen, sheets_of, write  # noqa: PLC0415
    from dashboard.past import picture_from, picture_without_readings  # noqa: PLC0415
    from dashboard.times import moment  # noqa: PLC0415
    from data.profile import load_profile  # noqa: PLC0415
    from data.store.files import path_of  # noqa: PLC0415
    from layers.crs import Crs  # noqa: PLC0415

    form = out.suffix.lower().removeprefix(".")
    if form not in FORMS:
        kinds = ", ".join(f".{name}" for name in FORMS)
        raise refused(say("bad_format", got=out.suffix or out.name, expected=kinds))
    when, system = _time(at), Crs.parse(crs, field="--crs")
    settings = read_settings(os.environ, profile=profile, store=store)
    place = load_profile(settings.profile)
    if scope and scope not in place.county_name:
        known = ", ".join(f"{adcode} {name}" for adcode, name in place.county_name.items())
        raise refused(say("bad_scope", got=scope, expected=known))
    if lang is not None and lang not in place.spec.languages:
        raise refused(say("bad_lang", got=lang, expected=", ".join(place.spec.languages)))
    live = any(one.live for one in chosen(place, layer, form))
    url = settings.store_url(place.spec.id)
    # Exporting reads: a misspelt path must not become a new, empty store. What has no state needs none.
    there = path_of(url).exists()
    if live and not there:
        raise refused(say("no_store", got=path_of(url)))
    picture = picture_from(place, url, when, scope) if there else picture_without_readings(place, when, scope)
    sheets = sheets_of(
        picture.profile or place, layer, picture, form, lang=lang or place.spec.languages[0], crs=system
    )
    write(out, sheets, form, titles=titles)
    data_at = moment(picture.data_at, place.zone)
    if live and data_at is None:
        typer.echo(say("no_readings", store=url), err=True)
    if picture.simulated:
        typer.echo(told("simulated"), err=True)
    as_of = told("as_of", time=data_at or say("never")) if live else ""
    features = sum(len(sheet.table) for sheet in sheets)
    typer.echo(told("wrote", file=out, layers=len(sheets), features=features, as_of=as_of))


def _time(at: str) -> int | None:
    """The time that is asked for, epoch seconds; None for now."""
    from dashboard.times import AHEAD_S, EXPECTED, parse_time  # noqa: PLC0415

    when = parse_time(at) if at else None
    if at and when is None:
        raise refused(say("bad_at", got=at, expected=EXPECTED))
    if when is not None and when > time.time() + AHEAD_S:
        raise refused(say("future_at", got=at))
    return when
