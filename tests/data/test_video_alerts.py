"""A look that nobody takes becomes an alert, and a look ends it: live, after a restart, in the past."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from data.begun import begun
from data.build import look as see
from data.due import due_list
from data.engine import Engine
from data.feeds.looks import SimulatedLooks
from data.picture import Alert, Picture
from data.profile import Profile, load_profile
from data.rules import words
from data.store.sqlite import SqliteStore
from tests.data.edited import Edited
from tests.data.places import NOON, every, remember
from tests.data.standing import Bench
from tests.data.walking import OVERDUE, SHIFT, look, walking

H = 3600
DUE, UNTIL = 4 * H + 1800, 6 * H + 1800
"""After noon: 16:30 and 18:30."""


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path, walking())
    yield made
    made.store.close()


def record(bench: Bench, site: str, seconds: float, due: float = DUE, **more: Any) -> None:
    bench.clock.at = NOON + seconds
    assert bench.engine.looks([look(site, int(NOON + due), int(NOON + seconds), **more)])


def mine(picture: Picture) -> Alert:
    """The alert on c1."""
    (alert,) = [one for one in picture.alerts if (one.rule, one.target_id) == (OVERDUE, "c1")]
    return alert


def test_nothing_is_late_in_time(bench: Bench) -> None:
    for seconds in (0, DUE, UNTIL - 1, UNTIL):
        bench.at(seconds)
        assert bench.states(OVERDUE) == {}


def test_a_late_look_is_an_alert_until_it_is_taken(bench: Bench) -> None:
    bench.at(DUE)
    record(bench, "c2", DUE + 60)
    picture = bench.at(UNTIL + 1)
    assert bench.states(OVERDUE) == {"c1": "firing", "c3": "firing"}
    alert = mine(picture)
    assert (alert.severity, alert.started_at, alert.value) == ("notice", NOON + UNTIL, 0)
    picture = bench.at(UNTIL + 600)
    assert words(bench.profile, mine(picture), picture, "en")[0] == "look 10 min overdue"
    record(bench, "c1", UNTIL + 700)
    bench.at(UNTIL + 701)
    assert bench.states(OVERDUE) == {"c3": "firing"}


def test_the_next_turn_does_not_end_it_only_a_look_does(bench: Bench) -> None:
    bench.at(UNTIL + 60)
    bench.at(DUE + 9 * H)
    assert bench.states(OVERDUE) == dict.fromkeys(("c1", "c2", "c3"), "firing")
    record(bench, "c1", DUE + 9 * H, due=DUE + 8 * H)
    bench.at(DUE + 9 * H + 1)
    assert bench.states(OVERDUE) == dict.fromkeys(("c2", "c3"), "firing")


def test_silence_of_a_site_says_nothing_of_its_video(bench: Bench) -> None:
    bench.at(DUE, every(bench.profile, int(NOON + DUE)))
    bench.at(UNTIL + 60)
    record(bench, "c1", UNTIL + 61)
    bench.at(UNTIL + 62)
    assert "c1" not in bench.states(OVERDUE)


def test_a_restart_changes_nothing(bench: Bench) -> None:
    bench.at(DUE)
    record(bench, "c1", DUE + 60)
    before = bench.at(UNTIL + 60)
    after = bench.restart()
    told = [(one.id, one.state) for one in before.alerts if one.rule == OVERDUE]
    assert [(one.id, one.state) for one in after.alerts if one.rule == OVERDUE] == told
    assert after.rounds is not None
    assert (after.rounds.whole.done, after.rounds.whole.overdue) == (1, 2)


def test_the_past_is_as_it_was_known_then(bench: Bench) -> None:
    bench.at(DUE)
    late = bench.at(UNTIL + 60)
    record(bench, "c1", UNTIL + 100)
    bench.at(UNTIL + 200)
    past = bench.engine.picture_at(int(NOON + UNTIL + 60))
    assert {one.target_id for one in past.alerts if one.rule == OVERDUE} == {"c1", "c2", "c3"}
    assert not any(one.held for one in past.alerts if one.rule == OVERDUE)
    assert past.rounds is not None
    assert late.rounds is not None
    assert replace(past.rounds.whole, stamp=0) == replace(late.rounds.whole, stamp=0)
    assert bench.engine.picture_at(int(NOON + UNTIL + 150)).rounds.whole.done == 1  # type: ignore[union-attr]


def test_a_county_is_told_of_its_own(bench: Bench) -> None:
    bench.at(UNTIL + 60)
    cut = bench.engine.picture_at(None, "900101")
    assert cut.rounds is not None
    assert (cut.rounds.whole.overdue, dict(cut.rounds.by)) == (1, {})


def test_another_process_records_a_look(bench: Bench) -> None:
    bench.at(UNTIL + 60)
    other = SqliteStore(bench.folder / "kept.db")
    other.put_looks([look("c1", int(NOON + DUE), int(NOON + UNTIL + 61))])
    other.close()
    assert bench.store.others_wrote()
    bench.engine.look_anew()
    bench.at(UNTIL + 62)
    assert "c1" not in bench.states(OVERDUE)


def test_a_clock_set_back_and_forth_counts_no_look_twice(bench: Bench) -> None:
    bench.at(DUE)
    record(bench, "c1", DUE + 900)
    bench.at(DUE + 901)
    bench.at(DUE + 300)
    bench.at(UNTIL + 60)
    assert bench.states(OVERDUE) == dict.fromkeys(("c2", "c3"), "firing")
    assert bench.engine.looks([look("c1", int(NOON + DUE), int(NOON + UNTIL + 60))]) == []


class TestEdits:
    """The profile is edited while the board runs."""

    def adopt(self, bench: Bench, profile: Profile) -> None:
        bench.engine.adopt(profile)
        bench.engine.step()

    def test_other_times_begin_the_round_anew_and_make_nobody_late(self, bench: Bench) -> None:
        bench.at(UNTIL + 60)
        assert bench.states(OVERDUE)
        self.adopt(bench, walking({**SHIFT, "every_h": 2, "times": [], "within_min": 90}))
        # 18:00 to 19:30 runs: there is time left for it.
        assert bench.states(OVERDUE) == {}
        bench.at(7 * H + 1801)
        assert bench.states(OVERDUE) == dict.fromkeys(("c1", "c2", "c3"), "firing")

    def test_a_look_of_before_the_edit_counts_for_the_turn_it_falls_into(self, bench: Bench) -> None:
        bench.at(DUE)
        record(bench, "c1", DUE + 60)
        profile = walking({**SHIFT, "times": ["16:20"], "within_min": 240})
        self.adopt(bench, profile)
        at = int(NOON + DUE + 120)
        found = due_list(profile, begun(bench.store, profile), bench.store.looks(0, at), at)
        assert [one.state for one in found if one.row == profile.sites.row["c1"]] == ["done"]

    def test_a_site_that_leaves_the_rota_takes_its_alert_with_it(self, bench: Bench) -> None:
        bench.at(UNTIL + 60)
        self.adopt(bench, walking({**SHIFT, "where": {"sites": ["c2"]}}))
        assert bench.states(OVERDUE) == {"c2": "firing"}

    def test_a_site_that_comes_to_the_rota_is_not_late(self, bench: Bench) -> None:
        bench.at(UNTIL + 60)
        self.adopt(bench, walking({**SHIFT, "where": {}}))
        assert set(bench.states(OVERDUE)) == {"c1", "c2", "c3"}

    def test_another_name_changes_nothing(self, bench: Bench) -> None:
        bench.at(UNTIL + 60)
        self.adopt(bench, walking({**SHIFT, "name": {"zh-CN": "班", "en": "watch"}}))
        assert set(bench.states(OVERDUE)) == {"c1", "c2", "c3"}

    def test_a_profile_that_loses_its_rounds_loses_their_alerts(self, bench: Bench, profile: Profile) -> None:
        bench.at(UNTIL + 60)
        self.adopt(bench, profile)
        assert bench.states(OVERDUE) == {}
        assert bench.engine.picture.rounds is None


def test_a_site_that_closes_is_no_longer_late(tmp_path: Path) -> None:
    edited = Edited(tmp_path)
    edited.checkpoint("c1", closed_on="2026-09-24")
    bench = Bench(tmp_path, walking(of=edited.load()))
    bench.at(UNTIL + 60)
    assert "c1" in bench.states(OVERDUE)
    bench.at(13 * H)
    assert set(bench.states(OVERDUE)) == {"c2", "c3"}
    bench.store.close()


def test_who_is_on_no_round_is_unknown_to_the_rule() -> None:
    profile = walking()
    recent, watch = remember(profile)
    late = np.full(len(profile.sites), np.nan)
    late[profile.sites.row["c1"]] = NOON - 90
    seen = see(profile, recent, watch, NOON, video_late=late).seen[OVERDUE]
    row = profile.sites.row
    assert (seen.holds[row["c1"]], seen.value[row["c1"]]) == (True, 1)
    assert not seen.known[row["d1"]]
    assert not seen.looks[row["d1"]]  # type: ignore[index]


def test_made_up_looks_are_marked_and_never_take_anybodys_place(tmp_path: Path) -> None:
    profile = load_profile("lincang")
    feed = SimulatedLooks(profile, clock=lambda: NOON)
    looks = feed.generate(NOON - 86_400, NOON)
    assert looks == SimulatedLooks(profile, clock=lambda: 0).generate(NOON - 86_400, NOON)
    assert all(one.simulated and NOON - 86_400 < one.seen_at <= NOON for one in looks)
    assert {one.result for one in looks} <= {"seen", "no_picture", "not_reachable"}
    assert any(one.findings for one in looks)
    parts = feed.generate(NOON - 86_400, NOON - 40_000) + feed.generate(NOON - 40_000, NOON)
    assert parts == looks
    store = SqliteStore(tmp_path / "kept.db")
    engine = Engine(profile, store, clock=lambda: NOON)
    mine = replace(looks[-1], simulated=False, by="duty", note="mine")
    assert engine.looks([mine])
    feed.prepare(engine, NOON)
    kept = store.looks(looks[-1].seen_at - 1, looks[-1].seen_at, site_id=mine.site_id)
    assert [(one.by, one.simulated) for one in kept] == [("duty", False)]
    store.close()
