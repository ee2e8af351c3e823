"""A board that was never told anything says neither that the border is held nor that it is open."""

from __future__ import annotations

import dataclasses
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from data.build import look
from data.facts import Facts
from data.picture import Picture, cut
from data.profile import load_profile
from data.readings import Readings, Reports
from tests.data.held import held_folder
from tests.data.places import NOON, fence, one, picture_of, remember, small, view_of

EAST, WEST = "900102", "900101"
LATE = 100_000
"""Seconds after which everybody counts as offline."""


def waited(
    *rows: Readings, reports: list[Reports] | None = None, at: int = NOON, since: int = NOON
) -> Picture:
    """The small profile, where everybody has been waited for since a time."""
    memories = remember(small(), rows, reports or [])
    waits = np.full(len(small().sites) + len(small().fences), float(since))
    return picture_of(small(), look(small(), *memories, at, waits))


def shares(picture: Picture) -> tuple[float | None, ...]:
    line = picture.lines[0]
    return line.km_covered, line.km_uncovered, line.km_unknown


@pytest.mark.parametrize("since", [NOON, NOON - LATE])
def test_before_the_first_reading_nothing_is_known_however_long_it_takes(since: int) -> None:
    picture = waited(since=since)
    km = small().border.length_km
    assert picture.gaps == ()
    assert [one.county for one in picture.unknown] == [WEST, EAST]
    assert shares(picture) == (None, None, pytest.approx(km))
    assert picture.lines[0].km_exposed is None
    parts = [cut(picture, small(), scope) for scope in (WEST, EAST)]
    assert [part.lines[0].km_uncovered for part in parts] == [None, None]
    assert sum(part.lines[0].km_unknown for part in parts) == pytest.approx(km)


def test_what_a_post_not_heard_yet_could_hold_is_unknown_until_it_counts_as_offline() -> None:
    spans = small().site_spans
    km = dict(zip(small().sites.site_id[spans.owner].tolist(), spans.to_km - spans.from_km, strict=True))
    rows = [one("d1", NOON, staff_on_duty=2)]
    fresh, late = waited(*rows), waited(*rows, since=NOON - LATE)
    assert 0 < fresh.lines[0].km_unknown < fresh.lines[0].km
    assert fresh.lines[0].km_covered == pytest.approx(km["d1"])
    assert fresh.lines[0].km_uncovered == pytest.approx(sum(gap.km for gap in fresh.gaps))
    assert sum(shares(fresh)) == pytest.approx(fresh.lines[0].km)
    assert late.unknown == ()
    assert shares(late) == (pytest.approx(km["d1"]), pytest.approx(late.lines[0].km - km["d1"]), 0)
    # No stretch is told twice.
    told = sorted((one.from_km, one.to_km) for one in (*fresh.gaps, *fresh.unknown))
    assert all(before[1] <= after[0] for before, after in pairwise(told))


def test_a_post_that_fell_silent_holds_nothing() -> None:
    picture = waited(one("d1", NOON - LATE), since=NOON - 2 * LATE)
    assert picture.unknown == ()
    assert shares(picture) == (0, pytest.approx(small().border.length_km), 0)


def test_a_fence_in_service_holds_its_stretch_while_the_rest_is_unknown() -> None:
    picture = waited(reports=[fence("f2", NOON)])
    assert shares(picture) == (
        pytest.approx(picture.lines[0].km - picture.lines[0].km_unknown),
        None,
        pytest.approx(sum(one.km for one in picture.unknown)),
    )
    assert picture.lines[0].km_covered > 0


def test_no_rule_holds_against_what_is_not_known() -> None:
    facts = Facts(**{
        name: getattr(view, name)
        for view in [view_of(small(), NOON)]
        for name in ("at", "state", "fences", "devices", "gaps", "unknown")
    }, profile=small())  # fmt: skip
    for metric in ("km_uncovered", "line_km_uncovered"):
        assert np.isnan(facts.column(metric).value).all()
    known = dataclasses.replace(facts, unknown=())
    assert known.column("line_km_uncovered").value[0] == 0


def test_who_could_stand_behind_a_gap_and_was_never_heard_is_neither_there_nor_not(tmp_path: Path) -> None:
    profile = load_profile(held_folder(tmp_path / "held", depth_km=60))
    nobody = one("d1", NOON, staff_on_duty=0)
    before = picture_of(profile, view_of(profile, NOON, [nobody]))
    after = picture_of(profile, view_of(profile, NOON, [nobody, one("p1", NOON, staff_on_duty=0)]))
    assert {gap.backed for gap in before.gaps} == {None}
    assert before.lines[0].km_exposed is None
    assert {gap.backed for gap in after.gaps} == {False}
    assert after.lines[0].km_exposed == pytest.approx(after.lines[0].km)
    exits = [(one.known, one.open) for one in before.exits]
    assert exits == [(False, False)] * 3
    assert (before.lines[2].exits, before.lines[2].exits_held, before.lines[2].exits_unknown) == (3, None, 3)
    heard = picture_of(profile, view_of(profile, NOON, [one("c1", NOON, staff_on_duty=0)]))
    assert [one.open for one in heard.exits] == [True] * 3
    assert (heard.lines[2].exits_held, heard.lines[2].exits_unknown) == (0, 0)
