"""Who is due: one state per site and turn, one turn per look, and nobody asked of before their time."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.due import due_list, span_of
from data.profile import Profile
from data.rota import members, rounds_of
from data.rounds import Rounds
from data.store.base import Look
from data.store.sqlite import SqliteStore
from tests.data.edited import Edited
from tests.data.places import MIDNIGHT, NOON
from tests.data.walking import SHIFT, look, walking

H, MIN = 3600, 60
DUE = MIDNIGHT + 8 * H + 30 * MIN
UNTIL = DUE + 2 * H
NEXT = MIDNIGHT + 16 * H + 30 * MIN
TODAY = date(2026, 9, 23)


def always(profile: Profile) -> dict[str, Any]:
    """Every site was on every round from the beginning."""
    return {one: np.full(len(members(profile, one)), -np.inf) for one in rounds_of(profile)}


def states(profile: Profile, at: int, *looks: Look, begun: Any = None, **asked: Any) -> dict[str, str]:
    found = due_list(profile, begun or always(profile), looks, at, **asked)
    return {str(profile.sites.site_id[one.row]): one.state for one in found}


@pytest.mark.parametrize(
    ("at", "state"),
    [(DUE, "due"), (UNTIL - 1, "due"), (UNTIL, "overdue"), (NEXT - 1, "overdue"), (NEXT, "due")],
)
def test_a_site_is_due_then_overdue_then_due_again(at: int, state: str) -> None:
    assert states(walking(), at) == dict.fromkeys(("c1", "c2", "c3"), state)


def test_a_look_counts_for_its_own_turn_only() -> None:
    seen = look("c1", DUE, DUE + 60)
    assert states(walking(), NOON, seen)["c1"] == "done"
    assert states(walking(), NEXT, seen)["c1"] == "due"
    day = due_list(walking(), always(walking()), [seen], NEXT, day=TODAY)
    assert Counter(one.state for one in day if walking().sites.site_id[one.row] == "c1") == {
        "missed": 1, "done": 1, "due": 1,
    }  # fmt: skip


def test_a_look_after_the_time_is_done_and_late() -> None:
    found = due_list(walking(), always(walking()), [look("c1", DUE, UNTIL + 5)], NOON)
    assert [(one.state, one.late) for one in found if one.row == walking().sites.row["c1"]] == [
        ("done", True)
    ]


def test_a_look_of_another_round_or_outside_the_rota_counts_for_none() -> None:
    stray = [look("c1", None, DUE + 60), look("c2", DUE, DUE + 60, round_id="other")]
    assert set(states(walking(), NOON, *stray).values()) == {"overdue"}


def test_a_day_shows_what_is_still_to_come() -> None:
    day = due_list(walking(), always(walking()), [], NOON, day=TODAY)
    assert Counter(one.state for one in day) == {"missed": 3, "overdue": 3, "upcoming": 3}


def test_a_scope_and_a_round_cut_the_list() -> None:
    hourly = {"id": "hourly", "name": {}, "where": {"sites": ["d1"]}, "every_h": 1, "within_min": 30}
    profile = walking(SHIFT, hourly)
    assert states(profile, NOON, scope="900101") == {"c1": "overdue", "d1": "due"}
    assert states(profile, NOON, only=["hourly"]) == {"d1": "due"}


def test_only_sites_with_video_where_the_round_says_so() -> None:
    assert states(walking({**SHIFT, "with_video": True}), NOON) == {"c1": "overdue"}


def test_who_came_to_the_round_too_late_is_not_asked() -> None:
    profile = walking()
    begun = {"shift": np.array([UNTIL, UNTIL - 1, -np.inf])}
    assert states(profile, NOON, begun=begun) == {"c2": "overdue", "c3": "overdue"}


@pytest.mark.parametrize(
    ("opened", "closed", "asked"),
    [
        ("2026-09-23", "", True), ("2026-09-24", "", False), ("", "2026-09-24", True),
        ("", "2026-09-23", False),
    ],
)  # fmt: skip
def test_a_site_is_asked_for_only_in_service(tmp_path: Path, opened: str, closed: str, asked: bool) -> None:
    edited = Edited(tmp_path)
    edited.checkpoint("c1", opened_on=opened, closed_on=closed)
    assert ("c1" in states(walking(of=edited.load()), NOON)) == asked


def test_a_turn_that_reaches_over_midnight_belongs_to_the_day_it_begins() -> None:
    profile = walking({**SHIFT, "times": ["23:30"]})
    at = MIDNIGHT + H // 2
    assert states(profile, at) == dict.fromkeys(("c1", "c2", "c3"), "due")
    assert states(profile, at, look("c1", MIDNIGHT - H // 2, MIDNIGHT + 60))["c1"] == "done"
    assert states(profile, at, day=date(2026, 9, 22)).keys() == {"c1", "c2", "c3"}
    assert states(profile, at, day=TODAY) == dict.fromkeys(("c1", "c2", "c3"), "upcoming")


@settings(max_examples=60)
@given(
    st.lists(st.integers(DUE - 9 * H, NEXT + 9 * H), max_size=12),
    st.integers(DUE - H, NEXT + 30 * H),
)
def test_no_look_counts_twice_and_every_turn_ends_in_one_state(seen_at: list[int], at: int) -> None:
    profile = walking()
    looks = [
        look("c1", None, seen, round_id="shift", id=n) for n, seen in enumerate(sorted(seen_at)) if seen <= at
    ]
    day = [
        one
        for day in (date(2026, 9, 22), TODAY, date(2026, 9, 24))
        for one in due_list(profile, always(profile), looks, at, day=day, only=["shift"])
        if one.row == profile.sites.row["c1"]
    ]
    assert len({one.due_at for one in day}) == len(day)
    counted = [one.look.id for one in day if one.look is not None]
    assert len(set(counted)) == len(counted)
    for one in day:
        if at >= one.next_due:
            assert one.state in ("done", "missed")
        assert (one.state == "done") == any(one.due_at <= look.seen_at < one.next_due for look in looks)


def test_the_span_of_looks_holds_all_that_may_count() -> None:
    start, end = span_of(walking(), NOON)
    assert (start, end) == (DUE - 1, NOON)
    start, end = span_of(walking(), NOON, TODAY)
    assert start < MIDNIGHT
    assert end > NEXT + 8 * H


class TestMemory:
    """What an engine remembers says the same as the list."""

    def rounds(
        self, folder: Path, profile: Profile, *looks: Look, began: int = MIDNIGHT - 40 * 86_400
    ) -> Rounds:
        store = SqliteStore(folder / "kept.db")
        kept = Rounds(profile, store)
        kept.begin(store, began)
        store.put_looks(looks)
        kept.load(store, NOON)
        store.close()
        return kept

    def test_a_look_is_late_by_the_first_turn_that_nobody_took(self, tmp_path: Path) -> None:
        profile = walking()
        kept = self.rounds(tmp_path, profile, look("c1", DUE, DUE + 60), look("c2", DUE - 8 * H, DUE - 7 * H))
        late = kept.late(NOON)
        assert late is not None
        row = profile.sites.row
        assert late[row["c1"]] == NEXT + 2 * H
        assert late[row["c2"]] == UNTIL
        assert late[row["c3"]] < UNTIL - 30 * 86_400
        assert np.isnan(late[row["d1"]])

    def test_nobody_is_late_for_a_turn_of_before_the_round_began(self, tmp_path: Path) -> None:
        late = self.rounds(tmp_path, walking(), began=NOON).late(NOON)
        assert late is not None
        assert set(late[~np.isnan(late)].tolist()) == {float(NEXT + 2 * H)}

    def test_tallies_count_what_the_list_lists(self, tmp_path: Path) -> None:
        profile = walking()
        kept = self.rounds(tmp_path, profile, look("c2", DUE, DUE + 60))
        for at in (DUE, UNTIL - 1, UNTIL, NOON, NEXT - 1, NEXT):
            tallies = kept.tallies(at)
            assert tallies is not None
            told = Counter(states(profile, at, look("c2", DUE, DUE + 60)).values())
            assert (tallies.whole.due, tallies.whole.done, tallies.whole.overdue) == (
                told["due"], told["done"], told["overdue"],
            )  # fmt: skip

    def test_tallies_stay_the_same_value_until_a_look_or_a_time_comes(self, tmp_path: Path) -> None:
        kept = self.rounds(tmp_path, walking())
        first = kept.tallies(DUE)
        assert kept.tallies(UNTIL - 1) is first
        assert kept.tallies(UNTIL) is not first
        kept.put([look("c1", DUE, DUE + 60)])
        assert kept.tallies(UNTIL) is not None
        stamps = {county: tally.stamp for county, tally in kept.tallies(UNTIL).by.items()}  # type: ignore[union-attr]
        assert stamps["900101"] == stamps["900102"] + 1

    def test_a_profile_without_rounds_remembers_nothing(self, tmp_path: Path, profile: Profile) -> None:
        kept = self.rounds(tmp_path, profile, look("c1", DUE, DUE + 60))
        assert kept.late(NOON) is None
        assert kept.tallies(NOON) is None
