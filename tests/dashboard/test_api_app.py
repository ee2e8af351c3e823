"""The one server: pages, callbacks and interface side by side."""

import re
import threading
from typing import Any

import httpx
import pytest

from dashboard import ids
from tests.serving import Served

PAGE_CALLBACK = {
    "output": f"{ids.PAGE}.children",
    "outputs": {"id": ids.PAGE, "property": "children"},
    "inputs": [{"id": ids.LOCATION, "property": "pathname", "value": "/"}],
    "changedPropIds": [f"{ids.LOCATION}.pathname"],
    "state": [{"id": ids.LOCATION, "property": "search", "value": ""}],
}


def test_a_page_comes_by_its_callback(served: Served) -> None:
    answer = served.post("/_dash-update-component", json=PAGE_CALLBACK)
    assert answer.status_code == 200
    assert answer.json()["response"][ids.PAGE]["children"]


def test_a_callback_that_fails_leaves_the_page_as_it_was(
    served: Served, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("dashboard.pages.page", lambda *_: 1 / 0)
    answer = served.post("/_dash-update-component", json=PAGE_CALLBACK)
    assert answer.status_code == 200
    assert answer.json()["response"] == {}
    assert "ZeroDivisionError" not in answer.text
    assert "A callback failed" in caplog.text


def test_a_slow_callback_holds_up_nobody(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(*_: object) -> str:
        begun.set()
        assert go_on.wait(60)
        return "late"

    monkeypatch.setattr("dashboard.pages.page", slow)
    told: list[Any] = []
    body = {"json": PAGE_CALLBACK, "timeout": 60, "trust_env": False}
    asking = threading.Thread(
        target=lambda: told.append(httpx.post(f"{served.url}/_dash-update-component", **body))
    )
    asking.start()
    assert begun.wait(60)
    assert served.get("/api/health").status_code == 200
    go_on.set()
    asking.join(60)
    assert told[0].json()["response"][ids.PAGE]["children"] == "late"


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b"null", b'{"output": "none.children"}'])
def test_a_callback_nobody_knows_harms_nothing(served: Served, body: bytes) -> None:
    answer = served.post(
        "/_dash-update-component", content=body, headers={"Content-Type": "application/json"}
    )
    assert 400 <= answer.status_code < 600
    assert "Traceback" not in answer.text
    assert served.get("/api/health").status_code == 200


@pytest.mark.parametrize("path", ["none/none.js", "dash/none.js", "dash/%2e%2e/x.js", "x/", "dash/"])
def test_a_file_that_dash_does_not_have_is_not_found(served: Served, path: str) -> None:
    answer = served.get(f"/_dash-component-suites/{path}")
    assert answer.status_code == 404
    assert "registered" not in answer.text


def test_a_file_that_dash_has_is_served(served: Served) -> None:
    path = re.search(r'src="(/_dash-component-suites/[^"]+)"', served.get("/").text)
    assert path
    assert served.get(path[1]).status_code == 200


def test_two_boards_in_one_process_keep_apart(serve: Any) -> None:
    one, two = serve(name="one"), serve(name="two")
    epochs = {served.get("/api/health").json()["epoch"] for served in (one, two)}
    assert epochs == {one.board.epoch, two.board.epoch}


def test_the_engine_ends_with_the_server(serve: Any, board: Any) -> None:
    made = board()
    served = serve(made)
    assert made.engine._threads
    served._server.should_exit = True
    served._thread.join(timeout=60)
    assert not made.engine._threads
    assert made.engine.picture.revision > 0
