"""No log line carries a secret, whichever library writes it, at whatever level."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from dashboard import redaction
from dashboard.redaction import GONE, redacted
from tests.dashboard.sockets import connect
from tests.serving import PASSWORD, LiveServer, wait_for

KEY = "tlk_0123456789ab_AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCde"
JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl"


@pytest.mark.parametrize(
    ("said", "secret"),
    [
        (f"GET /?kiosk=1&key={KEY}&rotate=60 HTTP/1.1", KEY),
        (f"GET /?kiosk=1&%6Bey={KEY}&rotate=60 HTTP/1.1", KEY),
        (f"somewhere in a text {KEY}.", KEY),
        (f"GET /help?from=%2F%3Fkiosk%3D1%26key%3D{KEY} HTTP/1.1", KEY),
        ("GET /login/oidc/back?code=SplxlOBeZQ&state=af0ifjs HTTP/1.1", "SplxlOBeZQ"),
        ("GET /login/oidc/back?state=af0ifjs&code=Splx HTTP/1.1", "af0ifjs"),
        ("POST form: name=zk&password=a%20heron&form=1", "a%20heron"),
        ("< Cookie: threeline-ab=qwertyuiop; other=asdf", "qwertyuiop"),
        ("< Cookie: threeline-ab=qwertyuiop; other=asdf", "asdf"),
        ("set-cookie: threeline-ab=qwertyuiop; Path=/", "qwertyuiop"),
        ("[(b'cookie', b'threeline-ab=qwertyuiop'), (b'host', b'x')]", "qwertyuiop"),
        ("{'authorization': 'Basic dGhyZWU6aHVzaA==', 'host': 'x'}", "dGhyZWU6aHVzaA=="),
        ("Authorization: Bearer abcdef123456", "abcdef123456"),
        ("asked with Bearer abcdef123456 for it", "abcdef123456"),
        (f"id_token={JWT}", JWT),
        (f"it was {JWT} that came", JWT),
        ("client_secret=hush&grant_type=authorization_code", "hush"),
    ],
)
def test_what_is_secret_goes(said: str, secret: str) -> None:
    clean = redacted(said)
    assert secret not in clean
    assert GONE in clean


@pytest.mark.parametrize(
    "said",
    [
        '127.0.0.1:5 - "GET /api/v1/alerts?state=firing&scope=530924&lang=zh-CN HTTP/1.1" 200',
        "GET /?kiosk=1&rotate=60&theme=dark HTTP/1.1",
        "The store cannot be opened: /data/board.sqlite",
        "{'content-type': 'text/html', 'host': 'x'}",
        "3 keys of 530924: a=1, b=2",
    ],
)
def test_what_is_not_secret_stays(said: str) -> None:
    assert redacted(said) == said


@pytest.fixture
def records() -> Iterator[list[logging.LogRecord]]:
    """What a logger of any library's writes."""
    redaction.install()
    kept: list[logging.LogRecord] = []
    handler = logging.Handler()
    handler.emit = kept.append  # type: ignore[method-assign]
    log = logging.getLogger("any.library")
    log.setLevel(logging.DEBUG)
    log.addHandler(handler)
    yield kept
    log.removeHandler(handler)


def test_a_record_is_clean_however_it_was_put_together(records: list[logging.LogRecord]) -> None:
    log = logging.getLogger("any.library")
    log.debug("< %s: %s", "Cookie", "threeline=qwertyuiop")
    log.info("%s", [(b"authorization", b"Basic dGhyZWU6aHVzaA==")])
    log.warning("%(key)s", {"key": KEY})
    try:
        raise ValueError(f"no such page: /?key={KEY}")
    except ValueError:
        log.exception("It failed")
    told = [logging.Formatter().format(record) for record in records]
    assert len(told) == 4
    assert all(GONE in one for one in told)
    assert "Traceback" in told[-1]
    assert not re.search(rf"qwertyuiop|dGhyZWU6aHVzaA|{KEY}", "".join(told))


def test_a_secret_of_the_settings_goes_wherever_it_stands() -> None:
    redaction.hide("the ford at dawn", "")
    assert redacted("sent the ford at dawn to nobody") == f"sent {GONE} to nobody"


def test_a_real_server_at_its_most_talkative_tells_no_secret(live_server: Any) -> None:
    token = "a-token-of-the-feed"
    server: LiveServer = live_server(
        THREELINE_LOG_LEVEL="debug", THREELINE_LOGIN="1", THREELINE_INGEST_TOKEN=token
    )
    name = server.account("zk-duty", "administrator")
    with httpx.Client(base_url=server.url, trust_env=False, timeout=60) as client:
        form = re.search(r'name="form" value="(\w+)"', client.get("/login").text)
        assert form
        given = {"name": name, "password": PASSWORD, "form": form[1]}
        assert client.post("/login?next=/county/900101", data=given).status_code == 303
        page = client.get("/accounts/displays").text
        own = re.search(r'name="form" value="(\w+)"', page)
        assert own
        made = client.post("/accounts/displays", data={"form": own[1], "name": "hall, left"}).text
        key = re.search(r"key=(tlk_[\w-]+)", made)
        assert key
        secrets = [
            token,
            PASSWORD,
            PASSWORD.replace(" ", "+"),
            form[1],
            own[1],
            key[1],
            *client.cookies.values(),
        ]
        client.post("/api/v1/readings", json=[], headers={"Authorization": f"Bearer {token}"})
        client.get("/login/oidc/back", params={"code": "SplxlOBeZQ", "state": "af0ifjs"})
        cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    with httpx.Client(base_url=server.url, trust_env=False, timeout=60) as display:
        assert display.get(f"/?kiosk=1&key={key[1]}", follow_redirects=True).status_code == 200
        assert display.get(f"/?kiosk=1&key={key[1][:-3]}abc").status_code == 403
        secrets += display.cookies.values()
    live = f"ws://127.0.0.1:{server.port}/api/v1/live"
    with connect(live, additional_headers={"Cookie": cookie}) as socket:
        assert socket.recv(timeout=60)
    wait_for(lambda: "/api/v1/live" in "".join(server.output), what="a line about the socket")
    server.stop()
    told = "".join(server.output)
    assert "GET /accounts/displays" in told
    assert "kiosk=1" in told
    assert [one for one in [*secrets, "SplxlOBeZQ", "af0ifjs"] if one in told] == []
