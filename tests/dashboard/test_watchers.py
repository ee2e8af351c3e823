"""Many who watch the same: encoded once, written to each, and nobody waits for one who does not read."""

from __future__ import annotations

import asyncio
import json
import socket
import zlib
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from websockets.asyncio.client import connect

from dashboard import live
from dashboard.wire import Wire
from data.readings import Readings
from tests.serving import Served, wait_for

WATCHERS, STEPS = 200, 12
VIEWS = ("lang=zh-CN", "lang=en", "lang=zh-CN&scope=900101", "lang=zh-CN&scope=900102")
HIGH_WATER = 2**16
"""Bytes that a transport takes before it says that it is full."""


def change(served: Served, turn: int) -> None:
    """Another wait at every site."""
    clock, sites = served.board.clock, served.board.profile.sites.site_id
    clock.forward(1)
    waits = np.random.default_rng(turn).uniform(0, 60, len(sites))
    served.board.engine.readings(
        Readings.of(site_id=sites, observed_at=np.full(len(sites), int(clock())), wait_min=waits)
    )
    served.settle()


def read(data: str | bytes) -> dict[str, Any]:
    text = zlib.decompress(data, wbits=-zlib.MAX_WBITS) if isinstance(data, bytes) else data
    return dict(json.loads(text))


async def watch(url: str, heard: list[dict[str, Any]], until: Callable[[], int]) -> None:
    """Keep what comes until the revision that is asked for; give up rather than hang."""
    async with (
        asyncio.timeout(240),
        connect(url, proxy=None, max_size=None, ping_interval=None, open_timeout=60) as link,
    ):
        async for data in link:
            heard.append(read(data))
            if 0 < until() <= heard[-1]["revision"]:
                return


def test_two_hundred_get_every_revision_of_pictures_encoded_once(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoded: Counter[tuple[str, int]] = Counter()
    written: set[int] = set()
    kept = []  # so that no other bytes get the same id
    frame, put = live._frame, Wire.put

    def counted(message: dict[str, Any]) -> live.Frame:
        made = frame(message)
        encoded[message["type"], made.revision] += 1
        kept.append(made)
        return made

    def seen(wire: Wire, data: bytes) -> bool:
        written.add(id(data))
        kept.append(data)
        return put(wire, data)

    monkeypatch.setattr(live, "_frame", counted)
    monkeypatch.setattr(Wire, "put", seen)
    hub = served.app.server.state.hub
    last = 0
    heard: list[list[dict[str, Any]]] = [[] for _ in range(WATCHERS)]

    async def everybody() -> None:
        urls = [
            f"{served.live_url}?{VIEWS[n % 4]}" + ("&encoding=deflate" if n % 8 > 3 else "")
            for n in range(WATCHERS)
        ]
        ways = zip(urls, heard, strict=True)
        await asyncio.gather(*(watch(url, mine, lambda: last) for url, mine in ways))

    with ThreadPoolExecutor(1) as thread:
        done = thread.submit(asyncio.run, everybody())
        wait_for(lambda: all(heard) or done.done(), seconds=120, what="a picture for everybody")
        begun = served.board.engine.picture.revision
        for turn in range(STEPS):
            change(served, turn)
        last = served.board.engine.picture.revision
        done.result(timeout=240)
    for mine in heard:
        assert [message["type"] for message in mine] == ["picture"] + ["delta"] * (len(mine) - 1)
        # Not one left out, and each follows on the one before.
        for before, after in pairwise(mine):
            assert (after["from"], after["revision"]) == (before["revision"], before["revision"] + 1)
        assert mine[0]["revision"] <= begun
        assert mine[-1]["revision"] >= last
    # Once for a view and revision, whoever watches: four views here, two of them of one scope.
    assert max(encoded[kind, revision] for kind, revision in encoded if kind == "delta") == len(VIEWS)
    assert encoded.total() <= len(VIEWS) * (served.board.engine.picture.revision + 1)
    # The very same bytes went to all who watch a view in a form: at most two forms of what was encoded.
    assert hub.sent >= WATCHERS * (STEPS + 1)
    assert len(written) <= 2 * encoded.total()
    assert hub.dropped == 0


def test_one_who_does_not_read_holds_nothing_and_delays_nobody(serve: Callable[..., Served]) -> None:
    served = serve(send_buffer=4096)
    hub = served.app.server.state.hub
    heard: list[dict[str, Any]] = []
    last = 0
    with (
        ThreadPoolExecutor(1) as thread,
        socket.create_connection(("127.0.0.1", served.port), timeout=60) as stalled,
    ):
        stalled.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        stalled.sendall(
            f"GET /api/v1/live?lang=en HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            "Sec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        wait_for(lambda: hub.clients == 1, what="the one who does not read")
        (client,) = next(iter(hub._clients.values()))
        reading = thread.submit(asyncio.run, watch(f"{served.live_url}?lang=en", heard, lambda: last))
        wait_for(lambda: heard or reading.done(), what="a picture for the other")
        turn, longest = 0, 0
        while hub.dropped == 0:
            assert turn < 2000
            change(served, turn)
            turn += 1
        # From here on nothing is kept for it, however long it goes on.
        for more in range(60):
            change(served, turn + more)
            longest = max(longest, len(live_frame(served).text))
            assert client.wire.transport.get_write_buffer_size() <= HIGH_WATER + longest
            assert not client.waiting
        assert hub.dropped == 1
        last = served.board.engine.picture.revision
        reading.result(timeout=120)
        revisions = [message["revision"] for message in heard]
        assert revisions == list(range(revisions[0], revisions[-1] + 1))
        assert revisions[-1] >= last
        # When it reads again, it is brought the newest picture, not what it missed.
        while client.revision is None:
            assert stalled.recv(65536)
        assert client.revision >= last


def live_frame(served: Served) -> live.Frame:
    return served.app.server.state.hub.whole(("", "en"))
