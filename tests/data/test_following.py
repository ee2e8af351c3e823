"""A profile's folder is followed: what is good is shown, what is bad is told and leaves the picture alone."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from data.following import AGAIN_S, RESTLESS, Following
from data.notice import Notice
from data.notices import of_profile, refused
from data.profile import Profile, load_profile
from data.survey import MOST_FILES, survey
from layers.faults import Fault, FaultsError
from tests.data.edited import Edited
from tests.data.places import NOON
from tests.data.standing import until


class Watched:
    """A folder that is followed by hand, and what came of it."""

    def __init__(self, folder: Path) -> None:
        self.edited = Edited(folder)
        self.now = float(NOON)
        self.checks = 0
        self.shown: list[Profile] = []
        self.told: list[tuple[Notice, ...]] = []
        self.meanwhile: list[object] = []
        """What happens while the folder is checked."""
        self.following = Following(
            self.edited.load(), self.adopt, self.tell,
            seen=survey(self.edited.folder), clock=lambda: self.now, load=self.load, poll_s=0.01,
        )  # fmt: skip

    def load(self, folder: Path) -> Profile:
        self.checks += 1
        if self.meanwhile:
            self.meanwhile.pop()()  # type: ignore[operator]
        return load_profile(folder)

    def adopt(self, profile: Profile) -> None:
        self.shown.append(profile)

    def tell(self, notices: Sequence[Notice]) -> None:
        self.told.append(tuple(notices))

    def look(self, times: int = 2) -> None:
        for _ in range(times):
            self.now += 1
            self.following.look()

    def said(self) -> str:
        """The one notice there is, in English."""
        (notice,) = self.following.notices
        more = [f"{notice.more} more"] if notice.more else []
        return "\n".join([notice.what["en"], *map(str, notice.faults), *more])


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    return Watched(tmp_path)


def test_nothing_happens_while_nothing_changes(watched: Watched) -> None:
    watched.look(5)
    assert (watched.checks, watched.shown, watched.told) == (0, [], [])


def test_an_edit_is_shown_once_it_stands_still(watched: Watched) -> None:
    watched.edited.checkpoint("c9")
    watched.look(1)
    assert watched.checks == 0
    watched.edited.checkpoint("c8")
    watched.look(1)
    assert watched.checks == 0
    watched.look(1)
    assert (watched.checks, len(watched.shown), watched.told) == (1, 1, [])
    assert {"c8", "c9"} <= set(watched.shown[0].sites.site_id)
    assert watched.following.profile is watched.shown[0]
    watched.look(5)
    assert watched.checks == 1


def test_an_edit_between_reading_and_the_first_look_is_seen(tmp_path: Path) -> None:
    edited = Edited(tmp_path)
    seen, profile = survey(edited.folder), edited.load()
    edited.checkpoint("c9")
    shown: list[Profile] = []
    following = Following(profile, shown.append, lambda _: None, seen=seen)
    following.look()
    following.look()
    assert "c9" in shown[0].sites.row


def test_a_bad_edit_is_told_until_it_is_mended(watched: Watched) -> None:
    good = watched.edited.text("duty_points.csv")
    watched.edited.write("duty_points.csv", good.replace("99.15,23.497", "east,23.497"))
    watched.look()
    assert watched.shown == []
    (notice,) = watched.following.notices
    assert (notice.id, notice.severity, notice.since) == ("profile-refused", "warning", NOON + 2)
    assert notice.what == {
        "en": "Profile edit refused: 1 fault; the picture stays",
        "zh-CN": "配置改动未采用：1 处问题，画面仍按原配置",
    }
    (fault,) = notice.faults
    assert (fault.file, fault.row, fault.field, fault.got) == ("duty_points.csv", 2, "lon", "east")
    # Another bad edit is told instead, since the first of them.
    watched.edited.write("duty_points.csv", good.replace("d2,", "d1,"))
    watched.look()
    (notice,) = watched.following.notices
    assert notice.since == NOON + 2
    assert "stands twice" in notice.faults[0].what
    watched.edited.write("duty_points.csv", good)
    watched.look()
    assert watched.following.notices == ()
    assert watched.told[-1] == ()
    # The content is what it was: nothing is shown anew.
    assert watched.shown == []


def test_many_faults_are_counted_and_the_first_told(watched: Watched) -> None:
    rows = watched.edited.text("duty_points.csv").splitlines()
    bad = [f"x{number},名,east,23.5,,1,1,1,1,1,1,1" for number in range(40)]
    watched.edited.write("duty_points.csv", "\n".join([rows[0], *bad]))
    watched.look()
    told = watched.said().splitlines()
    assert "40 faults" in told[0]
    assert len(told) == 5
    assert "37 more" in told[-1]


def test_a_key_that_is_none_and_a_file_that_went(watched: Watched) -> None:
    watched.edited.replace("profile.toml", "retention_days = 30", "retention_dais = 30")
    watched.look()
    assert "retention_dais" in watched.said()
    watched.edited.replace("profile.toml", "retention_dais = 30", "retention_days = 31")
    (watched.edited.folder / "crossings.csv").rename(watched.edited.folder / "away.csv")
    watched.look()
    assert "crossings.csv" in watched.said()
    (watched.edited.folder / "away.csv").rename(watched.edited.folder / "crossings.csv")
    watched.look()
    assert watched.following.notices == ()
    assert watched.shown[-1].spec.retention_days == 31


def test_what_editors_leave_beside_and_files_that_mean_nothing_are_no_edit(watched: Watched) -> None:
    folder = watched.edited.folder
    for name in (".profile.toml.swp", "profile.toml~", "#profile.toml#", "sites.gpkg-shm", "half.tmp"):
        (folder / name).write_text("x")
    watched.look()
    assert watched.checks == 0
    (folder / "README.md").write_text("What the layers are from.")
    os.utime(folder / "border.geojson")
    watched.look()
    assert (watched.checks, watched.shown, watched.told) == (1, [], [])


def test_a_file_of_the_same_size_and_time_is_another_one(watched: Watched) -> None:
    path = watched.edited.folder / "duty_points.csv"
    was = path.stat()
    watched.edited.replace("duty_points.csv", "界二执勤点", "界贰执勤点")
    os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (was.st_size, was.st_mtime_ns)
    watched.look()
    assert "界贰执勤点" in watched.shown[0].sites.name


def test_what_is_written_while_it_is_checked_is_checked_again(watched: Watched) -> None:
    watched.edited.checkpoint("c8")
    watched.meanwhile.append(lambda: watched.edited.checkpoint("c9"))
    watched.look(2)
    assert (watched.checks, watched.shown) == (1, [])
    watched.look(1)
    assert watched.checks == 2
    assert {"c8", "c9"} <= set(watched.shown[0].sites.site_id)


def test_a_folder_that_never_rests_is_judged_all_the_same(watched: Watched) -> None:
    log = watched.edited.folder / "log.txt"
    watched.edited.checkpoint("c9")
    for _ in range(RESTLESS + 1):
        watched.meanwhile.append(lambda: log.write_text(log.read_text() + "." if log.exists() else "."))
    watched.look(2 * RESTLESS + 4)
    assert [len(profile.sites) for profile in watched.shown] == [9]


def test_a_folder_that_vanishes_is_a_notice_and_comes_back(watched: Watched, tmp_path: Path) -> None:
    watched.edited.folder.rename(tmp_path / "away")
    watched.look(3)
    (notice,) = watched.following.notices
    assert (notice.id, notice.since) == ("profile-unreadable", NOON + 1)
    assert watched.edited.folder.name in watched.said()
    assert str(tmp_path) not in watched.said()
    (tmp_path / "away").rename(watched.edited.folder)
    watched.look(2)
    assert watched.following.notices == ()
    assert watched.shown == []
    shutil.rmtree(watched.edited.folder)
    watched.edited.folder.mkdir()
    watched.look(2)
    assert watched.following.notices[0].id == "profile-refused"
    assert "profile.toml" in watched.said()


def test_another_prefecture_is_not_an_edit(watched: Watched) -> None:
    watched.edited.replace("profile.toml", 'id = "small"', 'id = "other"')
    watched.look()
    assert watched.shown == []
    assert "the profile's id changed" in watched.said()
    assert "restart" in watched.said()


def test_what_was_refused_is_checked_again_by_itself(watched: Watched) -> None:
    """A layer in a database: no file tells that it is back."""
    away = FaultsError([Fault("the database cannot be reached", "postgresql://board:***@gis/sites")])

    def unreachable() -> None:
        raise away

    watched.edited.checkpoint("c9")
    watched.meanwhile.append(unreachable)
    watched.look()
    assert "cannot be reached" in watched.said()
    watched.look(10)
    assert watched.checks == 1
    watched.now += AGAIN_S
    watched.look(1)
    assert watched.following.notices == ()
    assert "c9" in watched.shown[0].sites.row


def test_whatever_a_check_raises_is_told(watched: Watched, caplog: pytest.LogCaptureFixture) -> None:
    def breaks() -> None:
        raise MemoryError

    watched.edited.checkpoint("c9")
    watched.meanwhile.append(breaks)
    with caplog.at_level(logging.CRITICAL):
        watched.look()
    assert "could not be checked" in watched.said()
    assert "MemoryError" in watched.said()


def test_a_good_profile_that_cannot_be_taken_up_is_told(
    watched: Watched, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    was = watched.following.profile
    monkeypatch.setattr(watched.following, "_adopt", lambda _: 1 / 0)
    watched.edited.checkpoint("c9")
    with caplog.at_level(logging.CRITICAL):
        watched.look()
    assert "could not take the profile up" in watched.said()
    assert watched.following.profile is was


def test_a_folder_of_too_many_files_is_looked_at_in_part(tmp_path: Path) -> None:
    for number in range(MOST_FILES + 5):
        (tmp_path / f"{number:05}.csv").touch()
    seen = survey(tmp_path)
    assert (len(seen.files), seen.whole) == (MOST_FILES, False)


def test_no_notice_says_where_the_folder_lies_on_the_server(
    watched: Watched, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("data.survey.MOST_FILES", 3)
    watched.look(1)
    (notice,) = watched.following.notices
    assert (notice.id, notice.faults) == ("profile-unwatched", ())
    assert all(str(tmp_path) not in text for text in notice.what.values())
    monkeypatch.undo()
    path = watched.edited.folder / "profile.toml"
    kept = path.rename(tmp_path / "kept")
    # The system's words for what cannot be opened name the whole path.
    path.mkdir()
    watched.look(3)
    assert "(got Is a directory;" in watched.said()
    assert str(tmp_path) not in watched.said()
    path.rmdir()
    kept.rename(path)
    watched.look(3)
    assert watched.following.notices == ()


def test_files_below_the_folder_count_and_links_to_folders_do_not(tmp_path: Path) -> None:
    (tmp_path / "maps" / "old").mkdir(parents=True)
    (tmp_path / "maps" / "old" / "roads.shp").touch()
    (tmp_path / "round").symlink_to(tmp_path)
    assert [Path(name).name for name in survey(tmp_path).files] == ["roads.shp"]


def test_it_looks_in_a_thread_of_its_own(watched: Watched) -> None:
    watched.following.start()
    try:
        watched.edited.checkpoint("c9")
        until(lambda: len(watched.shown) == 1)
        watched.edited.write("profile.toml", "id = ")
        until(lambda: watched.following.notices != ())
    finally:
        watched.following.stop()


def test_the_tag_is_of_the_content(watched: Watched) -> None:
    first = watched.edited.load()
    watched.edited.write("profile.toml", watched.edited.text("profile.toml") + "\n# A remark.\n")
    assert watched.edited.load().tag == first.tag
    tags = {first.tag}
    for edit in (
        lambda: watched.edited.replace("profile.toml", "held_m = 3000", "held_m = 3001"),
        lambda: watched.edited.replace("duty_points.csv", "界一执勤点", "界1执勤点"),
        lambda: watched.edited.replace("duty_points.csv", "99.05,23.497", "99.06,23.497"),
    ):
        edit()
        tags.add(watched.edited.load().tag)
    assert len(tags) == 4


def test_rows_left_out_and_warnings_are_notices(watched: Watched) -> None:
    from dataclasses import replace

    profile = replace(
        watched.edited.load(),
        quarantined=(
            Fault("lon cannot be read", "a.csv", 3, "lon", "x", "degrees"),
            Fault("name is empty", "a.csv", 3, "name"),
            Fault("name is empty", "a.csv", 9, "name"),
            Fault("the shape is not valid", "b.gpkg", 1, "geometry", layer="posts"),
        ),
        warnings=(Fault("points look shifted", "a.csv", None, "geometry", warning=True),),
    )
    notices = {notice.id: notice for notice in of_profile(profile, NOON)}
    assert list(notices) == [
        "profile-quarantined:a.csv", "profile-quarantined:b.gpkg posts", "profile-warnings",
    ]  # fmt: skip
    first, second, warned = notices.values()
    assert (first.severity, first.since) == ("warning", NOON)
    assert first.what["en"] == "a.csv: 2 rows at fault left out"
    assert first.what["zh-CN"] == "a.csv：2 行有误，未采用"
    assert first.faults == profile.quarantined[:3]
    assert "1 row at fault" in second.what["en"]
    assert warned.severity == "notice"
    assert warned.faults == profile.warnings


def test_only_the_first_faults_are_told() -> None:
    notice = refused([Fault(str(number), "a.csv") for number in range(9)], NOON)
    assert ([fault.what for fault in notice.faults], notice.more) == (["0", "1", "2"], 6)
