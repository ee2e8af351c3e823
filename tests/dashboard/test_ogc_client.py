"""Public clients read the board by its address: GDAL 3.6 as Debian packs it, and pyogrio's own."""

from __future__ import annotations

import csv
import io
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import numpy as np
import pyogrio
import pytest

from tests.serving import LiveServer, wait_for

LAYERS = {
    "sites": 963, "checkpoints": 66, "duty_points": 417, "second_line_posts": 480, "counties": 8, "border": 1,
    "fences": 16,
}  # fmt: skip
SENT = {
    "persons_in": 30,
    "vehicles_in": 10,
    "queue_m": 120,
    "wait_min": 7,
    "lanes_open": 2,
    "staff_on_duty": 9,
}


@pytest.fixture(scope="module")
def lincang(tmp_path_factory: pytest.TempPathFactory, sites: Any) -> Iterator[LiveServer]:
    """Lincang as a process of its own, because GDAL lets no other thread run while it waits for an answer.

    The last three sites have reported.
    """
    store = tmp_path_factory.mktemp("ogc") / "board.sqlite"
    with LiveServer("lincang", store, ("--no-simulate",)) as server:
        at = datetime.fromtimestamp(int(time.time()) - 5, UTC).isoformat()
        rows = [{"site_id": name, "observed_at": at, **SENT} for name in sites.site_id[-3:]]
        answer = httpx.post(f"{server.url}/api/v1/readings", json=rows, trust_env=False, timeout=60)
        assert answer.json()["accepted"] == 3, answer.text
        wait_for(lambda: server.health()["data_age_s"] is not None, what="a picture with the readings")
        yield server


@pytest.fixture(scope="module")
def sites() -> Any:
    from data.profile import load_profile

    return load_profile("lincang").sites


def ogr2ogr(served: LiveServer, *arguments: str) -> list[dict[str, str]]:
    """What ogr2ogr reads of the sites, as rows of a CSV."""
    command = [
        "ogr2ogr", "-f", "CSV", "/vsistdout/", f"OAPIF:{served.url}/ogc", "sites",
        "-lco", "GEOMETRY=AS_XY", *arguments,
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    return list(csv.DictReader(io.StringIO(done.stdout)))


def test_debians_gdal_reads_every_site_page_by_page(lincang: LiveServer, sites: Any) -> None:
    rows = ogr2ogr(lincang, "-oo", "PAGE_SIZE=100")
    assert [row["id"] for row in rows] == sites.site_id.tolist()
    assert [row["name"] for row in rows] == sites.name.tolist()
    assert [row["county"] for row in rows] == sites.county.tolist()
    at = np.array([[float(row["X"]), float(row["Y"])] for row in rows])
    assert np.abs(at - np.column_stack([sites.lon, sites.lat])).max() < 1e-7
    told = {row["id"]: row for row in rows}
    last = told[sites.site_id[-1]]
    assert (last["status"], last["wait_min"], last["queue_m"]) == ("normal", "7", "120")
    assert last["observed_at"].endswith("+08")
    # A hundred sites without a reading come first: the schema says all the same that a wait is a number.
    assert told[sites.site_id[0]]["wait_min"] == ""
    assert {row["position_source"] for row in rows} == {"demonstration"}


def test_debians_gdal_asks_the_server_to_filter(lincang: LiveServer, sites: Any) -> None:
    inside = (sites.lon > 99) & (sites.lon < 99.5) & (sites.lat > 23.5) & (sites.lat < 24)
    rows = ogr2ogr(lincang, "-spat", "99", "23.5", "99.5", "24", "-oo", "PAGE_SIZE=50")
    assert {row["id"] for row in rows} == set(sites.site_id[inside])
    rows = ogr2ogr(lincang, "-where", "kind = 'checkpoint.level1' AND county = '530925'")
    expected = (sites.kind == "checkpoint.level1") & (sites.county == "530925")
    assert {row["id"] for row in rows} == set(sites.site_id[expected]) != set()


def test_debians_gdal_lists_the_collections(lincang: LiveServer) -> None:
    command = ["ogrinfo", "-so", "-al", f"OAPIF:{lincang.url}/ogc/"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    counts = {}
    for block in done.stdout.split("Layer name: ")[1:]:
        count = next(line for line in block.splitlines() if line.startswith("Feature Count"))
        counts[block.splitlines()[0]] = int(count.partition(": ")[2])
    assert LAYERS.items() <= counts.items()
    assert "position_source" in done.stdout
    assert "示意位置" in done.stdout


def read(served: LiveServer, layer: str = "sites", address: str = "/ogc", **options: Any) -> Any:
    return pyogrio.read_dataframe(f"OAPIF:{served.url}{address}", layer=layer, **options)


def test_pyogrio_reads_every_layer(lincang: LiveServer, sites: Any) -> None:
    for name, count in LAYERS.items():
        assert len(read(lincang, name)) == count, name
    frame = read(lincang, PAGE_SIZE=100)
    assert frame["id"].tolist() == sites.site_id.tolist()
    assert np.abs(frame.geometry.x - sites.lon).max() < 1e-7
    assert frame["wait_min"].dtype == float
    assert (frame["wait_min"].notna().sum(), frame["status"].eq("normal").sum()) == (3, 3)


@pytest.mark.parametrize("code", [4326, 4490, 4521, 4542])
def test_pyogrio_asks_for_another_system(lincang: LiveServer, code: int) -> None:
    """GDAL turns the axes back to easting first: what comes must be what PROJ makes of the same positions."""
    plain = read(lincang)
    there = read(lincang, CRS=f"EPSG:{code}", PAGE_SIZE=200)
    expected = plain.to_crs(code)
    assert there["id"].tolist() == plain["id"].tolist()
    off = np.abs(there.get_coordinates().to_numpy() - expected.get_coordinates().to_numpy()).max()
    assert off < (0.002 if code in (4521, 4542) else 2e-8)
    if code in (4521, 4542):
        assert there.crs.to_epsg() == code
        west, south, east, north = expected.iloc[100:200].total_bounds
        box = read(lincang, CRS=f"EPSG:{code}", bbox=(west - 1, south - 1, east + 1, north + 1))
        assert set(plain["id"][100:200]) <= set(box["id"])
        assert len(box) < 963


def test_a_county_by_its_address(lincang: LiveServer, sites: Any) -> None:
    frame = read(lincang, address="/ogc?scope=530924", PAGE_SIZE=50)
    assert set(frame["id"]) == set(sites.site_id[sites.county == "530924"])
    assert set(frame["county"]) == {"530924"}


def test_the_past_by_an_option(lincang: LiveServer) -> None:
    frame = read(lincang, DATETIME="2026-06-03T03:00:00Z", PAGE_SIZE=100)
    assert len(frame) == 963
    assert frame["wait_min"].notna().sum() == 0
