"""`threeline rules` tells what a rule would have done, and which thresholds do what."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dashboard.saying_rules import WORDS
from data.readings import Readings
from data.store.sqlite import SqliteStore
from tests.dashboard.conftest import Ended
from tests.data.places import NOON

SPAN = ("--from", str(NOON), "--to", str(NOON + 7200))


@pytest.fixture
def rules(run: Callable[..., Ended], small_profile: Path, tmp_path: Path) -> Callable[..., Ended]:
    """A store with one wait that rises to sixty minutes and falls again."""
    minutes = np.arange(1, 121)
    store = SqliteStore(tmp_path / "kept.db")
    store.write(
        Readings.of(
            site_id=["c1"] * 120, observed_at=NOON + minutes * 60, wait_min=60 - np.abs(minutes - 60.0),
            interval_s=[60] * 120,
        )
    )  # fmt: skip
    store.close()

    def call(*arguments: Any) -> Ended:
        return run(
            "rules", *arguments, "--profile", small_profile, "--store", f"sqlite:///{tmp_path}/kept.db"
        )

    return call


def test_it_says_when_where_and_how_long(rules: Callable[..., Ended]) -> None:
    ended = rules("test", "wait_over_30", *SPAN)
    assert ended.code == 0, ended.err
    lines = ended.out.splitlines()
    assert lines[0].startswith("wait_over_30 (wait_min > 30 for 60 s): 2026-09-23 12:00 to 2026-09-23 14:00")
    assert lines[1].split("\t") == ["甲城检查站 (c1)", "1", "1:03:00", "1:03:00", "60", "2026-09-23 12:32"]
    assert lines[2].split("\t")[:3] == ["2026-09-23 12:32", "2026-09-23 13:35", "1:03:00"]
    assert lines[-1].startswith("It would have fired 1 times at 1 of them; at most 1 at once; 1:03:00 in all")


def test_thresholds_are_compared(rules: Callable[..., Ended]) -> None:
    ended = rules("test", "wait_over_30", *SPAN, "--threshold", 20, "--threshold", 59, "--for", 0)
    assert [line.split("\t")[:3] for line in ended.out.splitlines()] == [
        ["> 20", "1", "1"],
        ["> 59", "1", "1"],
    ]
    none = rules("test", "wait_over_30", *SPAN, "--threshold", 60)
    assert none.out.splitlines()[-1] == "It would not have fired."
    elsewhere = rules("test", "wait_over_30", *SPAN, "--site", "c2")
    assert elsewhere.out.splitlines()[-1] == "It would not have fired."


def test_programs_read_a_line_per_alert(rules: Callable[..., Ended]) -> None:
    ended = rules("test", "wait_over_30", *SPAN, "--json")
    told = [json.loads(line) for line in ended.out.splitlines()]
    assert [(one["target_id"], one["fired_at"], one["ended_at"]) for one in told] == [
        ("c1", NOON + 32 * 60, NOON + 95 * 60)
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("test", "wait_over_3"), "Did you mean 'wait_over_30'?"),
        (("test", "wait_over_30", "--site", "c9"), "There is no site or fence “c9”"),
        (("test", "wait_over_30", "--from", "yesterday"), "“yesterday” cannot be used as a time"),
        (("test", "wait_over_30", "--from", NOON, "--to", NOON), "Not a span of time"),
    ],
)
def test_what_cannot_be_tried_is_said(
    rules: Callable[..., Ended], arguments: tuple[str, ...], said: str
) -> None:
    ended = rules(*arguments)
    assert ended.code == 1
    assert said in ended.err


def test_the_rules_are_listed(run: Callable[..., Ended], small_profile: Path) -> None:
    ended = run("rules", "list", "--profile", small_profile)
    assert "wait_over_30\tWait too long\twait_min > 30, 60 s\tcritical" in ended.out


def test_every_word_is_there_in_both_languages() -> None:
    assert all(chinese.strip() and english.strip() for chinese, english in WORDS.values())
