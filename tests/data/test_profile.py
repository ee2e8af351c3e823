"""A profile folder becomes one value."""

from __future__ import annotations

import json
import shutil
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import shapely

from data.profile import SAMPLES, check_profile, find_profile, load_profile
from layers.faults import FaultsError

SMALL = Path(__file__).parent.parent / "profiles" / "small"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SMALL, tmp_path / "small"))


def test_the_small_profile_has_its_sites_in_the_order_of_its_files() -> None:
    profile = load_profile(SMALL)
    sites = profile.sites
    assert sites.site_id.tolist() == ["d1", "d2", "d3", "p1", "p2", "c1", "c2", "c3"]
    assert sites.line.tolist() == ["first"] * 3 + ["second"] * 2 + ["third"] * 3
    assert sites.county[[0, 2, 3, 4]].tolist() == ["900101", "900102", "900101", "900102"]
    assert sites.lanes_total[sites.row["c1"]] == 6
    assert sites.staff_required["III"].tolist() == [4, 4, 4, 4, 4, 12, 9, 6]
    assert sites.smart.tolist() == [False] * 5 + [True, False, False]
    assert set(sites.position_source) == {"demonstration"}
    assert (sites.lon[0], sites.lat[0]) == (99.05, 23.497)


def test_it_knows_its_clock_its_lines_and_its_counties() -> None:
    profile = load_profile(SMALL)
    assert profile.zone.key == "Asia/Shanghai"
    assert list(profile.line) == ["first", "second", "third"]
    assert profile.county_name == {"900101": "甲县", "900102": "乙县"}
    assert list(profile.layers) == [layer.name for layer in profile.spec.layers]
    assert all(frame.crs.to_epsg() == 4326 for frame in profile.layers.values())


def test_its_border_is_held_by_duty_points_and_fences() -> None:
    profile = load_profile(SMALL)
    assert profile.border is not None
    assert profile.border.length_km == pytest.approx(41.096, abs=0.001)
    assert [code for code, _, _ in profile.border.county_spans()] == ["900101", "900102"]
    assert profile.sites.site_id[profile.site_spans.owner].tolist() == ["d1", "d2", "d3"]
    # By hand: d1 and d2 stand 0.22 km off a straight stretch and hold 2·√(3² - 0.22²) km. d3 is 0.2215 km
    # above a bend whose legs fall away by 6.19°: 3² = s² + 0.2215² + 2·s·0.2215·sin 6.19°, so it holds 2·s.
    held_km = profile.site_spans.to_km - profile.site_spans.from_km
    assert held_km == pytest.approx([5.984, 5.984, 5.936], abs=0.002)
    assert profile.fences["fence_id"].to_numpy()[profile.fence_spans.owner].tolist() == ["f1", "f2"]


def test_only_kinds_of_a_line_with_a_border_hold_it(folder: Path) -> None:
    toml = folder / "profile.toml"
    text = toml.read_text("utf-8").replace('line = "second"', 'line = "second"\nheld_m = 50000', 1)
    toml.write_text(text, "utf-8")
    profile = load_profile(folder)
    assert profile.sites.site_id[profile.site_spans.owner].tolist() == ["d1", "d2", "d3"]


def test_a_profile_may_do_without_counties_fences_and_border(folder: Path) -> None:
    """The least there can be: one line, one kind, one file of positions."""
    for path in folder.iterdir():
        path.unlink()
    (folder / "p.csv").write_text("点,lon,lat\n甲,99.1,23.7\n", "utf-8")
    (folder / "profile.toml").write_text(
        """
        id = "least"
        title = { en = "Least" }
        timezone = "Asia/Hong_Kong"
        languages = ["en"]
        area = [99, 23, 100, 24]
        lines = [{ id = "only", name = { en = "Only" }, short = { en = "Only" }, shape = "circle" }]
        [map]
        center = [99.5, 23.5]
        zoom = 9
        source = { en = "Somewhere" }
        [kinds.gate]
        name = { en = "Gate" }
        line = "only"
        [[layers]]
        name = "gates"
        kind = "checkpoints"
        file = "p.csv"
        crs = "EPSG:4326"
        title = { en = "Gates" }
        columns = { site_id = "点", name = "点" }
        constants = { kind = "gate" }
        [duty]
        levels = [{ id = "I", name = { en = "I" } }]
        current = "I"
        """,
        "utf-8",
    )
    profile = load_profile(folder)
    assert profile.border is None
    assert len(profile.counties) == len(profile.fences) == len(profile.site_spans.owner) == 0
    assert profile.sites.county.tolist() == [""]
    assert np.isnan(profile.sites.staff_required["I"]).all()
    assert profile.county_name == {}
    assert {"fence_id", "name", "county", "geometry"} <= set(profile.fences.columns)


def test_two_layers_of_a_kind_are_read_as_one(folder: Path) -> None:
    (folder / "more.csv").write_text("site_id,name,lon,lat\nd4,界四,99.38,23.505\n", "utf-8")
    with (folder / "profile.toml").open("a", encoding="utf-8") as toml:
        toml.write(
            '[[layers]]\nname = "more"\nkind = "duty_points"\nfile = "more.csv"\ncrs = "EPSG:4490"\n'
            'title = { "zh-CN" = "又", en = "More" }\n'
        )
    profile = load_profile(folder)
    assert profile.sites.site_id[-1] == "d4"
    assert len(profile.site_spans.owner) == 4


def test_samples_are_found_by_name_and_folders_by_path(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert find_profile(folder) == folder
    monkeypatch.chdir(folder.parent)
    assert find_profile("small") == folder
    for name in sorted(path.parent.name for path in SAMPLES.glob("*/profile.toml")):
        assert find_profile(name) == SAMPLES / name


def test_a_profile_that_does_not_exist_names_those_that_do() -> None:
    with pytest.raises(FaultsError) as caught:
        load_profile("nowhere-at-all")
    (fault,) = caught.value.faults
    assert fault.got == "nowhere-at-all"
    assert "ships with the board" in fault.expected
    assert check_profile("nowhere-at-all") == [fault]


def test_every_sample_is_without_fault() -> None:
    for path in SAMPLES.glob("*/profile.toml"):
        assert check_profile(path.parent) == []


def test_a_prefecture_of_a_thousand_sites_is_placed_whole(folder: Path) -> None:
    """The small profile scaled up to 963 sites, 8 counties of 2,000 vertices and a border of 3,000."""
    rng = np.random.default_rng(9)
    lon = np.linspace(99.0, 99.4, 3001)
    lat = 23.5 + 0.03 * np.sin(np.linspace(0, 9, 3001)) + np.cumsum(rng.normal(0, 2e-5, 3001))
    edges = np.linspace(0, 3000, 9).astype(int)
    counties = []
    for at, (start, end) in enumerate(pairwise(edges)):
        south = np.column_stack([lon[start : end + 1], lat[start : end + 1]])
        north = np.column_stack([np.linspace(lon[end], lon[start], 1600), 23.95 + rng.normal(0, 1e-5, 1600)])
        counties.append(feature(shapely.Polygon([*south, *north]), adcode=f"90010{at}", name=f"县{at}"))
    write(folder / "counties.geojson", counties)
    write(folder / "border.geojson", [feature(shapely.LineString(np.column_stack([lon, lat])))])
    write(
        folder / "fences.geojson", [feature(shapely.Point(99.2, 23.7).buffer(0.01), fence_id="f", name="f")]
    )
    at = rng.integers(20, 2980, 417)
    duty = [f"d{i},界{i},{lon[k]},{lat[k] + 0.003}" for i, k in enumerate(at)]
    posts = [f"p{i},卡{i},{x},23.7" for i, x in enumerate(rng.uniform(99.01, 99.39, 480))]
    checks = [
        feature(
            shapely.Point(x, 23.9), site_id=f"c{i}", name=f"检{i}", kind="checkpoint.fixed", lanes_total=4
        )
        for i, x in enumerate(rng.uniform(99.01, 99.39, 66))
    ]
    (folder / "duty_points.csv").write_text("\n".join(["site_id,name,lon,lat", *duty]), "utf-8")
    (folder / "second_line_posts.csv").write_text("\n".join(["编号,名称,lon,lat", *posts]), "utf-8")
    write(folder / "checkpoints.geojson", checks)
    profile = load_profile(folder)
    assert len(profile.sites) == 963
    assert len(set(profile.site_spans.owner.tolist())) == 417
    assert (profile.sites.county != "").all()


def feature(shape: shapely.Geometry, **properties: object) -> dict:
    return {"type": "Feature", "properties": properties, "geometry": json.loads(shapely.to_geojson(shape))}


def write(path: Path, features: list[dict]) -> None:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
