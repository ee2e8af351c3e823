"""Forecast, advice and what-if from a store: of the reader's sites, from what was there at the moment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from data.county import county_profile
from data.foresight import Ahead
from data.orders import Silence, Where
from data.readings import Readings
from data.store.base import Store
from data.store.sqlite import SqliteStore
from tests.data.foreseen import PACE, rushes
from tests.data.places import NOON, small

AT = NOON - 1800
"""In the middle of a rush."""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    made = SqliteStore(tmp_path_factory.mktemp("foresight") / "kept.db")
    rushes(made, NOON)
    yield made
    made.close()


@pytest.fixture(scope="module")
def ahead(store: Store) -> Ahead:
    return Ahead(small(), small(), store)


def test_the_forecast_is_shown_with_its_score(ahead: Ahead) -> None:
    told = ahead.forecast("c1", AT)
    assert told.shown
    assert [point.t for point in told.points] == [AT + 900, AT + 1800]
    assert told.now_min is not None
    assert told.score is not None
    assert told.score.mae < told.score.no_change
    assert AT - 4 * 7 * 86400 <= told.score.start < told.score.end < AT


def test_what_was_told_then_is_told_again_later(ahead: Ahead, store: Store, tmp_path: Path) -> None:
    """The past knows nothing of what came after it: neither numbers nor score."""
    cut = SqliteStore(tmp_path / "cut.db")
    cut.write(store.read(0, AT))
    then = Ahead(small(), small(), cut)
    # As text, for what is not known equals nothing, not even itself.
    assert repr(then.forecast("c1", AT)) == repr(ahead.forecast("c1", AT))
    assert repr(then.advice("c1", AT)) == repr(ahead.advice("c1", AT))
    cut.close()


def test_the_lanes_of_a_slow_site_and_the_staff_for_them(ahead: Ahead) -> None:
    told = ahead.advice("c1", AT)
    assert told.wait_min is not None
    assert told.wait_min >= told.threshold_min == 30
    assert told.what in ("open", "wait")
    assert told.per_lane_h == pytest.approx(PACE["c1"], rel=0.05)
    assert told.lanes is not None
    # Six lanes ask for twelve at level III, eight are there; the duty level in force may ask for more.
    assert told.staff_more == max(2 * told.lanes - 8, 0)
    assert ahead.advice("c1", AT, staff_required=24.0).staff_more == 4 * told.lanes - 8


def test_a_silent_site_is_told_nothing_of(ahead: Ahead) -> None:
    later = NOON + 3 * 3600
    assert ahead.forecast("c1", later).why == "silent"
    assert ahead.advice("c1", later).what == "unknown"
    assert ahead.what_if("c1", None, later) is None
    assert ahead.forecast("d1", NOON).why == "no_wait"
    assert ahead.advice("d1", NOON).what == "unknown"


def test_closing_a_site_and_its_neighbours_of_the_line(ahead: Ahead) -> None:
    told = ahead.what_if("c1", None, AT)
    assert told is not None
    assert (told.lanes_before, told.lanes_left, told.wait_with) == (3, 0, None)
    assert {one.site_id for one in told.taken_by} == {"c2", "c3"}
    assert {one.by for one in told.taken_by} == {"straight"}
    assert all(one.wait_with > one.wait_without for one in told.taken_by)
    fewer = ahead.what_if("c1", 2, AT)
    assert fewer is not None
    assert fewer.lanes_left == 1
    assert 0 < fewer.leaves_h < told.leaves_h
    every = ahead.what_if("c1", 9, AT)
    assert every is not None
    assert every == told


def test_a_county_has_neighbours_of_its_own_only(store: Store) -> None:
    mine = Ahead(county_profile(small(), "900102"), small(), store)
    told = mine.what_if("c2", None, AT)
    assert told is not None
    assert {one.site_id for one in told.taken_by} == {"c3"}
    with pytest.raises(KeyError):
        mine.forecast("c1", AT)


def test_who_is_closed_on_purpose_takes_nobody_over_whatever_it_reports(store: Store) -> None:
    closure = Silence("s1", "closure", "zk", AT, "works", AT, AT + 60, where=Where(sites=("c3",)))
    quiet = replace(closure, id="s2", kind="silence", where=Where(sites=("c2",)))
    ordered = Ahead(small(), small(), store, (closure, quiet))
    told = ordered.what_if("c1", None, AT)
    assert told is not None
    assert {one.site_id for one in told.taken_by} == {"c2"}
    assert ordered.what_if("c3", None, AT) is None
    assert ordered.advice("c3", AT).what == "unknown"
    after = ordered.what_if("c1", None, AT + 60)
    assert after is not None
    assert {one.site_id for one in after.taken_by} == {"c2", "c3"}


def test_a_site_without_an_open_lane_takes_nobody_over(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "closed.db")
    rushes(store, AT)
    shut = AT - 60 * np.arange(5)[::-1]
    store.write(
        Readings.of(site_id=["c3"] * 5, observed_at=shut, vehicles_in=0.0, wait_min=0.0, lanes_open=0.0)
    )
    told = Ahead(small(), small(), store).what_if("c1", None, AT)
    assert told is not None
    assert {one.site_id for one in told.taken_by} == {"c2"}
    store.close()


def test_history_that_is_loaded_late_is_learnt_from_at_once(store: Store, tmp_path: Path) -> None:
    late = SqliteStore(tmp_path / "late.db")
    ahead, young, whole = Ahead(small(), small(), late), store.read(AT - 2 * 86400, AT), store.read(0, AT)
    late.write(young)
    few = ahead.forecast("c1", AT)
    late.write(whole)
    told = ahead.forecast("c1", AT)
    fresh = Ahead(small(), small(), store).forecast("c1", AT)
    assert repr(told) == repr(fresh) != repr(few)
    # What is corrected is learnt anew, too; another site's readings change nothing.
    mine = whole.site_id == "c1"
    asked = ("c1", AT - 86400, AT)
    before = late.mark(*asked)
    late.write(replace(whole, persons_in=np.where(mine, whole.persons_in, 1)))
    assert late.mark(*asked) == before
    late.write(replace(whole, wait_min=whole.wait_min + 5))
    assert late.mark(*asked) != before
    assert repr(ahead.forecast("c1", AT)) != repr(fresh)
    late.close()
