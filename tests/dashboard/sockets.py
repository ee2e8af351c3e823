"""Live sockets as tests open them: past any proxy, and with patience for a busy machine."""

from __future__ import annotations

from functools import partial

from websockets.sync import client
from websockets.sync.client import ClientConnection

connect = partial(client.connect, proxy=None, open_timeout=60)
"""As `websockets.sync.client.connect`."""


def drain(link: ClientConnection) -> None:
    """Read until the connection ends."""
    while True:
        link.recv(timeout=60)
