"""A brief says what the interface answers for the same time: every sample, now and in the past."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import numpy as np
import pytest

from dashboard.board import Board
from dashboard.briefs.content import manuscript
from dashboard.briefs.gather import gather
from dashboard.settings import Settings
from data.engine import Engine
from tests.briefs import BASE, SAMPLES, eight, engine_of
from tests.dashboard.asking import ok
from tests.serving import Clock, Served

pytestmark = pytest.mark.xdist_group("briefs")  # they share a simulated store

AGO_S = 1260
TIMES = ("fired_at", "sent_at", "arrived_at")


@pytest.fixture(scope="module", params=SAMPLES)
def served(request: Any) -> Iterator[Served]:
    """A board of a sample that stands at eight o'clock."""
    lived = engine_of(request.param)
    engine = Engine(lived.profile, lived.store, clock=Clock(eight(lived.profile)), step_s=0.05)
    served = Served(Board(lived.profile, engine, Settings()))
    engine.refresh_today()
    served.settle()
    yield served
    served.close()
    served.board.close_accounts()


@pytest.fixture(scope="module", params=[0, AGO_S], ids=["now", "past"])
def both(request: Any, served: Served) -> tuple[dict[str, Any], Any]:
    """The facts of a brief, and how to ask the interface about the same time."""
    return facts_and_asking(served, eight(served.board.profile) - request.param)


def facts_and_asking(served: Served, at: int, scope: str = "") -> tuple[dict[str, Any], Any]:
    facts = gather(served.board.engine, at, scope, made_at=at + 20, made_by="zk-duty", base=BASE).facts

    def ask(path: str, **query: Any) -> Any:
        return ok(served.get(f"/api/v1/{path}", params={"at": at, "scope": scope, "lang": "en"} | query))

    return facts, ask


def epoch(text: str | None) -> int | None:
    return None if text is None else int(datetime.fromisoformat(text).timestamp())


def test_sites_lines_today_gaps_and_level_are_those_of_the_picture(both: Any) -> None:
    facts, ask = both
    told = ask("picture")
    names = next(iter(told["sites"].values())).keys()
    assert {row["site_id"]: {name: row[name] for name in names} for row in facts["sites"]} == told["sites"]
    assert facts["lines"] == told["lines"]
    assert facts["today"] == told["today"]
    assert (facts["duty_level"], facts["data_at"]) == (told["duty_level"], told["data_at"])
    assert facts["simulated"] is told["simulated"] is True
    gaps = [
        {name: row[name] for name in ("line", "county", "from_km", "to_km", "km", "backed")}
        for row in told["gaps"]
    ]
    assert (
        [{name: row[name] for name in gaps[0]} for row in facts["gaps"]] == gaps
        if gaps
        else not facts["gaps"]
    )
    assert [row["behind"] and row["behind"]["km"] for row in facts["gaps"]] == [
        row["behind"] and row["behind"]["km"] for row in told["gaps"]
    ]
    assert [one["exit_id"] for one in facts["exits_open"]] == [one["exit_id"] for one in told["exits"]]
    waits = sorted((row["wait_min"] for row in told["sites"].values() if row["wait_min"]), reverse=True)
    assert [row["wait_min"] for row in facts["slowest"]] == waits[:10]


def test_open_alerts_are_those_of_the_interface(both: Any) -> None:
    facts, ask = both
    told = [one for one in ask("alerts")["alerts"] if one["state"] != "pending" and not one["hidden_by"]]
    assert [one["id"] for one in facts["alerts"]["rows"]] == [one["id"] for one in told]
    for row, one in zip(facts["alerts"]["rows"], told, strict=True):
        assert (row["severity"], row["state"], row["what"]["en"]) == (
            one["severity"], one["state"], one["what"],
        )  # fmt: skip
        assert [row[name] for name in TIMES] == [epoch(one[name]) for name in TIMES]
        answer = row["answer"] or {"by": None, "at": None, "note": None}
        assert (answer["by"], answer["at"], answer["note"]) == (
            one["acknowledged_by"], epoch(one["acknowledged_at"]), one["note"],
        )  # fmt: skip
    assert facts["alerts"]["open"] == len(told)
    assert facts["alerts"]["unanswered"] == sum(one["state"] == "firing" for one in told)


def test_response_and_what_ended_are_those_of_the_interface(both: Any) -> None:
    facts, ask = both
    found, since = facts["response"], facts["compared"]["since"]
    told = ask("compliance", **{"from": since, "to": facts["at"]})
    assert (found["alerts"], found["steps"], found["limits"]) == (
        told["alerts"],
        told["steps"],
        told["limits"],
    )
    assert {row["line"]: row["steps"] for row in found["lines"]} == {
        row["key"]: row["steps"] for row in told["rows"]
    }
    ended = ask("alerts", state="resolved", **{"from": since})["alerts"]
    assert facts["changes"]["alerts"]["resolved"] == len(ended)
    assert facts["changes"]["alerts"]["fired"] == told["alerts"]


def test_staff_is_that_of_the_duty_level(both: Any) -> None:
    facts, ask = both
    scopes = {row["scope"]: row for row in ask("duty")["scopes"]}
    names = ("staff_on_duty", "staff_required", "short_sites", "staff_short")
    assert [facts["staffing"][name] for name in names] == [scopes[""][name] for name in names]
    for row in facts["counties"]:
        told = scopes[row["county"]]
        assert (row["sites"], row["duty_level"]) == (told["sites"], told["level"])
        assert (row["staff_on_duty"], row["staff_required"]) == (
            told["staff_on_duty"],
            told["staff_required"],
        )


def test_what_changed_is_what_the_interface_told_then(both: Any) -> None:
    facts, ask = both
    since, found = facts["compared"]["since"], facts["changes"]
    assert (facts["compared"]["with"], facts["compared"]["last"]) == ("brief", "x00000001")
    then, now = ask("picture", at=since), ask("picture")
    heard = {
        site: tuple(one["sites"][site]["status"] not in ("no_data", "offline") for one in (then, now))
        for site in now["sites"]
        if then["sites"][site]["in_service"] and now["sites"][site]["in_service"]
    }
    for name, change in (("silent", (True, False)), ("back", (False, True))):
        assert {row["site_id"] for row in found["sites"][name]["rows"]} == {
            site for site, was in heard.items() if was == change
        }
    before = {row["id"]: row for row in then["lines"]}
    for row in found["lines"]:
        for name in row.keys() - {"id"}:
            assert row[name]["before"] == before[row["id"]][name]
    assert found["duty_level"] == {"before": then["duty_level"], "now": now["duty_level"]}


def test_sums_of_the_span_are_those_of_the_readings(served: Served) -> None:
    at = eight(served.board.profile)
    facts, _ = facts_and_asking(served, at)
    rows = served.board.engine.store.read(facts["compared"]["since"], at)
    sums = facts["changes"]["sums"]
    assert sums["persons"] == np.nansum(rows.persons_in) + np.nansum(rows.persons_out)
    assert sums["vehicles"] == np.nansum(rows.vehicles_in) + np.nansum(rows.vehicles_out)
    counted = [one["turned_back"] for one in rows.outcomes.tolist() if one and "turned_back" in one]
    assert sums["outcomes"].get("turned_back", 0) == sum(counted)


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_tables_hold_the_facts_and_nothing_else(both: Any, lang: str) -> None:
    facts, _ = both
    made = manuscript(facts, lang)
    sites = made.part("sites").tables[0]
    names = [column.name for column in sites.columns]
    numbers = ("persons_per_hour", "vehicles_per_hour", "queue_m", "wait_min", "lanes_open", "staff_on_duty",
               "staff_required", "observed_at")  # fmt: skip
    for cells, row in zip(sites.rows, facts["sites"], strict=True):
        told = dict(zip(names, cells, strict=True))
        assert {name: told[name] for name in numbers} == {name: row[name] for name in numbers}
    lines = made.part("lines").tables[0]
    assert [row[1:4] for row in lines.rows] == [
        (one["sites"], one["online"], one["persons_per_hour"]) for one in facts["lines"]
    ]
    for part in made.parts:
        for table in part.tables:
            assert all(len(row) == len(table.columns) for row in table.rows), table.name
        for chart in part.charts:
            assert all(len(values) == len(chart.categories) for _, values in chart.series), chart.name
