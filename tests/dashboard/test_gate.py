"""The gate: who is not logged in sees nothing, and is told what to do in the way that fits."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from websockets.exceptions import ConnectionClosedError

from dashboard.accounts import kiosk
from dashboard.accounts.displays import ID_BYTES, KEY_LENGTH, PREFIX, Look
from tests.dashboard.sockets import connect
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
        socket.recv(timeout=60)
    assert end.value.rcvd is not None
    assert end.value.rcvd.code == 4401


def test_who_is_logged_in_goes_through(guarded: Served) -> None:
    client = guarded.login("command")
    assert client.get("/api/v1/sites").status_code == 200
    assert client.get("/").status_code == 200
    cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    with connect(guarded.live_url, additional_headers={"Cookie": cookie}) as socket:
        assert "revision" in str(socket.recv(timeout=60))


def test_health_answers_everybody(guarded: Served) -> None:
    assert guarded.get("/api/health").json()["status"] == "ok"


def test_a_stale_login_is_told(guarded: Served) -> None:
    client = guarded.login("command")
    guarded.board.clock.forward(3 * 3600)
    assert client.get("/").headers["location"] == "/login?why=ended"
    assert client.get("/api/v1/sites").status_code == 401


def test_nobody_is_let_in_while_the_accounts_cannot_be_read(guarded: Served) -> None:
    client, board = guarded.login("command"), guarded.board
    assert client.get("/api/v1/sites").status_code == 200
    board.close_accounts()
    path = board.accounts.database.path
    for file in path.parent.glob(f"{path.name}*"):
        file.write_bytes(b"no database" * 1000)
    for address in ("/", "/api/v1/sites", "/login", "/api/health"):
        answer = client.get(address, headers={"Accept-Language": "en"})
        assert answer.status_code == 503
        assert answer.json()["type"].endswith("accounts-failed")
        assert "nobody is let in" in answer.json()["detail"]
    cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    socket = connect(guarded.live_url, additional_headers={"Cookie": cookie})
    with socket, pytest.raises(ConnectionClosedError) as end:
        socket.recv(timeout=60)
    assert end.value.rcvd is not None
    assert end.value.rcvd.code == 1011


def test_no_display_is_let_in_while_their_secret_cannot_be_read(guarded: Served) -> None:
    accounts = guarded.board.accounts
    display = accounts.displays.add("wall", Look(), by="terminal")
    accounts.database.path.with_name("displays.key").write_text("no secret")
    key = f"{PREFIX}{display.id}_".ljust(KEY_LENGTH, "x")
    assert len(display.id) == 2 * ID_BYTES
    assert guarded.get(f"/?kiosk=1&key={key}").status_code == 503
    cookie = {"Cookie": f"{kiosk.cookie(accounts, secure=False)}={key}"}
    answer = guarded.client.get("/api/v1/sites", headers=cookie)
    assert answer.json()["type"].endswith("accounts-failed")
