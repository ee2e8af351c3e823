"""The live socket of a county's reader: nothing of another county in it, and closed when the login ends."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection

from data.notices import of_profile, refused
from data.profile import load_profile
from layers.faults import Fault
from tests.conftest import NOON
from tests.dashboard.following import apply
from tests.dashboard.secrets_of import Secrets
from tests.dashboard.sockets import connect
from tests.dashboard.walking import busy
from tests.serving import Clock, Served, wait_for

WEST, EAST = "900101", "900102"


@contextmanager
def watching(served: Served, who: str, query: str = "", **given: str) -> Iterator[ClientConnection]:
    cookies = served.cookies(who, **given)
    header = {"Cookie": "; ".join(f"{one['name']}={one['value']}" for one in cookies)}
    # No bound: what nobody reads would keep the word of the end waiting for ten seconds.
    bounds: dict[str, Any] = {"max_size": None, "max_queue": None}
    with connect(f"{served.live_url}?{query}", additional_headers=header, **bounds) as link:
        yield link


def drain(link: ClientConnection) -> None:
    while True:
        link.recv(timeout=60)


def closed(link: ClientConnection) -> tuple[int, str]:
    """How a socket ends, whatever it says before."""
    with pytest.raises(ConnectionClosed) as end:
        drain(link)
    assert end.value.rcvd is not None
    return end.value.rcvd.code, end.value.rcvd.reason


def hear(
    link: ClientConnection, whole: dict[str, Any], secrets: Secrets, until: Callable[[dict[str, Any]], bool]
) -> dict[str, Any]:
    """Follow the socket until its picture is as asked for; nothing in any message is a secret."""
    end = time.monotonic() + 60
    while not whole or not until(whole):
        assert time.monotonic() < end
        text = str(link.recv(timeout=60))
        assert secrets.told(text) == []
        whole = apply(whole, json.loads(text))
        assert whole["scope"] == secrets.adcode
    return whole


@pytest.mark.parametrize("query", ["", f"scope={WEST}", "lang=en"])
def test_messages_tell_nothing_of_another_county(
    serve: Callable[..., Served], clock: Clock, query: str
) -> None:
    served = serve(login=True)
    secrets = Secrets(served.board.profile, WEST)
    fault = Fault("乙城检查站 cannot be read", "乙县.csv", 3, "lon", "c2", "degrees")
    with watching(served, "county", query, scope=WEST) as link:
        whole: dict[str, Any] = {}
        for turn, (own, others) in enumerate(((0.1, 1.0), (1.0, 0.1), (0.1, 1.0), (1.0, 2.0))):
            busy(served.board, WEST, int(clock()), own=own, others=others)
            served.board.engine.tell([refused([fault] * turn, NOON)] if turn else [])
            clock.forward(61)
            at = int(clock())
            whole = hear(link, whole, secrets, lambda now, at=at: now["at"] >= at and bool(now["alerts"]))
    firing = {(alert.county, alert.target) for alert in served.board.engine.picture.alerts}
    assert firing >= {(EAST, "site"), (EAST, "fence"), (WEST, "site"), (WEST, "fence")}


def test_messages_of_lincang_tell_nothing_of_another_county(
    serve: Callable[..., Served], board: Callable[..., Any], clock: Clock
) -> None:
    profile = load_profile("lincang")
    served = serve(board(profile, login=True))
    secrets = Secrets(profile, "530924")
    with watching(served, "county", scope="530924") as link:
        whole: dict[str, Any] = {}
        for own, others in ((0.1, 1.0), (1.0, 2.0)):
            busy(served.board, "530924", int(clock()), own=own, others=others)
            clock.forward(200)
            at = int(clock())
            whole = hear(link, whole, secrets, lambda now, at=at: now["at"] >= at and bool(now["alerts"]))


def test_who_stands_behind_a_gap_in_another_county_has_no_name(
    serve: Callable[..., Served], clock: Clock
) -> None:
    served = serve(login=True)
    secrets = Secrets(served.board.profile, WEST)
    busy(served.board, WEST, NOON, staff=0)
    served.settle()
    with watching(served, "county", scope=WEST) as link:
        gaps = hear(link, {}, secrets, lambda now: bool(now["gaps"]))["gaps"]
    found = [gap[near] for gap in gaps for near in ("behind", "reserve")]
    assert {(near["site_id"], near["name"]) for near in found if near} == {(None, None)}
    whole = served.board.engine.picture
    assert {gap.behind.site_id for gap in whole.gaps if gap.county == WEST and gap.behind} == {"p2"}
    client = served.login("county", scope=WEST)
    for path in ("/api/v1/gaps", "/ogc/collections/gaps/items", "/api/v1/export/gaps.csv"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert secrets.told(answer.text) == []


@pytest.mark.parametrize("scope", [EAST, "900109", "x" * 100])
def test_another_county_is_not_there(serve: Callable[..., Served], scope: str) -> None:
    served = serve(login=True)
    with watching(served, "county", f"scope={scope}", scope=WEST) as link:
        assert closed(link) == (4404, f"No such scope: {scope[:40]}")


def test_nobody_is_let_in(serve: Callable[..., Served]) -> None:
    served = serve(login=True)
    with connect(served.live_url) as link:
        assert closed(link)[0] == 4401


@pytest.mark.parametrize("what", ["end", "disable", "expire", "widen", "demote"])
def test_a_socket_ends_with_what_it_was_opened_by(
    serve: Callable[..., Served], clock: Clock, what: str
) -> None:
    served = serve(login=True)
    accounts = served.board.accounts
    with watching(served, "zk-duty", role="county", scope=WEST) as link, watching(served, "command") as other:
        wait_for(lambda: served.app.server.state.hub.clients == 2)
        (session,) = accounts.sessions.all("zk-duty")
        if what == "end":
            accounts.end(session.id, by="test")
        elif what == "disable":
            accounts.disable("zk-duty", by="test")
        elif what == "expire":
            clock.forward(13 * 3600)
        else:
            given = {"scope": EAST} if what == "widen" else {"role": "briefing"}
            accounts.book.change("zk-duty", **given)
        assert closed(link) == (4401, "The login has ended")
        if what != "expire":
            assert json.loads(other.recv(timeout=60))["type"] in ("picture", "delta")


def test_a_countys_notices_are_counts(serve: Callable[..., Served], profile: Any) -> None:
    fault = Fault("乙城检查站", "乙县.csv", 3, "lon", "c2", "degrees")
    left_out = replace(profile, quarantined=(fault,), warnings=(fault,))
    served = serve(login=True)
    served.board.engine.tell([refused([fault], NOON), *of_profile(left_out, NOON)])
    served.settle()
    client = served.login("county", scope=WEST)
    answer = client.get("/api/v1/alerts")
    assert Secrets(profile, WEST).told(answer.text) == []
    assert [one["id"] for one in answer.json()["notices"]] == ["profile-refused", "profile-warnings"]
    assert [one["details"] for one in answer.json()["notices"]] == [
        ["另有 1 处，运行 threeline check 可见全部"]
    ] * 2
