"""A way to a server that stops carrying anything, as a cut cable does: nobody is told."""

from __future__ import annotations

import selectors
import socket
import threading


class Swallow:
    """A relay on a port of its own; while `cut`, what comes is dropped and no end is passed on."""

    def __init__(self, port: int) -> None:
        self.to = port
        self.cut = False
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._dead: set[socket.socket] = set()
        """Connections that were open when it was cut: they never come back."""
        self._other: dict[socket.socket, socket.socket] = {}
        self._open = True
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def close(self) -> None:
        self._open = False
        self._thread.join()
        for end in (self._listener, *self._other):
            end.close()

    def _run(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._listener, selectors.EVENT_READ)
            while self._open:
                for key, _ in selector.select(timeout=0.1):
                    end = key.fileobj
                    assert isinstance(end, socket.socket)
                    if end is self._listener:
                        self._take(selector)
                    else:
                        self._carry(end, selector)

    def _take(self, selector: selectors.BaseSelector) -> None:
        here, _ = self._listener.accept()
        there = socket.create_connection(("127.0.0.1", self.to))
        self._other |= {here: there, there: here}
        for end in (here, there):
            selector.register(end, selectors.EVENT_READ)

    def _carry(self, end: socket.socket, selector: selectors.BaseSelector) -> None:
        try:
            data = end.recv(65536)
        except OSError:
            data = b""
        if self.cut:
            self._dead |= {end, self._other[end]}
        if end in self._dead:
            if not data:
                selector.unregister(end)
            return
        try:
            if data:
                self._other[end].sendall(data)
                return
            self._other[end].shutdown(socket.SHUT_WR)
        except OSError:
            pass
        selector.unregister(end)
