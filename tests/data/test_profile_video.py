"""The table `video` of a profile: every fault with its key, and what it makes of the sites."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from data.profile import SAMPLES, check_profile, load_profile
from data.rota import addresses, asked_of, members, rounds_of
from tests.data.edited import Edited
from tests.data.walking import walking

TABLE = """
[video]
schemes = ["https"]
player = "https://video.example/play?id={site_id}"

[[video.rounds]]
id = "shift"
name = { "zh-CN" = "班", en = "shift" }
where = { kinds = ["checkpoint"] }
times = ["08:30", "16:30"]
within_min = 120

[[video.findings]]
id = "dress"
name = { "zh-CN" = "着装", en = "dress" }
severity = "warning"

[[rules]]
id = "late"
name = { "zh-CN" = "逾期", en = "late" }
metric = "video_overdue_min"
threshold = 0
severity = "notice"
what = { "zh-CN" = "逾期", en = "late" }
"""


SHIFT, DRESS = "video.rounds[shift]", "video.findings[dress]"


@pytest.fixture
def edited(tmp_path: Path) -> Edited:
    made = Edited(tmp_path)
    made.write("profile.toml", made.text("profile.toml") + TABLE)
    return made


def faults(edited: Edited, old: str, new: str) -> list[tuple[str, str]]:
    edited.replace("profile.toml", old, new)
    return [(fault.field, fault.what) for fault in check_profile(edited.folder)]


def test_a_good_table_has_no_fault(edited: Edited) -> None:
    assert check_profile(edited.folder) == []
    profile = edited.load()
    assert asked_of(profile).sum() == 3
    assert list(rounds_of(profile)) == ["shift"]


@pytest.mark.parametrize(
    ("old", "new", "field", "what"),
    [
        ("within_min = 120", "within_min = 0", f"{SHIFT}.within_min", "not a value that fits"),
        ("within_min = 120", "within_min = 120\nwithin = 1", f"{SHIFT}.within", "unknown key"),
        ("within_min = 120", "", f"{SHIFT}.within_min", "missing key"),
        ("within_min = 120", "within_min = 481", f"{SHIFT}.within_min", "the round goes on"),
        ('"08:30", ', '"8:30", ', f"{SHIFT}.times", "not a time of day"),
        ('"08:30", ', '"16:30", ', f"{SHIFT}.times", "a time stands twice"),
        ('times = ["08:30", "16:30"]', "", f"{SHIFT}.times", "a round without a time"),
        ("within_min = 120", "within_min = 120\nevery_h = 4", f"{SHIFT}.times", "a round without"),
        ('times = ["08:30", "16:30"]', "every_h = 5", f"{SHIFT}.every_h", "not a whole number"),
        (
            'times = ["08:30", "16:30"]', 'every_h = 8\nstart = "24:00"', f"{SHIFT}.start",
            "not a time of day",
        ),
        ("within_min = 120", 'within_min = 120\nweekdays = ["Monday"]', f"{SHIFT}.weekdays[1]", "fits"),
        ('["checkpoint"] }', '["chekpoint"] }', f"{SHIFT}.where.kinds", "unknown site kind"),
        ('kinds = ["checkpoint"] }', 'lines = ["4th"] }', f"{SHIFT}.where.lines", "unknown line"),
        ('kinds = ["checkpoint"] }', 'counties = ["1"] }', f"{SHIFT}.where.counties", "unknown county"),
        ('kinds = ["checkpoint"] }', 'sites = ["c9"] }', f"{SHIFT}.where.sites", "unknown site"),
        (
            'kinds = ["checkpoint"] }', 'kinds = ["duty_point"], lines = ["third"] }',
            f"{SHIFT}.where", "the round goes to no site",
        ),
        ('schemes = ["https"]', 'schemes = ["javascript"]', "video.schemes[1]", "not a value that fits"),
        ('schemes = ["https"]', "schemes = []", "video.schemes", "no video.schemes"),
        ('"https://video', '"rtsp://video', "video.player", "a scheme that is not allowed"),
        ("?id={site_id}", "?id=1", "video.player", "not an address of a player"),
        ("{site_id}", "{site_id.__class__}", "video.player", "not an address of a player"),
        ('"班", en = "shift"', '"班"', f"{SHIFT}.name.en", "no words in en"),
        ('dress" }\nseverity = "warning"', 'dress" }\nseverity = "x"', f"{DRESS}.severity", "fits"),
        (
            '[[video.findings]]', '[[video.findings]]\nid = "dress"\nname = { "zh-CN" = "a", en = "a" }\n'
            'severity = "notice"\n\n[[video.findings]]', f"{DRESS}.id", "id stands twice",
        ),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_key(edited: Edited, old: str, new: str, field: str, what: str) -> None:
    found = faults(edited, old, new)
    assert [where for where, _ in found] == [field]
    assert what in found[0][1]


def test_a_rule_on_rounds_needs_rounds(edited: Edited) -> None:
    text = edited.text("profile.toml")
    edited.write("profile.toml", text.replace(TABLE[: TABLE.index("[[rules]]")], "\n"))
    (fault,) = check_profile(edited.folder)
    assert fault.field == "rules[late].metric"


def test_a_player_is_for_the_sites_of_a_round_that_have_no_address(edited: Edited) -> None:
    profile = edited.load()
    urls = dict(zip(profile.sites.site_id, profile.sites.video_url, strict=True))
    assert urls["c1"] == "https://video.example/c1", "its own"
    assert urls["c2"] == "https://video.example/play?id=c2"
    assert urls["d1"] == ""


def test_a_sites_id_is_written_as_an_address_wants_it() -> None:
    profile = walking()
    assert profile.spec.video is not None
    video = profile.spec.video.model_copy(update={"player": "https://v.example/{site_id}"})
    columns = {name: np.array(["检 /?1"], dtype=object) for name in ("site_id", "line", "county")}
    columns |= {
        "kind": np.array(["checkpoint.fixed"], dtype=object),
        "video_url": np.array([""], dtype=object),
    }
    assert addresses(video, columns).tolist() == ["https://v.example/%E6%A3%80%20%2F%3F1"]


@pytest.mark.parametrize("name", sorted(path.parent.name for path in SAMPLES.glob("*/profile.toml")))
def test_every_sample_walks_its_rounds(name: str) -> None:
    profile = load_profile(name)
    assert profile.spec.video is not None
    assert [rule.severity for rule in profile.spec.rules if rule.metric == "video_overdue_min"] == ["notice"]
    on = [set(members(profile, one).tolist()) for one in rounds_of(profile)]
    assert sum(map(len, on)) == len(set.union(*on)), "no site is on two rounds"


def test_lincang_looks_at_each_checkpoint_every_shift() -> None:
    profile = load_profile("lincang")
    assert asked_of(profile).sum() == 66
    assert len(members(profile, "level1")) == 2
