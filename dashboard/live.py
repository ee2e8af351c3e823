"""What changed, to whoever is watching: each change encoded once, each client's backlog bounded."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
import zlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, partial

import orjson
from starlette.websockets import WebSocket, WebSocketDisconnect

from dashboard.access import Access, access_now
from dashboard.admission import ENDED, Refused, View, asked_view, refusal
from dashboard.board import Board
from dashboard.encode import (
    Parts,
    delta_message,
    notice_rows,
    take_apart,
    whole_message,
)
from dashboard.encode_alerts import alert_changes, alert_rows
from dashboard.wire import Wire, framed, wire_of
from data.county import county_profile
from data.picture import Picture
from data.profile import Profile
from layers.faults import FaultsError

LOG = logging.getLogger("threeline.live")
BACKLOG = 8
"""Frames that wait while a client's whole picture is made; beyond it the picture is made again."""
LOOK_S = 2.0
"""Seconds between two looks at whose sockets may stay open."""
TOO_MANY, NOT_LISTENING, FAILED = 1013, 1008, 1011


@dataclass(frozen=True)
class Frame:
    """One encoded message, shared by every client that gets it."""

    start: int
    """The revision it follows on."""
    revision: int
    message: bytes

    @cached_property
    def text(self) -> bytes:
        """What goes out to a client that takes text."""
        return framed(self.message, text=True)

    @cached_property
    def packed(self) -> bytes:
        """The same as a raw deflate stream, packed once for all who asked for `encoding=deflate`."""
        packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
        return framed(packer.compress(self.message) + packer.flush(), text=False)


@dataclass(eq=False)
class Client:
    """One open socket: what it watches and where it stands. Touched on the loop only."""

    view: View
    access: Access
    """Whose socket it is."""
    since: str = ""
    """The revision it says it has, from before it lost the connection."""
    packs: bool = False
    """Whether it takes its frames packed."""
    revision: int | None = None
    """The revision it has; None where it needs a whole picture."""
    waiting: deque[Frame] = field(default_factory=lambda: deque(maxlen=BACKLOG))
    """What changed while its whole picture is being made."""
    making: asyncio.Task[None] | None = None
    """What brings its whole picture."""
    socket: WebSocket = field(init=False, repr=False)
    wire: Wire = field(init=False, repr=False)


class Hub:
    """Takes pictures from the engine's thread and hands encoded frames to the clients on the loop."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.frames = 0
        """Changes encoded since the start."""
        self.wholes = 0
        """Whole pictures encoded since the start."""
        self.sent = 0
        """Messages handed to clients."""
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
        self._packing: set[View] = set()
        """Views that somebody took packed."""
        self._profile = board.profile
        """Of the pictures that were sent last."""
        self._unsubscribe: Callable[[], None] | None = None
        self._looking: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        """What closes sockets; the loop itself keeps no hold of its tasks."""

    @property
    def clients(self) -> int:
        """How many sockets are open."""
        return sum(len(clients) for clients in list(self._clients.values()))

    def start(self) -> None:
        """Begin to follow the engine; call on the loop that serves the sockets."""
        self._loop = asyncio.get_running_loop()
        self._looking = self._loop.create_task(self._look())
        self._unsubscribe = self.board.engine.subscribe(self._step)

    def stop(self) -> None:
        """Let go of the engine."""
        if self._unsubscribe is not None:
            self._unsubscribe()
        if self._looking is not None:
            self._looking.cancel()
        self._loop = None

    async def _look(self) -> None:
        """Close the sockets of logins that have ended, or may see something else by now."""
        while True:
            await asyncio.sleep(LOOK_S)
            try:
                self.close_ended()
            except Exception:
                LOG.exception("Logins could not be looked at")

    def close_ended(self) -> None:
        """Ask once for each reader whether theirs may stay open; call on the loop."""
        clients = [client for watching in self._clients.values() for client in watching]
        ended = {access for access in {client.access for client in clients} if not self.board.admits(access)}
        for client in clients:
            if client.access in ended:
                self.end(client, *ENDED)

    def _step(self, _old: Picture, new: Picture) -> None:
        """Encode what changed, once for each scope and language that is watched (in the engine's thread)."""
        loop = self._loop
        if loop is None:
            return
        frames: dict[View, Frame] = {}
        profile = new.profile or self.board.profile
        if profile is not self._profile:
            self._begin_anew(profile, loop)
        with self._lock:
            # Asked for in here: who comes now gets a whole picture after this step, and misses nothing.
            watched = frozenset(view for view in self._watched if refusal(profile, view) is None)
            for scope in {scope for scope, _ in watched}:
                langs = sorted(lang for watched_scope, lang in watched if watched_scope == scope)
                before = self._last.get(scope)
                if before is not None and before.picture.revision == new.revision:
                    continue  # somebody was brought this very picture already
                # A county's picture carries the county's own profile: its messages are made of nothing else.
                picture = self.board.cut(new, scope)
                after = take_apart(picture.profile or profile, picture, langs, before)
                self._last[scope] = after
                if before is None:
                    continue
                common = delta_message(before, after)
                for lang in langs:
                    if lang in before.alerts:
                        message = common | alert_changes(before.alerts[lang], after.alerts[lang])
                        if after.picture.notices != before.picture.notices:
                            message["notices"] = notice_rows(after.profile, after.picture, lang)
                        frames[scope, lang] = frame = _frame(message)
                        if (scope, lang) in self._packing:
                            _ = frame.packed  # here, and not on the loop
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
            self._last = {
                scope: parts
                for scope, parts in self._last.items()
                if parts.profile is (county_profile(profile, scope) if scope else profile)
            }
            self._whole.clear()
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(self._send_all_anew, profile)

    def _send_all_anew(self, profile: Profile) -> None:
        """Every client gets a whole picture; one whose county or language is gone is told so and closed."""
        for view, clients in self._clients.items():
            end = refusal(profile, view)
            for client in clients:
                if end is not None:
                    self.end(client, *end)
                else:
                    client.waiting.clear()
                    self._start_over(client)

    def end(self, client: Client, code: int, reason: str) -> None:
        """Close a client's socket, with what it is told; call on the loop."""
        client.revision = None
        task = asyncio.create_task(_close(client, code, reason))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _spread(self, frames: dict[View, Frame]) -> None:
        """Hand each frame to all who watch its view: a write each, and nothing else."""
        for view, frame in frames.items():
            for client in self._clients.get(view, ()):
                try:
                    self._hand(client, frame)
                except Exception:
                    self._fail(client)  # and the others get theirs

    def _fail(self, client: Client) -> None:
        LOG.exception("A live connection failed")
        self.end(client, FAILED, "The server failed")

    def _hand(self, client: Client, frame: Frame) -> None:
        if client.making is not None:
            client.waiting.append(frame)
        elif client.revision == frame.start:
            if not self._put(client, frame):
                # It does not read as fast as it is told: it begins anew when what is under way has gone out.
                self.dropped += 1
        elif client.revision is not None and frame.revision > client.revision:
            # One was missed; an older one is inside the whole picture that was just sent.
            self._start_over(client)

    def _put(self, client: Client, frame: Frame) -> bool:
        data = frame.packed if client.packs else frame.text
        if not client.wire.put(data):
            client.revision = None
            return False
        client.revision = frame.revision
        self.sent += 1
        self.sent_bytes += len(data)
        return True

    def _start_over(self, client: Client) -> None:
        """Bring a client the whole picture, as soon as it can take it."""
        client.revision = None
        if client.making is None and client.wire.writable.is_set():
            client.making = asyncio.create_task(self._bring(client))

    def _drained(self, client: Client) -> None:
        if client.revision is None:
            self._start_over(client)

    async def _bring(self, client: Client) -> None:
        try:
            frame = self._ready(client)
            if frame is None:
                frame = await asyncio.to_thread(self._whole_for, client)
            self._hand_whole(client, frame)
        except Exception as error:
            # The county may have gone with an edit of the profile, between two looks at it.
            end = refusal(self.board.profile, client.view) if isinstance(error, FaultsError) else None
            if end is None:
                self._fail(client)
            else:
                self.end(client, *end)

    def _hand_whole(self, client: Client, frame: Frame) -> None:
        since, client.since, client.making = client.since, "", None
        if since == str(frame.revision):
            # It was away for less than a step and has missed nothing.
            client.revision = frame.revision
        elif not self._put(client, frame):
            return
        missed = list(client.waiting)
        client.waiting.clear()
        for later in missed:
            self._hand(client, later)

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
                message = whole_message(parts, lang, epoch=board.epoch, version=board.version)
                # How long the longest silence is that means nothing.
                kept = _frame(message | {"step_s": board.engine.step_s})
                self._whole[view] = kept
                self.wholes += 1
            return kept

    def _whole_for(self, client: Client) -> Frame:
        frame = self.whole(client.view)
        # Made ready here, in a worker's thread, and kept: a whole picture is large.
        _ = frame.packed if client.packs else frame.text
        return frame

    def _ready(self, client: Client) -> Frame | None:
        """The whole picture where another client was brought it already; takes no lock."""
        kept, parts = self._whole.get(client.view), self._last.get(client.view[0])
        return kept if kept and parts and kept.revision == parts.picture.revision else None

    async def serve(self, socket: WebSocket) -> None:
        """Serve one client from its handshake to its end."""
        await socket.accept()
        client = await self._admit(socket)
        if client is None:
            return
        client.socket, client.wire = socket, wire_of(socket.scope)
        client.wire.drained = partial(self._drained, client)
        self._clients.setdefault(client.view, set()).add(client)
        if client.packs:
            self._packing.add(client.view)
        self._watch()
        self._start_over(client)
        try:
            await self._listen(socket)
        finally:
            self._clients[client.view].discard(client)
            self._watch()
            client.wire.drained = None
            if client.making is not None:
                client.making.cancel()

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
        board, query, access = self.board, socket.query_params, access_now()
        view = asked_view(board, query)
        if isinstance(view, Refused):
            await socket.close(*view)
        elif not board.admits(access):
            await socket.close(*ENDED)
        elif self.clients >= board.settings.max_clients:
            await socket.close(TOO_MANY, "Too many connections; try again later")
        else:
            since = query.get("since", "") if query.get("epoch") == board.epoch else ""
            return Client(view, access, since, packs=query.get("encoding") == "deflate")
        return None

    def _watch(self) -> None:
        self._watched = frozenset(view for view, clients in self._clients.items() if clients)


async def _close(client: Client, code: int, reason: str) -> None:
    # It may have been closed meanwhile, at either end.
    with contextlib.suppress(RuntimeError, WebSocketDisconnect):
        await client.socket.close(code, reason)


def _frame(message: dict[str, object]) -> Frame:
    revision = int(str(message["revision"]))
    start = int(str(message.get("from", revision)))
    return Frame(start, revision, orjson.dumps(message))
