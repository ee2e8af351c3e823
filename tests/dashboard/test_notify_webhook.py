"""Alerts that fire on a board reach a real web server, signed, in order, and as often as it takes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import trustme
from standardwebhooks.webhooks import Webhook as Receiver

from dashboard.notify.courier import GIVE_UP_S, pause_s
from dashboard.notify.notifier import Notifier
from dashboard.notify.webhook import signed
from data.journal import BOARD, Draft, verify
from data.spec import RuleSpec
from data.spec_delivery import DeliveryScope, DeliverySpec
from tests.conftest import NOON
from tests.dashboard.giving import report
from tests.dashboard.receiving import SECRET, Hook, hook, with_deliveries
from tests.serving import Clock, Served, wait_for


@pytest.fixture
def room() -> Iterator[Hook]:
    with hook() as told:
        yield told


def to(url: str, **more: Any) -> DeliverySpec:
    given = {"id": "room", "where": DeliveryScope(rules=["wait_over_30"]), "lang": "en"}
    return DeliverySpec(kind="webhook", address=url, **given | more)


@pytest.fixture
def start(serve: Callable[..., Served], board: Callable[..., Any], profile: Any) -> Callable[..., Served]:
    def made(*deliveries: DeliverySpec, name: str = "board", **settings: Any) -> Served:
        given = {"webhook_secret": SECRET, "simulate": False} | settings
        return serve(board(with_deliveries(profile, *deliveries), name=name, **given))

    return made


def wait_min(served: Served, minutes: float, site: str = "c1") -> None:
    report(served, site, at=int(served.board.clock()), wait_min=minutes)
    served.settle()


def fire(served: Served, clock: Clock) -> str:
    """A wait that is too long for long enough; the alert's id."""
    wait_min(served, 45)
    clock.forward(61)
    wait_min(served, 45)
    (alert,) = [one for one in served.board.engine.picture.alerts if one.rule == "wait_over_30"]
    assert alert.state == "firing"
    return alert.id


def pass_pause(served: Served, clock: Clock, tries: int) -> None:
    """Let the pause after so many failures pass, once the last of them is noted."""
    store = served.board.engine.store

    def noted() -> bool:
        waits = store.next_outgoing("room", 2**40)
        return waits is None or waits.tries >= tries

    wait_for(noted)
    clock.forward(pause_s(tries))


def events(told: Hook) -> list[str]:
    return [json.loads(body)["data"]["event"] for _, body in told.got]


def verified(headers: dict[str, str], body: bytes) -> dict[str, Any]:
    """The body as an independent receiver of the standard takes it; raises where the signature is wrong."""
    return Receiver(SECRET).verify(body, headers)


def test_an_alert_is_told_signed_and_so_is_its_answer_and_its_end(
    start: Callable[..., Served], room: Hook, clock: Clock
) -> None:
    served = start(to(room.url))
    alert = fire(served, clock)
    wait_for(lambda: len(room.got) == 1)
    headers, body = room.got[0]
    told = verified(headers, body)
    assert (told["type"], told["data"]["id"], told["data"]["severity"]) == ("alert.fired", alert, "critical")
    assert told["data"]["headline"].startswith("Alert: ")
    assert "45 min" in told["data"]["what"]
    assert told["timestamp"] == "2026-06-03T12:01:01+08:00"
    assert "<msgType>Alert</msgType>" in told["data"]["cap"]
    answer = {"note": "looked into", "until": NOON + 900, "severity": "critical"}
    served.board.engine.order([Draft("alert.ack", alert, "zk-duty", "command", detail=answer)])
    wait_for(lambda: len(room.got) == 2)
    wait_min(served, 5)
    clock.forward(1)
    wait_for(lambda: len(room.got) == 3)
    assert events(room) == ["fired", "answered", "resolved"]
    whole = b"".join(body for _, body in room.got).decode()
    # Who answered and what they wrote stays in the room.
    assert "zk-duty" not in whole
    assert "looked into" not in whole
    assert verified(*room.got[2])["data"]["cap"].count("threeline-small,") == 2


def test_a_wrong_signature_is_found_by_the_receiver() -> None:
    headers = signed(b"another key", "x", 0, b"{}")
    with pytest.raises(Exception, match=r"old|signature"):
        Receiver(SECRET).verify(b"{}", headers)


def test_it_is_tried_again_until_it_is_taken_and_nothing_overtakes(
    start: Callable[..., Served], room: Hook, clock: Clock
) -> None:
    served = start(to(room.url))
    room.then(503, 500, 429)
    fire(served, clock)
    wait_for(lambda: len(room.got) == 1)
    wait_min(served, 5)  # over before it could be told
    for tries in (1, 2, 3):
        pass_pause(served, clock, tries)
        wait_for(lambda tries=tries: len(room.got) > tries)
    wait_for(lambda: len(room.got) == 5)
    assert events(room) == ["fired"] * 4 + ["resolved"]
    assert len({headers["webhook-id"] for headers, _ in room.got[:4]}) == 1
    for got in room.got:
        verified(*got)
    state = served.get("/api/v1/deliveries").json()["deliveries"][0]
    assert (state["state"], state["sent"], state["waiting"]) == ("well", 2, 0)


def test_what_fails_is_seen_and_goes_on_after_a_restart(
    start: Callable[..., Served], room: Hook, clock: Clock
) -> None:
    served = start(to(room.url), name="same")
    room.then(*[503] * 50)
    alert = fire(served, clock)
    wait_for(lambda: len(room.got) == 1)
    state = wait_for(
        lambda: [
            one for one in served.get("/api/v1/deliveries").json()["deliveries"] if one["state"] == "failing"
        ]
    )[0]
    assert (state["why"], state["waiting"], state["to"]) == ("HTTP 503", 1, "127.0.0.1")
    assert state["failing_since"] == "2026-06-03T12:01:01+08:00"
    assert "/hook" not in json.dumps(state)
    # The wall says so too, and does not say who is cut off.
    wait_for(lambda: [one.id for one in served.board.engine.picture.notices] == ["delivery-failing"])
    (notice,) = served.board.engine.picture.notices
    assert (notice.since, notice.severity) == (int(clock()), "warning")
    assert "room" not in str(notice.what).replace("out of the room", "")
    served.close()
    room.answers.clear()
    clock.forward(pause_s(50))
    again = start(to(room.url), name="same")
    wait_for(lambda: len(room.got) == 2)
    assert verified(*room.got[1])["data"]["id"] == alert
    wait_for(lambda: again.board.engine.picture.notices == ())
    # And nothing is told a second time.
    again.settle()
    assert len(room.got) == 2


def test_what_fails_for_long_is_an_alert_itself(
    serve: Callable[..., Served], board: Callable[..., Any], profile: Any, room: Hook, clock: Clock
) -> None:
    words = {"zh-CN": "外发受阻 {value} 分钟", "en": "Nothing gets out for {value} min"}
    given = {
        "id": "cut_off", "name": words, "metric": "delivery_failing_min", "threshold": 5, "op": ">",
        "severity": "critical", "what": words,
    }  # fmt: skip
    rule = RuleSpec.model_validate(given)
    told = with_deliveries(profile, to(room.url))
    whole = replace(told, spec=told.spec.model_copy(update={"rules": [*told.spec.rules, rule]}))
    served = serve(board(whole, webhook_secret=SECRET, simulate=False))
    room.then(*[503] * 50)
    fire(served, clock)
    wait_for(lambda: len(served.board.engine.picture.notices) == 1)
    clock.forward(301)

    def cut_off() -> list[str]:
        return [one.id for one in served.board.engine.picture.alerts if one.rule == "cut_off"]

    wait_for(cut_off)
    room.answers.clear()
    clock.forward(pause_s(50))
    wait_for(lambda: not cut_off())


def test_what_is_refused_is_given_up_soon_and_noted_in_the_journal(
    start: Callable[..., Served], room: Hook, clock: Clock
) -> None:
    served = start(to(room.url))
    room.then(400, 400, 400)
    alert = fire(served, clock)
    for tries in (1, 2, 3):
        wait_for(lambda tries=tries: len(room.got) == tries)
        pass_pause(served, clock, tries)
    store = served.board.engine.store
    (entry,) = wait_for(lambda: [one for one in store.entries() if one.action == "delivery.failed"])
    assert (entry.who, entry.subject, entry.scope) == (BOARD, "room", "900101")
    assert entry.detail == {"what": alert, "tries": 3, "why": "HTTP 400"}
    assert verify(store.entries()) is None
    wait_min(served, 5)
    wait_for(lambda: len(room.got) == 4)
    assert events(room)[-1] == "resolved"


def test_what_nobody_takes_for_a_day_is_given_up(
    start: Callable[..., Served], room: Hook, clock: Clock
) -> None:
    served = start(to(room.url))
    room.then(*[503] * 2)
    fire(served, clock)
    wait_for(lambda: len(room.got) == 1)
    pass_pause(served, clock, 1)
    clock.forward(GIVE_UP_S)
    store = served.board.engine.store
    (entry,) = wait_for(lambda: [one for one in store.entries() if one.action == "delivery.failed"])
    assert entry.detail["why"] == "HTTP 503"


def test_a_redirect_leads_nowhere_else(start: Callable[..., Served], room: Hook, clock: Clock) -> None:
    with hook() as elsewhere:
        room.then(307, location=elsewhere.url)
        served = start(to(room.url))
        fire(served, clock)
        wait_for(lambda: len(room.got) == 1)
        pass_pause(served, clock, 1)
        wait_for(lambda: len(room.got) == 2)
        assert elsewhere.got == []


def test_without_a_secret_nothing_is_sent(start: Callable[..., Served], room: Hook, clock: Clock) -> None:
    served = start(to(room.url), webhook_secret="")
    fire(served, clock)
    state = wait_for(
        lambda: [
            one for one in served.get("/api/v1/deliveries").json()["deliveries"] if one["state"] == "failing"
        ]
    )[0]
    assert "THREELINE_WEBHOOK_SECRET" in state["why"]
    assert room.got == []


def test_only_an_authority_that_is_named_is_believed(
    start: Callable[..., Served], clock: Clock, tmp_path: Path
) -> None:
    import ssl

    ours, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ours.issue_cert("127.0.0.1").configure_cert(context)
    ours.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    with hook(context) as room:
        served = start(to(room.url), name="strange")
        fire(served, clock)
        state = wait_for(
            lambda: [
                one
                for one in served.get("/api/v1/deliveries").json()["deliveries"]
                if one["state"] == "failing"
            ]
        )[0]
        assert "certificate" in state["why"]
        assert room.got == []
        served.close()
        known = start(to(room.url), name="known", delivery_ca=str(tmp_path / "ca.pem"))
        fire(known, clock)
        wait_for(lambda: len(room.got) == 1)


def test_a_chief_is_told_only_of_what_nobody_answers(
    start: Callable[..., Served], room: Hook, clock: Clock
) -> None:
    served = start(to(room.url, after_s=300))
    first = fire(served, clock)
    answer = {"note": "", "until": int(clock()) + 120, "severity": "critical"}
    served.board.engine.order([Draft("alert.ack", first, "zk-duty", "command", detail=answer)])
    store = served.board.engine.store
    wait_for(lambda: [one.event for one in store.dispatches(subject=first)] == ["fired", "answered"])
    clock.forward(119)
    wait_min(served, 45)
    clock.forward(200)  # the answer ran out: it asks again, and nobody answers
    wait_min(served, 45)
    wait_for(lambda: [one.event for one in store.dispatches(subject=first)][-1] == "asks")
    assert room.got == []
    clock.forward(301)
    wait_for(lambda: len(room.got) == 1)
    assert events(room) == ["asks"]


def test_what_is_silenced_before_it_is_due_is_told_once_the_silence_ends(
    start: Callable[..., Served], room: Hook, clock: Clock
) -> None:
    served = start(to(room.url, after_s=300))
    alert, now = fire(served, clock), int(clock())
    store = served.board.engine.store
    wait_for(lambda: len(store.dispatches(subject=alert)) == 1)
    detail = {
        "kind": "silence",
        "reason": "known",
        "start": now,
        "end": now + 900,
        "where": {"sites": ["c1"]},
    }
    served.board.engine.order([Draft("silence.add", "s0000000a", "zk-duty", "command", "", detail)])
    # Held, though by its own time it is due: the store has nothing for the courier.
    wait_for(lambda: store.next_outgoing("room", now + 900) is None)
    clock.forward(600)
    wait_min(served, 45)
    assert room.got == []
    served.board.engine.order([Draft("silence.end", "s0000000a", "zk-duty")])
    wait_for(lambda: len(room.got) == 1)
    assert (events(room), json.loads(room.got[0][1])["data"]["id"]) == (["fired"], alert)


def test_other_rules_severities_and_counties_are_not_told(
    start: Callable[..., Served], room: Hook, clock: Clock
) -> None:
    rules = ["wait_over_30"]
    served = start(
        to(room.url, severities=["warning"]),
        to(room.url, id="elsewhere", where=DeliveryScope(rules=rules, counties=["900102"])),
        to(room.url, id="kinds", where=DeliveryScope(rules=rules, kinds=["duty_point"])),
        to(room.url, id="events", events=["worse"]),
        to(room.url, id="here", where=DeliveryScope(rules=rules, kinds=["checkpoint"], counties=["900101"])),
    )
    fire(served, clock)
    wait_for(lambda: len(room.got) == 1)
    waiting = served.board.engine.store.delivery_states(0)
    assert set(waiting) == {"here"}


def test_an_edit_of_the_profile_changes_who_is_told(
    start: Callable[..., Served], room: Hook, clock: Clock, profile: Any
) -> None:
    served = start(to(room.url))
    room.then(*[503] * 50)
    fire(served, clock)
    wait_for(lambda: len(room.got) == 1)
    with hook() as other:
        served.board.adopt(with_deliveries(profile, to(other.url, id="new")))
        store = served.board.engine.store
        wait_for(lambda: store.delivery_states(0)["room"].skipped == 1)
        wait_min(served, 5)
        wait_for(lambda: [one.event for one in store.dispatches()][-1] == "resolved")
        # It never knew of the alert: neither of its end.
        assert other.got == []
        fire(served, clock)
        wait_for(lambda: len(other.got) == 1)


def test_a_notifier_that_starts_late_tells_what_it_missed_once(
    board: Callable[..., Any], profile: Any, room: Hook, clock: Clock
) -> None:
    made = board(with_deliveries(profile, to(room.url)), webhook_secret=SECRET)
    engine = made.engine
    from data.readings import Readings

    def read(minutes: float) -> None:
        engine.readings(Readings.of(site_id=["c1"], observed_at=[int(clock())], wait_min=[minutes]))
        engine.step()

    engine.resume()
    read(45)
    clock.forward(61)
    read(45)
    notifier = Notifier(made)
    assert notifier.look(engine.picture) >= 1
    assert notifier.look(engine.picture) == 0
    wait_for(lambda: len(room.got) == 1)
    notifier.stop()
