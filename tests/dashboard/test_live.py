import json
import random
import socket
import time
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import numpy as np
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection

from data.readings import Readings
from tests.dashboard.following import apply, in_order
from tests.dashboard.sockets import connect, drain
from tests.serving import Served, wait_for

LEFT_WAITING = 200_000
"""Bytes; what the transport takes before it says that it is full, and one message more."""


@contextmanager
def live(served: Served, query: str = "", **options: Any) -> Iterator[ClientConnection]:
    with connect(f"{served.live_url}?{query}", max_size=None, **options) as link:
        yield link


def receive(link: ClientConnection) -> dict[str, Any]:
    return json.loads(link.recv(timeout=60))


def handshake(host: str) -> bytes:
    """The request that opens a live socket."""
    lines = (
        "GET /api/v1/live HTTP/1.1", f"Host: {host}", "Upgrade: websocket", "Connection: Upgrade",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13",
    )  # fmt: skip
    return "\r\n".join([*lines, "", ""]).encode()


def report(served: Served, **columns: Any) -> None:
    sites = served.board.profile.sites.site_id
    served.board.engine.readings(
        Readings.of(**{"site_id": sites[:1], "observed_at": [int(served.board.clock())], **columns})
    )


def until(link: ClientConnection, whole: dict[str, Any], ready: Any) -> dict[str, Any]:
    """Follow messages until the picture is as asked for."""
    end = time.monotonic() + 60
    while not ready(whole):
        assert time.monotonic() < end
        whole = apply(whole, receive(link))
    return whole


def test_first_a_whole_picture_then_only_what_changed(served: Served) -> None:
    with live(served, "lang=en") as link:
        whole = receive(link)
        assert whole["type"] == "picture"
        assert len(whole["sites"]) == len(served.board.profile.sites)
        assert [line["id"] for line in whole["lines"]] == ["first", "second", "third"]
        assert (whole["epoch"], whole["scope"]) == (served.board.epoch, "")
        site = served.board.profile.sites.site_id[0]
        report(served, wait_min=[12], persons_in=[30])
        changed = None
        while changed is None:
            message = receive(link)
            assert message["type"] == "delta"
            changed = message.get("sites")
        assert set(changed) == {site}
        assert (changed[site]["status"], changed[site]["wait_min"]) == ("normal", 12)
        # What else a first reading changes is told with it; the rest is silence.
        assert "fences" not in message


def test_a_quiet_board_still_sends_a_heartbeat_each_step(served: Served) -> None:
    with live(served) as link:
        whole = receive(link)
        revision = whole["revision"]
        for _ in range(5):
            message = receive(link)
            assert set(message) <= {"type", "from", "revision", "at", "data_at"}
            assert message["from"] == revision
            revision = message["revision"]


def test_deltas_lead_to_what_a_newcomer_gets(served: Served) -> None:
    """Through many random steps, for the prefecture and a county, in both languages."""
    chance = random.Random(7)
    profile, clock = served.board.profile, served.board.clock
    county = profile.counties["adcode"].iloc[0]
    views = ["lang=en", "lang=zh-CN", f"lang=en&scope={county}"]
    with ExitStack() as stack:
        links = [stack.enter_context(live(served, view)) for view in views]
        shown = [receive(link) for link in links]
        for _ in range(30):
            n = chance.randrange(0, 6)
            clock.forward(chance.choice([0, 5, 60, 400, 1900]))
            served.board.engine.readings(
                Readings.of(
                    site_id=chance.choices(profile.sites.site_id.tolist(), k=n),
                    observed_at=[int(clock()) - chance.randrange(100) for _ in range(n)],
                    persons_in=[chance.choice([np.nan, 3, 400]) for _ in range(n)],
                    wait_min=[chance.choice([np.nan, 3, 20, 45]) for _ in range(n)],
                    queue_m=[chance.choice([np.nan, 0, 300, 700]) for _ in range(n)],
                    staff_on_duty=[chance.choice([np.nan, 0, 2, 50]) for _ in range(n)],
                )
            )
            served.settle()
        for view, link, first in zip(views, links, shown, strict=True):
            with live(served, view) as fresh:
                now = receive(fresh)
                whole = until(link, first, lambda whole, now=now: whole["revision"] >= now["revision"])
                while now["revision"] < whole["revision"]:
                    now = apply(now, receive(fresh))
                assert in_order(whole) == in_order(now)
        assert served.app.server.state.hub.dropped == 0


def test_scope_cuts_before_it_leaves_the_server(served: Served) -> None:
    profile = served.board.profile
    for county in profile.counties["adcode"]:
        with live(served, f"scope={county}") as link:
            inside = profile.sites.site_id[profile.sites.county == county]
            assert set(receive(link)["sites"]) == set(inside)


def test_who_reconnects_in_time_goes_on_and_who_does_not_starts_over(served: Served) -> None:
    with live(served) as link:
        whole = receive(link)
        report(served, wait_min=[1])
        whole = until(link, whole, lambda now: next(iter(now["sites"].values()))["wait_min"] == 1)
    with live(served, f"since={whole['revision']}&epoch=another") as link:
        assert receive(link)["type"] == "picture"
    with live(served, f"since={max(whole['revision'] - 50, 0)}&epoch={served.board.epoch}") as link:
        assert receive(link)["type"] == "picture"
    with live(served, f"since={10**9}&epoch={served.board.epoch}") as link:
        assert receive(link)["type"] == "picture"
    served.board.engine.step_s = 1
    served.settle()
    now = served.board.engine.picture.revision
    with live(served, f"since={now}&epoch={served.board.epoch}") as link:
        message = receive(link)
        assert (message["type"], message["from"]) == ("delta", now)


@pytest.mark.parametrize(
    ("query", "code", "says"),
    [
        ("scope=999999", 4404, "999999"),
        ("lang=fr", 4400, "zh-CN, en"),
        ("lang=en&scope=x%00", 4404, "scope"),
        ("scpoe=900101", 4400, "did you mean scope?"),
        ("x=1", 4400, "there are scope, lang"),
        ("scope=" + "%E5%8E%BF" * 90, 4404, "县"),
        ("lang=" + "%E5%8E%BF" * 90, 4400, "县"),
    ],
)
def test_an_unknown_scope_or_language_is_closed_with_the_reason(
    served: Served, query: str, code: int, says: str
) -> None:
    with live(served, query) as link, pytest.raises(ConnectionClosed) as closed:
        link.recv(timeout=60)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == code
    assert says in closed.value.rcvd.reason


@pytest.mark.parametrize(
    "headers", [{"Origin": "http://evil.example"}, {"Origin": "null"}, {"Host": "evil.example"}]
)
def test_another_sites_page_cannot_connect(served: Served, headers: dict[str, str]) -> None:
    if "Host" in headers:
        with socket.create_connection(("127.0.0.1", served.port), timeout=60) as raw:
            raw.sendall(handshake(headers["Host"]))
            assert b" 403 " in raw.recv(1000).split(b"\r\n")[0]
        return
    with pytest.raises(InvalidStatus) as refused, live(served, additional_headers=headers):
        pass
    assert refused.value.response.status_code == 403


def test_its_own_page_can_connect(served: Served) -> None:
    with live(served, additional_headers={"Origin": served.url}) as link:
        assert receive(link)["type"] == "picture"


def test_the_callback_socket_of_dash_stays_shut(served: Served) -> None:
    url = served.live_url.replace("/api/v1/live", "/_dash-ws-callback")
    with pytest.raises(InvalidStatus), connect(url, additional_headers={"Origin": served.url}):
        pass


def test_a_client_that_talks_is_closed(served: Served) -> None:
    with live(served) as link:
        receive(link)
        link.send("hello")
        with pytest.raises(ConnectionClosed) as closed:
            drain(link)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1008
    with live(served) as link:
        receive(link)
        link.send("x" * 10_000)
        with pytest.raises(ConnectionClosed) as closed:
            drain(link)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1009


@pytest.mark.parametrize("said", ["hello", b"\x00", "x" * 10_000])
def test_expected_ends_are_no_errors_in_the_log(
    served: Served, caplog: pytest.LogCaptureFixture, said: str | bytes
) -> None:
    """Often, because whether a frame is being sent at that moment is chance."""
    hub = served.app.server.state.hub
    for _ in range(25):
        with live(served) as link:
            receive(link)
            link.send(said)
            with pytest.raises(ConnectionClosed):
                drain(link)
        with live(served) as link:
            receive(link)
    wait_for(lambda: hub.clients == 0, what="the sockets' end")
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == []


def test_there_is_an_end_to_connections(serve: Any) -> None:
    served = serve(max_clients=2)
    with live(served) as one, live(served) as two:
        receive(one), receive(two)
        with live(served) as three, pytest.raises(ConnectionClosed) as closed:
            three.recv(timeout=60)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1013
    wait_for(lambda: served.app.server.state.hub.clients == 0, what="the sockets' end")
    with live(served) as link:
        assert receive(link)["type"] == "picture"


def test_a_slow_client_is_bounded_and_starts_over(serve: Any) -> None:
    served = serve(send_buffer=4096)
    hub = served.app.server.state.hub
    with socket.create_connection(("127.0.0.1", served.port), timeout=60) as raw:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        raw.sendall(handshake(f"127.0.0.1:{served.port}"))
        wait_for(lambda: hub.clients == 1)
        (client,) = next(iter(hub._clients.values()))
        # It never reads; big changes fill what the system buffers, then its own queue.
        sites = served.board.profile.sites.site_id
        deadline = time.monotonic() + 60
        while hub.dropped == 0 and time.monotonic() < deadline:
            served.board.clock.forward(60)
            waits = np.random.default_rng(int(served.board.clock())).uniform(0, 60, len(sites))
            report(
                served,
                site_id=sites,
                observed_at=np.full(len(sites), int(served.board.clock())),
                wait_min=waits,
            )
            served.settle()
            assert client.wire.transport.get_write_buffer_size() <= LEFT_WAITING
        assert hub.dropped > 0
        # Others are not held up by it.
        with live(served) as link:
            assert receive(link)["type"] == "picture"
            assert receive(link)["type"] == "delta"
    wait_for(lambda: hub.clients == 0, what="the sockets' end")


def test_encoded_once_for_all_who_watch_the_same(served: Served) -> None:
    hub = served.app.server.state.hub
    with ExitStack() as stack:
        links = [stack.enter_context(live(served, "lang=en")) for _ in range(8)]
        assert {receive(link)["type"] for link in links} == {"picture"}
        served.settle()
        frames, steps = hub.frames, served.board.engine.picture.revision
        served.settle()
        assert hub.frames - frames <= served.board.engine.picture.revision - steps + 1


def test_the_socket_survives_a_step_that_fails(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    with live(served) as link:
        receive(link)
        monkeypatch.setattr("data.adopted.look", lambda *_, **__: 1 / 0)
        wait_for(lambda: served.board.engine.failed_steps > 0)
        monkeypatch.undo()
        before = served.board.engine.picture.revision
        wait_for(lambda: receive(link)["revision"] > before, what="the next heartbeat")


def test_frames_come_packed_to_those_who_ask(served: Any) -> None:
    with live(served) as plain, live(served, "encoding=deflate") as packed:
        whole, data = receive(plain), packed.recv(timeout=60)
        assert isinstance(data, bytes)
        told = json.loads(zlib.decompress(data, wbits=-zlib.MAX_WBITS))
        assert told["sites"].keys() == whole["sites"].keys()
        assert len(data) * 2 < len(json.dumps(whole))
