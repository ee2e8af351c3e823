"""The shelf: files are there whole or not at all, under their own names, as long as they are kept."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from dashboard.jobs import shelf as shelves
from dashboard.jobs.shelf import DAY_S, Shelf, file_name, folder_of

AT = int(datetime(2026, 11, 21, 16, 30, tzinfo=UTC).timestamp())
ZONE = ZoneInfo("Asia/Shanghai")
NAME = file_name("lincang", "brief.docx", AT, ZONE, "zh-CN")


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "exports")


def test_names_are_of_the_profiles_clock(shelf: Shelf) -> None:
    assert NAME == "lincang-brief-20261122T003000-zh-CN.docx"
    assert folder_of("530924", AT, ZONE) == "2026-11-22/530924"
    assert shelf.keep(b"x", folder_of("", AT, ZONE), NAME) == f"2026-11-22/prefecture/{NAME}"


def test_a_taken_name_gets_a_number_and_nothing_is_overwritten(shelf: Shelf) -> None:
    places = [shelf.keep(text, "2026-11-22/prefecture", NAME) for text in (b"a", b"b", b"c")]
    assert [place.rpartition("zh-CN")[2] for place in places] == [".docx", "-2.docx", "-3.docx"]
    paths = [shelf.path(place) for place in places]
    assert [path.read_bytes() for path in paths if path] == [b"a", b"b", b"c"]


def test_where_there_are_no_links_files_are_renamed(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object) -> None:
        raise OSError(95, "not supported")

    monkeypatch.setattr(os, "link", none)
    places = [shelf.keep(text, "2026-11-22/prefecture", NAME) for text in (b"a", b"b")]
    assert [path.read_bytes() for place in places if (path := shelf.path(place))] == [b"a", b"b"]


def test_a_file_that_cannot_be_finished_leaves_nothing(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[list[str]] = []

    def full(_: int) -> None:
        seen.append([path.name for path in (shelf.folder / "2026-11-22/prefecture").iterdir()])
        raise OSError(28, "no space left")

    monkeypatch.setattr(shelves.os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        shelf.keep(b"x" * 100, "2026-11-22/prefecture", NAME)
    # While it was written it was not there under its name.
    assert seen
    assert all(name.endswith(".part") for name in seen[0])
    assert list((shelf.folder / "2026-11-22/prefecture").iterdir()) == []


def test_the_last_room_on_the_disk_is_the_stores(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelves, "SPARE", 2**62)
    with pytest.raises(OSError, match="too little room"):
        shelf.keep(b"x", "2026-11-22/prefecture", NAME)
    assert list((shelf.folder / "2026-11-22/prefecture").iterdir()) == []


def test_only_the_owner_and_the_group_may_read(shelf: Shelf) -> None:
    path = shelf.path(shelf.keep(b"x", "2026-11-22/prefecture", NAME))
    assert path is not None
    assert path.stat().st_mode & 0o007 == 0


@pytest.mark.parametrize(
    "name",
    [
        "../board.sqlite", f"2026-11-22/../{NAME}", f"2026-11-22/prefecture/../../{NAME}", NAME, "", "a/b/c",
        f"2026-11-22/prefecture/{NAME}/x", f"/2026-11-22/prefecture/{NAME}",
        "2026-11-22/prefecture/notes.txt",
    ],
)  # fmt: skip
def test_nothing_but_files_of_the_shelf_is_found(shelf: Shelf, name: str) -> None:
    place = shelf.folder / "2026-11-22/prefecture"
    place.mkdir(parents=True)
    (place / "notes.txt").write_text("mine", "utf-8")
    assert shelf.path(name) is None


def test_what_is_old_is_dropped_and_nothing_that_is_not_ours(shelf: Shelf) -> None:
    old = shelf.path(shelf.keep(b"x", "2026-10-01/530924", NAME))
    new = shelf.path(shelf.keep(b"x", "2026-11-22/prefecture", NAME))
    assert old is not None
    assert new is not None
    broken = new.parent / ".0123456789abcdef.part"
    others = [new.parent / "notes.docx", shelf.folder / "mine.docx", shelf.folder / "2026-10-02" / "x.docx"]
    for path in (broken, *others):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
        os.utime(path, (AT - 400 * DAY_S, AT - 400 * DAY_S))
    os.utime(old, (AT - 31 * DAY_S, AT - 31 * DAY_S))
    os.utime(new, (AT - 29 * DAY_S, AT - 29 * DAY_S))
    assert shelf.prune(30, AT) == 2
    assert new.exists()
    assert not old.exists()
    assert not broken.exists()
    assert all(path.exists() for path in others)
    assert not old.parent.parent.exists()


def test_a_shelf_that_is_not_there_has_nothing_to_drop(shelf: Shelf) -> None:
    assert shelf.prune(1) == 0
