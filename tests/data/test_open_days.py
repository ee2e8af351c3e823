"""Sites open and close on their days: outside of them they are closed, not offline, and nothing is asked."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from data.engine import Engine
from data.feeds.simulated import SimulatedFeed
from data.ground import ground_of
from data.picture import Picture
from data.profile import Profile
from data.service import beginnings
from layers.faults import FaultsError
from tests.data.edited import Edited
from tests.data.places import MIDNIGHT, NOON, every, one
from tests.data.standing import Bench, same

DAY = 86400
TODAY, TOMORROW = "2026-09-23", "2026-09-24"


@pytest.fixture
def edited(tmp_path: Path) -> Edited:
    return Edited(tmp_path)


def line(picture: Picture, line_id: str) -> tuple[int, int, float | None]:
    found = next(line for line in picture.lines if line.id == line_id)
    return found.sites, found.online, found.staff_required


def bench_of(profile: Profile, folder: Path) -> Bench:
    bench = Bench(folder, profile)
    bench.at(0, every(profile, NOON, persons_in=3, wait_min=2, staff_on_duty=20, interval_s=3600))
    return bench


def test_a_day_begins_at_midnight_of_its_zone() -> None:
    days = np.array(["", "2026-09-23", "2026-03-29"], dtype=object)
    assert beginnings(days, ZoneInfo("Asia/Shanghai"), -np.inf).tolist()[:2] == [-np.inf, MIDNIGHT]
    berlin = beginnings(days, ZoneInfo("Europe/Berlin"), np.inf)[2]
    assert (
        datetime.fromtimestamp(berlin, ZoneInfo("Europe/Berlin")).isoformat() == "2026-03-29T00:00:00+01:00"
    )


def test_a_closed_site_is_closed_and_no_part_of_its_line(edited: Edited, tmp_path: Path) -> None:
    before = bench_of(edited.load(), tmp_path).engine.picture
    edited.duty_point("d1", closed_on=TODAY)
    (tmp_path / "two").mkdir()
    bench = bench_of(edited.load(), tmp_path / "two")
    picture = bench.engine.picture
    assert [bench.site("d1", name) for name in ("status", "in_service")] == ["closed", False]
    for name in ("persons_per_hour", "wait_min", "staff_on_duty", "staff_required"):
        assert np.isnan(bench.site("d1", name)), name
    sites, online, required = line(before, "first")
    assert line(picture, "first") == (sites - 1, online - 1, (required or 0) - 4)
    assert sum(gap.km for gap in picture.gaps) > sum(gap.km for gap in before.gaps)


def test_nothing_is_asked_of_a_closed_site(edited: Edited, tmp_path: Path) -> None:
    edited.checkpoint("c1", closed_on=TODAY)
    edited.checkpoint("c2", opened_on="2026-12-01")
    bench = Bench(tmp_path, edited.load())
    silent = bench.at(3 * 3600)
    assert {alert.target_id for alert in silent.alerts} == {"c3", "d1", "d2", "d3", "p1", "p2"}
    assert bench.site("c1", "status") == bench.site("c2", "status") == "closed"
    bench.at(3 * 3600 + 60, one("c1", NOON + 3 * 3600 + 60, wait_min=90, staff_on_duty=1))
    assert bench.site("c1", "status") == "closed"
    assert "c1" not in bench.states()


def test_midnight_closes_a_site_and_ends_its_alerts(edited: Edited, tmp_path: Path) -> None:
    edited.checkpoint("c1", closed_on=TOMORROW)
    bench = Bench(tmp_path, edited.load())
    last = MIDNIGHT + DAY - 1 - NOON
    bench.at(last - 100, one("c1", NOON + last - 100, wait_min=50, staff_on_duty=12))
    evening = bench.at(last)
    assert bench.states() == {"c1": "firing"}
    assert bench.site("c1", "status") == "congested"
    closed = bench.at(last + 1)
    assert bench.site("c1", "status") == "closed"
    assert "c1" not in {alert.target_id for alert in closed.alerts}
    ended = [kept for kept in bench.store.alerts_between(NOON, NOON + DAY) if kept.target_id == "c1"]
    assert {(kept.state, kept.resolved_at) for kept in ended} == {("resolved", MIDNIGHT + DAY)}
    # Asked for later, each moment looks as it did.
    bench.at(last + 600)
    for then in (evening, closed):
        same(bench.engine.picture_at(then.at), then)


def test_midnight_opens_a_site_and_waits_for_it_from_then(edited: Edited, tmp_path: Path) -> None:
    edited.checkpoint("c1", opened_on=TOMORROW)
    bench = Bench(tmp_path, edited.load())
    opening = MIDNIGHT + DAY - NOON
    # What it sent while it was set up says nothing of it in service.
    bench.at(opening - 1, one("c1", NOON + opening - 1, wait_min=50, staff_on_duty=12))
    assert bench.site("c1", "status") == "closed"
    bench.at(opening)
    assert bench.site("c1", "status") == "no_data"
    bench.at(opening + 600)
    assert "c1" not in bench.states("no_data")
    bench.at(opening + 660)
    assert bench.states("no_data")["c1"] == "firing"
    bench.at(opening + 700, one("c1", NOON + opening + 700, wait_min=1, staff_on_duty=12))
    assert bench.site("c1", "status") == "normal"


def test_the_past_is_shown_by_the_profile_of_today(edited: Edited, tmp_path: Path) -> None:
    bench = bench_of(edited.load(), tmp_path)
    bench.at(60, one("c1", NOON + 60, wait_min=50, staff_on_duty=12))
    bench.at(120)
    assert bench.states() == {"c1": "firing"}
    edited.checkpoint("c1", closed_on=TOMORROW)
    now = NOON + 2 * DAY
    later = Engine(edited.load(), bench.store, clock=lambda: now)
    past = later.picture_at(NOON + 120)
    assert (past.sites.row["c1"], past.state.status[past.sites.row["c1"]]) == (5, "congested")
    assert "c1" in {alert.target_id for alert in past.alerts}
    assert later.picture_at(NOON + DAY).state.status[5] == "closed"
    # Closed then by what is known today: it had no alert that anybody would have to answer.
    edited.checkpoint("c1", closed_on=TODAY)
    corrected = Engine(edited.load(), bench.store, clock=lambda: now).picture_at(NOON + 120)
    assert "c1" not in {alert.target_id for alert in corrected.alerts}


def test_nothing_is_made_up_for_a_closed_site(edited: Edited) -> None:
    edited.checkpoint("c1", closed_on=TODAY)
    edited.checkpoint("c2", opened_on=TODAY)
    feed = SimulatedFeed(edited.load())
    rows = feed.past(NOON - DAY, NOON, fine_from=NOON - 1800)
    for site, first, last in (("c1", NOON - DAY, MIDNIGHT), ("c2", MIDNIGHT, NOON)):
        mine = rows.take(rows.site_id == site)
        assert len(mine) > 20
        assert (mine.observed_at - mine.interval_s).min() >= first - 1800
        assert mine.observed_at.max() <= last
    assert (rows.observed_at - rows.interval_s)[rows.site_id == "c2"].min() >= MIDNIGHT


def test_no_site_closes_before_it_opens(edited: Edited) -> None:
    edited.checkpoint("c2", opened_on=TODAY, closed_on="2026-09-22")
    with pytest.raises(FaultsError) as caught:
        edited.load()
    (fault,) = caught.value.faults
    assert (fault.file, fault.row, fault.field, fault.got) == (
        "checkpoints.geojson", 2, "closed_on", "2026-09-22",
    )  # fmt: skip
    assert TODAY in fault.expected


def test_a_day_that_is_none_is_a_fault(edited: Edited) -> None:
    edited.checkpoint("c2", closed_on="2026-02-30")
    with pytest.raises(FaultsError) as caught:
        edited.load()
    assert [(fault.field, fault.got) for fault in caught.value.faults] == [("closed_on", "2026-02-30")]


def test_without_days_nothing_is_looked_up(edited: Edited) -> None:
    ground = ground_of(edited.load())
    assert not ground.dated
    assert ground.in_service(NOON).all()
