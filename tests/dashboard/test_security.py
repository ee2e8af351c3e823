"""How the board is reached: TLS, proxies that are named, and what browsers are told."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import trustme
import uvicorn

from dashboard.app import create_app, open_port
from dashboard.settings import Settings
from dashboard.styles import EMPTY, KNOWN, hashed, style_sources
from dashboard.transport import Certificate, server_config
from layers.faults import FaultsError
from tests.serving import Served, wait_for


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def certified(authority: trustme.CA, folder: Path, name: str = "localhost") -> dict[str, str]:
    """Files of a certificate for a name, as settings name them."""
    made = authority.issue_cert(name, "127.0.0.1")
    cert, key = folder / "board.pem", folder / "board.key"
    cert.write_bytes(b"".join(one.bytes() for one in made.cert_chain_pems))
    key.write_bytes(made.private_key_pem.bytes())
    return {"tls_cert": str(cert), "tls_key": str(key)}


@pytest.fixture
def behind(board: Any) -> Iterator[Any]:
    """A factory of boards served as the command does it; gives the server's port."""
    running: list[tuple[uvicorn.Server, threading.Thread]] = []

    def start(certificate: Certificate | None = None, **settings: Any) -> int:
        made = board(**settings)
        listener: socket.socket = open_port("127.0.0.1", 0)
        server = uvicorn.Server(server_config(create_app(made).server, made.settings, certificate))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        running.append((server, thread))
        wait_for(lambda: server.started, what="start")
        return int(listener.getsockname()[1])

    yield start
    for server, thread in running:
        server.should_exit = True
        thread.join(60)


def asked(port: int, path: str = "/api/health", **headers: str) -> httpx.Response:
    return httpx.get(f"http://127.0.0.1:{port}{path}", headers=headers, trust_env=False, timeout=60)


def test_it_serves_tls_itself_and_takes_a_renewed_certificate(
    behind: Any, authority: trustme.CA, tmp_path: Path
) -> None:
    files = certified(authority, tmp_path)
    certificate = Certificate(Settings(**files))
    port = behind(certificate, login=True, **files)
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    with httpx.Client(
        base_url=f"https://localhost:{port}", verify=trusting, trust_env=False, timeout=60
    ) as client:
        answer = client.get("/login")
        assert answer.status_code == 200
        assert answer.headers["strict-transport-security"] == "max-age=31536000"
        assert all("; Secure" in one for one in answer.headers.get_list("set-cookie"))
        assert answer.headers.get_list("set-cookie")
    before = serial(port, trusting)
    assert not certificate.renew()
    Path(files["tls_key"]).write_text("half written")
    assert not certificate.renew(), "a pair that does not fit is left alone"
    assert serial(port, trusting) == before
    certified(authority, tmp_path)
    assert certificate.renew()
    assert serial(port, trusting) != before
    old = ssl.create_default_context()
    authority.configure_trust(old)
    old.maximum_version = ssl.TLSVersion.TLSv1_2
    old.set_ciphers("RSA+AES")
    with pytest.raises(ssl.SSLError):
        serial(port, old)


def serial(port: int, trusting: ssl.SSLContext) -> str:
    """Which certificate the server shows."""
    with (
        socket.create_connection(("127.0.0.1", port), 10) as plain,
        trusting.wrap_socket(plain, server_hostname="localhost") as wrapped,
    ):
        shown = wrapped.getpeercert()
        assert shown
        return str(shown["serialNumber"])


def test_a_certificate_that_cannot_be_used_stops_the_start(authority: trustme.CA, tmp_path: Path) -> None:
    files = certified(authority, tmp_path)
    other = tmp_path / "other"
    other.mkdir()
    others = certified(authority, other)
    for wrong in ({"tls_key": others["tls_key"]}, {"tls_cert": str(tmp_path / "none")}, {"tls_key": ""}):
        with pytest.raises(FaultsError) as error:
            Certificate(Settings(**files | wrong))
        assert error.value.faults[0].field == "THREELINE_TLS_CERT"


def test_what_a_stranger_says_of_the_way_it_came_counts_for_nothing(served: Served) -> None:
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "10.9.9.9"}
    assert "strict-transport-security" not in served.get("/api/health", headers=headers).headers


def test_a_proxy_that_is_named_is_believed(behind: Any) -> None:
    port = behind(proxies=("127.0.0.0/8",))
    by_tls = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "10.9.9.9"}
    answer = asked(port, "/login", **by_tls)
    assert answer.status_code == 200
    assert "strict-transport-security" in answer.headers
    assert "; Secure" in answer.headers["set-cookie"]
    clear = asked(port, "/login", **by_tls | {"X-Forwarded-Proto": "http"})
    assert (clear.status_code, clear.headers["content-type"]) == (403, "application/problem+json")
    assert asked(port, "/login").status_code == 403, "a proxy that does not say how it was reached"
    named = {"X-Forwarded-Proto": "http", "X-Forwarded-For": "localhost"}
    assert asked(port, "/login", **named).status_code == 403, "a name is no address of this machine"
    assert asked(port).status_code == 200, "health is not secret"


def test_proxies_that_are_not_this_one_are_not_believed(behind: Any) -> None:
    port = behind(proxies=("10.1.2.3",), login=True)
    answer = asked(port, "/login", **{"X-Forwarded-Proto": "https", "X-Forwarded-For": "10.9.9.9"})
    assert answer.status_code == 200, "this machine itself may come without"
    assert "strict-transport-security" not in answer.headers


def test_a_page_that_came_in_the_clear_is_another_sites(behind: Any) -> None:
    port = behind(proxies=("127.0.0.1",))
    for origin, status in (("http", 403), ("https", 303)):
        headers = {
            "X-Forwarded-Proto": "https",
            "Origin": f"{origin}://127.0.0.1:{port}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        answer = httpx.post(f"http://127.0.0.1:{port}/logout", headers=headers, trust_env=False, timeout=60)
        assert answer.status_code == status, origin


def test_pages_may_run_and_draw_only_what_is_theirs(served: Served) -> None:
    for path in ("/", "/county/900101", "/none/at/all"):
        policy = rules(served.get(path))
        assert policy["default-src"] == ["'none'"]
        assert policy["frame-ancestors"] == policy["base-uri"] == ["'none'"]
        assert policy["form-action"] == policy["connect-src"] == ["'self'"]
        assert all(one == "'self'" or one.startswith("'sha256-") for one in policy["script-src"])
        assert all(one == "'self'" or one.startswith("'sha256-") for one in policy["style-src"])
        assert not {"object-src", "frame-src", "style-src-attr"} & policy.keys()
        assert "unsafe" not in str(policy)


def test_what_is_no_page_may_do_nothing(served: Served) -> None:
    for path in ("/api/health", "/api/v1/sites", "/api/none", "/assets/base.css", "/ogc/"):
        policy = rules(served.get(path))
        assert policy["default-src"] == policy["form-action"] == ["'none'"], path
        assert "script-src" not in policy, path
    # A worker's own requests follow the policy that its script came with.
    assert rules(served.get("/worker.js"))["connect-src"] == ["'self'"]


def rules(answer: httpx.Response) -> dict[str, list[str]]:
    parts = (part.split() for part in answer.headers["content-security-policy"].split(";"))
    return {name: rest for name, *rest in parts}


def test_styles_are_let_in_by_hash_for_the_versions_that_are_known() -> None:
    page = "<style>a{}</style><style media=all>b{}</style>"
    sources = style_sources(page)
    for one in (hashed("a{}"), hashed("b{}"), EMPTY, *KNOWN["plotly", "7.1.0"]):
        assert f"'sha256-{one}'" in sources
    assert "unsafe-inline" not in sources


def test_with_another_version_pages_keep_their_styles(caplog: pytest.LogCaptureFixture) -> None:
    sources = style_sources("", {("plotly", "0.0.1"): (), ("no-such-library", "1"): ()})
    assert sources == "style-src-elem 'self' 'unsafe-inline'; style-src-attr 'none'"
    assert "no-such-library unknown" in caplog.text
