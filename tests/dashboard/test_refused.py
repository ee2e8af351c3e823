"""Rows that a profile leaves out are kept when the board is served."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from dashboard.refused import keep, refused_folder
from dashboard.settings import Settings
from data.profile import load_profile


@pytest.fixture
def lenient(small_profile: Path, tmp_path: Path) -> Path:
    folder = Path(shutil.copytree(small_profile, tmp_path / "small"))
    toml, points = folder / "profile.toml", folder / "duty_points.csv"
    named = 'name = "duty_points"\n'
    text = toml.read_text("utf-8").replace(named, f'{named}on_error = "quarantine"\n', 1)
    toml.write_text(text, "utf-8")
    points.write_text(points.read_text("utf-8").replace("99.", "far", 1), "utf-8")
    return folder


def test_they_are_kept_beside_the_store_until_they_are_mended(
    lenient: Path, small_profile: Path, tmp_path: Path
) -> None:
    settings = Settings(store=str(tmp_path / "kept" / "board.sqlite"))
    folder = keep(settings, load_profile(lenient))
    assert folder == tmp_path / "kept" / "quarantine" / "small"
    (row,) = map(json.loads, (folder / "duty_points.ndjson").read_text("utf-8").splitlines())
    assert row["properties"]["faults"][0]["field"] == "lon"
    assert keep(settings, load_profile(small_profile)) is None
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("store", ["", "postgresql://somewhere/board"])
def test_without_a_file_of_the_store_they_are_in_the_users_folder(
    store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert refused_folder(Settings(store=store), "small") == tmp_path / "threeline" / "quarantine" / "small"
