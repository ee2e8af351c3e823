"""What the interface says of what is wrong."""

import json
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.jobs.worker import Here
from data.store import StoreError
from layers.faults import Fault, FaultsError
from tests.conftest import NOON
from tests.dashboard.asking import problem
from tests.serving import Served

READS = (
    "sites", "lines", "gaps", "alerts", "layers", "layers/sites", "layers/counties", "layers/border",
    "picture", "sites/c1/series?metric=wait_min", "snapshot.png?size=640x360",
)  # fmt: skip


@pytest.mark.parametrize("path", READS)
@pytest.mark.parametrize(
    ("query", "status", "kind", "got"),
    [
        ("scope=530000", 404, "unknown-scope", "530000"),
        ("scope=90010x", 404, "unknown-scope", "90010x"),
        ("at=yesterday", 400, "bad-time", "yesterday"),
        ("at=2026-06-03T11:00:00", 400, "bad-time", "2026-06-03T11:00:00"),
        ("at=2030-01-01T00:00:00Z", 400, "bad-time", "2030-01-01T00:00:00Z"),
        ("at=-5", 400, "bad-time", "-5"),
        ("at=1e99", 400, "bad-time", "1e99"),
        ("at=nan", 400, "bad-time", "nan"),
        ("at=2026", 400, "bad-time", "2026"),
        ("lang=fr", 400, "bad-value", "fr"),
    ],
)
def test_every_route_checks_scope_time_and_language(
    asked: Served, path: str, query: str, status: int, kind: str, got: str
) -> None:
    glue = "&" if "?" in path else "?"
    told = problem(asked.get(f"/api/v1/{path}{glue}{query}"), status, kind)
    assert told["got"] == got
    assert told["expected"]
    assert told["parameter"] == query.split("=", maxsplit=1)[0]


@pytest.mark.parametrize(
    ("path", "status", "kind", "hint"),
    [
        ("sites?line=frist", 400, "bad-value", "first"),
        ("sites?kind=duty_points", 400, "bad-value", "duty_point"),
        ("sites?scope=900103", 404, "unknown-scope", None),
        ("alerts?state=fireing", 400, "bad-value", "firing"),
        ("alerts?state=resolved&from=x", 400, "bad-time", None),
        ("layers/county", 404, "unknown-layer", "counties"),
        ("sites/c9/series?metric=wait_min", 404, "unknown-site", None),
        ("sites/c1/series", 400, "bad-value", None),
        ("sites/c1/series?metric=wait", 400, "bad-value", "wait_min"),
        ("sites/c1/series?metric=wait_min&step=0", 400, "bad-number", None),
        ("sites/c1/series?metric=wait_min&step=-1", 400, "bad-number", None),
        ("sites/c1/series?metric=wait_min&step=1.5", 400, "bad-number", None),
        ("sites/c1/series?metric=wait_min&step=1", 400, "too-many-points", None),
        ("sites/c1/series?metric=wait_min&from=1780459200&to=1780459200", 400, "bad-time", None),
        ("snapshot.png?size=big", 400, "bad-number", None),
        ("snapshot.png?size=1x1", 400, "bad-number", None),
        ("snapshot.png?size=99999x99999", 400, "bad-number", None),
        ("nothing", 404, "unknown-path", None),
    ],
)
def test_what_is_wrong_is_named(asked: Served, path: str, status: int, kind: str, hint: str | None) -> None:
    told = problem(asked.get(f"/api/v1/{path}"), status, kind)
    if hint:
        assert told["hint"] == hint
        assert hint in told["detail"]


@pytest.mark.parametrize("path", [*READS, "../health"])
@pytest.mark.parametrize("name", ["scpoe", "Scope", "x", "参数"])
def test_a_name_that_no_route_knows_is_refused(asked: Served, path: str, name: str) -> None:
    glue = "&" if "?" in path else "?"
    told = problem(asked.get(f"/api/v1/{path}{glue}{name}=900101"), 400, "unknown-parameter")
    assert (told["got"], told["parameter"]) == (name, name)
    assert "lang" in told["expected"]
    if name == "scpoe" and path != "../health":
        assert told["hint"] == "scope"


def test_names_that_are_another_routes_are_refused_too(asked: Served) -> None:
    assert "line" not in problem(asked.get("/api/v1/gaps?line=first"), 400, "unknown-parameter")["expected"]
    problem(asked.post("/api/v1/readings?dry=1", json=[]), 400, "unknown-parameter")
    assert asked.get("/api/health?lang=en").status_code == 200
    assert asked.get("/metrics?collect=all").status_code == 200


def test_a_series_is_of_a_site_in_the_scope(asked: Served) -> None:
    sites = asked.board.profile.sites
    other = next(code for code in asked.board.scopes if code != sites.county[sites.row["c1"]])
    problem(asked.get(f"/api/v1/sites/c1/series?metric=wait_min&scope={other}"), 404, "unknown-site")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("DELETE", "sites", "GET"), ("GET", "readings", "POST"), ("PUT", "readings", "POST")],
)
def test_a_wrong_method_says_which_are_right(asked: Served, method: str, path: str, allowed: str) -> None:
    answer = asked.client.request(method, f"/api/v1/{path}")
    told = problem(answer, 405, "wrong-method")
    assert allowed in told["expected"]
    assert allowed in answer.headers["allow"]


def test_problems_speak_the_language_asked_for(asked: Served) -> None:
    def detail(lang: str = "", **headers: str) -> str:
        return problem(
            asked.get(f"/api/v1/layers/none{lang}", headers={"Accept-Language": "", **headers}),
            404,
            "unknown-layer",
        )["detail"]

    assert "没有" in detail()
    assert "There is no layer" in detail("?lang=en")
    assert "There is no layer" in detail(**{"Accept-Language": "en-GB,en;q=0.9"})
    assert "没有" in detail("?lang=zh-CN", **{"Accept-Language": "en"})


WILD = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["", "900101", "first", "c1", "wait_min", "outcomes.x", "2026-06-03T11:00:00+08:00", "1780459000"]
    ),
    st.integers(-(10**15), 10**15).map(str),
    st.floats().map(str),
)
NAMES = ("scope", "at", "lang", "line", "kind", "state", "metric", "from", "to", "step", "size")


@settings(max_examples=150)
@given(
    path=st.sampled_from([path.partition("?")[0] for path in READS if "snapshot" not in path])
    | st.text(max_size=20).map(lambda text: f"layers/{quote(text, safe='')}")
    | st.text(max_size=20).map(lambda text: f"sites/{quote(text, safe='')}/series"),
    query=st.dictionaries(st.sampled_from(NAMES), WILD, max_size=4),
)
def test_whatever_is_asked_gets_an_answer(asked: Served, path: str, query: dict[str, str]) -> None:
    answer = asked.client.get(f"/api/v1/{path}?{urlencode(query, errors='replace')}")
    assert answer.status_code in (200, 400, 404), answer.text
    if answer.status_code != 200:
        assert answer.json()["detail"]


def test_a_failure_inside_is_a_problem_without_a_traceback(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.api.lines.line_rows", lambda *_: 1 / 0)
    told = problem(served.get("/api/v1/lines"), 500, "failed")
    assert "division" not in json.dumps(told)
    assert served.get("/api/health").status_code == 200


def test_a_store_that_fails_is_said_and_nothing_is_acknowledged(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StoreError("database or disk is full")

    monkeypatch.setattr(served.board.engine.store, "write", full)
    row = {"site_id": "c1", "observed_at": "2026-06-03T12:00:00+08:00", "wait_min": 7}
    told = problem(served.post("/api/v1/readings", json=[row]), 503, "store-failed")
    assert "disk" not in told["detail"]
    monkeypatch.undo()
    assert served.post("/api/v1/readings", json=[row]).json()["accepted"] == 1


ROW = {"site_id": "c1", "observed_at": "2026-06-03T12:00:00+08:00", "wait_min": 7}
FENCE = {"fence_id": "f1", "observed_at": "2026-06-03T12:00:00+08:00", "state": "down"}
BODY = [ROW, FENCE, {**ROW, "site_id": "c99"}]


class Failing:
    """A store of which one way of writing fails."""

    def __init__(self, store: Any, method: str) -> None:
        self._store, self._method = store, method

    def __getattr__(self, name: str) -> Any:
        if name == self._method:
            return self._fail
        return getattr(self._store, name)

    def _fail(self, *_: object, **__: object) -> None:
        raise StoreError("database or disk is full")


@pytest.mark.parametrize("method", ["quarantine", "write"])
def test_when_it_is_said_that_no_reading_was_stored_none_was(
    served: Served, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    engine = served.board.engine
    monkeypatch.setattr(engine, "store", Failing(engine.store, method))
    told = problem(served.post("/api/v1/readings?lang=en", json=BODY), 503, "store-failed")
    assert "no reading or report of this was stored" in told["detail"]
    monkeypatch.undo()
    assert len(engine.store.read(0, NOON)) == 0
    answer = served.post("/api/v1/readings", json=BODY).json()
    assert (answer["accepted"], answer["duplicate"], answer["rejected_count"]) == (2, 0, 1)


def test_a_store_that_fails_after_the_readings_says_that_they_were_kept(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = served.board.engine
    monkeypatch.setattr(engine, "store", Failing(engine.store, "write_reports"))
    told = problem(served.post("/api/v1/readings?lang=en", json=BODY), 503, "store-failed-midway")
    assert (told["accepted"], told["duplicate"], told["corrected"]) == (1, 0, 0)
    assert "nothing" not in told["detail"]
    problem(served.post("/api/v1/readings", json=[FENCE]), 503, "store-failed")
    monkeypatch.undo()
    assert len(engine.store.read(0, NOON)) == 1
    answer = served.post("/api/v1/readings", json=BODY).json()
    assert (answer["accepted"], answer["duplicate"]) == (1, 1)


def test_a_drawing_that_the_server_cannot_make_is_its_own_fault(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_font(*_: object, **__: object) -> None:
        raise FaultsError(
            [Fault("No Chinese font is installed", expected="a font", hint="Install fonts-noto-cjk")]
        )

    monkeypatch.setattr("dashboard.exports.snapshot.draw_snapshot", no_font)
    # Where it can be kept from having a font.
    monkeypatch.setattr(served.app.server.state.queue.maker, "worker", Here())
    told = problem(served.get("/api/v1/snapshot.png?lang=en"), 503, "cannot-draw")
    assert "Install fonts-noto-cjk" in told["detail"]
