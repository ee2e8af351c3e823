"""The gate: who is not logged in sees nothing, and is told what to do in the way that fits."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from websockets.exceptions import ConnectionClosedError
from websockets.sync.client import connect

from tests.serving import Served


@pytest.fixture
def guarded(serve: Callable[..., Served]) -> Served:
    return serve(login=True)


def test_a_demonstration_on_this_machine_is_open(served: Served) -> None:
    assert served.get("/api/v1/sites").status_code == 200
    assert served.get("/").status_code == 200
    assert not (served.board.engine.store.path.parent / "accounts.sqlite").exists()


@pytest.mark.parametrize("path", ["/", "/county/530924?sel=c1", "/no/such/page", "/history", "/accounts"])
def test_pages_lead_to_the_login_and_back(guarded: Served, path: str) -> None:
    answer = guarded.get(path)
    assert answer.status_code == 303
    to = answer.headers["location"]
    assert to.startswith("/login")
    assert path == "/" or "next=/" in to


@pytest.mark.parametrize(
    "path", ["/api/v1/sites", "/api/v1/nothing", "/ogc/", "/ogc", "/_dash-layout", "/_dash-dependencies",
             "/api/openapi.json", "/api/v1/snapshot.png"],
)  # fmt: skip
def test_the_interface_answers_with_a_problem(guarded: Served, path: str) -> None:
    answer = guarded.get(path)
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "urn:threeline:problem:no-login"
    assert "WWW-Authenticate" in answer.headers


def test_a_callback_and_a_strange_method_are_refused(guarded: Served) -> None:
    assert guarded.post("/_dash-update-component", json={}).status_code == 401
    assert guarded.client.request("DELETE", "/").status_code == 401


def test_a_socket_is_closed_with_4401(guarded: Served) -> None:
    with connect(guarded.live_url) as socket, pytest.raises(ConnectionClosedError) as end:
        socket.recv(timeout=10)
    assert end.value.rcvd is not None
    assert end.value.rcvd.code == 4401


def test_who_is_logged_in_goes_through(guarded: Served) -> None:
    client = guarded.login("command")
    assert client.get("/api/v1/sites").status_code == 200
    assert client.get("/").status_code == 200
    cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    with connect(guarded.live_url, additional_headers={"Cookie": cookie}) as socket:
        assert "revision" in str(socket.recv(timeout=10))


def test_health_answers_everybody(guarded: Served) -> None:
    assert guarded.get("/api/health").json()["status"] == "ok"


def test_a_stale_login_is_told(guarded: Served) -> None:
    client = guarded.login("command")
    guarded.board.clock.forward(3 * 3600)
    assert client.get("/").headers["location"] == "/login?why=expired"
    assert client.get("/api/v1/sites").status_code == 401
