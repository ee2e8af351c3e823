"""What is wrong with the rules of a profile, each fault by its key and with what was expected."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from dashboard.chinese import in_chinese
from data.county import county_profile
from data.profile import check_profile, load_profile
from tests.data.places import SMALL

RULE = """
[[rules]]
id = "extra"
name = {{ "zh-CN" = "试", en = "Try" }}
metric = "{metric}"
threshold = 30
severity = "notice"
what = {{ "zh-CN" = "试", en = "Try" }}
{more}
"""


def folder(tmp_path: Path, more: str = "", metric: str = "wait_min") -> Path:
    """The small profile with another rule."""
    copy = Path(shutil.copytree(SMALL, tmp_path / "small"))
    path = copy / "profile.toml"
    text = path.read_text("utf-8")
    first = text.index("[[rules]]")
    path.write_text(text[:first] + RULE.format(metric=metric, more=more) + text[first:], "utf-8")
    return copy


@pytest.mark.parametrize(
    ("metric", "more", "field", "expected"),
    [
        ("wait", "", "metric", "wait_min"),
        ("wait_min", "by_level = { V = 20 }", "by_level", "IV"),
        ("wait_min", "until = 40\nby_level = { I = 45 }", "until", "above the threshold, 45"),
        ("wait_min", 'steps = [{ threshold = 30, severity = "warning" }]', "steps[0].threshold", "above"),
        (
            "wait_min",
            'steps = [{ threshold = 50, severity = "warning" }, { threshold = 40, severity = "critical" }]',
            "steps[1].threshold",
            "above the one before, 50",
        ),
        ("wait_min", 'steps = [{ threshold = 50, severity = "notice" }]', "steps[0].severity", "warning"),
        ("wait_min", 'given = [{ metric = "crossings", threshold = 1 }]', "given[0].metric", "queue_m"),
        ("wait_min", 'given = [{ metric = "que", threshold = 1 }]', "given[0].metric", "queue_m"),
        ("wait_min", 'when = { hours = ["07:00-07:00"] }', "when.hours", "two different"),
        ("wait_min", 'where = { fences = ["f1"] }', "where.fences", "kinds"),
        ("fence_down", 'where = { sites = ["c1"] }', "where.sites", "fences"),
        ("feed_age_s", 'where = { lines = ["first"] }', "where.lines", "nothing"),
        ("wait_min", 'where = { sites = ["c9"] }', "where.sites", "c1"),
        ("fence_down", 'where = { fences = ["f9"] }', "where.fences", "f1"),
        ("line_offline", 'group = "county"', "group", "site"),
    ],
)
def test_a_rule_that_cannot_be_is_told_with_its_key(
    metric: str, more: str, field: str, expected: str, tmp_path: Path
) -> None:
    found = check_profile(folder(tmp_path, more, metric))
    assert [fault.field for fault in found] == [f"rules[extra].{field}"], found
    fault = found[0]
    assert expected in f"{fault.expected} {fault.hint}"
    assert in_chinese(fault.what) != fault.what


@pytest.mark.parametrize("hours", ["7:00-10:00", "07:00-25:00", "07:00", "24:00-07:00"])
def test_hours_are_two_times_of_day(hours: str, tmp_path: Path) -> None:
    found = check_profile(folder(tmp_path, f'when = {{ hours = ["{hours}"] }}'))
    assert [fault.field for fault in found] == ["rules[extra].when.hours[1]"]


def test_a_county_learns_of_no_place_elsewhere_by_a_rule(tmp_path: Path) -> None:
    place = load_profile(folder(tmp_path, 'where = { sites = ["c1", "c2"] }'))
    rules = {rule.id: rule for rule in county_profile(place, "900101").spec.rules}
    assert rules["extra"].where.sites == ["c1"]
    shutil.rmtree(tmp_path / "small")
    other = load_profile(folder(tmp_path, 'where = { sites = ["c2"] }'))
    assert "extra" not in {rule.id for rule in county_profile(other, "900101").spec.rules}
    assert "extra" in {rule.id for rule in county_profile(other, "900102").spec.rules}
