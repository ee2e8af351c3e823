"""What changed, to whoever is watching: each change encoded once, each client's backlog bounded."""

from __future__ import annotations

import asyncio
import contextlib
import difflib
import logging
import threading
import zlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import orjson
from starlette.websockets import WebSocket, WebSocketDisconnect

from dashboard.board import Board
from dashboard.encode import (
    Parts,
    alert_changes,
    alert_rows,
    delta_message,
    notice_rows,
    take_apart,
    whole_message,
)
from data.picture import Picture
from data.profile import Profile
from layers.faults import FaultsError

LOG = logging.getLogger("threeline.live")
BACKLOG = 8
"""Frames a client may be behind; beyond it they are dropped for one whole picture."""
UNKNOWN_SCOPE, BAD_REQUEST, TOO_MANY, NOT_LISTENING, FAILED = 4404, 4400, 1013, 1008, 1011
"""Close codes: private ones for what the address asked, registered ones for the rest."""
REASON_BYTES = 123
NAMES = ("scope", "lang", "at", "encoding", "since", "epoch")
"""What the address may ask. The page's own address has a time, which has no bearing on what is live."""

View = tuple[str, str]
"""Scope and language."""


@dataclass(frozen=True)
class Frame:
    """One encoded message, shared by every client that gets it."""

    start: int
    """The revision it follows on."""
    revision: int
    text: str

    @cached_property
    def size(self) -> int:
        """Bytes of the text."""
        return len(self.text.encode())

    @cached_property
    def packed(self) -> bytes:
        """The same as a raw deflate stream, packed once for all who asked for `encoding=deflate`."""
        packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
        return packer.compress(self.text.encode()) + packer.flush()


@dataclass(eq=False)
class Client:
    """One open socket: what it watches, where it stands, and what waits for it. Touched on the loop only."""

    view: View
    since: str = ""
    """The revision it says it has, from before it lost the connection."""
    packs: bool = False
    """Whether it takes its frames packed."""
    revision: int | None = None
    """The revision it has; None asks for a whole picture."""
    end: tuple[int, str] | None = None
    """Close code and reason, once there is nothing left to show it."""
    waiting: deque[Frame] = field(default_factory=deque)
    wake: asyncio.Event = field(default_factory=asyncio.Event)

    def offer(self, frame: Frame) -> bool:
        """Queue a frame; False when the client was too far behind and starts over from a whole picture."""
        self.wake.set()
        if len(self.waiting) < BACKLOG:
            self.waiting.append(frame)
            return True
        self.waiting.clear()
        self.revision = None
        return False


class Hub:
    """Takes pictures from the engine's thread and hands encoded frames to the clients on the loop."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.frames = 0
        """Frames encoded since the start."""
        self.sent_bytes = 0
        self.dropped = 0
        """Times that a slow client was set back to a whole picture."""
        self._clients: dict[View, set[Client]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        # Guards what the engine's thread and those that encode whole pictures share.
        self._lock = threading.Lock()
        self._last: dict[str, Parts] = {}
        self._whole: dict[View, Frame] = {}
        self._watched: frozenset[View] = frozenset()
        self._profile = board.profile
        """Of the pictures that were sent last."""
        self._unsubscribe: Callable[[], None] | None = None

    @property
    def clients(self) -> int:
        """How many sockets are open."""
        return sum(len(clients) for clients in list(self._clients.values()))

    def start(self) -> None:
        """Begin to follow the engine; call on the loop that serves the sockets."""
        self._loop = asyncio.get_running_loop()
        self._unsubscribe = self.board.engine.subscribe(self._step)

    def stop(self) -> None:
        """Let go of the engine."""
        if self._unsubscribe is not None:
            self._unsubscribe()
        self._loop = None

    def _step(self, _old: Picture, new: Picture) -> None:
        """Encode what changed, once for each scope and language that is watched (in the engine's thread)."""
        loop, watched = self._loop, self._watched
        if loop is None:
            return
        frames: dict[View, Frame] = {}
        profile = new.profile or self.board.profile
        if profile is not self._profile:
            self._begin_anew(profile, loop)
        with self._lock:
            watched = frozenset(view for view in watched if refusal(profile, view) is None)
            for scope in {scope for scope, _ in watched}:
                langs = sorted(lang for watched_scope, lang in watched if watched_scope == scope)
                before = self._last.get(scope)
                after = take_apart(profile, self.board.cut(new, scope), langs, before)
                self._last[scope] = after
                if before is None:
                    continue
                common = delta_message(before, after)
                for lang in langs:
                    if lang in before.alerts:
                        message = common | alert_changes(before.alerts[lang], after.alerts[lang])
                        if after.picture.notices != before.picture.notices:
                            message["notices"] = notice_rows(profile, after.picture, lang)
                        frames[scope, lang] = _frame(message)
            for scope in self._last.keys() - {scope for scope, _ in watched}:
                del self._last[scope]
            for view in self._whole.keys() - watched:
                del self._whole[view]
        self.frames += len(frames)
        # The loop may be closing while the engine takes its last steps.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(self._spread, frames)

    def _begin_anew(self, profile: Profile, loop: asyncio.AbstractEventLoop) -> None:
        """Another profile: no change leads from the pictures of the one before to its own."""
        with self._lock:
            self._profile = profile
            # One that was taken apart since is of the new profile already.
            self._last = {scope: parts for scope, parts in self._last.items() if parts.profile is profile}
            self._whole.clear()
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(self._send_all_anew, profile)

    def _send_all_anew(self, profile: Profile) -> None:
        """Every client gets a whole picture; one whose county or language is gone is told so and closed."""
        for view, clients in self._clients.items():
            end = refusal(profile, view)
            for client in clients:
                client.end, client.revision = end, None
                client.waiting.clear()
                client.wake.set()

    def _spread(self, frames: dict[View, Frame]) -> None:
        for view, frame in frames.items():
            for client in self._clients.get(view, ()):
                self.dropped += not client.offer(frame)

    def whole(self, view: View) -> Frame:
        """The newest picture in full, encoded once per scope, language and revision; safe from any thread."""
        scope, lang = view
        board = self.board
        with self._lock:
            kept = self._whole.get(view)
            parts = self._last.get(scope)
            if parts is None:
                picture = board.picture(scope)
                parts = take_apart(picture.profile or board.profile, picture, [lang])
                # What the next step is compared with.
                self._last[scope] = parts
            elif lang not in parts.alerts:
                parts.alerts[lang] = alert_rows(parts.profile, parts.picture, lang)
            if kept is None or kept.revision != parts.picture.revision:
                kept = _frame(whole_message(parts, lang, epoch=board.epoch, version=board.version))
                self._whole[view] = kept
            return kept

    def _whole_for(self, client: Client) -> Frame:
        frame = self.whole(client.view)
        if client.packs:
            _ = frame.packed  # packed here, in a worker's thread, and kept: a whole picture is large
        return frame

    async def serve(self, socket: WebSocket) -> None:
        """Serve one client from its handshake to its end."""
        await socket.accept()
        client = await self._admit(socket)
        if client is None:
            return
        self._clients.setdefault(client.view, set()).add(client)
        self._watch()
        tasks = [asyncio.create_task(self._write(socket, client)), asyncio.create_task(self._listen(socket))]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._clients[client.view].discard(client)
            self._watch()
            for task in tasks:
                task.cancel()
            ends = await asyncio.gather(*tasks, return_exceptions=True)
        for end in ends:
            if isinstance(end, Exception) and not isinstance(end, WebSocketDisconnect):
                LOG.error("A live connection failed", exc_info=end)
                with contextlib.suppress(RuntimeError, WebSocketDisconnect):
                    await socket.close(FAILED, "The server failed")

    async def _listen(self, socket: WebSocket) -> None:
        """Clients have nothing to say; listening is how a socket's end is noticed."""
        while (message := await socket.receive())["type"] != "websocket.disconnect":
            if message["type"] == "websocket.receive":
                # The server may have closed it at the same time.
                with contextlib.suppress(RuntimeError):
                    await socket.close(NOT_LISTENING, "This socket only sends")
                return

    async def _admit(self, socket: WebSocket) -> Client | None:
        """The client of a socket's address, or None after closing it with the reason."""
        board, query = self.board, socket.query_params
        scope, languages = query.get("scope", ""), board.profile.spec.languages
        lang = query.get("lang") or languages[0]
        strange = next((name for name in query if name not in NAMES), None)
        if strange is not None:
            near = difflib.get_close_matches(strange, NAMES, n=1)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(NAMES)}"
            await socket.close(BAD_REQUEST, _reason(f"No such parameter: {strange[:20]}; {hint}"))
        elif (no := refusal(board.profile, (scope, lang))) is not None:
            await socket.close(*no)
        elif self.clients >= board.settings.max_clients:
            await socket.close(TOO_MANY, "Too many connections; try again later")
        else:
            since = query.get("since", "") if query.get("epoch") == board.epoch else ""
            return Client((scope, lang), since, packs=query.get("encoding") == "deflate")
        return None

    def _watch(self) -> None:
        self._watched = frozenset(view for view, clients in self._clients.items() if clients)

    async def _write(self, socket: WebSocket, client: Client) -> None:
        while True:
            try:
                frame = await self._next(client)
            except FaultsError:
                # The county went with an edit of the profile, between two looks at it.
                client.end = refusal(self.board.profile, client.view)
                if client.end is None:
                    raise
            if client.end is not None:
                with contextlib.suppress(RuntimeError):
                    await socket.close(*client.end)
                return
            if frame is not None:
                client.revision = frame.revision
                try:
                    if client.packs:
                        self.sent_bytes += len(frame.packed)
                        await socket.send_bytes(frame.packed)
                    else:
                        self.sent_bytes += frame.size
                        await socket.send_text(frame.text)
                except RuntimeError as error:
                    # Closed at this end meanwhile, for talking or with the server: an end like any other.
                    raise WebSocketDisconnect from error

    async def _next(self, client: Client) -> Frame | None:
        """The frame a client needs now; None where the one that waited is of no use to it."""
        if client.end is not None:
            return None
        if client.revision is None:
            client.waiting.clear()
            frame, since = await asyncio.to_thread(self._whole_for, client), client.since
            client.since = ""
            if since != str(frame.revision):
                return frame
            # It was away for less than a step and has missed nothing.
            client.revision = frame.revision
            return None
        if not client.waiting:
            client.wake.clear()
            await client.wake.wait()
            return None
        frame = client.waiting.popleft()
        if frame.start == client.revision:
            return frame
        if frame.revision > client.revision:
            # One was missed; an older one is inside the whole picture that was just sent.
            client.revision = None
        return None


def refusal(profile: Profile, view: View) -> tuple[int, str] | None:
    """Close code and reason for a view that a profile does not have."""
    scope, lang = view
    if scope and scope not in profile.county_name:
        return UNKNOWN_SCOPE, _reason(f"No such scope: {scope[:40]}")
    if lang not in profile.spec.languages:
        there = ", ".join(profile.spec.languages)
        return BAD_REQUEST, _reason(f"No such language: {lang[:20]}; there are {there}")
    return None


def _reason(text: str) -> str:
    """As much of a text as the close frame of a socket may carry."""
    return text.encode("utf-8", "replace")[:REASON_BYTES].decode("utf-8", "ignore")


def _frame(message: dict[str, object]) -> Frame:
    revision = int(str(message["revision"]))
    start = int(str(message.get("from", revision)))
    return Frame(start, revision, orjson.dumps(message).decode())
