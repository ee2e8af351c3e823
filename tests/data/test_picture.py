"""A county's picture is the same picture with nothing of the others in it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from data.picture import Alert, DayTotals, Picture, cut
from layers.coverage import Border
from layers.faults import FaultsError
from tests.data.places import NOON, every, fence, one, picture_of, small, view_of

WEST, EAST = "900101", "900102"


@pytest.fixture
def whole() -> Picture:
    rows = [every(small(), NOON - 60, persons_in=2, staff_on_duty=4), one("c2", NOON, wait_min=40)]
    picture = picture_of(
        small(),
        view_of(small(), NOON, rows, [fence("f1", NOON), fence("f2", NOON, "down")]),
        today={"": DayTotals(10, 5, {}), WEST: DayTotals(4, 2, {}), EAST: DayTotals(6, 3, {})},
    )

    def alert(target: str, target_id: str, line: str, county: str, state: str = "firing") -> Alert:
        id_ = f"r:{target_id}:{state}"
        return Alert(id_, "r", target, target_id, line, county, "critical", state, NOON, None, 1, held=False)

    return replace(
        picture,
        alerts=(
            alert("site", "c2", "third", EAST), alert("site", "c1", "third", WEST),
            alert("site", "c3", "third", EAST, "pending"), alert("fence", "f2", "first", EAST),
        ),
    )  # fmt: skip


def test_the_whole_is_not_cut(whole: Picture) -> None:
    assert cut(whole, small(), "") is whole
    assert whole.today.persons == 10


def test_a_county_has_its_own_rows_and_nothing_else(whole: Picture) -> None:
    east = cut(whole, small(), EAST)
    assert (east.scope, east.revision, east.at) == (EAST, whole.revision, whole.at)
    assert east.sites.site_id.tolist() == ["d3", "p2", "c2", "c3"]
    assert set(east.sites.county) == {EAST}
    rows = [small().sites.row[site] for site in east.sites.site_id]
    for name in ("status", "wait_min", "persons_per_hour", "observed_at", "alarm"):
        np.testing.assert_array_equal(getattr(east.state, name), getattr(whole.state, name)[rows])
    np.testing.assert_array_equal(east.state.rates[60][0], whole.state.rates[60][0][rows])
    assert [one.target_id for one in east.alerts] == ["c2", "c3", "f2"]
    assert list(east.fences) == ["f2"]
    assert {gap.county for gap in east.gaps} == {EAST}
    assert east.today == DayTotals(6, 3, {})
    assert east.today_by == {}


def test_roll_ups_are_of_the_county(whole: Picture) -> None:
    west, east = cut(whole, small(), WEST), cut(whole, small(), EAST)
    spans = {county: end - start for county, start, end in small().border.county_spans()}
    for picture, county, sites in ((west, WEST, (2, 1, 1)), (east, EAST, (1, 1, 2))):
        assert tuple(line.sites for line in picture.lines) == sites
        first = picture.lines[0]
        assert first.km == pytest.approx(spans[county])
        assert first.km_uncovered == pytest.approx(sum(gap.km for gap in picture.gaps))
        assert [line.km for line in picture.lines[1:]] == [None, None]
    assert [line.alerts["critical"] for line in east.lines] == [1, 0, 1]
    assert [line.alerts["critical"] for line in west.lines] == [0, 0, 1]
    for index, line in enumerate(whole.lines):
        parts = (west.lines[index], east.lines[index])
        assert line.sites == sum(part.sites for part in parts)
        assert line.staff_required == sum(part.staff_required for part in parts)
    assert whole.lines[0].km_covered == pytest.approx(sum(part.lines[0].km_covered for part in (west, east)))


def test_the_age_of_the_data_is_the_countys_own(whole: Picture) -> None:
    assert cut(whole, small(), EAST).data_at == NOON
    assert cut(whole, small(), WEST).data_at == NOON - 60


def test_a_county_cut_twice_shares_its_sites_and_is_not_cut_again(whole: Picture) -> None:
    east = cut(whole, small(), EAST)
    assert cut(whole, small(), EAST).sites is east.sites
    assert cut(east, small(), EAST) is east
    with pytest.raises(ValueError, match="cannot be cut"):
        cut(east, small(), WEST)


def test_an_unknown_county_is_named_with_those_there_are(whole: Picture) -> None:
    with pytest.raises(FaultsError, match=r"got 123; expected 900101 甲县, 900102 乙县"):
        cut(whole, small(), "123")


def test_a_county_without_a_border_has_no_kilometres(whole: Picture) -> None:
    counties = small().counties
    line = small().layers["border"].geometry.union_all()
    border = Border(line, counties[counties["adcode"] == WEST])
    profile = replace(small(), border=border)
    assert cut(whole, profile, EAST).lines[0].km is None
    assert cut(whole, profile, WEST).lines[0].km == border.county_spans()[0][2] > 20
