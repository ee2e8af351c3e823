"""The fences through the API: state, counts, and who stands inside or near them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from data.fencing import fence_members
from data.profile import Profile, load_profile
from tests.conftest import NOON
from tests.serving import Served

AT = "2026-06-03T11:59:00+08:00"
DEVICES = """device_id,name,kind,county,lon,lat
v1,甲县摄像机,camera,,99.1,23.5
v2,远处摄像机,camera,,99.1,23.6
"""
LAYER = """
[[layers]]
name = "devices"
kind = "devices"
file = "devices.csv"
crs = "EPSG:4326"
title = { zh-CN = "技防设施", en = "Devices" }
"""


@pytest.fixture
def guarded(small_profile: Path, tmp_path: Path) -> Profile:
    """The small profile with two devices, one of them inside the first fence."""
    folder = tmp_path / "guarded"
    shutil.copytree(small_profile, folder)
    (folder / "devices.csv").write_text(DEVICES, "utf-8")
    text = (folder / "profile.toml").read_text("utf-8")
    (folder / "profile.toml").write_text(text + LAYER, "utf-8")
    return load_profile(folder)


def of(served: Served, fence_id: str, query: str = "") -> dict[str, Any]:
    told = served.get(f"/api/v1/fences{query}").json()
    assert told["type"] == "FeatureCollection"
    (feature,) = (one for one in told["features"] if one["id"] == fence_id)
    return feature


def test_members_are_inside_or_near_nearest_first(guarded: Profile) -> None:
    near = fence_members(guarded)["f1"]
    assert [(one.target, one.id, one.inside) for one in near if one.target == "device"] == [
        ("device", "v1", True)
    ]
    sites = [one for one in near if one.target == "site"]
    assert [one.metres for one in sites] == sorted(one.metres for one in sites)
    assert all((one.metres == 0) == one.inside for one in near)
    assert "v2" not in [one.id for fence in fence_members(guarded).values() for one in fence]


def test_a_fence_tells_its_state_its_counts_and_its_members(
    serve: Callable[..., Served], guarded: Profile
) -> None:
    served = serve(guarded)
    before = of(served, "f1")["properties"]
    assert (before["state"], before["data_age_s"], before["crossings_in"]) == ("unknown", None, None)
    report = {"fence_id": "f1", "observed_at": AT, "state": "up", "crossings_in": 2, "crossings_out": 1}
    assert served.post("/api/v1/readings", json=[report]).status_code == 200
    served.settle()
    told = of(served, "f1")
    assert told["geometry"]["type"] == "Polygon"
    properties = told["properties"]
    assert (properties["state"], properties["crossings_in"], properties["crossings_out"]) == ("up", 2, 1)
    assert properties["data_age_s"] == 60
    assert properties["county_name"] == guarded.county_name["900101"]
    device = next(one for one in properties["members"] if one["target"] == "device")
    assert device == {"target": "device", "id": "v1", "name": "甲县摄像机", "inside": True, "metres": 0}


def test_a_county_sees_its_own_fences_only(served: Served) -> None:
    told = served.get("/api/v1/fences?scope=900102").json()
    assert [feature["id"] for feature in told["features"]] == ["f2"]
    ours = set(served.board.picture("900102").sites.site_id.tolist())
    named = {one["id"] for feature in told["features"] for one in feature["properties"]["members"]}
    assert named <= ours


def test_a_past_moment_shows_the_fences_as_they_were(serve: Callable[..., Served], guarded: Profile) -> None:
    served = serve(guarded)
    served.post("/api/v1/readings", json=[{"fence_id": "f1", "observed_at": AT, "state": "down"}])
    served.settle()
    assert of(served, "f1")["properties"]["state"] == "down"
    assert of(served, "f1", f"?at={NOON - 3600}")["properties"]["state"] == "unknown"
