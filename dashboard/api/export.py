"""A layer with its state at a moment, as a file to be kept."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from urllib.parse import quote

import anyio
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from dashboard.api.problems import Problem, choice
from dashboard.api.query import AskedQuery
from dashboard.interchange.offer import collections
from data.profile import Profile
from layers.crs import EXPECTED, Crs
from layers.faults import FaultsError

FORMS = ("gpkg", "geojson", "csv")
ALL = "all"

router = APIRouter(prefix="/api/v1")


@router.get("/export/{name}")
async def export(
    request: Request,
    query: AskedQuery,
    name: str,
    crs: Annotated[str, Query(description=f"{EXPECTED}; EPSG:4326 when absent")] = "EPSG:4326",
    titles: Annotated[str, Query(description="1: the header of a CSV is in words")] = "0",
) -> Response:
    """`{layer}.gpkg`, `.geojson` or `.csv`; `all.gpkg` holds every layer. Files say what is simulated."""
    layer, _, form = name.rpartition(".")
    if form not in FORMS:
        raise choice("bad-value", "form", form, FORMS)
    check_layer(query.board.profile, layer, form)
    if titles not in ("0", "1"):
        raise choice("bad-value", "titles", titles, ["0", "1"])
    try:
        system = Crs.parse(crs)
    except FaultsError as error:
        raise Problem("bad-value", where="crs", got=crs, expected=EXPECTED) from error

    def make() -> tuple[bytes, str, str]:
        from dashboard.exporting import files  # noqa: PLC0415  (GDAL only when asked for)

        picture = query.picture()
        profile = query.profile_of(picture)
        check_layer(profile, layer, form)
        sheets = files.sheets_of(profile, layer, picture, form, lang=query.lang, crs=system)
        at = datetime.fromtimestamp(picture.at, profile.zone).strftime("%Y%m%dT%H%M%S")
        parts = [part for part in (profile.spec.id, layer, picture.scope, at) if part]
        return files.content(sheets, form, titles=titles == "1"), files.FORMS[form], "-".join(parts)

    try:
        body, media_type, file = await anyio.to_thread.run_sync(make, limiter=request.app.state.exports)
    except FaultsError as error:
        first = error.faults[0]
        raise Problem("bad-value", where="crs", got=crs, because=[first.what, first.hint]) from error
    headers = {"Content-Disposition": f'attachment; filename="{quote(file)}.{form}"'}
    return Response(body, media_type=media_type, headers=headers)


def check_layer(profile: Profile, layer: str, form: str) -> None:
    """Refuse a layer that a profile does not have; of the picture's, too, since an edit may come between."""
    known = [*collections(profile), *([ALL] if form == "gpkg" else [])]
    if layer not in known:
        raise choice("unknown-layer", "layer", layer, known)
