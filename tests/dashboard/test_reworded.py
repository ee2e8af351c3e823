"""Words are told anew exactly where something that they name has changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dashboard.encode_alerts import Row, alert_rows, alert_rows_after
from data.journal import Draft
from data.picture import Picture
from data.spec_rules import RuleSpec
from tests.data.places import NOON, one, small
from tests.data.standing import WAIT, Bench


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """A rule on the wait whose words name the queue and the duty level; two sites wait for too long."""
    profile = small()
    words = {"what": {"en": "{site}: {wait} min, {queue} m"}, "advice": {"en": "At level {level}"}}
    rules = [
        RuleSpec.model_validate(rule.model_dump() | words) if rule.id == WAIT else rule
        for rule in profile.spec.rules
    ]
    made = Bench(tmp_path, replace(profile, spec=profile.spec.model_copy(update={"rules": rules})))
    for at in (0, 60):
        made.at(
            at, *(one(site, NOON + at, wait_min=45, queue_m=300, staff_on_duty=20) for site in ("c1", "c2"))
        )
    yield made
    made.store.close()


def told(bench: Bench, before: Picture, picture: Picture) -> tuple[dict[str, Row], dict[str, Row]]:
    """The rows of before, and those after; the latter are what telling everything anew would give."""
    old = alert_rows(bench.profile, before, "en")
    new = alert_rows_after(bench.profile, before, old, picture, "en")
    assert new == alert_rows(bench.profile, picture, "en")
    return old, new


def of(rows: dict[str, Row], site: str) -> Row:
    (row,) = (row for row in rows.values() if row["rule"] == WAIT and row["target_id"] == site)
    return row


def test_a_queue_that_grew_is_told_where_it_is_named(bench: Bench) -> None:
    before = bench.engine.picture
    rows = one("c1", NOON + 61, wait_min=45, queue_m=400, staff_on_duty=20)
    old, new = told(bench, before, bench.at(61, rows))
    assert of(new, "c1")["what"].endswith("45 min, 400 m")
    assert of(new, "c2") is of(old, "c2")


def test_another_duty_level_is_told_everywhere(bench: Bench) -> None:
    before = bench.engine.picture
    bench.engine.order([Draft("duty.set", "", "zk-duty", detail={"level": "I", "reason": "drill"})])
    old, new = told(bench, before, bench.at(61))
    assert of(old, "c1")["advice"] != of(new, "c1")["advice"] == of(new, "c2")["advice"]


def test_what_no_word_names_rewords_nothing(bench: Bench) -> None:
    before = bench.engine.picture
    rows = one("c1", NOON + 61, wait_min=45, queue_m=300, staff_on_duty=19, lanes_open=2)
    old, new = told(bench, before, bench.at(61, rows))
    assert [new[name] is old[name] for name in new if new[name]["rule"] == WAIT] == [True, True]
