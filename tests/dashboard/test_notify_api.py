"""Out of the room over HTTP: the feed, CAP messages, deliveries, metrics; and whose eyes they are for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree as ET

import capvalidator
import feedparser
import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from dashboard.notify.cap import NAMESPACE
from data.journal import Draft
from data.spec_delivery import DeliveryScope, DeliverySpec
from tests.conftest import NOON
from tests.dashboard.asking import ok, problem
from tests.dashboard.giving import report
from tests.dashboard.receiving import with_deliveries
from tests.serving import Clock, Served, wait_for

CAP = f"{{{NAMESPACE}}}"
HOOK = "https://hooks.example/a-key-in-the-address"
ROOM = DeliverySpec(id="room", kind="webhook", address=HOOK, severities=["notice"])
MINE = DeliverySpec(
    id="mine", kind="email", address="duty@one.example", where=DeliveryScope(counties=["900101"])
)
OTHER = DeliverySpec(
    id="other", kind="email", address="duty@two.example", where=DeliveryScope(counties=["900102"])
)


@pytest.fixture
def told(serve: Callable[..., Served], board: Callable[..., Any], profile: Any, clock: Clock) -> Served:
    """A board with a login on which an alert of each county fired."""
    served = serve(board(with_deliveries(profile, ROOM, MINE, OTHER), login=True, simulate=False))
    for _ in range(2):
        for site in ("c1", "c3"):
            report(served, site, at=int(clock()), wait_min=45, staff_on_duty=99)
        served.settle()
        clock.forward(61)
    store = served.board.engine.store
    wait_for(lambda: {one.county for one in store.dispatches()} == {"900101", "900102"})
    return served


def fired(served: Served, county: str) -> str:
    return next(
        one.id
        for one in served.board.engine.picture.alerts
        if one.rule == "wait_over_30" and one.county == county
    )


def message(client: httpx.Client, alert: str, **query: str) -> httpx.Response:
    return client.get(f"/api/v1/alerts/{quote(alert, safe='')}/cap.xml", params=query)


def test_a_message_follows_the_life_of_its_alert(told: Served, clock: Clock) -> None:
    client, alert = told.login("command"), fired(told, "900101")
    first = message(client, alert)
    assert first.headers["content-type"].startswith("application/cap+xml")
    assert capvalidator.check_schema(first.content).passed
    clock.forward(30)
    detail = {"note": "", "until": int(clock()) + 900, "severity": "critical"}
    told.board.engine.order([Draft("alert.ack", alert, "zk-duty", "command", "900101", detail)])
    store = told.board.engine.store
    wait_for(lambda: store.dispatches(subject=alert)[-1].event == "answered")
    second = ET.fromstring(message(client, alert).content)
    assert second.findtext(f"{CAP}msgType") == "Update"
    sent = ET.fromstring(first.content)
    named = ",".join(sent.findtext(f"{CAP}{part}") or "" for part in ("sender", "identifier", "sent"))
    assert second.findtext(f"{CAP}references") == named
    # The first is still there under its mark, the same to the byte.
    begun = store.dispatches(subject=alert)[0]
    assert message(client, alert, message=begun.mark).content == first.content
    assert message(client, alert, at=str(begun.at)).content == first.content


def test_what_was_never_told_is_not_there(told: Served) -> None:
    client, alert = told.login("command"), fired(told, "900101")
    problem(message(client, "none"), 404, "not-told")
    problem(message(client, alert, message="0123456789abcdef"), 404, "not-told")
    problem(message(client, alert, at=str(NOON - 600)), 404, "not-told")


def test_the_feed_holds_what_each_reader_may_know(told: Served) -> None:
    for who, scope, counties in (
        ("command", "", {"900101", "900102"}),
        ("county", "900101", {"900101"}),
        ("county", "900102", {"900102"}),
    ):
        client = told.login(who, scope=scope)
        answer = client.get("/api/v1/alerts.atom")
        assert answer.headers["content-type"].startswith("application/atom+xml")
        feed = feedparser.parse(answer.content)
        assert not feed.bozo
        assert feed.entries
        whole = ET.fromstring(answer.content)
        assert {
            one.text for one in whole.iter(f"{CAP}value") if (one.text or "").startswith("9001")
        } == counties
        for entry in feed.entries:
            assert client.get(entry.links[0].href).status_code == 200
    narrowed = told.login("command").get("/api/v1/alerts.atom", params={"scope": "900102"})
    assert "900101" not in narrowed.text


def test_a_county_is_told_nothing_of_anothers_message(told: Served) -> None:
    client, other = told.login("county", scope="900101"), fired(told, "900102")
    mine = problem(message(client, other), 404, "not-told")
    none = problem(message(client, "wait_over_30:none:1"), 404, "not-told")
    assert {key: mine[key] for key in ("type", "title", "status")} == {
        key: none[key] for key in ("type", "title", "status")
    }


def test_deliveries_are_listed_without_what_an_address_may_hide(told: Served) -> None:
    rows = ok(told.login("command").get("/api/v1/deliveries"))["deliveries"]
    assert [(row["id"], row["to"]) for row in rows] == [
        ("room", "hooks.example"), ("mine", "duty@one.example"), ("other", "duty@two.example"),
    ]  # fmt: skip
    assert all(row["state"] in ("idle", "waiting", "failing") for row in rows)
    assert HOOK not in str(rows)
    own = told.login("county", scope="900101").get("/api/v1/deliveries")
    assert [row["id"] for row in ok(own)["deliveries"]] == ["mine"]
    assert "900102" not in own.text


def test_without_a_login_nothing_is_told(told: Served) -> None:
    for path in ("/api/v1/alerts.atom", "/api/v1/deliveries", "/api/v1/alerts/a/cap.xml"):
        problem(told.get(path), 401, "no-login")


def test_a_feed_reader_comes_by_token(
    serve: Callable[..., Served], board: Callable[..., Any], profile: Any, clock: Clock
) -> None:
    served = serve(board(profile, login=True, simulate=False, feed_token="feed-secret-1"))
    path = "/api/v1/alerts.atom"
    for wrong in ("", "Bearer", "Bearer feed-secret-2", "Basic feed-secret-1"):
        answer = served.get(path, headers={"Authorization": wrong}, params={"scope": "none"})
        # Not even which counties there are.
        assert "counties" not in problem(answer, 401, "no-login")
    right = {"Authorization": "Bearer feed-secret-1"}
    assert not feedparser.parse(served.get(path, headers=right).content).bozo
    problem(served.get("/api/v1/deliveries", headers=right), 401, "no-login")


def test_the_metrics_count_by_rule_state_and_delivery(told: Served, clock: Clock) -> None:
    client, alert = told.login("command"), fired(told, "900101")
    wait_for(lambda: told.board.engine.store.delivery_states(0).get("mine"))
    detail = {"note": "", "until": int(clock()) + 900, "severity": "critical"}
    told.board.engine.order([Draft("alert.ack", alert, "zk-duty", "command", "900101", detail)])
    told.settle()
    found: dict[tuple[str, ...], float] = {}
    for family in text_string_to_metric_families(client.get("/metrics").text):
        for sample in family.samples:
            found[sample.name, *sorted(sample.labels.values())] = sample.value
    assert found["threeline_rule_alerts", "acknowledged", "wait_over_30"] == 1
    assert found["threeline_rule_alerts", "firing", "wait_over_30"] == 1
    assert found["threeline_rule_alerts", "fence_down", "hidden"] == 0
    assert found["threeline_alerts", "acknowledged", "critical"] == 1
    assert found["threeline_alert_unanswered_seconds", "critical"] >= 61
    assert found["threeline_alert_groups",] == 0
    assert ("threeline_deliveries", "mine", "waiting") in found
    assert ("threeline_delivery_failing_seconds", "other") in found
