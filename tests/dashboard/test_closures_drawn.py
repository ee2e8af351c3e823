"""What is closed on purpose is marked on snapshots, named in their legend, and told to open pages."""

from __future__ import annotations

from dataclasses import replace

from dashboard.encode import delta_message, take_apart, whole_message
from dashboard.exports.snapshot import draw_snapshot
from data.county import county_profile
from data.orders import Silence, Where
from data.picture import cut
from tests.dashboard.drawn import drawn_picture, marks_of, small, words_of
from tests.data.places import NOON


def closure(start: int, *sites: str, name: str = "s1") -> Silence:
    return Silence(name, "closure", "zk-duty", NOON - 60, "works", start, NOON + 600, "", Where(sites=sites))


def test_a_snapshot_rings_what_is_closed_now() -> None:
    profile = small()
    open_ = drawn_picture(profile)
    for planned, rings in (((), 0), ((closure(NOON + 60, "c1"),), 0), ((closure(NOON - 60, "c1", "d1"),), 2)):
        picture = replace(open_, at=NOON, planned=planned)
        svg = draw_snapshot(picture, profile, form="svg", made_at=NOON)
        assert len(marks_of(svg, "closures").get("closures", [])) == rings
        assert ("计划关闭" in words_of(svg)) is bool(rings)


def test_pages_are_told_of_closures_when_they_change_and_a_county_of_its_own_sites() -> None:
    profile = small()
    before = replace(drawn_picture(profile), revision=1)
    after = replace(before, revision=2, planned=(closure(NOON - 60, "c1", "c2"),))
    old, new = take_apart(profile, before, ["en"]), take_apart(profile, after, ["en"])
    told = {"id": "s1", "reason": "works", "start": NOON - 60, "end": NOON + 600, "sites": ["c1", "c2"]}
    assert whole_message(old, "en", epoch="", version="")["closures"] == []
    assert whole_message(new, "en", epoch="", version="")["closures"] == [told]
    assert delta_message(old, new)["closures"] == [told]
    assert "closures" not in delta_message(new, take_apart(profile, replace(after, revision=3), ["en"]))
    mine = take_apart(county_profile(profile, "900101"), cut(after, profile, "900101"), ["en"])
    assert whole_message(mine, "en", epoch="", version="")["closures"] == [
        told | {"sites": ["c1"], "reason": ""}
    ]
