"""A walk over everything that the board answers: every route with every question, every callback."""

from __future__ import annotations

import io
import itertools
import json
import re
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import cycle
from typing import Any
from urllib.parse import unquote

import httpx
import numpy as np
import pyogrio
import pypdf
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts

from dashboard import ids
from dashboard.board import Board
from dashboard.interchange.offer import collections
from dashboard.jobs.shelf import Shelf, file_name, folder_of
from data.handover import Shift, facts_of
from data.journal import Draft
from data.readings import Readings, Reports
from tests.dashboard.secrets_of import Found, Secrets
from tests.serving import Served

UNKNOWN = "zz-none"
FILES = ("/assets", "/_dash-component-suites/{package_name}/{fingerprinted_path:path}", "/login/{name}")
"""Answered from the disk, the same for everybody."""
ENDS = ("/logout", "/password/end")
OGC = {
    "f", "lang", "scope", "datetime", "bbox", "limit", "crs", "county", "site_id", "state", "line", "kind",
}  # fmt: skip
EMBEDDED = re.compile(r"base64,[\w+/=\s]+")
"""Fonts and pixels inside a drawing: letters of no language."""
SOCKETS = ("/api/v1/live", "/_dash-ws-callback")


@dataclass
class Question:
    """One request, and what it said itself."""

    method: str
    path: str
    query: dict[str, str]
    body: Any = None

    @property
    def said(self) -> list[str]:
        told = [self.path, *_strings(self.query), *_strings(self.body)]
        return [*told, *(part for one in told for part in re.split(r"[/?=&:]|\.(?=\w+$)", one))]


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        value = [*value, *value.values()]
    if isinstance(value, list):
        for one in value:
            yield from _strings(one)
    elif value is not None:
        yield str(value)


def busy(
    board: Board, adcode: str, at: int, *, others: float = 1.0, own: float = 1.0, staff: float = 9.0
) -> None:
    """Alarming readings of every site and reports of every fence, scaled in the county and elsewhere.

    `staff` are on duty at each of the county's sites; elsewhere there are more than any site needs.
    """
    profile = board.profile
    sites, fences = profile.sites, profile.fences
    scale = np.where(sites.county == adcode, own, others)
    ago = np.repeat([1440, 300, 20, 1, 0], len(sites))
    scale = np.tile(scale, 5)
    # All at once, so that no step falls between them.
    board.engine.readings(
        Readings.of(
            site_id=np.tile(sites.site_id, 5),
            observed_at=at - 60 * ago,
            method=["simulated"] * len(ago),
            persons_in=np.round(40 * scale),
            persons_out=np.round(20 * scale),
            wait_min=np.round(45 * scale),
            queue_m=np.round(700 * scale),
            lanes_open=np.full(len(ago), 1.0),
            staff_on_duty=np.tile(np.where(sites.county == adcode, staff, 30.0), 5),
        )
    )
    board.engine.reports(
        Reports(
            np.full(len(fences), "fence", dtype=object),
            fences["fence_id"].to_numpy(dtype=object),
            np.full(len(fences), at - 60),
            np.full(len(fences), "down", dtype=object),
            np.round(3 * np.where(fences["county"] == adcode, own, others)),
            np.zeros(len(fences)),
        )
    )


def hushed(board: Board, secrets: Secrets, at: int) -> None:
    """Duty levels, silences and closures: the county's own, another's, the prefecture's that name others."""
    mine, theirs = secrets.site, secrets.one("site_id")
    drafts = []
    for name, scope, sites, kind in (
        ("sown", secrets.adcode, [mine], "silence"),
        ("stheirs", secrets.one("adcode"), [theirs], "closure"),
        ("sboth", "", [mine, theirs], "closure"),
        ("swide", "", [], "silence"),
    ):
        reason = f"because of {theirs} {secrets.one('name')}" if scope != secrets.adcode else "works"
        where = {"sites": sites} if sites else {"counties": [secrets.adcode, secrets.one("adcode")]}
        detail = {"kind": kind, "reason": reason, "start": at - 600, "end": at + 3600, "where": where}
        drafts.append(Draft("silence.add", name, who="zk-duty", scope=scope, detail=detail))
    level = board.profile.spec.duty.current
    for scope in ("", secrets.one("adcode")):
        words = {"level": level, "reason": f"because of {secrets.one('site_id')} {secrets.one('name')}"}
        drafts.append(Draft("duty.set", scope, who="zk-duty", scope=scope, detail=words))
    board.engine.order(drafts)


def handed(board: Board, secrets: Secrets) -> None:
    """Handovers of the county, of another and of the prefecture, of everything that is open now."""
    for name, scope in (("hown", secrets.adcode), ("htheirs", secrets.one("adcode")), ("hall", "")):
        picture = board.picture(scope)
        facts = facts_of(picture, board.engine.orders, Shift(picture.at - 3600, picture.at))
        board.engine.order([Draft("handover.draft", name, who="zk-duty", scope=scope, detail=facts)])


def taken(board: Board, secrets: Secrets, shelf: Shelf) -> None:
    """Files of the county, of another, of the prefecture, and one of the county that the prefecture made."""
    at, zone = board.engine.picture.at, board.profile.zone
    for name, scope, reach in (
        ("xown", secrets.adcode, secrets.adcode), ("xtheirs", secrets.one("adcode"), ""), ("xall", "", ""),
        ("xwide", secrets.adcode, ""),
    ):  # fmt: skip
        told = "" if name == "xown" else f"{secrets.one('site_id')} {secrets.one('name')}"
        place = shelf.keep(
            told.encode(), folder_of(scope, at, zone), file_name("x", "snapshot.svg", at, zone, "en")
        )
        detail = {"file": "snapshot.svg", "at": at, "lang": "en", "name": place, "bytes": 1, "reach": reach}
        board.engine.order([Draft("export", name, who="zk-duty", scope=scope, detail=detail)])
        detail = {"file": "brief.pdf", "at": at, "why": "export-ended", "reach": reach}
        board.engine.order([Draft("export.failed", f"{name}-no", who="zk-duty", scope=scope, detail=detail)])


def values_of(name: str, path: str, secrets: Secrets) -> list[str]:
    """What stands for a part of a path: the reader's own, another's, and what nobody has."""
    whole = secrets.profile
    tile = {"z": ["0", "12"], "x": ["0", "3174"], "y": ["0", "1764"]}
    if name in tile:
        return tile[name]
    if name == "name" and "/export/" in path:
        forms = cycle(("csv", "geojson"))
        return [*(f"{layer}.{next(forms)}" for layer in (*collections(whole), UNKNOWN)), "all.gpkg"]
    if name == "name":
        return ["sites", *whole.layers, UNKNOWN]
    if name == "collection_id":
        return [*collections(whole), UNKNOWN]
    if name == "feature_id":
        return [secrets.site, *(found[0] for found in secrets.texts.values() if found), UNKNOWN]
    if name == "site_id":
        return [secrets.site, secrets.one("site_id"), UNKNOWN]
    if name == "adcode":
        return [secrets.adcode, secrets.one("adcode"), UNKNOWN]
    if name == "alert_id":
        return [f"wait_over_30:{site}:1" for site in (secrets.site, secrets.one("site_id"))] + [UNKNOWN]
    if name == "silence_id":
        return ["stheirs", "sboth", UNKNOWN]
    if name == "export_id":
        return ["xown", "xtheirs", "xall", "xwide", "xtheirs-no", UNKNOWN]
    if name == "handover_id":
        return ["hown", "htheirs", "hall", UNKNOWN]
    assert name in ("rest", "path"), f"the walk does not know what to ask for {name} of {path}"
    return [UNKNOWN]


def queries(secrets: Secrets, at: int) -> list[dict[str, str]]:
    """Everything that a question may add; an address that does not know one of them must say so silently."""
    other, past = secrets.one("adcode"), str(at - 300)
    stamp = datetime.fromtimestamp(at - 300).astimezone().isoformat()
    area = ",".join(map(str, secrets.profile.spec.area))
    day = datetime.fromtimestamp(at, secrets.profile.zone).strftime("%Y-%m-%d")
    return [
        {}, {"lang": "en"}, {"scope": secrets.adcode}, {"scope": other}, {"scope": other, "lang": "en"},
        {"scope": UNKNOWN}, {"scope": ""}, {"at": past}, {"at": past, "scope": other},
        {"at": past, "lang": "en"},
        {"datetime": stamp}, {"bbox": area, "limit": "10000"}, {"county": other}, {"limit": "10000"},
        {"site_id": secrets.one("site_id")}, {"state": "resolved"}, {"state": "firing"}, {"day": day},
        {"metric": "persons_per_hour"}, {"metric": "wait_min", "scope": other}, {"line": other},
        {"kind": other}, {"crs": "EPSG:4490"}, {"size": "800x600", "scope": other},
        {"titles": "1"}, {"from": past}, {"tag": "x"}, {"f": "json"}, {"by": "county"},
        {"next": f"/county/{other}"}, {other: "1"}, {"site": secrets.one("site_id")}, {"round": other},
    ]  # fmt: skip


def questions(served: Served, secrets: Secrets, at: int, *, files: bool = True) -> Iterator[Question]:
    """Every route with everything in its place, and with every query that it knows.

    `files`: briefs and vector drawings too, each with few queries: they take long, and are of the same facts.
    """
    everything = queries(secrets, at)
    few = [{}, {"scope": secrets.one("adcode")}]
    for path, methods, known in routes(served):
        slow = path.startswith(("/api/v1/brief.", "/api/v1/snapshot.")) and not path.endswith(".png")
        if slow and not files:
            continue
        for number, made in enumerate(filled(path, secrets)):
            first = few if slow else [query for query in everything if known >= query.keys()]
            for query in few if number or not known else [*first, {secrets.one("adcode"): "1"}]:
                small = {"size": "480x320"} if "snapshot" in path and "size" not in query else {}
                yield Question("GET", made, query | small)
            for method in methods - {"GET"} if number == 0 or "alert_id" in path else ():
                yield Question(method, made, {}, [] if method != "HEAD" else None)
                yield from (Question(method, made, {}, body) for body in bodies(path, secrets))
                if "alert_id" in path and method == "POST":
                    yield Question(method, made, {}, {})


def bodies(path: str, secrets: Secrets) -> list[Any]:
    """What is sent to a route that takes more than a list, of the reader's own and of others."""
    if path == "/api/v1/whatif":
        sites = (secrets.site, secrets.one("site_id"), UNKNOWN)
        return [
            {"site_id": site} | closes
            for site in sites
            for closes in ({"close": "site"}, {"close": "lanes", "lanes": 1})
        ]
    if path == "/api/v1/exports":
        asked = [{"scope": secrets.one("adcode")}, {"site": secrets.one("site_id")}, {"file": "brief.gif"}]
        return [{"file": "snapshot.svg", "size": "480x320"} | one for one in asked]
    if path == "/api/v1/duty":
        return [{"scope": one, "level": "I", "reason": "x"} for one in (secrets.one("adcode"), UNKNOWN)]
    if path.startswith("/api/v1/handovers"):
        return [{"side": "incoming", "digest": "0" * 64} if path.endswith("sign") else {"note": "x"}]
    if path.startswith("/api/v1/silences"):
        other, theirs = secrets.one("adcode"), secrets.one("site_id")
        wheres = [{"sites": [theirs]}, {"counties": [other]}, {"kinds": ["checkpoint"]}, {"rules": ["x"]}]
        asked: list[Any] = [{"where": where} for where in wheres]
        asked.append({"scope": other, "where": {"kinds": ["checkpoint"]}})
        return [{"end": 60, "reason": "works"} | one for one in asked] if path.endswith("preview") else asked
    return []


def routes(served: Served) -> Iterator[tuple[str, set[str], set[str]]]:
    """Path, methods and query names of every route but those of files and what ends the walker's login."""
    for route in iter_route_contexts(served.app.server.routes):
        path = str(route.path)
        if path not in (*FILES, *SOCKETS, *ENDS) and not path.startswith("/login/"):
            known = set(_names(route.dependant)) if hasattr(route, "dependant") else set()
            yield path, set(route.methods or ()), known | (OGC if path.startswith("/ogc") else set())
    yield from (
        (page, {"GET"}, set()) for page in ("/county", "/county/{adcode}", "/site/{site_id}", "/history")
    )


def _names(dependant: Dependant) -> Iterator[str]:
    yield from (field.alias for field in dependant.query_params)
    for part in dependant.dependencies:
        yield from _names(part)


def filled(path: str, secrets: Secrets) -> list[str]:
    """A route's addresses, with everything in the place of its parameters."""
    made = [path if path.startswith("/") else f"/{path}"]
    for name in re.findall(r"{(\w+)(?::\w+)?}", path):
        made = [
            re.sub(rf"{{{name}(:\w+)?}}", value, one)
            for one in made
            for value in values_of(name, path, secrets)
        ]
    return made


def texts(answer: httpx.Response) -> Iterable[str]:
    """Everything legible in an answer, headers included."""
    yield "\n".join(f"{name}: {unquote(value)}" for name, value in answer.headers.items())
    kind = answer.headers.get("content-type", "")
    if "geopackage" in kind:
        yield answer.content.decode("utf-8", "ignore")
        with tempfile.NamedTemporaryFile(suffix=".gpkg") as file:
            file.write(answer.content)
            file.flush()
            for name, _ in pyogrio.list_layers(file.name):
                frame = pyogrio.read_dataframe(file.name, layer=name)
                shapes = frame.to_json(ensure_ascii=False, default=str) if "geometry" in frame else ""
                yield f"{name} {shapes} {frame.to_csv()}"
        return
    if "openxmlformats" in kind:
        yield from _inside(answer.content)
        return
    if kind == "application/pdf" and answer.content.startswith(b"%PDF"):
        reader = pypdf.PdfReader(io.BytesIO(answer.content))
        yield "\n".join(page.extract_text() for page in reader.pages)
        return
    text = EMBEDDED.sub("", answer.content.decode("utf-8", "replace"))
    if "json" in kind and answer.content:
        text = json.dumps(json.loads(answer.content), ensure_ascii=False)
    yield text
    if (plain := unquote(text)) != text:
        yield plain


def _inside(package: bytes) -> Iterator[str]:
    """Everything legible in a document, and in the workbooks of its charts."""
    with zipfile.ZipFile(io.BytesIO(package)) as parts:
        for name in parts.namelist():
            if name.endswith((".xml", ".rels", ".svg")):
                yield EMBEDDED.sub("", parts.read(name).decode("utf-8"))
            elif name.endswith(".xlsx"):
                yield from _inside(parts.read(name))


def look(answer: httpx.Response, secrets: Secrets, said: Iterable[str]) -> list[Found]:
    """What an answer tells of others."""
    return [found for text in texts(answer) for found in secrets.told(text, said)]


def callbacks(
    known: list[dict[str, Any]], secrets: Secrets, *, product: bool = True
) -> Iterator[dict[str, Any]]:
    """Every callback of the server's, with states as a forger would send them.

    `product`: every view with every pick and address; without it each of them with some of the others, which
    are others at the next callback.
    """
    other, site = secrets.one("adcode"), secrets.one("site_id")
    mine = secrets.site
    scopes = ("", secrets.adcode, other, UNKNOWN, None)
    places = (
        (site, f"/county/{other}", ""),
        (mine, f"/site/{site}", ""),
        (other, "/", ""),
        (mine, "/county", ""),
        (mine, "/", "&kiosk=1&rotate=60"),
        (mine, "/rounds", ""),
        (mine, "/handover", ""),
        (mine, "/duty", ""),
    )
    for number, one in enumerate(known):
        if one["clientside_function"]:
            continue
        for (turn, scope), (step, (pick, path, more)) in itertools.product(
            enumerate(scopes), enumerate(places)
        ):
            if not product and (number + step) % len(scopes) != turn:
                continue
            view = {
                "scope": scope,
                "lang": "zh-CN",
                "at": "",
                "reach": "",
                "may": ["administer"],
                "site": site,
            }
            given = {
                f"{ids.LOCATION}.pathname": path, f"{ids.LOCATION}.search": f"?site={site}&lang=en{more}",
                f"{ids.VIEW}.data": view, f"{ids.SELECTED}.data": pick, f"{ids.MINUTE}.data": 1,
                f"{ids.COMPARED}.data": [site, mine], f"{ids.LOOK}.data": {"theme": "dark"},
            }  # fmt: skip
            yield _request(one, given, secrets)


def _request(one: dict[str, Any], given: dict[str, Any], secrets: Secrets) -> dict[str, Any]:
    lines = [line.id for line in secrets.profile.spec.lines]

    def filled(part: dict[str, Any]) -> Any:
        if part["id"].startswith("{"):
            wild = [{**json.loads(part["id"]), "line": line} for line in lines]
            return [{"id": each, "property": part["property"], "value": each} for each in wild]
        name = f"{part['id']}.{part['property']}"
        return {"id": part["id"], "property": part["property"], "value": given.get(name)}

    outputs = []
    for text in one["output"].strip(".").split("..."):
        name, _, prop = text.rpartition(".")
        if name.startswith("{"):
            outputs.append([{"id": {**json.loads(name), "line": line}, "property": prop} for line in lines])
        else:
            outputs.append({"id": name, "property": prop})
    several = one["output"].startswith("..")
    return {
        "output": one["output"],
        "outputs": outputs if several else outputs[0],
        "inputs": [filled(part) for part in one["inputs"]],
        "state": [filled(part) for part in one["state"]],
        "changedPropIds": [f"{one['inputs'][0]['id']}.{one['inputs'][0]['property']}"],
    }
