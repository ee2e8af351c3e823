"""The notifier: writes down what each picture has to tell, and keeps a courier for every delivery."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from itertools import islice
from typing import Any

from dashboard.board import Board
from dashboard.notify.courier import Courier
from dashboard.notify.facts import facts
from dashboard.notify.mail import Mail
from dashboard.notify.news import News, hidden, news
from dashboard.notify.way import Way
from dashboard.notify.webhook import Webhook
from dashboard.settings import Settings
from data.dispatch import Dispatch
from data.notices import undelivered
from data.picture import Alert, Group, Picture
from data.spec_delivery import DeliverySpec, due_at, wants
from data.threads import Threads
from layers.faults import FaultsError

LOG = logging.getLogger("threeline.notify")
PAUSE_S = 0.5
"""Least time between two looks: pictures that come faster are told together."""
AT_ONCE = 500
"""Dispatches that one transaction writes."""
STOP_S = 5.0
"""How long the end waits for what is under way; what is cut off is sent again after the next start."""


def ways_of(settings: Settings) -> dict[str, Way]:
    """The ways out of the room that settings open."""
    return {
        "webhook": Webhook(settings.webhook_secret, settings.delivery_ca),
        "email": Mail.of(settings),
    }


class Notifier:
    """Runs beside the engine; what it knows is in the store, so it goes on after a restart."""

    def __init__(self, board: Board, ways: Mapping[str, Way] | None = None) -> None:
        """`ways` in place of those that the board's settings open."""
        self._board, self._store = board, board.engine.store
        self._ways = dict(ways) if ways is not None else ways_of(board.settings)
        self._told: dict[str, Dispatch] = {}
        """The newest dispatch of everything that is not over."""
        self._seen: tuple[tuple[Alert, ...], tuple[Group, ...]] | None = None
        """The alerts that were looked at last."""
        self._held: set[str] | None = None
        """The subjects of which nothing goes out; None where the store may know of others."""
        self._couriers: dict[str, Courier] = {}
        self._wanted: dict[str, DeliverySpec] | None = None
        self._threads, self._wake, self._turned = Threads(), threading.Event(), threading.Event()
        self._end: Callable[[], None] = lambda: None

    def start(self) -> None:
        """Take up what was told before, and follow the pictures; the engine must have drawn one."""
        self._told = {one.subject: one for one in self._store.open_dispatches()}
        self._end = self._board.engine.subscribe(lambda old, new: self._wake.set())
        self._wake.set()
        self._threads.spawn("dispatches", self._run)

    def stop(self) -> None:
        """Stop following and delivering."""
        self._end()
        self._threads.stopping.set()
        self._wake.set()
        stuck = self._threads.join(STOP_S)
        couriers = list(self._couriers.values())
        for courier in couriers:
            courier.stop()
        stuck += [courier.delivery.id for courier in couriers if not courier.join(STOP_S)]
        if stuck:
            LOG.warning("Did not end within %g s: %s", STOP_S, ", ".join(stuck))

    def look(self, picture: Picture) -> int:
        """Write down what a picture has to tell; how much that was."""
        count = self._write(picture)
        # After what is held back was, or a courier that begins would take it out.
        self._serve(picture)
        if count:
            for courier in self._couriers.values():
                courier.wake()
        return count

    def _write(self, picture: Picture) -> int:
        # Alerts to which nothing happened are the same objects: comparing them takes no time.
        now = (picture.alerts, picture.groups)
        if now == self._seen:
            return 0
        found = iter(news(self._told, picture))
        count = 0
        while part := list(islice(found, AT_ONCE)):
            made = [self._dispatch(one, picture) for one in part]
            given = [(one, self._receivers(one, picture)) for one in made]
            for kept in self._store.put_dispatches(given):
                if kept.event == "resolved":
                    self._told.pop(kept.subject, None)
                else:
                    self._told[kept.subject] = kept
            count += len(part)
        # After the news: what is over, or was answered while it was hidden, is not let go of.
        held = hidden(picture) & self._told.keys()
        if held != self._held:
            self._store.hold(held)
            self._held = held
        self._seen = now
        return count

    def _run(self) -> None:
        stopping = self._threads.stopping
        while not stopping.is_set():
            self._wake.wait()
            self._wake.clear()
            if stopping.is_set():
                return
            try:
                self.look(self._board.engine.picture)
                if self._turned.is_set():
                    self._turned.clear()
                    self._complain()
            except Exception:
                LOG.exception("What happened to alerts could not be told; the next picture tells it")
            stopping.wait(PAUSE_S)

    def _complain(self) -> None:
        """Say on the board that alerts do not get out, or that they do again."""
        states = self._store.delivery_states(int(self._board.clock()))
        since = [
            state.failing_since
            for name, state in states.items()
            if name in self._couriers and state.failing_since is not None
        ]
        self._board.engine.tell([undelivered(len(since), min(since))] if since else [], by="deliveries")

    def _turn(self) -> None:
        self._turned.set()
        self._wake.set()

    def _dispatch(self, told: News, picture: Picture) -> Dispatch:
        try:
            part = self._board.cut(picture, told.county)
        except FaultsError:  # a county that the profile has no longer
            part = picture
        profile = part.profile or self._board.profile
        detail = facts(told, part, profile, self._told.get(told.subject))
        return Dispatch(told.subject, told.event, picture.at, told.severity, told.county, detail)

    def _receivers(self, dispatch: Dispatch, picture: Picture) -> list[tuple[str, int]]:
        return [
            (delivery.id, due_at(delivery, dispatch))
            for delivery in self._deliveries(picture)
            if wants(delivery, dispatch)
        ]

    def _deliveries(self, picture: Picture) -> list[DeliverySpec]:
        return (picture.profile or self._board.profile).spec.deliveries

    def _serve(self, picture: Picture) -> None:
        """Have a courier for every delivery of the profile, and none besides."""
        wanted = {delivery.id: delivery for delivery in self._deliveries(picture)}
        if wanted == self._wanted:
            return
        self._wanted = wanted
        for name in [name for name in self._couriers if name not in wanted]:
            self._couriers.pop(name).stop()
        self._store.withdraw(list(wanted), at=picture.at)
        for name, delivery in wanted.items():
            if name in self._couriers:
                self._couriers[name].delivery = delivery
            else:
                self._couriers[name] = self._courier(delivery)
                self._couriers[name].start()
        self._turned.set()

    def _courier(self, delivery: DeliverySpec) -> Courier:
        def tell(draft: Any) -> None:
            self._board.engine.order([draft])

        return Courier(
            delivery,
            lambda: self._board.profile,
            self._store,
            self._ways,
            clock=self._board.clock,
            tell=tell,
            turned=self._turn,
        )
