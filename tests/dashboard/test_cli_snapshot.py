"""Snapshots from the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.dashboard.conftest import Ended, write
from tests.serving import ROOT

AT = "2026-06-03T12:00:00+08:00"
ROW = {"site_id": "c1", "observed_at": AT, "persons_in": 30, "wait_min": 7}


def test_a_snapshot_of_what_was_ingested(
    ingest: Callable[..., Ended], run: Callable[..., Ended], tmp_path: Path
) -> None:
    ingest(write(tmp_path / "a.json", json.dumps([ROW])))
    small = ROOT / "tests" / "profiles" / "small"
    place = ("--profile", small, "--store", tmp_path / "cli.sqlite")
    for name, magic in (("a.png", b"\x89PNG"), ("a.svg", b"<?xml"), ("a.pdf", b"%PDF")):
        out = tmp_path / name
        done = run("snapshot", "-o", out, *place, "--at", "2026-06-03T12:01:00+08:00", "--size", "640x360")
        assert done.code == 0, done.err
        assert out.read_bytes().startswith(magic)
        assert f"data as of {AT}" in done.out
    county = run(
        "snapshot", "-o", tmp_path / "c.png", *place, "--scope", "900101", "--lang", "en", "--size", "640x360"
    )
    assert county.code == 0, county.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("-o", "a.gif"), ".png, .svg, .pdf"),
        (("-o", "a.png", "--scope", "1"), "900101"),
        (("-o", "a.png", "--at", "noon"), "ISO 8601"),
        (("-o", "a.png", "--at", "2999-01-01T00:00:00+08:00"), "in the future"),
        (("-o", "a.png", "--size", "9x9"), "WIDTHxHEIGHT"),
        (("-o", "a.png", "--lang", "fr"), "zh-CN"),
        (("-o", "a.png", "--profile", "lincnag"), "lincang"),
        (("-o", "a.png", "--store", "mysql://x"), "sqlite"),
    ],
)
def test_a_snapshot_that_cannot_be_says_why(
    run: Callable[..., Ended],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    says: str,
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    small = ROOT / "tests" / "profiles" / "small"
    place = () if "--profile" in arguments else ("--profile", small)
    done = run("snapshot", *place, *arguments)
    assert done.code == 1
    assert done.err.startswith("Error: ")
    assert says in done.err


def test_a_folder_that_is_not_there_is_said(
    ingest: Callable[..., Ended], run: Callable[..., Ended], small_profile: Path, tmp_path: Path
) -> None:
    ingest(write(tmp_path / "a.json", json.dumps([ROW])))
    place = ("--profile", small_profile, "--store", tmp_path / "cli.sqlite", "--size", "640x360")
    done = run("snapshot", "-o", tmp_path / "no" / "folder" / "a.png", *place)
    assert done.code == 1
    assert str(Path("no", "folder")) in done.err


@pytest.mark.parametrize("form", ["{}", "sqlite:///{}"])
def test_a_snapshot_makes_no_store(
    run: Callable[..., Ended], small_profile: Path, tmp_path: Path, form: str
) -> None:
    store = tmp_path / "misspelt.sqlite"
    done = run(
        "snapshot", "-o", tmp_path / "a.png", "--profile", small_profile, "--store", form.format(store)
    )
    assert done.code == 1
    assert f"no store at {store}" in done.err
    assert list(tmp_path.iterdir()) == []
