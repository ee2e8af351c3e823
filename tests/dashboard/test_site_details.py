"""What is told of one site beside its state, over HTTP; its video link; its charts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import plotly.graph_objects as go
import pytest

from dashboard.figures.site import STROKES, Limit, Line, compare_chart, site_chart
from dashboard.pinyin import spell
from dashboard.theme import DARK, LIGHT
from dashboard.video import player_link
from tests.browser.seeing import reading
from tests.conftest import NOON
from tests.dashboard.asking import ok, problem
from tests.serving import Served

X = [datetime(2026, 6, 3) + timedelta(minutes=15 * step) for step in range(6)]


def test_details_of_a_site(served: Served) -> None:
    rows = [
        reading("c1", NOON - 120, outcomes={"turned_back": 2}),
        reading("c1", NOON - 60, wait_min=9, outcomes={"turned_back": 1, "odd": 4}),
        reading("c1", NOON - 60, wait_min=12),
        {"site_id": "c1", "observed_at": NOON - 30, "wait_min": "soon"},
    ]
    served.post("/api/v1/readings", json=rows[:2])
    served.post("/api/v1/readings", json=rows[2:])
    told = ok(served.get("/api/v1/sites/c1/details?lang=en"))
    assert told["staff_required_by_level"] == {"I": 24, "II": 18, "III": 12, "IV": 9}
    assert told["video"] == "https://video.example/c1"
    assert [(row["name"], row["count"]) for row in told["outcomes"]] == [("turned_back", 2)]
    assert told["outcomes"][0]["label"] != "turned_back"
    whats = [entry["what"] for entry in told["log"]]
    assert whats.count("reading") == 2
    assert told["log"][0]["t"].endswith("+08:00")
    assert all(set(entry["values"]) for entry in told["log"] if entry["what"] == "reading")
    assert told["at"] == "2026-06-03T12:00:00+08:00"
    before = ok(served.get(f"/api/v1/sites/c1/details?at={NOON - 90}"))
    assert [entry["what"] for entry in before["log"]] == ["reading"]


@pytest.mark.parametrize("query", ["", "?scope=900101"])
def test_a_site_that_is_not_there_or_not_in_the_scope_is_none(asked: Served, query: str) -> None:
    site = "c2" if query else "nobody"
    told = problem(asked.get(f"/api/v1/sites/{site}/details{query}"), 404, "unknown-site")
    assert not query or "c3" not in str(told), "no other county's site is proposed"


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("https://video.example/c1", "https://video.example/c1"),
        ("rtsp://10.0.0.1/stream", "rtsp://10.0.0.1/stream"),
        ("  http://10.0.0.2/  ", "http://10.0.0.2/"),
        ("javascript:alert(1)", None),
        ("JavaScript://x/%0aalert(1)", None),
        ("data:text/html,x", None),
        ("//video.example/c1", None),
        ("https:", None),
        ("http://[", None),
        ("", None),
    ],
)
def test_a_video_link_is_of_a_scheme_that_players_have(profile: Any, address: str, link: str | None) -> None:
    assert player_link(profile.spec.model_copy(update={"video": None}), "c1", address) == link


def test_names_are_spelt_by_initials_and_by_syllables() -> None:
    assert spell("小黑江2号") == spell("小黑江 2号")
    assert (spell("小黑江2号").initials, spell("小黑江2号").pinyin) == ("xhj2h", "xiao hei jiang 2 hao")
    assert spell("Post 12").pinyin == "post12"


def names(figure: go.Figure) -> list[str | None]:
    return [trace.name for trace in figure.data]


def test_a_days_chart_keeps_gaps_draws_thresholds_and_is_quiet_about_last_week() -> None:
    limits = [Limit(15, "busy", "status-busy"), Limit(30, "congested", "status-congested")]
    figure = site_chart(
        X, [1, 2, None, 4, None, 6], of=DARK, label="now", before=[None, 3, 3, 3, 3, 3],
        label_before="week", limits=limits,
    )  # fmt: skip
    assert names(figure) == ["week", "now", None], "the third shows what stands alone between gaps"
    assert figure.data[1].connectgaps is False
    assert list(figure.data[1].y) == [1, 2, None, 4, None, 6]
    assert list(figure.data[2].y) == [4, 6]
    assert [line.y0 for line in figure.layout.shapes] == [15], (
        "one that is far off does not flatten the chart"
    )
    near = site_chart(X, [20] * 6, of=LIGHT, label="now", limits=limits)
    assert [line.y0 for line in near.layout.shapes] == [15, 30]
    assert {line.line.color for line in near.layout.shapes} == {
        LIGHT["status-busy"], LIGHT["status-congested"]
    }  # fmt: skip
    assert names(site_chart(X, [1] * 6, of=DARK, label="now", before=[None] * 6)) == ["now"]


def test_compared_sites_differ_by_dashes_and_marks_not_by_colour_alone() -> None:
    lines = [Line(name, [1.0] * 6, order) for order, name in enumerate("abcd")]
    figure = compare_chart(X, lines, of=DARK)
    drawn = [trace for trace in figure.data if trace.mode == "lines"]
    marks = [trace for trace in figure.data if trace.mode == "markers"]
    assert len({trace.line.dash for trace in drawn}) == len({trace.marker.symbol for trace in marks}) == 4
    assert [trace.line.color for trace in drawn] == [DARK[colour] for _, _, colour in STROKES]
