"""A county's reader walks through everything, and finds nothing of another county."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from dashboard import ids
from dashboard.accounts.displays import Look
from dashboard.api.files import BRIEFS, SNAPSHOTS
from dashboard.api.rights import check_declared, rights
from dashboard.jobs import queue as queues
from dashboard.jobs.worker import Here
from data.picture import Picture
from data.profile import Profile, load_profile
from tests.conftest import NOON
from tests.dashboard.secrets_of import Secrets, texts_of
from tests.dashboard.walking import UNKNOWN, Question, busy, callbacks, handed, hushed, look, questions, taken
from tests.serving import Clock, Served, wait_for

OWN = {
    "/api/v1/sites", "/api/v1/picture", "/api/v1/layers/sites", "/api/v1/alerts",
    "/ogc/collections/sites/items",
}  # fmt: skip
"""Where a county's reader finds the county's own sites, whatever the role."""


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Profile]:
    """Snapshots are drawn as SVG, in which texts can be read; the profiles that they were drawn on."""
    from dashboard.briefs import pictures
    from dashboard.exports import snapshot

    seen: list[Profile] = []
    # Where it can be seen what is drawn.
    monkeypatch.setattr(queues, "Process", Here)
    draw = snapshot.draw_snapshot

    def legible(picture: Picture, profile: Profile, **options: Any) -> bytes:
        seen.append(profile)
        return draw(picture, profile, **options | {"form": "svg"})

    def beside(picture: Picture, profile: Profile, **options: Any) -> bytes:
        seen.append(profile)
        return draw(picture, profile, **options | {"size": (480, 360)})

    monkeypatch.setattr(snapshot, "draw_snapshot", legible)
    monkeypatch.setattr(pictures, "draw_snapshot", beside)
    return seen


def walk(
    served: Served, client: httpx.Client, secrets: Secrets, drawn: list[Profile], *, files: bool = True
) -> set[str]:
    """Ask everything; fails with the answers that tell a secret. Gives the paths that answered.

    `files`: the long way, with briefs and drawings, and callbacks with everything beside everything.
    """
    unhurried(served)
    told: list[Any] = []
    mine, heard, answered = secrets.site, set(), set()
    taken(served.board, secrets, served.app.server.state.queue.shelf)
    for question in questions(served, secrets, int(served.board.clock()), files=files):
        answer = ask(client, question)
        if found := look(answer, secrets, question.said):
            told.append((question, answer.status_code, found[:2]))
        if answer.status_code == 200:
            answered.add(question.path)
        if answer.status_code == 200 and mine in answer.text:
            heard.add(question.path)
    assert told == []
    # Nothing is told by a server that answers nothing.
    assert heard >= OWN
    for profile in drawn:
        assert list(profile.county_name) == [secrets.adcode]
        assert not any(
            secrets.told(text) for texts in texts_of(profile.layers.values()).values() for text in texts
        )
    known = client.get("/_dash-dependencies").json()
    shown = set()
    for body in callbacks(known, secrets, product=files):
        answer = client.post("/_dash-update-component", json=body)
        assert answer.status_code in (200, 204), answer.text
        if found := look(answer, secrets, Question("POST", "", {}, body).said):
            told.append((body, answer.status_code, found[:2]))
        shown.update(answer.json().get("response", {}) if answer.status_code == 200 else ())
    assert told == []
    assert {ids.PAGE, ids.TREND, ids.DRAWER_CHARTS} <= shown
    return answered


def written_down(served: Served) -> None:
    """Wait until what is told out of the room is there to be asked for."""
    shown = {one.id for one in served.board.engine.picture.alerts if one.fired and not one.group}
    store = served.board.engine.store
    wait_for(lambda: shown <= {one.subject for one in store.dispatches(limit=100_000)}, what="dispatches")


def unhurried(served: Served) -> None:
    """Nothing of the picture changes from here on by itself: its steps leave the machine to the questions."""
    served.board.engine.step_s = 2.0


def ask(client: httpx.Client, question: Question) -> httpx.Response:
    return client.request(
        question.method, question.path, params=question.query, json=question.body, follow_redirects=False
    )


def test_a_county_finds_nothing_of_another(
    serve: Callable[..., Served], clock: Clock, drawn: list[Profile]
) -> None:
    served = serve(login=True)
    secrets = Secrets(served.board.profile, "900101")
    busy(served.board, secrets.adcode, NOON)
    hushed(served.board, secrets, NOON)
    clock.forward(61)
    served.settle()
    written_down(served)
    handed(served.board, secrets)
    assert {alert.county for alert in served.board.engine.picture.alerts} == {"900101", "900102"}
    answered = walk(served, served.login("county", scope=secrets.adcode), secrets, drawn)
    forms = [f"snapshot.{form}" for form in SNAPSHOTS] + [f"brief.{form}" for form in BRIEFS]
    assert {f"/api/v1/{name}" for name in (*forms, "brief", "exports", "exports/xown/file")} <= answered
    assert {tuple(profile.county_name) for profile in drawn} == {("900101",)}


def test_the_walk_finds_the_secrets_where_they_may_be_told(
    serve: Callable[..., Served], clock: Clock
) -> None:
    """The same walk by a reader of the whole prefecture: it would see a county's cut that is missing."""
    served = serve(login=True)
    secrets = Secrets(served.board.profile, "900101")
    busy(served.board, secrets.adcode, NOON)
    hushed(served.board, secrets, NOON)
    clock.forward(61)
    served.settle()
    written_down(served)
    handed(served.board, secrets)
    # What fired at this very moment is counted from the next one on.
    clock.forward(1)
    served.settle()
    unhurried(served)
    client = served.login("command")
    told = {
        question.path
        for question in questions(served, secrets, int(clock()), files=False)
        if question.query in ({}, {"by": "county"}) and look(ask(client, question), secrets, ())
    }
    data = {
        path
        for (path, methods), said in rights(served.app.server.routes).items()
        if "see" in said and "GET" in methods and path.startswith(("/api", "/ogc")) and "{" not in path
    }
    # Of these nothing is one county's: what is claimed, what rounds, teams and works there are, that nobody
    # is told.
    assert data - told <= {
        "/api/v1/deliveries",
        "/api/v1/handovers",
        "/api/v1/maintenance",
        "/api/v1/roster",
        "/ogc",
        "/ogc/",
        "/ogc/conformance",
        "/api/v1/lines",
        "/api/v1/layers",
        "/ogc/collections",
    } | {path for path in data if "rounds" in path or "findings" in path or "basemap" in path}


@pytest.mark.parametrize(("adcode", "role"), [("530924", "briefing"), ("530902", "kiosk")])
def test_a_county_of_lincang_finds_nothing_of_another(
    serve: Callable[..., Served],
    board: Callable[..., Any],
    clock: Clock,
    drawn: list[Profile],
    adcode: str,
    role: str,
) -> None:
    profile = load_profile("lincang")
    # Steps of a thousand sites are no business of the walk's: few of them leave it the machine.
    served = serve(board(profile, login=True, step_s=1.0))
    busy(served.board, adcode, NOON + 60)
    clock.forward(400)
    served.settle()
    written_down(served)
    assert len({alert.county for alert in served.board.engine.picture.alerts}) > 6
    secrets = Secrets(profile, adcode)
    handed(served.board, secrets)
    client = display(served, adcode) if role == "kiosk" else served.login(role, scope=adcode)
    walk(served, client, secrets, drawn, files=False)
    assert bool(drawn) == (role != "kiosk")


def display(served: Served, adcode: str) -> httpx.Client:
    """A display of a county's, as it comes by its link."""
    displays = served.board.accounts.displays
    made = displays.add("county wall", Look(scope=adcode), by="test")
    client = served.client
    address = {"kiosk": "1", "key": displays.key_of(made)}
    assert client.get("/", params=address, follow_redirects=True).status_code == 200
    return client


def test_another_county_is_answered_like_one_that_there_is_not(serve: Callable[..., Served]) -> None:
    served = serve(login=True)
    client = served.login("county", scope="900101")
    for path in (
        "/api/v1/sites",
        "/api/v1/gaps",
        "/ogc/collections",
        "/api/v1/snapshot.png",
        "/api/v1/export/sites.csv",
    ):
        answers = [client.get(path, params={"scope": scope}) for scope in ("900102", "900109")]
        assert [answer.status_code for answer in answers] == [404, 404]
        other, none = (
            answer.text.replace(code, "X") for answer, code in zip(answers, ("900102", "900109"), strict=True)
        )
        assert other == none
        assert answers[0].json()["counties"] == {"900101": "甲县"}
    for path in (
        "/api/v1/sites/{}/series?metric=persons",
        "/api/v1/sites/{}/details",
        "/ogc/collections/sites/items/{}",
    ):
        other, none = (client.get(path.format(site)) for site in ("d3", "d9"))
        assert (other.status_code, none.status_code) == (404, 404)
        assert other.text.replace("d3", "X") == none.text.replace("d9", "X")
    pages = [page_of(client, path) for path in ("/county/900102", "/county/900109", "/site/c2", "/site/c7")]
    assert pages[0].replace("900102", "X") == pages[1].replace("900109", "X")
    assert pages[2].replace("c2", "X") == pages[3].replace("c7", "X")


def page_of(client: httpx.Client, path: str, search: str = "") -> str:
    body = {
        "output": f"{ids.PAGE}.children",
        "outputs": {"id": ids.PAGE, "property": "children"},
        "inputs": [{"id": ids.LOCATION, "property": "pathname", "value": path}],
        "changedPropIds": [f"{ids.LOCATION}.pathname"],
        "state": [{"id": ids.LOCATION, "property": "search", "value": search}],
    }
    return json.dumps(
        client.post("/_dash-update-component", json=body).json()["response"], ensure_ascii=False
    )


def test_the_walls_address_is_the_countys_page(serve: Callable[..., Served]) -> None:
    served = serve(login=True)
    client = served.login("county", scope="900101")
    assert page_of(client, "/") == page_of(client, "/county/900101")
    assert "甲县" in page_of(client, "/")
    # The table of a county's page needs its script, which the wall's page leaves out.
    assert "/dash_ag_grid/" in client.get("/").text
    assert "/dash_ag_grid/" not in served.login("command").get("/").text


def test_every_route_says_who_may_use_it(asked: Served) -> None:
    check_declared(asked.app.server.routes)
    asked.app.server.add_api_route("/api/v1/forgotten", lambda: {})
    try:
        with pytest.raises(LookupError, match="/api/v1/forgotten"):
            check_declared(asked.app.server.routes)
    finally:
        asked.app.server.router.routes.pop()


@pytest.mark.parametrize(
    ("role", "path", "method"),
    [
        ("kiosk", "/api/v1/snapshot.png", "GET"),
        ("kiosk", "/api/v1/exports", "POST"),
        ("administrator", "/api/v1/brief.docx", "GET"),
        ("kiosk", "/api/v1/rounds", "POST"),
        ("administrator", "/api/v1/export/sites.csv", "GET"),
        ("administrator", "/api/v1/snapshot.png", "GET"),
        ("briefing", "/api/v1/rounds", "POST"),
    ],
)
def test_what_a_role_may_not_do_is_refused_in_a_sentence(
    serve: Callable[..., Served], role: str, path: str, method: str
) -> None:
    served = serve(login=True)
    client = display(served, "") if role == "kiosk" else served.login(role)
    answer = client.request(method, path, json={} if method == "POST" else None)
    assert answer.status_code == 403
    assert answer.json()["type"].rpartition(":")[2] in ("no-export", "no-operate")
    assert answer.json()["detail"].endswith("。")
    assert UNKNOWN not in answer.text
