"""Silences, closures and groups in the engine: at the next step, after a restart, in the past."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from data.journal import Draft
from data.picture import cut
from tests.data.places import NOON, every, small, wait
from tests.data.standing import WAIT, Bench, same
from tests.data.test_hiding import with_rules


def hush(bench: Bench, name: str = "s1", kind: str = "silence", *, end: int = 3600, **where: Any) -> None:
    at = int(bench.clock.at)
    detail = {"kind": kind, "reason": "works", "start": at, "end": NOON + end, "where": where}
    bench.engine.order([Draft("silence.add", name, who="zk-duty", detail=detail)])


def hidden(bench: Bench) -> dict[str, str]:
    return {one.target_id: one.hidden_by for one in bench.engine.picture.alerts if one.rule == WAIT}


def slow(bench: Bench) -> None:
    """Two sites whose wait has been too long for long enough."""
    bench.at(0, wait(45, 0), wait(45, 0, "c2"))
    bench.at(90, wait(45, 90), wait(45, 90, "c2"))


def test_what_is_silenced_counts_nowhere_and_is_there_again_after_a_restart(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    slow(bench)
    assert hidden(bench) == {"c1": "", "c2": ""}
    loud = bench.engine.picture
    bench.clock.at = NOON + 91
    hush(bench, sites=["c1"])
    quiet = bench.at(91)
    assert hidden(bench) == {"c1": "silence:s1", "c2": ""}
    assert (bench.site("c1", "alarm"), bench.site("c2", "alarm")) == ("", "critical")
    third = {one.id: one.alerts["critical"] for one in quiet.lines}["third"]
    assert third == {one.id: one.alerts["critical"] for one in loud.lines}["third"] - 1
    again = bench.restart()
    same(again, quiet)
    assert again.planned == quiet.planned
    # Before the order it was heard, and in the past it still is.
    assert {one.hidden_by for one in bench.engine.picture_at(NOON + 90).alerts} == {""}
    assert bench.engine.picture_at(NOON + 91).alerts == bench.engine.picture.alerts


def test_an_alert_goes_on_under_a_silence(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    slow(bench)
    hush(bench, rules=[WAIT], end=120)
    # One resolves unheard, the other asks when the silence is over.
    bench.at(100, wait(5, 100), wait(50, 100, "c2"))
    assert hidden(bench) == {"c2": "silence:s1"}
    bench.at(120, wait(50, 120, "c2"))
    assert hidden(bench) == {"c2": ""}
    assert bench.states() == {"c2": "firing"}


def test_a_closed_site_is_no_part_of_its_line_and_opens_the_border(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    profile = small()
    manned = every(profile, NOON, staff_on_duty=[20] * len(profile.sites))
    before = bench.at(0, manned)
    hush(bench, "s2", "closure", sites=["d3"])
    after = bench.at(1)
    assert (bench.site("d3", "status"), bench.site("d3", "in_service")) == ("closed", False)
    assert np.isnan(float(str(bench.site("d3", "staff_required"))))
    first = [next(line for line in picture.lines if line.id == "first") for picture in (before, after)]
    assert first[1].sites == first[0].sites - 1
    assert first[0].km_uncovered is not None
    assert first[1].km_uncovered is not None
    assert first[1].km_uncovered > first[0].km_uncovered
    assert not [one for one in after.alerts if one.target_id == "d3" and not one.hidden_by]
    # What it says itself stays known, and it is as it was when the closure is over.
    bench.at(3600, every(profile, NOON + 3600, staff_on_duty=[20] * len(profile.sites)))
    assert (bench.site("d3", "status"), bench.site("d3", "in_service")) == ("normal", True)


def test_a_closure_that_is_ended_early_was_one_until_then(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    slow(bench)
    hush(bench, "s2", "closure", sites=["c1"])
    bench.at(100)
    bench.clock.at = NOON + 200
    bench.engine.order([Draft("silence.end", "s2", who="zk-duty")])
    bench.at(200)
    assert hidden(bench)["c1"] == ""
    assert bench.engine.picture.planned == ()
    row = small().sites.row["c1"]
    then = bench.engine.picture_at(NOON + 199)
    assert then.state.status[row] == "closed"
    assert [one.id for one in then.planned] == ["s2"]


def test_a_countys_outage_is_one_group_with_the_silent_sites_queues_hidden(tmp_path: Path) -> None:
    profile = with_rules(
        small(), offline={"group": "county", "group_min": 2, "hides": [WAIT, "no_data", "staff_short"]}
    )
    bench = Bench(tmp_path, profile)
    slow(bench)
    picture = bench.at(90 + 1801 + 60)
    shown = [one for one in picture.alerts if not one.hidden_by and one.target == "site"]
    assert {one.rule for one in shown} == {"offline"}
    assert {one.id for one in picture.groups} == {"offline@900102"} | {
        f"offline@{one.county}" for one in shown if one.group
    }
    for group in picture.groups:
        assert group.alerts == sum(one.group == group.id for one in shown)
    (mine,) = cut(picture, profile, "900102").groups
    assert mine.key == "900102"
