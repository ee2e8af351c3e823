"""What is wrong with the schedules of a profile."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import get_args

import pytest

from dashboard.api.export_asking import OF_SNAPSHOT
from dashboard.chinese import in_chinese
from dashboard.exports.look import Look
from dashboard.jobs.scheduler import look_of
from dashboard.theme import THEMES
from data.county import county_profile
from data.profile import check_profile, load_profile
from data.size import DEFAULT, parse_size
from data.spec_exports import LOOK, LookSpec, Theme
from layers.faults import Fault

GOOD = """
[[schedules]]
id = "morning"
files = ["brief.docx", "brief.pdf", "snapshot.png"]
at = ["08:00"]
scopes = ["", "900101"]
mail = ["chief@example.org"]

[[schedules]]
id = "week"
files = ["brief.pptx"]
at = ["08:30"]
weekdays = ["mon"]
covers = "week"
lang = "en"
scopes = ["900101"]

[[schedules]]
id = "grave"
files = ["snapshot.pdf"]
severities = ["critical"]
size = "3840x2160"
theme = "light"
sheet = "map"
line = "first"
center = [99.25, 23.75]
zoom = 9.5
hide = ["roads", "second"]
site = "c1"
"""


@pytest.fixture
def folder(tmp_path: Path, small_profile: Path) -> Path:
    return Path(shutil.copytree(small_profile, tmp_path / "small"))


def faults(folder: Path, old: str = "", new: str = "") -> list[Fault]:
    assert old in GOOD
    with (folder / "profile.toml").open("a", encoding="utf-8") as file:
        file.write(GOOD.replace(old, new, 1) if old else GOOD)
    return check_profile(folder)


def test_good_ones_are_read(folder: Path) -> None:
    assert faults(folder) == []
    profile = load_profile(folder)
    morning, week, grave = profile.spec.schedules
    assert (morning.at, week.weekdays, grave.severities, grave.late_h) == (
        ["08:00"],
        ["mon"],
        ["critical"],
        24,
    )
    assert (grave.size, grave.theme, grave.sheet, grave.line) == ("3840x2160", "light", "map", "first")
    assert (grave.center, grave.zoom, grave.site) == ((99.25, 23.75), 9.5, "c1")
    assert grave.hide == ["roads", "second"]
    # A county knows of what is made for it alone: the others carry addresses that are not its own.
    assert [one.id for one in county_profile(profile, "900101").spec.schedules] == ["week"]


def test_a_schedule_may_say_what_may_be_said_by_hand() -> None:
    told = {"c": "center", "z": "zoom"}
    assert {told.get(name, name) for name in OF_SNAPSHOT} == {*LOOK}
    assert get_args(Theme) == THEMES
    assert look_of(LookSpec()) == Look()
    assert parse_size(LookSpec().size) == DEFAULT


@pytest.mark.parametrize(
    ("old", "new", "field", "says"),
    [
        ('at = ["08:00"]\n', "", "schedules[morning].at", "08:00"),
        ('at = ["08:00"]', 'at = ["24:00"]', "schedules[morning].at[1]", "08:00"),
        ('at = ["08:00"]', f"at = {[f'{h:02}:{m}' for h in range(24) for m in (10, 30, 50)]}",
         "schedules[morning].at", "at most 48"),
        ('at = ["08:00"]', 'at = ["8 o\'clock"]', "schedules[morning].at[1]", "08:00"),
        ('severities = ["critical"]', 'severities = ["critical"]\nweekdays = ["sun"]',
         "schedules[grave].weekdays", "on every day"),
        ('"900101"', '"900191"', "schedules[morning].scopes", "900101"),
        ('["", "900101"]', "[]", "schedules[morning].scopes", "every county"),
        ('lang = "en"', 'lang = "fr"', "schedules[week].lang", "zh-CN"),
        ('"chief@example.org"', '"chief"', "schedules[morning].mail", "duty@example.org"),
        ('"chief@example.org"', '"a@b.org\\nBcc: c@d.org"', "schedules[morning].mail", "duty@example.org"),
        ('"chief@example.org"', ", ".join(['"a@example.org"'] * 21), "schedules[morning].mail", "at most 20"),
        ('id = "week"', 'id = "morning"', "schedules[morning].id", "once"),
        ('"brief.pdf"', '"brief.pfd"', "schedules[morning].files[2]", "brief.pdf"),
        ('covers = "week"', 'covers = "year"', "schedules[week].covers", "week"),
        ('weekdays = ["mon"]', 'weekday = ["mon"]', "schedules[week].weekday", "weekdays"),
        ('"3840x2160"', '"4K"', "schedules[grave].size", "3840x2160"),
        ('"3840x2160"', '"9000x100"', "schedules[grave].size", "from 320 to 7680"),
        ('"light"', '"bright"', "schedules[grave].theme", "light"),
        ('"map"', '"maps"', "schedules[grave].sheet", "map"),
        ('"first"', '"frist"', "schedules[grave].line", "first"),
        ('[99.25, 23.75]', '[23.75, 99.25]', "schedules[grave].center", "longitude first"),
        ('[99.25, 23.75]', '[9.25, 23.75]', "schedules[grave].center", "within"),
        ('zoom = 9.5', 'zoom = 95', "schedules[grave].zoom", "24"),
        ('"roads"', '"road"', "schedules[grave].hide", "roads"),
        ('"c1"', '"c99"', "schedules[grave].site", "c1"),
        ('lang = "en"', 'theme = "light"', "schedules[week].theme", "snapshot.png"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_where_and_what_was_expected(
    folder: Path, old: str, new: str, field: str, says: str
) -> None:
    [fault] = faults(folder, old, new)
    assert fault.field == field
    assert says in f"{fault.expected} {fault.hint}"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('at = ["08:00"]\n', ""),
        ('at = ["08:00"]', 'at = ["24:00"]'),
        ('severities = ["critical"]', 'severities = ["critical"]\nweekdays = ["sun"]'),
        ('["", "900101"]', "[]"),
        ('"chief@example.org"', '"chief"'),
        ('"3840x2160"', '"4K"'),
        ('"roads"', '"road"'),
        ('"c1"', '"c99"'),
        ('lang = "en"', 'size = "800x600"'),
    ],
    ids=["no-time", "no-clock", "weekdays", "no-scope", "mail", "size", "layer", "site", "no-snapshot"],
)
def test_a_fault_is_told_in_chinese(folder: Path, old: str, new: str) -> None:
    [fault] = faults(folder, old, new)
    for text in (fault.what, fault.expected, fault.hint):
        assert not re.search(r"[A-Za-z]+ [a-z]{2,} ", in_chinese(text)), text
