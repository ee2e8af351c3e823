"""The engine takes up another profile between two pictures, and keeps what stays."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from data.ground import ground_of
from data.profile import Profile
from layers.faults import FaultsError
from tests.data.edited import Edited
from tests.data.places import MIDNIGHT, NOON, every, fence, one, wait
from tests.data.standing import WAIT, Bench, same, status


@pytest.fixture
def edited(tmp_path: Path) -> Edited:
    return Edited(tmp_path)


@pytest.fixture
def bench(edited: Edited, tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path, edited.load())
    yield made
    made.store.close()


def test_sites_come_and_go_and_what_stays_keeps_its_data(edited: Edited, bench: Bench) -> None:
    bench.at(0, every(bench.profile, NOON, persons_in=3, wait_min=20, staff_on_duty=20))
    bench.engine.reports(fence("f1", NOON, into=2))
    before = bench.at(10)
    edited.checkpoint("c9", name="新卡点")
    edited.remove_checkpoint("c2")
    bench.engine.adopt(edited.load())
    after = bench.engine.picture
    assert (after.revision, after.profile) == (before.revision + 1, bench.engine.profile)
    assert bench.engine.profile is not bench.profile
    assert status(after) == {site: "busy" for site in status(before) if site != "c2"} | {"c9": "no_data"}
    kept = [after.sites.row[site] for site in ("c1", "c3", "d1")]
    was = [before.sites.row[site] for site in ("c1", "c3", "d1")]
    for name in ("persons_per_hour", "wait_min", "observed_at", "staff_required"):
        np.testing.assert_array_equal(getattr(after.state, name)[kept], getattr(before.state, name)[was])
    assert after.fences == before.fences
    assert after.gaps == before.gaps
    # What comes now goes to the right rows.
    later = bench.at(20, one("c9", NOON + 20, wait_min=1), one("c2", NOON + 20, wait_min=99))
    assert (status(later)["c9"], status(later)["c3"]) == ("normal", "busy")
    assert later.state.wait_min[later.sites.row["c9"]] == 1
    assert "c2" not in status(later)


def test_a_picture_is_the_same_as_after_a_restart(edited: Edited, bench: Bench) -> None:
    bench.at(0, every(bench.profile, NOON, persons_in=3, wait_min=45, staff_on_duty=2))
    bench.at(60)
    edited.checkpoint("c0", name="在前")
    edited.remove_checkpoint("c1")
    edited.replace("profile.toml", "held_m = 3000", "held_m = 1500")
    bench.engine.adopt(edited.load())
    live = bench.at(61)
    assert sum(gap.km for gap in live.gaps) > 0
    bench.profile = edited.load()
    same(bench.restart(), live)
    past = bench.engine.picture_at(NOON + 60)
    assert status(past).keys() == status(live).keys()


def test_alerts_go_on_where_their_site_and_rule_do(edited: Edited, bench: Bench) -> None:
    bench.at(0, *(wait(45, 0, site) for site in ("c1", "c2", "c3")))
    bench.at(60, *(wait(45, 60, site) for site in ("c1", "c2", "c3")))
    assert bench.states() == dict.fromkeys(("c1", "c2", "c3"), "firing")
    ids = {alert.target_id: alert.id for alert in bench.engine.picture.alerts if alert.rule == WAIT}
    # One is moved to another row and has another name, one goes, and one is no longer looked at.
    edited.remove_checkpoint("c2")
    edited.checkpoint("c3", name="改名", kind="checkpoint.level2")
    edited.replace(
        "profile.toml",
        'for_s = 60\nseverity = "critical"',
        'for_s = 60\nseverity = "critical"\nwhere = { kinds = ["checkpoint.level2"] }',
    )
    bench.engine.adopt(edited.load())
    assert bench.states() == {"c3": "firing"}
    (alert,) = [alert for alert in bench.engine.picture.alerts if alert.rule == WAIT]
    assert (alert.id, alert.started_at) == (ids["c3"], NOON)
    kept = {kept.target_id: kept for kept in bench.store.alerts_between(MIDNIGHT, NOON + 60)}
    assert {site: (kept[site].state, kept[site].resolved_at) for site in ("c1", "c2")} == dict.fromkeys(
        ("c1", "c2"), ("resolved", NOON + 60)
    )
    assert kept["c3"].state == "firing"
    # It still clears as it would have.
    bench.at(120, wait(5, 120, "c3"))
    assert bench.states() == {}


def test_alerts_of_a_rule_that_is_gone_or_asks_something_else_end(edited: Edited, bench: Bench) -> None:
    bench.at(0, one("c1", NOON, wait_min=45, queue_m=900, staff_on_duty=20))
    bench.at(60)
    assert bench.states() == bench.states("queue_over_500") == {"c1": "firing"}
    edited.replace("profile.toml", 'id = "wait_over_30"', 'id = "wait_over_40"')
    edited.replace(
        "profile.toml", 'metric = "queue_m"\nop = ">"\nthreshold = 500\nclear = 400',
        'metric = "wait_min"\nop = ">"\nthreshold = 50\nclear = 40',
    )  # fmt: skip
    bench.engine.adopt(edited.load())
    assert bench.states() == bench.states("queue_over_500") == {}
    # The value behind the new rule is as old as the reading.
    assert bench.states("wait_over_40") == {"c1": "firing"}
    assert not [kept for kept in bench.store.alerts(NOON + 60) if kept.rule in (WAIT, "queue_over_500")]


def test_a_new_site_is_waited_for_from_now_and_one_that_returns_anew(edited: Edited, bench: Bench) -> None:
    bench.at(500)
    edited.checkpoint("c9")
    bench.engine.adopt(edited.load())
    bench.at(700)
    assert bench.states("no_data").keys() == status(bench.engine.picture).keys() - {"c9"}
    edited.remove_checkpoint("c9")
    bench.engine.adopt(edited.load())
    bench.at(1000)
    edited.checkpoint("c9")
    bench.engine.adopt(edited.load())
    bench.at(1500)
    assert "c9" not in bench.states("no_data")
    bench.at(1661)
    assert bench.states("no_data")["c9"] == "firing"


def test_todays_totals_and_the_curve_follow(edited: Edited, bench: Bench) -> None:
    bench.at(0, every(bench.profile, NOON - 60, persons_in=10))
    bench.engine.refresh_today()
    assert bench.at(1).today.persons == 80
    edited.remove_checkpoint("c2")
    bench.engine.adopt(edited.load())
    assert bench.engine.picture.today.persons == 70
    bench.at(2, one("c1", NOON + 2, persons_in=5))
    bench.engine.refresh_today()
    assert bench.at(3).today.persons == 75
    assert bench.engine.history.profile is bench.engine.profile


def test_a_failing_adoption_changes_nothing(
    edited: Edited, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.at(0, every(bench.profile, NOON, wait_min=45, staff_on_duty=20))
    before = bench.at(60)
    edited.checkpoint("c9")
    new = edited.load()

    def broken(profile: Profile, *_: object) -> object:
        if profile is new:
            raise OSError("the store is busy")
        return whole(profile, *_)  # type: ignore[arg-type]

    import data.engine as module

    whole = module.load
    monkeypatch.setattr(module, "load", broken)
    with pytest.raises(OSError, match="the store is busy"):
        bench.engine.adopt(new)
    assert bench.engine.picture is before
    assert bench.engine.profile is bench.profile
    after = bench.at(61, one("c1", NOON + 61, wait_min=2, staff_on_duty=20))
    assert after.sites is before.sites
    assert status(after)["c1"] == "normal"
    assert {alert.id for alert in after.alerts} == {a.id for a in before.alerts if a.target_id != "c1"}
    assert not [kept for kept in bench.store.alerts(NOON + 61) if kept.state == "resolved"]
    monkeypatch.setattr(module, "load", whole)
    bench.engine.adopt(new)
    assert "c9" in status(bench.engine.picture)


def test_what_was_worked_out_of_a_profile_goes_with_it(edited: Edited, bench: Bench) -> None:
    bench.engine.picture_at(scope="900101")
    gone = []
    for number in range(3):
        gone.append(weakref.ref(bench.engine.profile))
        edited.checkpoint(f"n{number}")
        bench.engine.adopt(edited.load())
        ground_of(bench.engine.profile)
        bench.engine.picture_at(scope="900101")
    bench.profile = bench.engine.profile
    gc.collect()
    assert [ref() for ref in gone] == [None] * 3


def test_counties_follow(edited: Edited, bench: Bench) -> None:
    edited.replace("counties.geojson", '"900102"', '"900109"')
    for file in ("checkpoints.geojson", "duty_points.csv"):
        edited.write(file, edited.text(file).replace("900102", "900109"))
    if "900102" in edited.text("fences.geojson"):
        edited.write("fences.geojson", edited.text("fences.geojson").replace("900102", "900109"))
    bench.engine.adopt(edited.load())
    assert len(bench.engine.picture_at(scope="900109").sites) > 0
    with pytest.raises(FaultsError):
        bench.engine.picture_at(scope="900102")
