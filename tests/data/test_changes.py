"""Only what differs between two pictures is told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from data.changes import changes
from data.picture import Alert, DayTotals, Picture, cut
from tests.data.places import NOON, every, fence, one, picture_of, small, view_of


def picture(at: int = NOON, *extra: object, reports: list[object] | None = None) -> Picture:
    rows = [every(small(), NOON - 60, wait_min=5, staff_on_duty=4), *extra]
    return picture_of(small(), view_of(small(), at, rows, reports or []))


def test_nothing_changed() -> None:
    found = changes(picture(), picture(NOON + 1))
    assert not found.anything
    assert (found.rows.tolist(), found.fields, found.gaps, found.today) == ([], {}, None, None)


def test_one_reading_changes_its_site_and_its_line() -> None:
    row = small().sites.row["c2"]
    found = changes(picture(), picture(NOON, one("c2", NOON, wait_min=20, persons_in=3)))
    assert found.anything
    assert found.rows.tolist() == [row]
    assert {name: rows.tolist() for name, rows in found.fields.items()} == {
        name: [row] for name in ("status", "persons_per_hour", "wait_min", "staff_on_duty", "observed_at")
    }
    assert [line.id for line in found.lines] == ["third"]


def test_what_is_lost_and_what_comes_back_are_changes() -> None:
    silent = changes(picture(), picture(NOON + 541))
    assert len(silent.rows) == len(small().sites)
    assert {"status", "wait_min", "staff_on_duty"} == set(silent.fields)
    assert silent.gaps is not None
    assert sum(gap.km for gap in silent.gaps) == pytest.approx(small().border.length_km)
    assert changes(picture(NOON + 541), picture()).anything


def test_alerts_fences_and_totals() -> None:
    def alert(id_: str, state: str) -> Alert:
        return Alert(id_, "r", "site", "c1", "third", "900101", "critical", state, NOON, None, 45, held=False)

    before = replace(picture(), alerts=(alert("1", "pending"), alert("2", "pending"), alert("4", "pending")))
    after = replace(
        picture(NOON, reports=[fence("f2", NOON, "down")]),
        alerts=(alert("1", "pending"), alert("2", "firing"), alert("3", "pending")),
        today=DayTotals(5, None, {"isolated": 1}),
    )
    found = changes(before, after)
    assert [one.id for one in found.alerts_put] == ["2", "3"]
    assert found.alerts_gone == ("4",)
    assert list(found.fences) == ["f2"]
    assert found.today == DayTotals(5, None, {"isolated": 1})


def test_pictures_of_different_scopes_do_not_compare() -> None:
    whole = picture()
    with pytest.raises(ValueError, match="different sites"):
        changes(whole, cut(whole, small(), "900101"))


def test_the_same_scope_cut_twice_compares() -> None:
    before, after = picture(), picture(NOON, one("c1", NOON, wait_min=20))
    here = changes(cut(before, small(), "900101"), cut(after, small(), "900101"))
    assert cut(after, small(), "900101").sites.site_id[here.rows].tolist() == ["c1"]
    assert not changes(cut(before, small(), "900102"), cut(after, small(), "900102")).anything
    assert np.isnan(after.state.queue_m).all()
