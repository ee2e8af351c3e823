"""Rosters: who is in which state at any time, and everything that may be wrong with the files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.profile import check_profile, load_profile
from data.profile_roster import wall_time
from data.roster import Roster, Shift, Strength, Team, epoch_of, meet, strengths, wall_of
from layers.faults import Fault, FaultsError
from tests.data.edited import Edited
from tests.data.places import NOON

ZONE = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
H = 3600
TABLE = """
[roster]
teams = { file = "teams.csv" }
shifts = { file = "shifts.csv" }
"""
TEAMS = "team_id,name,people,county,line,site_id\na,甲班,12,900101,third,c1\nb,乙班,10,,third,c2\n"
SHIFTS = (
    "team_id,state,starts,ends,every_h\n"
    "a,on_post,2026-06-01 08:00,2026-06-01 20:00,24\n"
    "a,standby,2026-06-01 20:00,2026-06-02 08:00,24\n"
    "b,备勤,2026-06-01 08:00,2026-06-01 20:00,24\n"
)
Write = Callable[..., Edited]


@pytest.fixture
def rostered(tmp_path: Path) -> Write:
    """The small profile with a roster, of which a test writes a part anew."""

    def write(teams: str = TEAMS, shifts: str = SHIFTS, table: str = TABLE) -> Edited:
        edited = Edited(tmp_path / str(len(list(tmp_path.iterdir()))))
        edited.write("profile.toml", edited.text("profile.toml") + table)
        edited.write("teams.csv", teams)
        edited.write("shifts.csv", shifts)
        return edited

    return write


def only(edited: Edited) -> Fault:
    (found,) = [fault for fault in check_profile(edited.folder) if not fault.warning]
    return found


def four(hours: int = 8) -> Roster:
    """Four teams that follow each other: a turn on post, one standing by, two at rest."""
    teams = tuple(Team(name, name, 10) for name in "abcd")
    shifts = [
        Shift(team.team_id, state, (at + begin) * hours * H, (at + end) * hours * H, 4 * hours * H)
        for at, team in enumerate(teams)
        for state, begin, end in (("on_post", 0, 1), ("standby", 1, 2), ("rest", 2, 4))
    ]
    return Roster(teams, tuple(shifts))


class TestStates:
    @given(st.integers(100 * H, 20_000 * H))
    def test_of_four_teams_one_is_on_post_one_stands_by_two_rest(self, at: int) -> None:
        duties = four().at(at, ZONE)
        assert strengths(duties) == {
            "on_post": Strength(1, 10), "standby": Strength(1, 10), "rest": Strength(2, 20),
        }  # fmt: skip
        for duty in duties:
            assert duty.until is not None
            assert at < duty.until <= at + 16 * H
            (then,) = [one for one in four().at(duty.until, ZONE) if one.team == duty.team]
            assert then.state == duty.then != duty.state

    def test_before_the_first_shift_and_after_the_last_nothing_is_known(self) -> None:
        roster = Roster((Team("a", "a", 5),), (Shift("a", "on_post", 100 * H, 108 * H),))
        at = epoch_of(100 * H, ZONE)
        (before,), (on,), (after,) = (roster.at(at + more, ZONE) for more in (-1, 0, 8 * H))
        assert (before.state, before.until, before.then) == ("", at, "on_post")
        assert (on.state, on.until, on.then) == ("on_post", at + 8 * H, "")
        assert (after.state, after.until, after.then) == ("", None, "")

    def test_what_comes_once_goes_before_what_comes_again(self) -> None:
        again = Shift("a", "on_post", 0, 12 * H, 24 * H)
        once = Shift("a", "rest", 50 * H, 54 * H)
        roster = Roster((Team("a", "a", 5),), (again, once))
        told = [roster.at(epoch_of(hour * H, ZONE), ZONE)[0] for hour in (49, 51, 55, 61)]
        assert [duty.state for duty in told] == ["on_post", "rest", "on_post", ""]
        assert told[0].until == epoch_of(50 * H, ZONE)
        assert (told[1].until, told[1].then) == (epoch_of(54 * H, ZONE), "on_post")

    def test_who_comes_at_eight_comes_at_eight_by_the_clocks(self) -> None:
        first = wall_of(int(datetime(2026, 3, 1, 8, tzinfo=BERLIN).timestamp()), BERLIN)
        roster = Roster((Team("a", "a", 5),), (Shift("a", "on_post", first, first + 8 * H, 24 * H),))
        for day in (datetime(2026, 3, 28, 8, tzinfo=BERLIN), datetime(2026, 3, 30, 8, tzinfo=BERLIN)):
            at = int(day.timestamp())
            assert [roster.at(at + more, BERLIN)[0].state for more in (-1, 0)] == ["", "on_post"]

    def test_a_county_has_its_own_teams(self, rostered: Write) -> None:
        roster = rostered().load().roster
        assert roster is not None
        assert [team.team_id for team in roster.part("900101").teams] == ["a"]
        assert {shift.team_id for shift in roster.part("900102").shifts} == {"b"}

    @given(st.tuples(*(st.integers(1, 40) for _ in range(6))))
    def test_shifts_that_never_meet_are_those_that_never_hold_at_once(self, n: tuple[int, ...]) -> None:
        a = Shift("a", "rest", n[0], n[0] + min(n[1], n[2]), n[2])
        b = Shift("a", "rest", n[3], n[3] + min(n[4], n[5]), n[5])
        at_once = any(a.holds(t) and b.holds(t) for t in range(80, 80 + 40 * 40))
        assert meet(a, b) == at_once


class TestFiles:
    def test_a_roster_is_read(self, rostered: Write) -> None:
        profile = rostered().load()
        assert profile.roster is not None
        one, other = profile.roster.teams
        assert one == Team("a", "甲班", 12, "900101", "third", "c1")
        assert (other.county, other.people) == ("900102", 10)
        assert [duty.state for duty in profile.roster.at(NOON, profile.zone)] == ["on_post", "standby"]
        assert profile.tag != rostered(teams=TEAMS.replace("12", "13")).load().tag

    def test_one_workbook_with_foreign_columns_and_times_as_cells(self, rostered: Write) -> None:
        edited = rostered(
            table="""
[roster.teams]
file = "班.xlsx"
layer = "班组"
header_row = 2
columns = { team_id = "编号", name = "班组", people = "人数" }

[roster.shifts]
file = "班.xlsx"
layer = "排班"
columns = { team_id = "编号", state = "状态", starts = "起", ends = "止" }
"""
        )
        book = openpyxl.Workbook()
        sheet = book.active
        sheet.title = "班组"
        for row in (["四班三运转"], ["编号", "班组", "人数"], [1, "甲班", 12]):
            sheet.append(row)
        shifts = book.create_sheet("排班")
        shifts.append(["编号", "状态", "起", "止"])
        shifts.append([1, "轮换休整", datetime(2026, 9, 23, 8), "2026年9月23日 20时"])
        book.save(edited.folder / "班.xlsx")
        profile = edited.load()
        assert profile.roster is not None
        (duty,) = profile.roster.at(NOON, profile.zone)
        assert (duty.team.people, duty.state, duty.until) == (12, "rest", NOON + 8 * H)

    @pytest.mark.parametrize(
        ("teams", "shifts", "field", "what"),
        [
            (("b,", "a,"), (), "team_id", "team_id stands twice"),
            (("甲班", ""), (), "name", "name is empty"),
            (("12", "-1"), (), "people", "people cannot be read"),
            (("12", ""), (), "people", "people is empty"),
            (("900101", "900109"), (), "county", "unknown county"),
            (("900101", "900102"), (), "county", "the team's county is not its site's"),
            (("third,c1", "fourth,c1"), (), "line", "unknown line"),
            (("c1", "c77"), (), "site_id", "unknown site_id"),
            (("people", "number"), (), "people", "missing column"),
            ((), ("b,", "q,"), "team_id", "unknown team"),
            ((), ("standby", "on duty"), "state", "unknown state"),
            ((), ("2026-06-01 20:00,24\na", "2026-06-01 25:00,24\na"), "ends", "not a time"),
            (
                (),
                ("2026-06-01 20:00,24\na", "2026-06-01 07:00,24\na"),
                "ends",
                "the shift does not end after it starts",
            ),
            (
                (),
                ("08:00,24", "08:00,8"),
                "every_h",
                "the shift goes on when it comes again",
            ),
            (
                (),
                ("standby,2026-06-01 20", "standby,2026-06-01 19"),
                "starts",
                "a team's shifts lie upon each other",
            ),
        ],
    )
    def test_every_fault_names_its_row_and_field(
        self, rostered: Write, teams: tuple[str, str], shifts: tuple[str, str], field: str, what: str
    ) -> None:
        edited = rostered(
            TEAMS.replace(*teams, 1) if teams else TEAMS, SHIFTS.replace(*shifts, 1) if shifts else SHIFTS
        )
        found = [fault for fault in check_profile(edited.folder) if not fault.warning]
        fault = next(fault for fault in found if fault.what == what)
        assert fault.file == ("teams.csv" if teams else "shifts.csv")
        assert fault.field == field
        assert fault.expected
        assert fault.row is not None or what == "missing column"
        with pytest.raises(FaultsError):
            load_profile(edited.folder)

    def test_nothing_about_a_person_is_read_or_told(self, rostered: Write) -> None:
        named = only(rostered(TEAMS.replace("line", "负责人").replace("third", "x")))
        assert (named.what, named.got) == ("a column about persons", "[withheld]")
        valued = rostered(TEAMS.replace("甲班", "13812345678"))
        told = [fault for fault in check_profile(valued.folder) if fault.row == 1]
        assert told
        assert "13812345678" not in "".join(map(str, check_profile(valued.folder)))

    def test_a_file_elsewhere_and_none_at_all(self, rostered: Write) -> None:
        outside = only(rostered(table=TABLE.replace("teams.csv", "../teams.csv")))
        assert (outside.what, outside.field) == (
            "the file is outside the profile's folder",
            "roster.teams.file",
        )
        assert only(rostered(table=TABLE.replace("shifts.csv", "shift.csv"))).what == "no such file"
        assert (
            only(rostered(table=TABLE.replace("shifts.csv", "profile.toml"))).what == "not a format we read"
        )

    def test_rows_at_fault_may_be_left_out(self, rostered: Write) -> None:
        table = TABLE + 'on_error = "quarantine"\n'
        edited = rostered(TEAMS.replace("乙班", ""), table=table)
        profile = edited.load()
        assert profile.roster is not None
        assert [team.team_id for team in profile.roster.teams] == ["a"]
        left = {one.layer: [row["properties"]["row"] for row in one.features()] for one in profile.refused}
        assert left == {"roster_teams": [2], "roster_shifts": [3]}

    def test_a_team_that_never_comes_is_worth_a_look(self, rostered: Write) -> None:
        profile = rostered(shifts=SHIFTS.rpartition("b,")[0]).load()
        assert [fault.what for fault in profile.warnings] == ["a team without a shift"]

    @pytest.mark.parametrize(
        ("text", "hour"),
        [
            ("2026-06-03 08:00", 8), ("2026/6/3 8:00:00", 8), ("2026-06-03T08:00", 8),
            ("2026年6月3日8时", 8), ("2026-06-03 24:00", 24), ("2026-06-03T02:00+02:00", 8),
            ("2026-06-03T00:30Z", 8.5), ("２０２６-06-03 08：00", 8),
            ("08:00", None), ("2026-06-31 08:00", None), ("2026-06-03 24:01", None), ("soon", None),
        ],
    )  # fmt: skip
    def test_times_as_people_write_them(self, text: str, hour: float | None) -> None:
        midnight = wall_of(int(datetime(2026, 6, 3, tzinfo=ZONE).timestamp()), ZONE)
        assert wall_time(text, ZONE) == (None if hour is None else midnight + hour * H)
