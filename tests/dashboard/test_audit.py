"""`threeline audit`: the journal checked from the terminal, against what was noted elsewhere."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dashboard import cli_audit
from dashboard.journal_words import action
from dashboard.words import WORDS
from data.journal import ACTIONS, Draft, Entry
from data.store import open_store
from tests.conftest import NOON
from tests.dashboard.conftest import Ended

DRAFTS = [
    Draft("alert.ack", f"wait_over_30:c1:{NOON}", "zk-duty", "command", "900101", {"note": "on it"}),
    Draft("duty.set", "", "zk-duty", "command", "", {"level": "II", "reason": "drill"}),
    Draft("handover.sign", "h00000001", "jia-duty", "county", "900101", {"side": "incoming"}),
]


@pytest.fixture
def kept(tmp_path: Path) -> list[Entry]:
    store = open_store(f"sqlite:///{tmp_path / 'j.sqlite'}")
    entries = [
        entry for number, draft in enumerate(DRAFTS) for entry in store.put_entries([draft], at=NOON + number)
    ]
    store.close()
    return entries


@pytest.fixture
def audit(run: Callable[..., Ended], small_profile: Path, tmp_path: Path) -> Callable[..., Ended]:
    def call(*arguments: Any) -> Ended:
        return run("audit", *arguments, "--profile", small_profile, "--store", tmp_path / "j.sqlite")

    return call


def tamper(path: Path, statement: str) -> None:
    """As somebody does it who can write the file: the triggers go first."""
    with sqlite3.connect(path) as db:
        db.executescript("DROP TRIGGER journal_stands; DROP TRIGGER journal_stays;")
        db.execute(statement)
    db.close()


def test_a_whole_journal_is_said_to_be_whole(
    kept: list[Entry], audit: Callable[..., Ended], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli_audit, "PAGE", 2)
    head = f"3:{kept[2].seal}"
    ended = audit("verify", "--head", head, "--head", f"2:{kept[1].seal[:16]}")
    assert ended.code == 0, ended.err
    assert "3 entries, 2026-06-03 12:00:00 to 2026-06-03 12:00:02" in ended.out
    assert ended.out.count(head) == 2


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE journal SET who = 'someone' WHERE seq = 2", "entry 2 does not match"),
        ("UPDATE journal SET detail = '{}' WHERE seq = 1", "entry 1 does not match"),
        ("DELETE FROM journal WHERE seq = 2", "entry 2 is missing"),
        ("DELETE FROM journal WHERE seq = 3", "does not hold 3:"),
        ("DELETE FROM journal", "does not hold 3:"),
    ],
    ids=["altered", "emptied", "removed", "cut-off", "cleared"],
)
def test_what_was_done_to_the_file_is_found(
    kept: list[Entry], audit: Callable[..., Ended], tmp_path: Path, statement: str, said: str
) -> None:
    tamper(tmp_path / "j.sqlite", statement)
    ended = audit("verify", "--head", f"3:{kept[2].seal}")
    assert ended.code == 1
    assert said in ended.err


def test_an_empty_journal_and_a_store_that_is_not_there(
    audit: Callable[..., Ended], run: Callable[..., Ended], small_profile: Path, tmp_path: Path
) -> None:
    ended = audit("verify")
    assert (ended.code, (tmp_path / "j.sqlite").exists()) == (1, False)
    assert "There is no store" in ended.err
    open_store(f"sqlite:///{tmp_path / 'j.sqlite'}").close()
    assert (audit("verify").code, audit("show").code) == (0, 0)


@pytest.mark.parametrize("head", ["3", "3:xyz", "3:abc", ":0123456789abcdef"])
def test_a_head_that_is_none_is_said(kept: list[Entry], audit: Callable[..., Ended], head: str) -> None:
    ended = audit("verify", "--head", head)
    assert ended.code == 1
    assert "SEQ:SEAL" in ended.err


def test_entries_are_shown_in_words_and_as_json(kept: list[Entry], audit: Callable[..., Ended]) -> None:
    lines = audit("show").out.splitlines()
    assert [line.split("\t")[0] for line in lines] == ["1", "2", "3"]
    assert "zk-duty" in lines[0]
    assert "on it" in lines[0]
    assert "incoming" in lines[2]
    assert [line.split("\t")[0] for line in audit("show", "--limit", 2).out.splitlines()] == ["2", "3"]
    assert [line.split("\t")[0] for line in audit("show", "--after", 1, "--limit", 1).out.splitlines()] == [
        "2"
    ]
    mine = audit("show", "--scope", "900101", "--json").out.splitlines()
    assert [json.loads(line)["seq"] for line in mine] == [1, 3]
    assert json.loads(mine[0]) == vars(kept[0])


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_every_action_has_words(lang: str) -> None:
    for name in ACTIONS:
        assert f"did_{name.replace('.', '_')}" in WORDS
        assert action(Entry(name, "x"), lang)
