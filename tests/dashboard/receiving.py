"""Receivers out of the room for tests: a real web server and a real mail server on this machine."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from data.profile import Profile
from data.spec_delivery import DeliverySpec

SECRET = "whsec_" + "dGhyZWVsaW5lIHRlc3Qga2V5IG9mIDI0IGJ5dGVz"


def with_deliveries(profile: Profile, *deliveries: DeliverySpec) -> Profile:
    """The same profile with receivers."""
    return replace(profile, spec=profile.spec.model_copy(update={"deliveries": list(deliveries)}))


@dataclass
class Hook:
    """What a web server received; `answers` are the next statuses, 204 when there are none left."""

    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    url: str = ""

    def then(self, *statuses: int, **headers: str) -> None:
        self.answers += [(status, headers) for status in statuses]


@contextmanager
def hook(context: ssl.SSLContext | None = None) -> Iterator[Hook]:
    """A web server; with a context by TLS."""
    told = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            told.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            status, headers = told.answers.pop(0) if told.answers else (204, {})
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.send_header("content-length", "0")
            self.end_headers()

        do_GET = do_POST  # noqa: N815

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    told.url = f"http{'s' if context else ''}://127.0.0.1:{server.server_port}/hook"
    try:
        yield told
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class Post:
    """What a mail server received; `refuses` answers a recipient with a status."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    to: list[list[str]] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    refuses: dict[str, str] = field(default_factory=dict)

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, rcpt_options: Any
    ) -> str:
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        self.to.append(list(envelope.rcpt_tos))
        return "250 taken"


class Office(Controller):
    """A mail server on whichever port is free."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def post(context: ssl.SSLContext | None = None, *, password: str = "") -> Iterator[Post]:
    """A mail server; with a context it wants STARTTLS, with a password a login."""
    told = Post()

    def authenticate(server: Any, session: Any, envelope: Any, mechanism: str, given: Any) -> AuthResult:
        assert isinstance(given, LoginPassword)
        told.logins.append(given.login.decode())
        return AuthResult(success=given.password.decode() == password, handled=False)

    more: dict[str, Any] = {}
    if password:
        more = {"authenticator": authenticate, "auth_required": True, "auth_require_tls": context is not None}
    controller = Office(
        told,
        hostname="127.0.0.1",
        port=0,
        tls_context=context,
        require_starttls=context is not None,
        ready_timeout=60,
        **more,
    )
    controller.start()
    told.port = controller.port
    try:
        yield told
    finally:
        controller.stop()
