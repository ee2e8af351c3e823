"""The doors that decide by themselves how much they tell: health, metrics, tiles, feeds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from data.profile import load_profile
from tests.conftest import NOON
from tests.dashboard.asking import problem
from tests.dashboard.secrets_of import Secrets
from tests.dashboard.test_basemap import RED, with_basemap
from tests.serving import Clock, Served
from tests.tiles import raster_mbtiles

WEST = "900101"


def test_health_tells_everybody_only_what_a_page_needs_to_renew_itself(serve: Callable[..., Served]) -> None:
    served = serve(login=True)
    nobody = served.get("/api/health")
    assert (nobody.status_code, set(nobody.json())) == (200, {"status", "version", "epoch"})
    whole = served.login("command").get("/api/health").json()
    county = served.login("county", scope=WEST).get("/api/health").json()
    assert (whole["sites"], county["sites"]) == (8, 4)
    assert set(whole) == set(county) > {"status", "version", "epoch", "revision", "profile"}


def test_healths_age_is_that_of_the_countys_own_data(serve: Callable[..., Served], clock: Clock) -> None:
    from tests.dashboard.giving import report

    served = serve(login=True)
    report(served, "c1", NOON - 500)
    report(served, "c2", NOON - 5)
    served.settle()
    county = served.login("county", scope=WEST).get("/api/health").json()
    assert (county["data_age_s"], served.login("command").get("/api/health").json()["data_age_s"]) == (500, 5)


def test_metrics_are_for_the_whole_prefecture_or_the_token(serve: Callable[..., Served]) -> None:
    served = serve(login=True, metrics_token="m-secret-1")
    problem(served.get("/metrics"), 401, "no-metrics-token")
    for wrong in ("Bearer m-secret-2", "Bearer", "Basic m-secret-1", "m-secret-1"):
        problem(served.get("/metrics", headers={"Authorization": wrong}), 401, "no-metrics-token")
    told = served.get("/metrics", headers={"Authorization": "Bearer m-secret-1"})
    assert "threeline_sites" in told.text
    assert served.login("command").get("/metrics").status_code == 200
    for role in ("county", "briefing"):
        problem(served.login(role, scope=WEST).get("/metrics"), 403, "no-metrics")


def test_without_a_token_no_bearer_opens_the_metrics(serve: Callable[..., Served]) -> None:
    served = serve(login=True)
    for given in ("Bearer", "Bearer x"):
        problem(served.get("/metrics", headers={"Authorization": given}), 401, "no-metrics-token")


def test_tiles_beyond_the_county_are_missing_ones(
    small_profile: Path, tmp_path: Path, serve: Callable[..., Served]
) -> None:
    folder = with_basemap(small_profile, tmp_path / "grounded", "ground.mbtiles")
    # At zoom 10: west of 99.2 E it is the county's, east of it the other's.
    own, other = (10, 793, 443), (10, 795, 443)
    raster_mbtiles(folder / "ground.mbtiles", {own: RED, other: RED})
    served = serve(load_profile(folder), login=True)
    whole, county = served.login("command"), served.login("county", scope=WEST)
    assert [tile(whole, *own).status_code, tile(whole, *other).status_code] == [200, 200]
    assert [tile(county, *own).status_code, tile(county, *other).status_code] == [200, 204]
    # Nobody's kept tile answers for another reader: their addresses differ.
    tags = [client.get("/api/v1/basemap").json()["tag"] for client in (whole, county)]
    assert tags[0] != tags[1]
    assert tile(county, *other, tag=tags[0]).headers["cache-control"] == "no-cache"
    told = county.get("/api/v1/basemap")
    west, south, east, north = told.json()["bounds"]
    assert Secrets(served.board.profile, WEST).told(told.text) == []
    assert (east - west, north - south) < (0.5, 1.0)


def tile(client: httpx.Client, z: int, x: int, y: int, tag: str = "") -> httpx.Response:
    return client.get(f"/api/v1/basemap/{z}/{x}/{y}", params={"tag": tag} if tag else {})


def test_a_countys_reader_is_no_feed(serve: Callable[..., Served]) -> None:
    served = serve(login=True)
    row = [{"site_id": "c22", "observed_at": "2026-06-03T12:00:00+08:00", "interval_s": 60}]
    assert "c2" in served.post("/api/v1/readings", json=row).text
    answer = served.login("county", scope=WEST).post("/api/v1/readings", json=row)
    problem(answer, 403, "feeds-only")
    assert Secrets(served.board.profile, WEST).told(answer.text) == []


@pytest.mark.parametrize("path", ["/api/v1/layers/sites", "/api/v1/layers/fences", "/api/v1/ground"])
def test_what_a_browser_keeps_is_asked_about_again(serve: Callable[..., Served], path: str) -> None:
    served = serve(login=True)
    whole, county = served.login("command").get(path), served.login("county", scope=WEST).get(path)
    assert whole.headers["etag"] != county.headers["etag"]
    assert county.headers["cache-control"] == "private, no-cache"
    again = served.login("county", scope=WEST).get(path, headers={"If-None-Match": whole.headers["etag"]})
    assert again.content == county.content
