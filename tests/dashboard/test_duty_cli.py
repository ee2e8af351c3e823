"""`threeline duty`: orders from the terminal stand in the journal, and a running board follows them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from data.journal import verify
from data.store import open_store
from tests.dashboard.conftest import Ended
from tests.serving import LiveServer, wait_for


@pytest.fixture
def duty(run: Callable[..., Ended], small_profile: Path, tmp_path: Path) -> Callable[..., Ended]:
    """`threeline duty …` for the store of the test's live server."""

    def call(*arguments: str) -> Ended:
        return run("duty", *arguments, "--profile", small_profile, "--store", tmp_path / "live0.sqlite")

    return call


def test_a_running_board_follows_within_seconds(
    duty: Callable[..., Ended], live_server: Callable[..., LiveServer], tmp_path: Path
) -> None:
    server = live_server()
    done = duty("set", "I", "--scope", "900101", "--reason", "drill")
    assert (done.code, done.out) == (0, "甲县: I Level I (entry 1 of the journal)\n")

    def level(scope: str) -> str:
        told = httpx.get(f"{server.url}/api/v1/lines", params={"scope": scope}, trust_env=False, timeout=60)
        return str(told.json()["duty_level"])

    wait_for(lambda: level("900101") == "I", what="the level")
    assert level("900102") == "III"
    shown = duty("show").out.splitlines()
    assert shown[0] == "-\tWhole area\tIII Level III\tby the profile"
    assert shown[1].startswith("900101\t甲县\tI Level I\t")
    assert shown[1].endswith(": drill")
    assert shown[2] == "900102\t乙县\tIII Level III\tfollows the whole area"
    assert duty("set", "follow", "--scope", "900101", "--reason", "over").code == 0
    wait_for(lambda: level("900101") == "III", what="the prefecture's level")
    store = open_store(f"sqlite:///{tmp_path / 'live0.sqlite'}")
    assert [entry.who for entry in store.entries()] == ["terminal", "terminal"]
    assert verify(store.entries()) is None
    store.close()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("set", "V", "--reason", "x"), "There is no duty level “V”; expected I, II, III, IV, follow"),
        (("set", "I", "--reason", " "), "Say why"),
        (("set", "I", "--reason", "13812345678"), "Say why"),
        (("set", "I", "--reason", "x", "--scope", "900109"), "900109"),
        (("set", "follow", "--reason", "x"), "by the profile is in force in Whole area already."),
        (("set", "I"), "--reason"),
    ],
)
def test_what_cannot_be_ordered_is_a_sentence(
    duty: Callable[..., Ended], tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'live0.sqlite'}")
    done = duty(*arguments)
    assert done.code
    assert said in done.err
    assert store.newest_entry() == 0
    store.close()


def test_a_store_that_is_not_there_is_not_made(duty: Callable[..., Ended], tmp_path: Path) -> None:
    assert duty("show").code == 1
    assert list(tmp_path.iterdir()) == []
