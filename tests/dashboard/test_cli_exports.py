"""Snapshots and briefs from the command line: straight from the store, and by a running board."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from rich.console import Console
from rich.progress import Progress

from dashboard.export_order import Order, Steps
from dashboard.export_order import write as put
from dashboard.saying_exports import WORDS, told
from data.store import open_store
from tests.conftest import NOON
from tests.dashboard.conftest import Ended, write
from tests.dashboard.giving import report
from tests.serving import PASSWORD, ROOT, Served

AT = "2026-06-03T12:00:00+08:00"
ROWS = [
    {"site_id": "c1", "observed_at": AT, "persons_in": 30, "wait_min": 7},
    {"site_id": "c2", "observed_at": AT, "persons_in": 12, "wait_min": 41},
]
SMALL = ROOT / "tests" / "profiles" / "small"
Run = Callable[..., Ended]


@pytest.fixture
def place(ingest: Run, tmp_path: Path) -> tuple[Any, ...]:
    ingest(write(tmp_path / "a.json", json.dumps(ROWS)))
    return ("--profile", SMALL, "--store", tmp_path / "cli.sqlite", "--at", "2026-06-03T12:01:00+08:00")


def test_a_brief_straight_from_the_store(run: Run, place: tuple[Any, ...], tmp_path: Path) -> None:
    out = tmp_path / "brief.xlsx"
    done = run("brief", "-o", out, *place, "--lang", "en", "--covers", "day")
    assert done.code == 0, done.err
    assert f"data as of {AT}" in done.out
    book = load_workbook(io.BytesIO(out.read_bytes()))
    assert len(book.sheetnames) > 3
    assert [path for path in tmp_path.iterdir() if path.suffix == ".part"] == []
    # The journal knows of it, as of every file.
    store = open_store(f"sqlite:///{tmp_path / 'cli.sqlite'}")
    [entry] = store.entries(actions=["export"])
    store.close()
    assert (entry.who, entry.detail["file"], entry.detail["at"]) == ("terminal", "brief.xlsx", NOON + 60)
    assert entry.detail["bytes"] == out.stat().st_size


def test_a_snapshot_of_a_line_in_light_colours(run: Run, place: tuple[Any, ...], tmp_path: Path) -> None:
    out = tmp_path / "line.svg"
    more = ("--theme", "light", "--sheet", "map", "--line", "third", "-c", "100.0,24.0", "-z", "8")
    done = run("snapshot", "-o", out, *place, *more, "--size", "640x360", "--hide", "roads")
    assert done.code == 0, done.err
    assert out.read_bytes().startswith(b"<?xml")


@pytest.mark.parametrize(
    ("command", "arguments", "says"),
    [
        ("brief", ("-o", "a.doc"), ".docx, .pptx, .pdf, .xlsx"),
        ("brief", (), "-o"),
        ("brief", ("-o", "a.docx", "--covers", "year"), "last, day, week"),
        ("brief", ("-o", "a.docx", "--since", "noon"), "ISO 8601"),
        ("brief", ("-o", "a.docx", "--since", "2999-01-01T00:00:00+08:00"), "--since “2999"),
        ("brief", ("-o", "a.docx", "--at", AT, "--since", "2026-06-04T00:00:00+08:00"), "not after --at"),
        ("brief", ("-o", "brief"), "no ending"),
        ("snapshot", (), ".png, .svg, .pdf"),
        ("snapshot", ("-o", "a.png", "-c", "999,99"), "999,99"),
        ("brief", ("-o", "a.docx", "--account", "zk-duty"), "--server"),
        ("brief", ("-o", "a.docx", "--server", "https://board.example", "--store", "x"), "--store"),
        ("brief", ("-o", "a.docx", "--server", "board"), "https://board.example"),
        ("brief", ("-o", "a.docx", "--server", "https://me:pw@board.example"), "no address"),
        ("brief", ("-o", "a.docx", "--server", "http://board.example", "--account", "zk-duty"), "https"),
        ("brief", ("-o", "no/such/a.docx"), "no/such"),
        ("snapshot", ("-o", "a.png", "--theme", "pink"), "dark, light"),
        ("snapshot", ("-o", "a.png", "--sheet", "half"), "full, map, plain"),
        ("snapshot", ("-o", "a.png", "-z", "99"), "0–24"),
        ("snapshot", ("-o", "a.png", "-c", "here"), "LON,LAT"),
        ("snapshot", ("-o", "a.docx"), ".png, .svg, .pdf"),
    ],
)
def test_what_cannot_be_is_said(
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
    arguments: tuple[str, ...],
    says: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("THREELINE_PASSWORD", PASSWORD)
    done = run(command, *arguments)
    assert done.code == 1
    assert done.err.startswith("Error: ")
    assert says in done.err
    assert PASSWORD not in done.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("option", "got", "says"),
    [
        ("--line", "fourth", "以下之一：first"),
        ("--site", "c9", "以下之一：d1"),
        ("--hide", "roads,walls", "closures"),
    ],
)
def test_what_the_profile_does_not_have_is_said_in_chinese_too(
    run: Run,
    place: tuple[Any, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    option: str,
    got: str,
    says: str,
) -> None:
    monkeypatch.setenv("THREELINE_LANG", "zh-CN")
    done = run("snapshot", "-o", tmp_path / "a.png", *place, option, got)
    assert done.code == 1
    assert done.err.startswith(f"错误: {option} 的值“{got.rpartition(',')[2]}”不可用")
    assert says in done.err
    assert "one of" not in done.err


def test_the_placeholders_of_templates_are_listed(run: Run) -> None:
    done = run("brief", "--placeholders")
    assert done.code == 0
    assert re.search(r"^  summary +综述$", done.out, re.MULTILINE)


def test_a_terminal_is_told_the_steps(tmp_path: Path) -> None:
    order = Order("brief", tmp_path / "a.docx")
    with Progress(console=Console(file=io.StringIO(), force_terminal=True)) as bar:
        task = bar.add_task("", total=4, file=order.out.name)
        step = Steps(bar, task)
        seen = []
        for name in ("figures", "words", "map", "file"):
            step(name)
            seen.append((bar.tasks[0].description, bar.tasks[0].completed))
    assert seen == [(told(f"step_{name}"), done) for done, name in enumerate(step.seen)]


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "a.docx"
    put(out, b"the one before")

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        put(out, b"another")
    assert out.read_bytes() == b"the one before"
    assert list(tmp_path.iterdir()) == [out]


def test_a_place_that_cannot_be_written_is_said(run: Run, place: tuple[Any, ...], tmp_path: Path) -> None:
    out = tmp_path / "taken.xlsx"
    out.mkdir()
    done = run("brief", "-o", out, *place)
    assert done.code == 1
    assert f"{out} cannot be written" in done.err
    assert ".part" not in done.err


def test_every_word_is_there_in_both_languages() -> None:
    for key, (chinese, english) in WORDS.items():
        assert re.search(r"[\u4e00-\u9fff]", chinese), key
        assert not re.search(r"[\u4e00-\u9fff]", english), key
        assert re.findall(r"\{\w*\}", chinese) == re.findall(r"\{\w*\}", english), key


@pytest.fixture
def there(serve: Callable[..., Served]) -> Served:
    """A board that asks for a login."""
    served = serve(login=True)
    report(served, "c1")
    served.settle()
    return served


def test_a_running_board_makes_it(
    there: Served, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there.account("zk-duty", "command")
    monkeypatch.setenv("THREELINE_PASSWORD", PASSWORD)
    out = tmp_path / "a.png"
    done = run("snapshot", "-o", out, "--server", there.url, "--account", "zk-duty", "--size", "640x360")
    assert done.code == 0, done.err
    assert out.read_bytes().startswith(b"\x89PNG")
    assert "picture of 2026-06-03T12:00" in done.out
    [entry] = there.board.engine.store.entries(actions=["export"])
    assert (entry.who, entry.detail["file"]) == ("zk-duty", "snapshot.png")
    # It logged out behind itself.
    assert there.board.accounts.sessions.all("zk-duty") == []


REFUSED = {
    "no login": ((), PASSWORD, "--account NAME"),
    "wrong": (("--account", "zk-duty"), "a wrong one", "is not let in"),
    "no password": (("--account", "zk-duty"), "", "THREELINE_PASSWORD"),
    "no county": (("--account", "zk-duty", "--scope", "900199"), PASSWORD, "900199"),
    "not theirs": (("--account", "zk-county", "--scope", "900101"), PASSWORD, "900101"),
    "no line": (("--account", "zk-duty", "--line", "fourth"), PASSWORD, "third"),
}


def test_what_a_running_board_refuses_is_said(
    there: Served, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there.account("zk-duty", "command")
    there.account("zk-county", "county", "900102")
    out = tmp_path / "a.png"
    for case, (arguments, password, says) in REFUSED.items():
        monkeypatch.setenv("THREELINE_PASSWORD", password)
        done = run("snapshot", "-o", out, "--server", there.url, *arguments)
        assert done.code == 1, case
        assert says in done.err, case
        assert not out.exists(), case


def test_a_board_that_is_not_there_is_said(run: Run, tmp_path: Path) -> None:
    done = run("brief", "-o", tmp_path / "a.docx", "--server", "http://127.0.0.1:9")
    assert done.code == 1
    assert "cannot be reached" in done.err
