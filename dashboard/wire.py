"""A WebSocket that takes frames as they go out: made once, written to many."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from typing import Any, cast

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame, Opcode
from websockets.http11 import Request

NAME = "threeline.wire"
"""Where the scope of a connection carries its wire."""


def framed(payload: bytes, *, text: bool) -> bytes:
    """A message as the bytes that a server sends for it: the same for every client, for nothing is masked."""
    return Frame(Opcode.TEXT if text else Opcode.BINARY, payload).serialize(mask=False)


class Wire(WebSocketsSansIOProtocol):
    """uvicorn's own protocol, which also writes frames that are ready.

    One message to a client the usual way passes Starlette, the middleware, the protocol's bookkeeping and a
    task of its own. A frame that is the same for all needs none of them: its bytes go to the transport.
    """

    drained: Callable[[], None] | None = None
    """Called when a client that could not take more can again."""

    def handle_connect(self, event: Request) -> None:
        """Let the application find this wire in the connection's scope."""
        super().handle_connect(event)
        # There is no scope where the handshake was refused.
        if (scope := getattr(self, "scope", None)) is not None:
            cast(MutableMapping[str, Any], scope)["extensions"][NAME] = self

    def put(self, frame: bytes) -> bool:
        """Write a frame at once; False, and nothing is kept, where earlier ones have not gone out yet."""
        if not self.writable.is_set():
            return False
        if self.open:
            self.transport.write(frame)
        return True

    @property
    def open(self) -> bool:
        """Whether frames may still be sent: after a close message nothing may follow."""
        return not (self.close_sent or self.disconnected or self.transport.is_closing())

    def resume_writing(self) -> None:
        """What was written has gone out."""
        super().resume_writing()
        if self.drained is not None:
            self.drained()


def wire_of(scope: MutableMapping[str, Any]) -> Wire:
    """The wire of a connection.

    Raises:
        KeyError: it is served by something else than `dashboard.app.server_config` says.
    """
    return cast(Wire, scope["extensions"][NAME])
