"""Who stands by and could go where staff is short: nearest first, own county first, nobody twice."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from data.county import county_profile
from data.journal import Draft
from data.picture import Picture, cut
from data.profile import Profile, load_profile
from data.readings import Readings
from data.roster import Roster, Shift, Team, wall_of
from data.rules import words
from data.standby import plan
from tests.data.places import NOON, small
from tests.data.standing import Bench

ZONE = ZoneInfo("Asia/Shanghai")


def rostered(*teams: Team, state: str = "standby") -> Profile:
    """The small profile with these teams, all in one state for a day."""
    start = wall_of(NOON - 3600, ZONE)
    shifts = tuple(Shift(team.team_id, state, start, start + 86_400) for team in teams)
    return replace(small(), roster=Roster(teams, shifts))


def promised(profile: Profile, **short: float) -> dict[str, list[tuple[str, int]]]:
    wanted = np.full(len(profile.sites), np.nan)
    for site, count in short.items():
        wanted[profile.sites.row[site]] = count
    assert profile.roster is not None
    found = plan(profile, wanted, profile.roster.teams)
    return {site: [(one.team_id, one.people) for one in sent] for site, sent in found.items()}


def test_the_nearest_of_the_own_county_goes_before_a_nearer_one_of_another() -> None:
    # c1 and d1 are of one county, c2 of the other.
    profile = rostered(Team("far", "", 5, "900101", "", "d1"), Team("near", "", 5, "900102", "", "c1"))
    assert promised(profile, c1=3) == {"c1": [("far", 3)]}
    assert promised(profile, c1=7) == {"c1": [("far", 5), ("near", 2)]}


def test_nobody_is_promised_twice_and_who_lacks_most_chooses_first() -> None:
    profile = rostered(Team("a", "", 6, "900101", "", "c1"))
    assert promised(profile, c1=2, d1=4, d2=3) == {"d1": [("a", 4)], "d2": [("a", 2)]}


def test_who_is_not_short_or_not_known_and_who_stands_nowhere() -> None:
    profile = rostered(Team("a", "", 6, "900101"), Team("b", "", 0, "900101", "", "c1"))
    assert promised(profile, c1=3) == {}
    assert promised(rostered(Team("a", "", 6, "900101", "", "c1")), c1=0, d1=-2) == {}


@pytest.mark.parametrize("state", ["on_post", "rest"])
def test_only_who_stands_by_is_sent(tmp_path: Path, state: str) -> None:
    assert short_at_noon(tmp_path, rostered(Team("a", "甲班", 9, "900101", "", "d1"), state=state)) == {}


def test_the_picture_names_the_team_and_follows_the_duty_level(tmp_path: Path) -> None:
    bench = Bench(tmp_path, rostered(Team("a", "甲班", 9, "900101", "", "d1")))
    picture = bench.at(0, told(c1=9))
    (sent,) = picture.sendings["c1"]
    assert (sent.name, sent.people, sent.by) == ("甲班", 3, "straight")
    assert sent.km == pytest.approx(picture_km(bench.profile, "c1", "d1"), rel=1e-3)
    bench.engine.order([Draft("duty.set", "900101", detail={"level": "I", "reason": "drill"})])
    assert bench.engine.step().sendings["c1"][0].people == 9
    # As it was then.
    assert bench.engine.picture_at(NOON - 1).sendings == {}


def test_a_county_learns_of_its_own_teams_alone(tmp_path: Path) -> None:
    profile = rostered(Team("a", "甲班", 2, "900102", "", "c2"), Team("b", "乙班", 1, "900101", "", "d1"))
    picture = Bench(tmp_path, profile).at(0, told(c1=9))
    assert [one.team_id for one in picture.sendings["c1"]] == ["b", "a"]
    mine = cut(picture, profile, "900101")
    assert [(one.team_id, one.name, one.people) for one in mine.sendings["c1"]] == [
        ("b", "乙班", 1), ("", "", 2),
    ]  # fmt: skip
    assert cut(picture, profile, "900102").sendings == {}
    roster = county_profile(profile, "900101").roster
    assert roster is not None
    assert [team.team_id for team in roster.teams] == ["b"]


ADVICE = {
    "zh-CN": "调 {value} 人；就近备勤 {team} 可派 {team_staff} 人；再报 {site}",
    "en": "Send {value}; nearest: {team} can send {team_staff}",
}


def test_the_advice_says_so_where_no_team_can_be_sent(tmp_path: Path) -> None:
    profile = rostered(Team("a", "甲班", 2, "900102", "", "c2"), Team("b", "乙班", 1, "900101", "", "d1"))
    rules = [rule.model_copy(update={"advice": ADVICE}) for rule in profile.spec.rules]
    profile = replace(profile, spec=profile.spec.model_copy(update={"rules": rules}))
    picture = Bench(tmp_path, profile).at(0, told(c1=11, c2=5, c3=1))

    def advice(picture: Picture, site: str, lang: str) -> str:
        found = next(one for one in picture.alerts if (one.rule, one.target_id) == ("staff_short", site))
        assert picture.profile is not None
        return words(picture.profile, found, picture, lang)[1]

    assert advice(picture, "c1", "en") == "Send 1; nearest: 乙班 can send 1"
    # The only other team has been promised to who lacks more.
    assert "c2" not in picture.sendings
    assert advice(picture, "c2", "zh-CN") == "调 4 人；暂无备勤队伍可派；再报 乙城检查站"
    assert advice(picture, "c2", "en") == "Send 4; no team that stands by can be sent"
    # Of another county's team a county learns that it can come, not which it is.
    strange = replace(picture.sendings["c3"][0], team_id="", name="", county="")
    told_apart = replace(picture, sendings={"c3": (strange,)})
    assert advice(told_apart, "c3", "en") == "Send 5; nearest: another county's team can send 2"


def test_in_the_reference_profile_teams_go_along_the_roads() -> None:
    profile = load_profile("lincang")
    assert profile.roster is not None
    standing_by = profile.roster.standing_by(NOON, profile.zone)
    found = plan(profile, np.full(len(profile.sites), 1.0), standing_by)
    assert len(found) == len(profile.sites)
    assert {one.by for sent in found.values() for one in sent} == {"road", "straight"}
    counts: dict[str, int] = {}
    for sent in found.values():
        for one in sent:
            counts[one.team_id] = counts.get(one.team_id, 0) + one.people
    people = {team.team_id: team.people for team in standing_by}
    assert all(count <= people[team] for team, count in counts.items())
    county = dict(zip(profile.sites.site_id, profile.sites.county, strict=True))
    assert all(sent[0].county == county[site] for site, sent in found.items())


def told(**staff: float) -> Readings:
    return Readings.of(
        site_id=list(staff), observed_at=[NOON] * len(staff), staff_on_duty=list(staff.values())
    )


def short_at_noon(folder: Path, profile: Profile) -> dict[str, object]:
    return dict(Bench(folder, profile).at(0, told(c1=9)).sendings)


def picture_km(profile: Profile, a: str, b: str) -> float:
    from layers.crs import GEOD

    sites = profile.sites
    i, j = sites.row[a], sites.row[b]
    return float(GEOD.inv(sites.lon[i], sites.lat[i], sites.lon[j], sites.lat[j])[2]) / 1000
