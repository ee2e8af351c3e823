"""`threeline user`, and the first start: with a real server that runs meanwhile."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import ConnectionClosedError

from dashboard.board import Board
from dashboard.cli_accounts import tell_of_logins
from tests.dashboard.conftest import Ended, help_of
from tests.dashboard.sockets import connect
from tests.dashboard.test_accounts_pages import form_token
from tests.serving import PASSWORD, LiveServer, wait_for

CODE = re.compile(r"\b[a-z2-9]{4}(?:-[a-z2-9]{4}){3}\b")
LOGIN = {"THREELINE_LOGIN": "1"}


@pytest.fixture
def user(run: Callable[..., Ended], small_profile: Path, tmp_path: Path) -> Callable[..., Ended]:
    """`threeline user …` for the store of the test's first live server."""

    def call(*arguments: str) -> Ended:
        return run("user", *arguments, "--profile", small_profile, "--store", tmp_path / "live0.sqlite")

    return call


@pytest.fixture
def browser_of(live_server: Callable[..., LiveServer]) -> object:
    """A factory of clients that log in to a server by its form."""
    clients: list[httpx.Client] = []

    def make(server: LiveServer, name: str, password: str) -> tuple[httpx.Client, httpx.Response]:
        client = httpx.Client(base_url=server.url, trust_env=False, timeout=60)
        clients.append(client)
        token = form_token(client.get("/login").text)
        answer = client.post("/login", data={"form": token, "name": name, "password": password})
        return client, answer

    yield make
    for client in clients:
        client.close()


def cookie_of(client: httpx.Client) -> dict[str, str]:
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in client.cookies.items())}


def test_the_first_start_tells_the_administrators_password_once(
    live_server: Callable[..., LiveServer], browser_of: Callable[..., tuple[httpx.Client, httpx.Response]]
) -> None:
    server = live_server(**LOGIN, THREELINE_LOG_LEVEL="debug")
    # It answers before the last of its first lines has come through the pipe.
    found = wait_for(lambda: CODE.findall("".join(server.output)), what="the password")
    assert len(found) == 1
    client, answer = browser_of(server, "administrator", found[0])
    assert answer.status_code == 303
    assert client.get("/").headers["location"] == "/password"
    token = form_token(client.get("/password").text)
    values = {"form": token, "old": found[0], "new": PASSWORD, "again": PASSWORD}
    assert client.post("/password", data=values).status_code == 303
    assert client.get("/accounts").status_code == 200
    server.stop()
    assert "".join(server.output).count(found[0]) == 1
    assert PASSWORD not in "".join(server.output)
    server.start()
    assert CODE.findall("".join(server.output)) == found
    # The session outlives the restart, and so does the password.
    assert client.get("/accounts").status_code == 200


def test_what_is_logged_holds_no_password(
    board: Callable[..., Board], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("THREELINE_LANG", "en")
    monkeypatch.setenv("JOURNAL_STREAM", "8:1234")
    tell_of_logins(board(login=True))
    out, err = capsys.readouterr()
    assert not CODE.search(out + err)
    assert "threeline user add administrator" in err


def test_accounts_are_kept_while_the_server_runs(
    live_server: Callable[..., LiveServer],
    user: Callable[..., Ended],
    browser_of: Callable[..., tuple[httpx.Client, httpx.Response]],
) -> None:
    server = live_server(**LOGIN)
    server.account("zk-duty", "command")
    client, answer = browser_of(server, "zk-duty", PASSWORD)
    assert answer.status_code == 303
    assert client.get("/api/v1/sites").status_code == 200

    with connect(
        server.url.replace("http", "ws") + "/api/v1/live", additional_headers=cookie_of(client)
    ) as live:
        assert "revision" in str(live.recv(timeout=60))
        assert "Disabled" in user("disable", "zk-duty").out
        assert client.get("/api/v1/sites").status_code == 401
        # What is under way still comes; then the socket is closed.
        with pytest.raises(ConnectionClosedError, match="4401"):
            list(live)

    assert browser_of(server, "zk-duty", PASSWORD)[1].status_code == 401
    assert user("enable", "zk-duty").code == 0
    assert browser_of(server, "zk-duty", PASSWORD)[1].status_code == 303
    password = CODE.search(user("reset", "zk-duty").out)
    assert password
    assert browser_of(server, "zk-duty", PASSWORD)[1].status_code == 401
    assert browser_of(server, "zk-duty", password[0])[1].status_code == 303


def test_accounts_are_added_and_listed(
    user: Callable[..., Ended], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, profile: object
) -> None:
    assert "no accounts" in user("list").out
    scope = next(iter(profile.county_name))
    made = user("add", "ZK-Duty", "--role", "county", "--scope", scope)
    assert made.code == 0
    assert len(CODE.findall(made.out)) == 1
    assert user("add", "head", "--role", "administrator").code == 0
    plain = user("list").out
    assert "zk-duty\tCounty\t" + scope in plain
    assert "New password due" in plain
    assert not CODE.search(plain)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "160")
    assert "Last login" in user("list").out
    assert (tmp_path / "accounts.sqlite").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("add", "zk-duty", "--role", "county"), "needs a scope"),
        (("add", "zk-duty", "--role", "county", "--scope", "999999"), "no county “999999”"),
        (("add", "zk-duty", "--role", "chief"), "no role “chief”"),
        (("add", "13812345678", "--role", "command"), "not a person"),
        (("disable", "nobody"), "no account “nobody”"), (("reset", "nobody"), "no account “nobody”"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_a_sentence(
    user: Callable[..., Ended], arguments: tuple[str, ...], says: str
) -> None:
    done = user(*arguments)
    assert done.code == 1
    assert says in done.err


@pytest.mark.parametrize("lang", ["en", "zh-CN"])
def test_its_help_speaks_both_languages(lang: str) -> None:
    told = {command: text for command, text in help_of(lang).items() if command.startswith("user")}
    assert len(told) == 6
    assert all(("账号" in text) == (lang == "zh-CN") for text in told.values())
