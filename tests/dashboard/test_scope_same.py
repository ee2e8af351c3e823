"""What happens in other counties changes no byte of what a county is told."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from dashboard.jobs import queue as queues
from dashboard.jobs.worker import Here
from dashboard.notify.notifier import Notifier
from data.picture import Picture
from tests.conftest import NOON
from tests.dashboard.secrets_of import Secrets
from tests.dashboard.test_scope_live import hear, watching
from tests.dashboard.test_scope_walk import unhurried
from tests.dashboard.walking import busy, callbacks, questions
from tests.serving import Clock, Served, wait_for

WEST = "900101"
TURNS = re.compile(
    r'"end_id":"[^"]*"|"revision":\d+|"loaded_at":"[^"]*"|\b[0-9a-f]{64}\b|"id":"x[0-9a-f]{8}"'
)
"""What counts the turns of a server, whatever happened in them; the tokens of the reader's own forms; the ids
of their own exports."""
ACCOUNT = ("/password", "/login", "/accounts")
"""Pages of the reader's own account, which tell of no county."""


def legible(answer: httpx.Response, served: Served) -> str:
    """An answer without what differs between two servers that show the same."""
    if "geopackage" in answer.headers.get("content-type", ""):
        return ""  # a database file carries when it was made
    text = answer.content.decode("utf-8", "replace").replace(served.url, "").replace(served.board.epoch, "")
    return TURNS.sub("", f"{answer.status_code} {text}")


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Lets servers write down what they tell out of the room, and waits until they have.

    It carries when it was and what was shown then: not before the same is shown on all of them.
    """
    look, may, seen = Notifier.look, threading.Event(), dict[int, int]()

    def late(own: Notifier, picture: Picture) -> int:
        if not may.is_set():
            return 0
        count = look(own, picture)
        seen[id(own._board)] = picture.revision
        return count

    def let(*servers: Served) -> None:
        now = {id(served.board): served.board.engine.picture.revision for served in servers}
        may.set()
        for board, revision in now.items():
            wait_for(lambda board=board, since=revision: seen.get(board, 0) > since, what="dispatches")
        may.clear()

    monkeypatch.setattr(Notifier, "look", late)
    return let


def test_other_counties_change_nothing_that_a_county_is_told(
    serve: Callable[..., Served],
    clock: Clock,
    told: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Drawn where it is asked for: two more processes would draw the same.
    monkeypatch.setattr(queues, "Process", Here)
    # Drawings carry the board's address.
    calm, wild = (serve(login=True, name=name, address="https://board.example") for name in ("calm", "wild"))
    secrets = Secrets(calm.board.profile, WEST)
    # The same stand at their posts, so the same could come to a gap; all else differs.
    for served, others in ((calm, 0.1), (wild, 3.0)):
        busy(served.board, WEST, NOON, others=others)
        served.settle()
    told(calm, wild)
    clock.forward(61)
    for served in (calm, wild):
        served.settle()
        served.board.engine.refresh_today()
        served.settle()
    told(calm, wild)
    for served in (calm, wild):
        unhurried(served)
    assert len(calm.board.engine.picture.alerts) < len(wild.board.engine.picture.alerts)
    one, other = (served.login("briefing", scope=WEST) for served in (calm, wild))
    # Documents carry when they were made, and are made of the facts that are asked for here.
    for question in questions(calm, secrets, int(clock()), files=False):
        if question.method == "GET" and not question.path.startswith(ACCOUNT):
            here, there = (
                legible(client.get(question.path, params=question.query), served)
                for client, served in ((one, calm), (other, wild))
            )
            assert here == there, question
    for body in callbacks(one.get("/_dash-dependencies").json(), secrets, product=False):
        here, there = (
            legible(client.post("/_dash-update-component", json=body), served)
            for client, served in ((one, calm), (other, wild))
        )
        assert here == there, body
    pictures = [_heard(served, secrets) for served in (calm, wild)]
    assert pictures[0] == pictures[1]


def _heard(served: Served, secrets: Secrets) -> dict[str, Any]:
    with watching(served, "county", scope=WEST) as link:
        whole = hear(link, {}, secrets, lambda now: bool(now["alerts"]))
    return {name: value for name, value in whole.items() if name not in ("revision", "epoch", "type", "from")}
