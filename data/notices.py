"""What the board has to say about its own profile: edits that were refused, rows left out, warnings.

Everyone who watches reads it: of where the folder lies on the server it holds the last name only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from data.notice import Notice
from layers.faults import Fault

if TYPE_CHECKING:
    from data.profile import Profile

REFUSED, UNREADABLE, QUARANTINED, WARNED, UNWATCHED = (
    "profile-refused", "profile-unreadable", "profile-quarantined", "profile-warnings", "profile-unwatched",
)  # fmt: skip
UNDELIVERED = "delivery-failing"
UNEXPORTED = "export-failing"
_METRICS = {
    REFUSED: "profile_refused_min",
    UNREADABLE: "profile_refused_min",
    UNDELIVERED: "delivery_failing_min",
    UNEXPORTED: "export_failing_min",
}
SHOWN = 3
"""Faults that a notice tells; `threeline check` lists all of them."""


def refused(faults: Sequence[Fault], since: int) -> Notice:
    """An edit of the profile that was not taken, and why."""
    count = len(faults)
    words = (
        f"配置改动未采用：{count} 处问题，画面仍按原配置",
        f"Profile edit refused: {_many(count, 'fault')}; the picture stays",
    )
    return _notice(REFUSED, "warning", since, words, faults)


def unreadable(folder: Path, why: str, since: int) -> Notice:
    """The profile's folder cannot be looked into any more."""
    words = (
        "配置目录无法读取，画面仍按原配置",
        "The profile's folder cannot be read; the picture stays",
    )
    fault = Fault("the folder cannot be read", folder.name, got=why)
    return _notice(UNREADABLE, "warning", since, words, [fault])


def unwatched(most: int, since: int) -> Notice:
    """The folder holds more files than are watched."""
    words = (
        f"配置目录文件过多，只监视前 {most} 个文件的改动",
        f"The profile's folder holds too many files: only {most} are watched for changes",
    )
    return _notice(UNWATCHED, "notice", since, words)


def undelivered(count: int, since: int) -> Notice:
    """Alerts do not get out of the room; which receivers are cut off is not everybody's to know."""
    words = (
        f"告警外发受阻：{count} 路未送达，正在重试",
        f"Alerts do not get out of the room: {_many(count, 'receiver')} not reached, tried again",
    )
    return _notice(UNDELIVERED, "warning", since, words)


def unexported(count: int, since: int) -> Notice:
    """Files of schedules cannot be made or sent; which ones is told by the list of exports."""
    words = (
        f"定时导出失败：{count} 项未生成或未发出",
        f"Scheduled exports fail: {_many(count, 'file')} not made or not sent",
    )
    return _notice(UNEXPORTED, "warning", since, words)


def board_of(notices: Sequence[Notice]) -> dict[str, float]:
    """The board's own metrics: from when each counts, epoch seconds; infinity where nothing is wrong."""
    since = dict.fromkeys(_METRICS.values(), float("inf"))
    for notice in notices:
        metric = _METRICS.get(notice.id)
        if metric:
            since[metric] = min(since[metric], notice.since)
    return since


def of_profile(profile: Profile, since: int) -> tuple[Notice, ...]:
    """What a profile that is shown leaves out, and what in it is worth a look."""
    left_out: dict[str, list[Fault]] = {}
    for fault in profile.quarantined:
        left_out.setdefault(" ".join(part for part in (fault.file, fault.layer) if part), []).append(fault)
    found = []
    for layer, faults in left_out.items():
        rows = len({fault.row for fault in faults})
        words = f"{layer}：{rows} 行有误，未采用", f"{layer}: {_many(rows, 'row')} at fault left out"
        told = _notice(f"{QUARANTINED}:{layer}", "warning", since, words, faults)
        found.append(replace(told, of_a_part=True))
    if profile.warnings:
        count = len(profile.warnings)
        words = f"配置有 {count} 条提醒", f"The profile has {_many(count, 'warning')}"
        found.append(_notice(WARNED, "notice", since, words, profile.warnings))
    return tuple(found)


def _notice(
    notice_id: str, severity: str, since: int, words: tuple[str, str], faults: Sequence[Fault] = ()
) -> Notice:
    """`words` are one line in Chinese and in English."""
    what = {"zh-CN": words[0], "en": words[1]}
    return Notice(notice_id, severity, what, since, tuple(faults[:SHOWN]), max(len(faults) - SHOWN, 0))


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
