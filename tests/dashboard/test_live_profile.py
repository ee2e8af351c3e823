"""An edit of the profile reaches everyone who is watching, and every answer of the interface."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection

from data.feeds.simulated import SimulatedFeed
from data.notices import refused
from layers.faults import Fault
from tests.conftest import NOON
from tests.dashboard.following import apply, in_order
from tests.dashboard.sockets import connect
from tests.data.edited import Edited
from tests.serving import LiveServer, Served, wait_for


@pytest.fixture
def edited(tmp_path: Path) -> Edited:
    return Edited(tmp_path)


@pytest.fixture
def served(serve: Callable[..., Served], edited: Edited) -> Served:
    return serve(edited.load(), simulate=False)


@contextmanager
def live(served: Served, query: str = "") -> Iterator[ClientConnection]:
    with connect(f"{served.live_url}?{query}", max_size=None) as link:
        yield link


def receive(link: ClientConnection) -> dict[str, Any]:
    return json.loads(link.recv(timeout=60))


def drain(link: ClientConnection) -> None:
    """Read until the connection ends."""
    while True:
        receive(link)


def follow(link: ClientConnection, whole: dict[str, Any], ready: Callable[[dict[str, Any]], bool]) -> Any:
    """Apply messages until the picture is as asked for."""
    while not ready(whole):
        whole = apply(whole, receive(link))
    return whole


def say(served: Served, site: str, **values: Any) -> dict[str, Any]:
    row = {"site_id": site, "observed_at": datetime.fromtimestamp(NOON, UTC).isoformat(), "persons_in": 3}
    return served.post("/api/v1/readings", json=[row | values]).json()


def without_county(edited: Edited, adcode: str) -> None:
    """Another county stands where this one was."""
    for file in ("counties.geojson", "checkpoints.geojson", "duty_points.csv", "fences.geojson"):
        edited.write(file, edited.text(file).replace(adcode, "900109"))


def test_everyone_gets_a_whole_picture_and_goes_on_from_there(served: Served, edited: Edited) -> None:
    with live(served) as first, live(served, "scope=900101&lang=en") as second:
        wholes = [receive(first), receive(second)]
        tag = served.board.profile.tag
        assert [whole["profile"] for whole in wholes] == [tag, tag]
        edited.checkpoint("c9")
        served.board.adopt(edited.load())
        assert served.board.profile.tag != tag
        for link, before in zip((first, second), wholes, strict=True):
            whole = before
            while (message := receive(link))["type"] == "delta":
                assert "c9" not in message.get("sites", {})
                whole = apply(whole, message)
            assert message["revision"] > whole["revision"]
            assert message["profile"] == served.board.profile.tag
            assert set(message["sites"]) == set(whole["sites"]) | {"c9"}
            assert say(
                served, "c9", wait_min=20, observed_at=datetime.fromtimestamp(NOON - 1, UTC).isoformat()
            )
            followed = follow(link, message, lambda now: now["sites"]["c9"]["status"] == "busy")
            assert followed["lines"][2]["sites"] == message["lines"][2]["sites"]
    with live(served) as link:
        fresh = receive(link)
        fresh |= {"revision": 0, "at": 0}
    with live(served, "lang=zh-CN") as link:
        again = receive(link) | {"revision": 0, "at": 0}
        assert in_order(fresh) == in_order(again)


def test_who_watches_a_county_that_went_is_told_and_closed(served: Served, edited: Edited) -> None:
    with live(served, "scope=900102") as gone, live(served, "scope=900101") as stays:
        receive(gone)
        receive(stays)
        without_county(edited, "900102")
        served.board.adopt(edited.load())
        with pytest.raises(ConnectionClosed) as closed:
            drain(gone)
        assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (4404, "No such scope: 900102")
        while receive(stays)["type"] != "picture":
            pass
        with live(served, "scope=900102") as late, pytest.raises(ConnectionClosed) as refused_too:
            receive(late)
        assert refused_too.value.rcvd.code == 4404
        with live(served, "scope=900109") as new:
            assert receive(new)["scope"] == "900109"
    assert served.get("/api/v1/sites?scope=900102").status_code == 404
    assert served.get("/api/v1/sites?scope=900109").status_code == 200
    assert served.board.engine.failed_steps == 0


def test_who_watches_in_a_language_that_went_is_told_and_closed(served: Served, edited: Edited) -> None:
    spec = edited.load().spec.model_copy(update={"languages": ["zh-CN"]})
    from dataclasses import replace

    with live(served, "lang=en") as link:
        receive(link)
        served.board.adopt(replace(edited.load(), spec=spec))
        with pytest.raises(ConnectionClosed) as closed:
            drain(link)
    assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (
        4400, "No such language: en; there are zh-CN",
    )  # fmt: skip


def test_every_answer_is_of_the_new_profile(served: Served, edited: Edited) -> None:
    assert say(served, "c2")["accepted"] == 1
    assert served.get("/api/v1/layers/checkpoints").json()["features"][1]["properties"]["site_id"] == "c2"
    edited.checkpoint("c9", opened_on="2026-01-01", closed_on="2030-01-01")
    edited.remove_checkpoint("c2")
    edited.replace("profile.toml", '"样例州三道防线态势"', '"改名州三道防线态势"')
    served.board.adopt(edited.load())
    sites = {one["id"]: one["properties"] for one in served.get("/api/v1/sites").json()["features"]}
    assert sites.keys() == set(served.board.profile.sites.site_id)
    assert {"c9"} == sites.keys() - {"c1", "c3", "d1", "d2", "d3", "p1", "p2"}
    told = {name: sites["c9"][name] for name in ("opened_on", "closed_on", "in_service", "status")}
    assert told == {
        "opened_on": "2026-01-01",
        "closed_on": "2030-01-01",
        "in_service": True,
        "status": "no_data",
    }
    assert (sites["c1"]["opened_on"], sites["c1"]["closed_on"]) == (None, None)
    for path in ("/api/v1/layers/sites", "/api/v1/layers/checkpoints"):
        ids = [one["properties"]["site_id"] for one in served.get(path).json()["features"]]
        assert "c9" in ids
        assert "c2" not in ids
    assert say(served, "c9")["accepted"] == 1
    rejected = say(served, "c2")["rejected"]
    assert [(row["field"], row["got"]) for row in rejected] == [("site_id", "c2")]
    assert served.get("/api/v1/sites/c2/series?metric=persons").status_code == 404
    assert served.get("/api/v1/sites/c9/series?metric=persons").status_code == 200
    assert "改名州三道防线态势" in served.get("/").text
    metrics = served.get("/metrics").text
    assert 'threeline_sites{line="third",status="no_data"}' in metrics
    past = served.get(f"/api/v1/picture?at={NOON - 600}").json()
    assert set(past["sites"]) == sites.keys()
    for path in ("/api/v1/lines", "/api/v1/gaps", "/api/v1/alerts", "/api/v1/layers"):
        assert served.get(path).status_code == 200, path


def test_health_says_what_is_shown_since_when(served: Served, edited: Edited, clock: Any) -> None:
    first = served.get("/api/health").json()["profile"]
    assert first == {
        "id": "small",
        "tag": served.board.profile.tag,
        "loaded_at": "2026-06-03T12:00:00+08:00",
        "refused": None,
    }
    clock.forward(60)
    edited.checkpoint("c9")
    served.board.adopt(edited.load())
    then = served.get("/api/health").json()["profile"]
    assert then["loaded_at"] == "2026-06-03T12:01:00+08:00"
    assert then["tag"] != first["tag"]


def test_a_refused_edit_is_told_everywhere_until_it_is_mended(served: Served) -> None:
    fault = Fault("lon cannot be read", "duty_points.csv", 3, "lon", "east", "degrees")
    with live(served, "lang=en") as link:
        whole = receive(link)
        assert whole["notices"] == []
        served.board.engine.tell([refused([fault] * 5, NOON)])
        whole = follow(link, whole, lambda now: bool(now.get("notices")))
        (notice,) = whole["notices"]
        assert (notice["id"], notice["severity"], notice["since"]) == ("profile-refused", "warning", NOON)
        assert notice["what"].startswith("Profile edit refused: 5 faults")
        for part in ("duty_points.csv", "row 3", "field lon", "east", "degrees"):
            assert part in notice["details"][0]
        assert notice["details"][3] == "2 more: threeline check lists them all"
        alerts = served.get("/api/v1/alerts").json()
        assert alerts["notices"][0]["what"] == "配置改动未采用：5 处问题，画面仍按原配置"
        assert alerts["notices"][0]["since"] == "2026-06-03T12:00:00+08:00"
        (cut,) = served.get("/api/v1/alerts?scope=900101&lang=en").json()["notices"]
        assert cut["details"] == ["5 more: threeline check lists them all"]
        health = served.get("/api/health")
        assert (health.status_code, health.json()["status"]) == (200, "ok")
        # Anyone may ask for it: no id, name or value of what was refused.
        assert health.json()["profile"]["refused"] == {
            "id": "profile-refused",
            "severity": "warning",
            "since": "2026-06-03T12:00:00+08:00",
            "faults": 5,
        }
        assert served.get(f"/api/v1/picture?at={NOON - 600}").json()["notices"] == []
        served.board.engine.tell([])
        whole = follow(link, whole, lambda now: not now["notices"])
    assert served.get("/api/health").json()["profile"]["refused"] is None


def test_rows_that_were_left_out_are_told(serve: Callable[..., Served], edited: Edited) -> None:
    from dataclasses import replace

    left_out = (Fault("lon cannot be read", "a.csv", 3, "lon", "x", "degrees"),)
    served = serve(replace(edited.load(), quarantined=left_out), simulate=False)
    (notice,) = served.get("/api/v1/alerts?lang=en").json()["notices"]
    assert (notice["severity"], notice["what"]) == ("warning", "a.csv: 1 row at fault left out")
    served.board.adopt(edited.load())
    assert served.get("/api/v1/alerts").json()["notices"] == []


def test_a_site_out_of_service_is_no_part_of_its_line(served: Served, edited: Edited) -> None:
    edited.checkpoint("c1", closed_on="2026-06-03")
    served.board.adopt(edited.load())
    with live(served) as link:
        whole = receive(link)
    assert (whole["sites"]["c1"]["status"], whole["sites"]["c1"]["in_service"]) == ("closed", False)
    assert (whole["sites"]["c2"]["in_service"], whole["sites"]["c1"]["staff_required"]) == (True, None)
    assert whole["lines"][2]["sites"] == 2


def test_the_simulated_feed_follows(serve: Callable[..., Served], edited: Edited, clock: Any) -> None:
    profile = edited.load()
    served = serve(profile, feeds=[SimulatedFeed(profile, clock=clock)], simulate=True)
    board = served.board
    edited.checkpoint("c9")
    edited.remove_checkpoint("c2")
    board.adopt(edited.load())
    # A day of it, as of the others.
    points = board.engine.history.series("c9", "persons", NOON - 86400, NOON, 3600)
    assert sum(value is not None for _, value in points) > 20
    wait_for(lambda: served.get("/api/health").json()["simulated"])
    newest = board.engine.store.latest(NOON + 10**6)
    assert "c9" in newest.site_id
    assert newest.observed_at[newest.site_id == "c2"].max() <= NOON


def test_serve_follows_the_folder(live_server: Callable[..., LiveServer], edited: Edited) -> None:
    server = live_server(edited.folder)
    first = server.health()["profile"]
    edited.checkpoint("c9")
    wait_for(lambda: server.health()["profile"]["tag"] != first["tag"], seconds=60, what="the new site")
    assert server.health()["sites"] == 9
    good = edited.text("checkpoints.geojson")
    edited.write("checkpoints.geojson", good[: len(good) // 2])
    wait_for(lambda: server.health()["profile"]["refused"], seconds=60, what="the refusal")
    health = server.health()
    assert (health["status"], health["sites"]) == ("ok", 9)
    assert health["profile"]["refused"]["faults"] == 1
    assert "checkpoints.geojson" not in str(health["profile"]["refused"])
    edited.write("checkpoints.geojson", good)
    wait_for(lambda: server.health()["profile"]["refused"] is None, seconds=60, what="its end")
