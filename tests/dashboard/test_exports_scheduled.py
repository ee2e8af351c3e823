"""Files that are made by themselves: when, once, also after a restart; what is said where they are not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

from dashboard.exports.look import Look
from dashboard.journal_words import columns
from data.profile import Profile
from data.readings import Readings
from data.store import StoreError
from tests.conftest import NOON
from tests.dashboard.scheduling import Box, Desk, Desks, with_schedules
from tests.serving import Clock, Served, wait_for

HOUR = 3600
MORNING = NOON + 20 * HOUR
"""Eight o'clock of the next day, by the clock of the prefecture."""


@pytest.fixture
def desks(board: Callable[..., Any], clock: Clock, profile: Profile) -> Iterator[Desks]:
    made: list[Desk] = []

    def make(*schedules: dict[str, Any], box: Box | None = None, **settings: Any) -> Desk:
        desk = Desk(board(with_schedules(profile, *schedules), **settings), clock, box)
        made.append(desk)
        desk.look()
        return desk

    yield make
    for desk in made:
        desk.close()


def test_a_file_is_made_at_its_time_and_once(desks: Desks) -> None:
    desk = desks({"at": ["08:00"], "scopes": ["", "900101"]})
    desk.look(MORNING - 1)
    assert desk.journal() == []
    desk.look(MORNING + 2)
    desk.look(MORNING + 3)
    whole, county = desk.journal()
    assert (whole.scope, county.scope, whole.who) == ("", "900101", "board")
    # A county's readers may have what is made of their county alone.
    assert (whole.detail["reach"], county.detail["reach"]) == ("", "900101")
    for entry in (whole, county):
        told = entry.detail
        assert (told["schedule"], told["slot"], told["at"], told["late"]) == (
            "morning",
            MORNING,
            MORNING,
            False,
        )
        path = desk.queue.shelf.path(told["name"])
        assert path is not None
        assert path.read_bytes() == b"a picture"
        assert path.parts[-3:-1] == ("2026-06-04", entry.scope or "prefecture")
    desk.restart()
    desk.look(MORNING + 60)
    assert len(desk.journal()) == 2


def test_one_that_was_missed_is_made_after_a_restart_with_the_picture_of_its_time(desks: Desks) -> None:
    box = Box()
    desk = desks({"at": ["08:00"], "late_h": 2, "lang": "en", "mail": ["chief@example.org"]}, box=box)
    desk.restart()
    desk.look(MORNING + HOUR)
    [entry] = desk.journal()
    assert (entry.detail["late"], entry.detail["at"], entry.at) == (True, MORNING, MORNING + HOUR)
    assert box.parcels[0].late
    # The audit tells it in words.
    told = columns(desk.board.profile, entry, "zh-CN")[-3:]
    assert told == ["导出文件", "态势图 .png", "06-04 08:00 的态势 · 定时任务 morning · 补发"]
    assert desk.hand.tasks[0].look.marks == ("Made late",)
    assert desk.hand.tasks[0].picture.at == MORNING


def test_a_snapshot_looks_as_its_schedule_says(desks: Desks) -> None:
    look = {
        "theme": "light",
        "sheet": "map",
        "line": "first",
        "center": [99.2, 23.7],
        "zoom": 9,
        "site": "c1",
    }
    desk = desks({"at": ["08:00"], "size": "640x480", "hide": ["roads"], **look})
    desk.look(MORNING + 2)
    [task] = desk.hand.tasks
    assert task.size == (640, 480)
    assert task.look == Look("light", "map", "first", (99.2, 23.7), 9.0, ("roads",), "c1")


def test_one_that_was_missed_for_too_long_is_not_made(desks: Desks) -> None:
    desk = desks({"at": ["08:00"], "late_h": 2})
    desk.restart()
    desk.look(MORNING + 2 * HOUR + 1)
    assert desk.journal() == []


def test_a_schedule_that_is_new_makes_nothing_of_the_past(desks: Desks) -> None:
    desk = desks({"at": ["08:00"]})
    assert desk.journal() == []
    assert datetime.fromtimestamp(NOON, desk.board.profile.zone).hour == 12


def test_a_failure_is_tried_again_then_told_and_over_when_it_is_made(desks: Desks) -> None:
    desk = desks({"at": ["08:00"]})
    desk.hand.refuses = "export-ended"
    desk.look(MORNING)
    desk.look(MORNING + 1)
    assert len(desk.hand.tasks) == 1
    assert desk.notices() == []
    desk.look(MORNING + 15)
    desk.look(MORNING + 75)
    assert len(desk.hand.tasks) == 3
    [failed] = desk.journal("export.failed")
    assert failed.detail == {
        "file": "snapshot.png", "form": "png", "at": MORNING, "why": "export-ended", "schedule": "morning",
        "slot": MORNING, "tries": 3,
    }  # fmt: skip
    assert desk.notices() == ["export-failing"]
    # It is known after a restart, too, and told once.
    desk.restart()
    for later in (80, 95, 155):
        desk.look(MORNING + later)
    assert desk.notices() == ["export-failing"]
    desk.hand.refuses = ""
    desk.look(MORNING + 155 + 900)
    [made] = desk.journal()
    assert made.detail["late"]
    assert desk.notices() == []
    assert desk.scheduler.failing == {}


def test_what_fails_is_forgotten_with_its_schedule(desks: Desks, profile: Profile) -> None:
    desk = desks({"at": ["08:00"]})
    desk.hand.refuses = "export-ended"
    for later in (0, 15, 75):
        desk.look(MORNING + later)
    assert desk.scheduler.failing == {("morning", "", "snapshot.png"): MORNING + 75}
    desk.board.engine.adopt(with_schedules(profile))
    desk.look(MORNING + 80)
    assert desk.scheduler.failing == {}


def test_a_rule_on_the_boards_own_state_makes_it_an_alert(board: Any, clock: Clock, profile: Profile) -> None:
    words = {"zh-CN": "定时导出失败", "en": "Scheduled export failing"}
    rule = {
        "id": "export_failing", "name": words, "metric": "export_failing_min", "threshold": 5, "op": ">",
        "severity": "warning", "what": words,
    }  # fmt: skip
    made = with_schedules(profile, {"at": ["08:00"]})
    rules = [*made.spec.rules, type(made.spec.rules[0]).model_validate(rule)]
    object.__setattr__(made, "spec", made.spec.model_copy(update={"rules": rules}))
    desk = Desk(board(made), clock)
    desk.look()
    desk.hand.refuses = "export-ended"
    for later in (0, 15, 75, 400):
        desk.look(MORNING + later)
    assert [(alert.rule, alert.severity) for alert in desk.board.engine.picture.alerts if alert.fired] == [
        ("export_failing", "warning")
    ]
    desk.close()


def waits(desk: Desk, minutes: int, *, seen: bool = True) -> None:
    """A site waits for far too long, for some minutes; `seen` by the scheduler or not."""
    desk.board.engine.resume()
    for at in range(NOON + 60, NOON + 60 + 60 * minutes, 60):
        desk.clock.now = float(at)
        rows = Readings.of(site_id=["c1"], observed_at=[at], method=["measured"], wait_min=[90])
        desk.board.engine.readings(rows)
        if seen:
            desk.look()
        else:
            desk.board.engine.step()


def test_an_alert_of_a_severity_makes_files_once(desks: Desks) -> None:
    desk = desks({"id": "grave", "severities": ["critical"], "scopes": ["", "*"]})
    waits(desk, 4)
    [alert] = [one for one in desk.board.engine.picture.alerts if one.fired and one.severity == "critical"]
    whole, county = desk.journal()
    assert (whole.scope, county.scope) == ("", alert.county)
    slot = (alert.fired_at // 60 + 1) * 60
    assert {entry.detail["slot"] for entry in (whole, county)} == {slot}
    assert {entry.detail["late"] for entry in (whole, county)} == {False}
    # The picture in the file has it, too.
    assert alert.id in {one.id for one in desk.hand.tasks[0].picture.alerts}
    desk.restart()
    desk.look(NOON + 400)
    assert len(desk.journal()) == 2


def test_an_alert_whose_file_was_not_made_yet_is_known_after_a_restart(desks: Desks) -> None:
    desk = desks({"id": "grave", "severities": ["critical"]})
    desk.hand.refuses = "export-ended"
    waits(desk, 4)
    assert desk.journal() == []
    desk.restart()
    desk.hand.refuses = ""
    desk.look(NOON + 1000)
    [entry] = desk.journal()
    assert entry.detail["late"]


def test_an_alert_that_fired_while_nobody_looked_has_its_file_after_a_restart(desks: Desks) -> None:
    desk = desks({"id": "grave", "severities": ["critical"]})
    waits(desk, 4, seen=False)
    [alert] = [one for one in desk.board.engine.picture.alerts if one.fired and one.severity == "critical"]
    for _ in range(2):  # and once
        desk.restart()
        desk.look(NOON + 1000)
        [entry] = desk.journal()
        assert entry.detail["slot"] == (alert.fired_at // 60 + 1) * 60
        assert entry.detail["late"]


def test_an_alert_is_noted_again_where_the_store_did_not_take_it(
    desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desks({"id": "grave", "severities": ["critical"]})
    desk.hand.refuses = "export-ended"
    waits(desk, 4, seen=False)

    def refuse(*_: object) -> None:
        raise StoreError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(desk.board.engine.store, "set_meta", refuse)
        with pytest.raises(StoreError):
            desk.scheduler.look()
    desk.look()
    assert '"critical"' in desk.board.engine.store.get_meta("schedules")


def test_it_runs_with_the_server(serve: Callable[..., Served], profile: Profile) -> None:
    served = serve(with_schedules(profile, {"at": ["08:00"]}))
    served.settle()
    wait_for(lambda: served.board.engine.store.get_meta("schedules"), what="the scheduler's first look")
    served.board.clock.now = float(MORNING)
    [told] = wait_for(lambda: served.get("/api/v1/exports").json()["exports"], what="an order")
    assert told["schedule"] == "morning"
    path = f"/api/v1/exports/{told['id']}"
    wait_for(lambda: served.get(path).json()["state"] == "done", seconds=240, what="the file")
    assert served.get(f"{path}/file").content.startswith(b"\x89PNG")


def test_files_are_sent_when_all_of_a_slot_are_there(desks: Desks) -> None:
    box = Box()
    desk = desks(
        {"at": ["08:00"], "files": ["snapshot.png", "snapshot.pdf"], "mail": ["chief@example.org"]}, box=box
    )
    desk.look(MORNING)
    [parcel] = box.parcels
    assert [path.suffix for path in parcel.files] == [".png", ".pdf"]
    [sent] = desk.journal("export.sent")
    assert sent.detail["exports"] == [entry.subject for entry in desk.journal()]
    assert sent.detail["receivers"] == 1
    assert not parcel.late
    assert columns(desk.board.profile, sent, "en")[-1] == "files: 2, receivers: 1 · schedule morning"
    # Who got it is the profile's to say; the journal holds no address.
    assert "example.org" not in str(sent)
    desk.restart()
    desk.look(MORNING + 30)
    assert len(box.parcels) == 1


def test_a_mail_that_is_not_taken_is_tried_again_and_told(desks: Desks) -> None:
    box = Box(refuses=True)
    desk = desks({"at": ["08:00"], "mail": ["chief@example.org"]}, box=box)
    for later in (0, 15, 75):
        desk.look(MORNING + later)
    assert box.tries == 3
    [failed] = desk.journal("export.failed")
    assert (failed.detail["file"], failed.detail["why"]) == ("mail", "export-not-sent")
    assert columns(desk.board.profile, failed, "en")[-1].endswith("schedule morning · The mail was not taken")
    assert desk.notices() == ["export-failing"]
    # A new start sends what was made and not sent.
    desk.restart()
    box.refuses = False
    desk.look(MORNING + 200)
    assert len(box.parcels) == 1
    assert desk.notices() == []
    assert len(desk.journal()) == 1


def test_what_cannot_be_made_does_not_keep_the_rest_from_being_sent(desks: Desks) -> None:
    box = Box()
    desk = desks(
        {"at": ["08:00"], "files": ["snapshot.png", "snapshot.pdf"], "mail": ["chief@example.org"]}, box=box
    )
    make = desk.hand.make

    def only_png(task: Any, step: Any) -> bytes:
        desk.hand.refuses = "export-ended" if task.form == "pdf" else ""
        return make(task, step)

    desk.hand.make = only_png  # type: ignore[method-assign]
    desk.look(MORNING)
    assert box.parcels == []
    for later in (15, 75):
        desk.look(MORNING + later)
    assert [path.suffix for parcel in box.parcels for path in parcel.files] == [".png"]


def test_a_mail_that_cannot_even_be_written_is_told_and_holds_up_nothing_else(desks: Desks) -> None:
    """Such as a password that SMTP has no letters for, or a file that went as it was read."""
    box = Box(breaks=UnicodeEncodeError("ascii", "密", 0, 1, "ordinal not in range"))
    mailed = {"at": ["08:00"], "mail": ["a@example.org"]}
    desk = desks(mailed, {"id": "other", **mailed}, box=box)
    for later in (0, 15, 75):
        desk.look(MORNING + later)
    assert {entry.detail["schedule"] for entry in desk.journal("export.failed")} == {"morning", "other"}
    assert {entry.detail["why"] for entry in desk.journal("export.failed")} == {"export-not-sent"}
    assert len(desk.notices()) == 1


@pytest.mark.parametrize(("covers", "marked"), [("week", True), ("day", False)])
def test_a_weeks_mail_is_marked_by_what_was_made_up_in_the_week(
    desks: Desks, monkeypatch: pytest.MonkeyPatch, covers: str, marked: bool
) -> None:
    box = Box()
    desk = desks({"at": ["08:00"], "covers": covers, "mail": ["a@example.org"]}, box=box)
    made_up = MORNING - 3 * 24 * HOUR
    monkeypatch.setattr(desk.board.engine.store, "has_simulated", lambda start, end: start < made_up <= end)
    desk.look(MORNING + 2)
    desk.look(MORNING + 3)
    assert [parcel.simulated for parcel in box.parcels] == [marked]
