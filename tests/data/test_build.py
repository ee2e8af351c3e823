"""A picture shows what is known at its moment, and nothing old as if it were true now."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from data.gaps import find_gaps
from data.picture import FenceState
from data.profile import Profile
from data.readings import Readings
from tests.data.places import NOON, every, fence, one, picture_of, small, view_of

GAUGES = (
    "persons_per_hour",
    "vehicles_per_hour",
    "queue_m",
    "wait_min",
    "wait_change",
    "lanes_open",
    "staff_on_duty",
)


def full(at: int, **more: object) -> Readings:
    columns = {
        "persons_in": 3, "vehicles_in": 1, "queue_m": 20, "wait_min": 4, "lanes_open": 1, "staff_on_duty": 4,
    } | more  # fmt: skip
    return every(small(), at, **columns)


def test_a_picture_of_fresh_readings() -> None:
    view = view_of(small(), NOON, [full(NOON - 900, wait_min=1), full(NOON)])
    picture = picture_of(small(), view)
    state = picture.state
    assert set(state.status) == {"normal"}
    assert state.persons_per_hour.tolist() == pytest.approx([180] * 8)
    assert state.vehicles_per_hour.tolist() == pytest.approx([60] * 8)
    assert set(state.rates) == {5, 15, 60}
    assert set(state.wait_change) == {3}
    assert state.staff_required.tolist() == [4, 4, 4, 4, 4, 12, 9, 6]
    assert (picture.at, picture.data_at, picture.scope, picture.duty_level) == (NOON, NOON, "", "III")
    assert not picture.simulated


def test_a_silent_site_keeps_its_age_and_loses_its_numbers() -> None:
    for age, status in ((600, "normal"), (601, "no_data"), (1801, "offline")):
        state = picture_of(small(), view_of(small(), NOON, [full(NOON - age, method="manual")])).state
        assert set(state.status) == {status}
        assert set(state.observed_at) == {NOON - age}
        assert set(state.method) == {"manual"}
        silent = status != "normal"
        assert all(np.isnan(getattr(state, name)).all() == silent for name in GAUGES if name != "wait_change")
        assert np.isnan(state.rates[60][0]).all() == silent


def test_nothing_was_ever_reported() -> None:
    picture = picture_of(small(), view_of(small(), NOON))
    assert set(picture.state.status) == {"no_data"}
    assert set(picture.state.method) == {""}
    assert np.isnan(picture.data_at)
    assert [line.persons_per_hour for line in picture.lines] == [None] * 3
    assert [line.online for line in picture.lines] == [0, 0, 0]
    assert picture.today.persons is None


def test_a_picture_does_not_change_when_its_memory_does() -> None:
    from data.build import look
    from tests.data.places import remember

    recent, watch = remember(small(), [full(NOON)], [fence("f1", NOON)])
    before = look(small(), recent, watch, NOON)
    kept = {name: getattr(before.state, name).copy() for name in (*GAUGES, "observed_at")}
    recent.put(np.arange(8), full(NOON + 60, wait_min=9, persons_in=99))
    for name, values in kept.items():
        np.testing.assert_array_equal(getattr(before.state, name), values)


def test_lines_sum_what_is_known() -> None:
    rows = [
        one("c1", NOON, persons_in=10, staff_on_duty=11),
        one("c2", NOON, vehicles_in=2),
        one("p1", NOON - 700),
    ]
    lines = {line.id: line for line in picture_of(small(), view_of(small(), NOON, rows)).lines}
    third = lines["third"]
    assert (third.sites, third.online) == (3, 2)
    assert third.persons_per_hour == pytest.approx(600)
    assert third.vehicles_per_hour == pytest.approx(120)
    assert (third.staff_on_duty, third.staff_required) == (11, 27)
    assert (third.km, third.km_covered, third.km_uncovered) == (None, None, None)
    assert (lines["second"].sites, lines["second"].online, lines["second"].staff_on_duty) == (2, 0, None)


def test_a_closed_site_is_online_and_holds_nothing() -> None:
    open_, closed = (
        picture_of(small(), view_of(small(), NOON, [full(NOON, lanes_open=lanes)])).lines[0]
        for lanes in (1, 0)
    )
    assert open_.online == closed.online == 3
    assert open_.km_covered > 0
    assert closed.km_covered == 0


def test_the_border_is_held_by_manned_sites_and_fences_in_service() -> None:
    border = small().border

    nobody = one("d1", NOON, staff_on_duty=0)

    def first(rows: list[Readings], reports: list[object]) -> float:
        line = picture_of(small(), view_of(small(), NOON, rows or [nobody], reports)).lines[0]
        assert line.km == pytest.approx(border.length_km)
        assert line.km_unknown == 0
        assert line.km_covered + line.km_uncovered == pytest.approx(line.km)
        return line.km_covered

    spans, fences = small().site_spans, small().fence_spans
    site_km = spans.to_km - spans.from_km
    assert first([], []) == 0
    assert first([one("d1", NOON)], []) == pytest.approx(site_km[0])  # staff not reported: it is online
    assert first([one("d1", NOON, staff_on_duty=0)], []) == 0  # nobody is there
    assert first([one("d1", NOON - 700, staff_on_duty=4)], []) == 0
    assert first([every(small(), NOON)], []) == pytest.approx(site_km.sum())
    assert first([], [fence("f2", NOON)]) == pytest.approx(fences.to_km[1] - fences.from_km[1])
    assert first([], [fence("f2", NOON, "down")]) == 0
    assert first([], [fence("f2", NOON - 1801)]) == 0


def test_gaps_are_split_at_county_limits() -> None:
    gaps = find_gaps(small(), np.zeros(8, bool), np.zeros(2, bool))
    assert [(gap.line, gap.county) for gap in gaps] == [("first", "900101"), ("first", "900102")]
    assert gaps[0].to_km == gaps[1].from_km
    held = np.isin(small().sites.site_id, ["d1", "d2", "d3"])
    gaps = find_gaps(small(), held, np.ones(2, bool))
    assert [gap.county for gap in gaps] == ["900101"] * 4 + ["900102"] * 2
    assert all(gap.km > 0 for gap in gaps)


def test_a_border_beyond_all_counties_belongs_to_none() -> None:
    class Elsewhere:
        length_km = 10.0

        def county_spans(self) -> list[tuple[str, float, float]]:
            return [("900101", 2.0, 6.0)]

    nothing = replace(small().site_spans, owner=np.array([], int), from_km=np.array([]), to_km=np.array([]))
    profile: Profile = replace(small(), border=Elsewhere(), site_spans=nothing, fence_spans=nothing)
    gaps = find_gaps(profile, np.zeros(8, bool), np.zeros(2, bool))
    assert [(gap.county, gap.from_km, gap.to_km) for gap in gaps] == [
        ("", 0, 2),
        ("900101", 2, 6),
        ("", 6, 10),
    ]


def test_fences_are_counted_over_an_hour_and_fall_silent() -> None:
    reports = [
        fence("f1", NOON - 3600, "up", 100),
        fence("f1", NOON - 3599, "up", 1),
        fence("f1", NOON - 60, "up", 2, 3),
        fence("f1", NOON - 60, "up", 4, 3),
        fence("f1", NOON - 600, "down", 1),
        fence("f2", NOON - 1801, "up", 7),
    ]
    fences = picture_of(small(), view_of(small(), NOON, [], reports)).fences
    assert fences == {
        "f1": FenceState("up", NOON - 60, 6, 3),
        "f2": FenceState("unknown", NOON - 1801, 7, None),
    }


def test_simulated_marks_the_picture() -> None:
    rows = [full(NOON)]
    assert not picture_of(small(), view_of(small(), NOON, rows)).simulated
    assert picture_of(small(), view_of(small(), NOON, rows), simulated=True).simulated
    rows = [full(NOON), one("c1", NOON + 1, method="simulated")]
    assert picture_of(small(), view_of(small(), NOON + 1, rows)).simulated


def test_a_profile_without_sites_border_or_fences_still_gives_a_picture() -> None:
    base = small()
    empty = replace(base, sites=base.sites.take(np.zeros(8, bool)), border=None, fences=base.fences.iloc[:0])
    picture = picture_of(empty, view_of(empty, NOON))
    assert [(line.sites, line.km) for line in picture.lines] == [(0, None)] * 3
    assert (picture.gaps, picture.fences, picture.alerts) == ((), {}, ())
