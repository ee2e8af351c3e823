"""How fast alerts were answered: what counts as in time, late, missed, and what counts neither way."""

from __future__ import annotations

from dataclasses import replace

import pytest

from data.compliance import Case, by, cases, limits, tally
from data.orders import Response
from data.profile import Profile
from data.roster import Roster, Shift, Team
from data.shift_hours import USUAL, shift_hours, shift_of
from data.spec import ResponseSpec
from data.store.base import Alerted
from tests.conftest import NOON

WITHIN = limits(ResponseSpec())


def case(over: int = 1000, *, county: str = "", **done: int) -> Case:
    times = {f"{name}_at": NOON + after for name, after in done.items()}
    return Case("first", county, "08:00-16:00", "wait", NOON, NOON + over, Response(**times))


def step(name: str, *found: Case) -> tuple[int, int, int, int]:
    one = tally(found, WITHIN).steps[name]
    return one.kept, one.late, one.missed, one.spared


@pytest.mark.parametrize(
    ("after", "expected"), [(0, (1, 0, 0, 0)), (60, (1, 0, 0, 0)), (61, (0, 1, 0, 0)), (5000, (0, 1, 0, 0))]
)
def test_a_step_is_in_time_up_to_its_last_second(after: int, expected: tuple[int, int, int, int]) -> None:
    assert step("answered", case(answered=after)) == expected


def test_what_nobody_did_is_missed_once_its_time_is_over_and_not_before() -> None:
    assert step("sent", case(over=180)) == (0, 0, 0, 1)
    assert step("sent", case(over=181)) == (0, 0, 1, 0)
    # Over before its time: nobody had to go.
    assert tally([case(over=30)], WITHIN).steps["arrived"].share is None


def test_the_share_is_of_those_that_were_due() -> None:
    found = [case(answered=20), case(answered=50), case(answered=90), case(), case(over=10)]
    answered = tally(found, WITHIN).steps["answered"]
    assert answered.share == pytest.approx(2 / 4)
    assert answered.median_s == 50
    assert tally([], WITHIN).steps["answered"].median_s is None


def test_whoever_has_sent_somebody_has_answered_and_whoever_is_there_was_on_the_way() -> None:
    assert step("answered", case(sent=50)) == (1, 0, 0, 0)
    assert step("answered", case(answered=90, sent=50)) == (1, 0, 0, 0)
    assert step("sent", case(answered=20, arrived=170)) == (1, 0, 0, 0)
    assert step("sent", case(sent=190, arrived=240)) == (0, 1, 0, 0)
    assert step("arrived", case(answered=20, sent=30)) == (0, 0, 1, 0)


def test_time_that_an_alert_was_hidden_does_not_count() -> None:
    def away(*spans: tuple[int, int], **done: int) -> Case:
        return replace(case(**done), hidden=[(NOON + begins, NOON + ends) for begins, ends in spans])

    assert step("answered", away((0, 1000))) == (0, 0, 0, 1)
    assert step("answered", away((30, 970))) == (0, 0, 0, 1)
    assert step("answered", away((30, 969))) == (0, 0, 1, 0)
    # It was heard when the silence was over, and answered within the minute.
    assert step("answered", away((-60, 600), answered=650)) == (1, 0, 0, 0)
    assert step("answered", away((100, 600), answered=90)) == (0, 1, 0, 0)


def test_it_is_taken_apart_without_losing_any() -> None:
    found = [case(county="a"), case(county="b", answered=5), case(county="a", answered=70)]
    parts = by(found, lambda one: one.county, WITHIN)
    assert {key: part.alerts for key, part in parts.items()} == {"a": 2, "b": 1}
    assert parts["a"].steps["answered"].late == 1


def alerted(site: str, fired: int | None, over: int | None = None) -> Alerted:
    state = "resolved" if over else "firing"
    return Alerted(f"w:{site}:{fired}", "wait", "site", site, "critical", state, NOON - 60, fired, over)


def test_alerts_that_fired_in_the_span_are_counted_where_they_are(profile: Profile) -> None:
    sites = profile.sites
    c1 = sites.row["c1"]
    kept = [
        alerted("c1", NOON),
        alerted("c1", NOON - 1),
        alerted("c1", NOON + 100),
        alerted("c1", None),
        alerted("gone", NOON + 5),
    ]
    found = cases(profile, kept, {}, start=NOON, end=NOON + 100)
    assert [(one.county, one.line) for one in found] == [(sites.county[c1], sites.line[c1]), ("", "")]
    # What stands open is known up to the end of the span.
    assert found[0].over_at == NOON + 100
    assert len(cases(profile, kept, {}, start=NOON, end=NOON + 100, county=str(sites.county[c1]))) == 1


def test_shifts_change_when_the_roster_says(profile: Profile) -> None:
    assert shift_hours(profile) == USUAL
    day = 1_767_225_600  # midnight on the wall clock
    eight = 8 * 3600
    turns = tuple(
        Shift(f"t{turn}", "on_post", day + eight + turn * eight, day + 2 * eight + turn * eight, 32 * 3600)
        for turn in range(4)
    )
    teams = tuple(Team(f"t{turn}", f"t{turn}", 5) for turn in range(4))
    rostered = replace(profile, roster=Roster(teams, turns))
    assert shift_hours(rostered) == (0, eight, 2 * eight)
    assert shift_of((eight, 20 * 3600), 7 * 3600) == (20 * 3600, eight)
    assert shift_of((eight, 20 * 3600), eight) == (eight, 20 * 3600)
    (found,) = cases(rostered, [alerted("c1", NOON)], {}, start=NOON, end=NOON + 1)
    assert found.shift == "08:00-16:00"
