"""Files over HTTP: asked for, waited for, listed and fetched, each reader within their own scope."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from dashboard.briefs import gather
from dashboard.jobs import queue as queues
from dashboard.jobs.tasks import SnapshotTask
from dashboard.jobs.worker import Here, Process
from tests.conftest import NOON
from tests.dashboard.test_exports_queue import Hands
from tests.serving import Served, wait_for

SMALL = {"size": "480x320"}
STARTS = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF", "docx": b"PK", "pptx": b"PK", "xlsx": b"PK"}


@pytest.fixture
def hands(monkeypatch: pytest.MonkeyPatch) -> Hands:
    """Files are made at once, of nothing."""
    made = Hands()
    monkeypatch.setattr(queues, "Process", lambda: made)
    return made


def order(client: Any, **body: Any) -> httpx.Response:
    answer: httpx.Response = client.post("/api/v1/exports", json={"file": "snapshot.png", **body})
    return answer


def finished(client: Any, answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code == 202, answer.text

    def over() -> dict[str, Any] | None:
        told: dict[str, Any] = client.get(answer.headers["location"]).json()
        return told if told["state"] in ("done", "failed") else None

    return wait_for(over, seconds=240, what="the file")


def test_an_order_becomes_a_file_that_is_listed_and_fetched(served: Served) -> None:
    answer = order(served.client, lang="en", theme="light", **SMALL)
    assert answer.json()["state"] in ("queued", "making")
    told = finished(served.client, answer)
    assert (told["state"], told["step"], told["steps"], told["kept"]) == ("done", 2, 2, True)
    assert told["at"] == "2026-06-03T12:00:00+08:00"
    assert told["name"] == "small-snapshot-20260603T120000-en.png"
    file = served.get(told["href"])
    assert file.headers["content-type"] == "image/png"
    assert file.content.startswith(b"\x89PNG")
    assert len(file.content) == told["bytes"]
    assert 'filename="small-snapshot-20260603T120000-en.png"' in file.headers["content-disposition"]
    listed = served.get("/api/v1/exports").json()
    assert listed == {"waiting": 0, "exports": [told]}
    path = served.app.server.state.queue.shelf.path(f"2026-06-03/prefecture/{told['name']}")
    path.unlink()
    assert served.get(told["href"]).status_code == 410
    assert served.get(told["href"].removesuffix("/file")).json() == told | {"kept": False, "href": ""}


def test_ten_at_once_are_all_answered_while_the_picture_goes_on(serve: Callable[..., Served]) -> None:
    served = serve()
    before = served.board.engine.picture.revision
    files = (
        "snapshot.png", "brief.docx", "snapshot.svg", "brief.xlsx", "snapshot.pdf", "brief.pptx",
        "snapshot.png", "brief.pdf", "snapshot.png", "snapshot.svg",
    )  # fmt: skip

    def ask(file: str) -> httpx.Response:
        params = SMALL if file.startswith("snapshot") else {"lang": "en"}
        return httpx.get(f"{served.url}/api/v1/{file}", params=params, timeout=240, trust_env=False)

    with ThreadPoolExecutor(len(files)) as pool:
        answers = list(pool.map(ask, files))
    assert [answer.status_code for answer in answers] == [200] * 10
    for file, answer in zip(files, answers, strict=True):
        assert answer.content.startswith(STARTS[file.partition(".")[2]]), file
        packed = answer.headers.get("content-encoding")
        assert packed == ("gzip" if file.endswith("svg") else None), file
    assert served.board.engine.picture.revision > before
    assert len(served.get("/api/v1/exports").json()["exports"]) == 10


def test_a_worker_that_dies_fails_its_file_and_nothing_else(served: Served) -> None:
    queue = served.app.server.state.queue
    assert served.get("/api/v1/snapshot.png", params=SMALL).status_code == 200
    worker = queue.maker.worker
    assert isinstance(worker, Process)
    stopped = worker.pid
    assert stopped is not None
    os.kill(stopped, signal.SIGSTOP)
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(served.get, "/api/v1/snapshot.png", params=SMALL | {"lang": "en"})
        wait_for(lambda: [job for job in queue.jobs() if job.state == "making"], what="the making")
        os.kill(stopped, signal.SIGKILL)
        answer = asked.result()
    assert answer.status_code == 503
    assert answer.json()["type"].endswith(":export-ended")
    assert served.get("/api/v1/snapshot.png", params=SMALL).status_code == 200
    assert worker.pid != stopped
    assert served.get("/api/health").json()["status"] == "ok"


def test_a_full_queue_says_when_to_come_again(served_by: Served, hands: Hands) -> None:
    hands.let.clear()
    for _ in range(queues.MOST_EACH + 1):
        answer = order(served_by.client)
    wait_for(lambda: served_by.app.server.state.queue.waiting >= queues.MOST_EACH, what="a full queue")
    answer = order(served_by.client, lang="en")
    assert answer.status_code == 503
    assert answer.json()["type"].endswith(":queue-full")
    assert int(answer.headers["retry-after"]) >= 1
    assert served_by.get("/api/v1/snapshot.png").status_code == 503
    hands.let.set()


@pytest.fixture
def served_by(hands: Hands, serve: Callable[..., Served]) -> Served:
    """The small profile's board, whose files are made by `hands`."""
    return serve()


def test_the_file_of_one_that_is_being_made_is_not_there_yet(served_by: Served, hands: Hands) -> None:
    hands.let.clear()
    told = order(served_by.client).json()
    answer = served_by.get(f"/api/v1/exports/{told['id']}/file")
    assert (answer.status_code, answer.json()["type"][-12:]) == (409, "not-made-yet")
    hands.let.set()
    hands.no = OSError(28, "no space left")
    failed = finished(served_by.client, order(served_by.client))
    assert (failed["state"], failed["kept"], failed["href"]) == ("failed", False, "")
    assert "磁盘" in failed["why"]
    assert served_by.get(f"/api/v1/exports/{failed['id']}/file").status_code == 503


def test_an_order_is_forgotten_when_nobody_waits_for_it(served_by: Served, hands: Hands) -> None:
    hands.let.clear()
    queue = served_by.app.server.state.queue
    order(served_by.client)
    with socket.create_connection(("127.0.0.1", served_by.port)) as caller:
        caller.sendall(b"GET /api/v1/snapshot.png HTTP/1.1\r\nHost: localhost\r\n\r\n")
        wait_for(lambda: queue.waiting == 1, what="the order")
    wait_for(lambda: queue.waiting == 0, what="the forgetting")
    hands.let.set()


def test_a_file_that_nobody_waits_for_any_more_is_let_go(served_by: Served, hands: Hands) -> None:
    hands.let.clear()
    queue = served_by.app.server.state.queue
    with socket.create_connection(("127.0.0.1", served_by.port)) as caller:
        caller.sendall(b"GET /api/v1/snapshot.png HTTP/1.1\r\nHost: localhost\r\n\r\n")
        wait_for(queue.jobs, what="the order")
        job = queue.jobs()[0]
        wait_for(lambda: job.state == "making", what="its making")
    wait_for(lambda: job._left, what="the leaving")
    hands.let.set()
    assert job.wait(60)
    with pytest.raises(LookupError):
        job.take()


def test_how_it_is_to_look_reaches_the_drawing(served_by: Served, hands: Hands) -> None:
    line = served_by.board.profile.spec.lines[0].id
    asked = {
        "theme": "light", "sheet": "map", "line": line, "c": "99.5,24.25", "z": "9.5", "hide": "fences,roads",
        "site": "c1", "size": "800x600", "lang": "en",
    }  # fmt: skip
    assert served_by.get("/api/v1/snapshot.svg", params=asked).status_code == 200
    finished(served_by.client, order(served_by.client, **asked | {"file": "snapshot.svg", "z": 9.5}))
    for task in hands.made:
        assert isinstance(task, SnapshotTask)
        look = task.look
        assert (look.theme, look.sheet, look.line, look.center) == ("light", "map", line, (99.5, 24.25))
        assert (look.zoom, look.hidden, look.site) == (9.5, ("fences", "roads"), "c1")
        assert (task.form, task.size, task.lang) == ("svg", (800, 600), "en")
        assert look.link.startswith(f"http://127.0.0.1:{served_by.port}/?at=2026-06-03T12:00:00")
    assert len(hands.made) == 2


def test_what_a_brief_is_to_cover_reaches_its_facts(
    served_by: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[Any, dict[str, Any]]] = []
    real = gather.gather

    def seen(engine: Any, *what: Any, **how: Any) -> Any:
        asked.append((what, how))
        return real(engine, *what, **how)

    monkeypatch.setattr(gather, "gather", seen)
    at, since = NOON - 600, NOON - 7200
    told = served_by.get("/api/v1/brief", params={"at": str(at), "since": str(since)})
    assert told.json()["facts"]["at"] == at
    assert told.json()["at"] == "2026-06-03T11:50:00+08:00"
    query = {"scope": "900101", "covers": "week"}
    assert served_by.get("/api/v1/brief.docx", params=query).status_code == 200
    assert [what for what, _ in asked] == [(at, ""), (None, "900101")]
    assert [(how["since"], how["covers"]) for _, how in asked] == [(since, "last"), (None, "week")]
    assert asked[1][1]["base"] == served_by.url


def test_the_address_that_is_set_stands_in_links(hands: Hands, serve: Callable[..., Served]) -> None:
    served = serve(address="https://board.example")
    assert served.get("/api/v1/snapshot.png", params={"scope": "900101"}).status_code == 200
    (task,) = hands.made
    assert isinstance(task, SnapshotTask)
    assert task.look.link.startswith("https://board.example/county/900101?at=")


@pytest.mark.parametrize(
    ("body", "kind", "where"),
    [
        ({"file": "snapshot.gif"}, "bad-value", "file"),
        ({"file": ""}, "bad-value", "file"),
        ({"size": "1x1"}, "bad-number", "size"),
        ({"theme": "pink"}, "bad-value", "theme"),
        ({"sheet": "wide"}, "bad-value", "sheet"),
        ({"line": "zeroth"}, "bad-value", "line"),
        ({"c": "east"}, "bad-value", "c"),
        ({"z": "99"}, "bad-number", "z"),
        ({"site": "c99"}, "unknown-site", "site"),
        ({"scope": "900199"}, "unknown-scope", "scope"),
        ({"at": "noon"}, "bad-time", "at"),
        ({"lang": "fr"}, "bad-value", "lang"),
        ({"since": str(NOON - 60)}, "unknown-parameter", "since"),
        ({"file": "brief.docx", "size": "800x600"}, "unknown-parameter", "size"),
        ({"file": "brief.docx", "covers": "month"}, "bad-value", "covers"),
        ({"file": "brief.docx", "since": str(NOON + 600)}, "bad-time", "since"),
        ({"file": "brief.docx", "since": str(NOON - 367 * 86_400)}, "bad-time", "since"),
        ({"colour": "red"}, "bad-value", "colour"),
        ({"size": {"wide": 1}}, "bad-value", "size"),
        ({"hide": "x" * 500}, "bad-value", "hide"),
    ],
)
def test_what_cannot_be_made_is_refused_with_what_can(
    asked: Served, body: dict[str, Any], kind: str, where: str
) -> None:
    answer = order(asked.client, **body)
    told = answer.json()
    assert 400 <= answer.status_code < 500
    assert (told["type"].rpartition(":")[2], told["parameter"]) == (kind, where)


def test_only_json_is_taken_and_never_from_another_site(asked: Served) -> None:
    form = asked.post("/api/v1/exports", data={"file": "snapshot.png"})
    assert form.status_code == 415
    foreign = asked.post(
        "/api/v1/exports", json={"file": "snapshot.png"}, headers={"Origin": "https://evil.example"}
    )
    assert foreign.status_code == 403


def test_a_county_exports_its_county_only(hands: Hands, serve: Callable[..., Served]) -> None:
    served = serve(login=True)
    command = served.login("command")
    county = served.login("county", scope="900101")
    assert order(county, scope="900102").json()["type"].endswith(":unknown-scope")
    mine = finished(county, order(county))
    assert (mine["scope"], mine["county_name"]) == ("900101", "甲县")
    (task,) = hands.made
    assert isinstance(task, SnapshotTask)
    assert list(task.ground.county_name) == ["900101"]
    others = [finished(command, order(command, scope=scope)) for scope in ("", "900101", "900102")]
    assert [row["id"] for row in county.get("/api/v1/exports").json()["exports"]] == [mine["id"]]
    assert len(command.get("/api/v1/exports").json()["exports"]) == 4
    for path in (f"/api/v1/exports/{other['id']}{end}" for other in others for end in ("", "/file")):
        answer = county.get(path)
        none = county.get(path.replace(path.split("/")[4], "x00000000"))
        assert answer.status_code == none.status_code == 404
        assert answer.json()["detail"].replace(path.split("/")[4], "x00000000") == none.json()["detail"]
    assert county.get(mine["href"]).status_code == 200
    (entry,) = list(served.board.engine.store.entries(actions=("export",), scope="900101"))[:1]
    assert (entry.who, entry.role) == (mine["by"], "county")


def test_who_may_not_export_gets_nothing(serve: Callable[..., Served]) -> None:
    served = serve(login=True)
    client = served.login("administrator")
    assert order(client).status_code == 403
    for path in ("exports", "exports/x00000000", "exports/x00000000/file", "brief", "brief.docx"):
        answer = client.get(f"/api/v1/{path}")
        assert (answer.status_code, answer.json()["type"].rpartition(":")[2]) == (403, "no-export")


def test_metrics_count_what_was_made(served_by: Served, hands: Hands) -> None:
    assert served_by.get("/api/v1/snapshot.png").status_code == 200
    hands.no = RuntimeError("x")
    assert served_by.get("/api/v1/snapshot.png").status_code == 503
    text = served_by.get("/metrics").text
    assert 'threeline_exports_total{file="snapshot.png",result="done"} 1.0' in text
    assert 'threeline_exports_total{file="snapshot.png",result="failed"} 1.0' in text
    assert "threeline_exports_waiting 0.0" in text


def test_the_worker_of_a_board_is_a_process(serve: Callable[..., Served]) -> None:
    worker = serve().app.server.state.queue.maker.worker
    assert isinstance(worker, Process)
    assert not isinstance(worker, Here)
    # Nobody has asked for a file: no memory is taken for it.
    assert not worker.running
