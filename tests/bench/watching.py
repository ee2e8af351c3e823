"""Many watchers in one process that costs as little as it can: bare sockets, one poll, no library.

    python -m tests.bench.watching KIND PORT CLIENTS [WHAT]

KIND is `board` (its live socket, packed, as browsers ask for it), `push` (Dash's socket; WHAT is its
callback), `poll` (a POST for the whole figure every second) or `stalled` (reads nothing; WHAT is one of
the other kinds, a colon, and its WHAT). Prints `ready` once all are connected; ends when its input ends, with
`{"seen": {number: [when, …]}}`: when each client heard of each numbered update, epoch seconds.
"""

from __future__ import annotations

import base64
import json
import os
import random
import re
import select
import socket
import sys
import time
import zlib
from collections import defaultdict

MARKED = re.compile(rb'"s000000":\{[^}]*?"queue_m":(\d+)')
DRAWN = re.compile(rb"0: \d+ min, (\d+)")
FLOW = 12
"""Of one person in five minutes, persons per hour."""
LIVE = "/api/v1/live?lang=zh-CN&encoding=deflate"
PLAIN = "/api/v1/live?lang=zh-CN"
PUSH = "/_dash-ws-callback"
FIGURE = json.dumps(
    {
        "output": "map.figure",
        "outputs": {"id": "map", "property": "figure"},
        "inputs": [{"id": "interval", "property": "n_intervals", "value": 1}],
        "changedPropIds": ["interval.n_intervals"],
        "state": [],
    }
)
EVERY_S = 1.0


def request(port: int, path: str) -> bytes:
    """The handshake of a WebSocket."""
    key = base64.b64encode(os.urandom(16)).decode()
    return (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Origin: http://127.0.0.1:{port}\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n"
    ).encode()


def asked(port: int) -> bytes:
    """One tick of an interval, as the page's own script sends it."""
    head = (
        f"POST /_dash-update-component HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(FIGURE)}\r\n\r\n"
    )
    return (head + FIGURE).encode()


def text_frame(text: str) -> bytes:
    """A short message to the server, masked with noughts."""
    data = text.encode()
    size = bytes([0x80 | len(data)]) if len(data) < 126 else bytes([0xFE]) + len(data).to_bytes(2, "big")
    return b"\x81" + size + bytes(4) + data


def follow(output: str) -> bytes:
    """What the page's script sends to start a persistent callback."""
    payload = {"output": output, "outputs": [], "inputs": [], "changedPropIds": [], "state": []}
    return text_frame(
        json.dumps(
            {"type": "callback_request", "requestId": "1", "rendererId": "watcher", "payload": payload}
        )
    )


def connect(port: int, kind: str, what: str, *, narrow: bool = False) -> tuple[socket.socket, bytes]:
    """A connected client, and what it was sent already; a narrow one holds little that it has not read."""
    one = socket.socket()
    if narrow:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    one.settimeout(60)
    one.connect(("127.0.0.1", port))
    rest = b""
    if kind != "poll":
        # A stalled client is told as much as any client that takes text.
        one.sendall(request(port, PUSH if kind == "push" else PLAIN if narrow else LIVE))
        while b"\r\n\r\n" not in rest:
            got = one.recv(4096)
            if not got:
                raise SystemExit(f"closed in the handshake: {rest!r}")
            rest += got
        head, _, rest = rest.partition(b"\r\n\r\n")
        if b" 101 " not in head[:16]:
            raise SystemExit(head.decode())
        if kind == "push":
            one.sendall(follow(what))
    one.setblocking(False)
    return one, rest


class Watchers:
    """All clients of the process."""

    def __init__(self, kind: str, port: int, clients: int, what: str) -> None:
        self.kind, self.port = kind, port
        self.seen: defaultdict[int, list[float]] = defaultdict(list)
        self.known: dict[bytes, int] = {}
        """Frame to the number in it: most clients get the very same bytes."""
        self.poll = select.epoll()
        self.sockets: dict[int, socket.socket] = {}
        self.buffers: dict[int, bytearray] = {}
        self.newest: defaultdict[int, int] = defaultdict(int)
        self.due: list[tuple[float, int]] = []
        rng = random.Random(clients)
        for _ in range(clients):
            one, rest = connect(port, kind, what)
            self.sockets[one.fileno()] = one
            self.buffers[one.fileno()] = bytearray(rest)
            self.poll.register(one.fileno(), select.EPOLLIN)
            if kind == "poll":
                self.due.append((time.time() + rng.uniform(0, EVERY_S), one.fileno()))

    def run(self) -> None:
        """Until the input ends."""
        self.poll.register(sys.stdin.fileno(), select.EPOLLIN)
        while True:
            if self.due:
                self.ask()
            for number, _ in self.poll.poll(0.02 if self.due else 1):
                if number == sys.stdin.fileno():
                    return
                try:
                    data = self.sockets[number].recv(1 << 20)
                except BlockingIOError:
                    continue
                when = time.time()
                if not data:
                    raise SystemExit("a watcher was closed")
                buffer = self.buffers[number]
                buffer += data
                if self.kind == "poll":
                    self.answered(number, buffer, when)
                else:
                    self.frames(number, buffer, when)

    def ask(self) -> None:
        """Every client whose second is over asks again."""
        now = time.time()
        for when, number in self.due:
            if when <= now:
                self.sockets[number].send(asked(self.port))
        self.due = [(when, number) for when, number in self.due if when > now]

    def answered(self, number: int, buffer: bytearray, when: float) -> None:
        """A whole answer over HTTP, or part of one."""
        end = buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        length = int(re.search(rb"content-length: (\d+)", bytes(buffer[:end]), re.I)[1])  # type: ignore[index]
        if len(buffer) < end + 4 + length:
            return
        found = DRAWN.search(buffer)
        if found:
            self.note(number, int(found[1]) // FLOW, when)
        buffer.clear()
        # An interval ticks on; what is under way is waited for, which is kinder than a browser is.
        self.due.append((when + EVERY_S, number))

    def frames(self, number: int, buffer: bytearray, when: float) -> None:
        """All whole frames of what came."""
        while len(buffer) >= 2:
            size, start = buffer[1] & 127, 2
            if size == 126:
                size, start = int.from_bytes(buffer[2:4], "big"), 4
            elif size == 127:
                size, start = int.from_bytes(buffer[2:10], "big"), 10
            if len(buffer) < start + size:
                return
            frame = bytes(buffer[: start + size])
            del buffer[: start + size]
            if frame not in self.known:
                self.known[frame] = self.read(frame, start)
            self.note(number, self.known[frame], when)

    def read(self, frame: bytes, start: int) -> int:
        """The number of the update in a frame; 0 where it has none."""
        body = frame[start:]
        if frame[0] & 15 == 2:
            body = zlib.decompress(body, -zlib.MAX_WBITS)
        found = MARKED.search(body)
        return int(found[1]) if found else 0

    def note(self, number: int, update: int, when: float) -> None:
        """A client heard of an update, if it is newer than what it had."""
        if update > self.newest[number]:
            self.newest[number] = update
            self.seen[update].append(when)


def main() -> None:
    """Watch, or stall, until the input ends."""
    kind, port, clients, what = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), [*sys.argv, "", ""][4]
    if kind == "stalled":
        side, _, output = what.partition(":")
        stalled = [connect(port, side, output, narrow=True) for _ in range(clients)]
        print("ready", flush=True)
        sys.stdin.read()
        del stalled
        return
    watchers = Watchers(kind, port, clients, what)
    print("ready", flush=True)
    watchers.run()
    print(json.dumps({"seen": watchers.seen}), flush=True)


if __name__ == "__main__":
    main()
