"""The read side of the interface, over HTTP."""

from typing import Any

import numpy as np
import pytest

from dashboard.pinyin import initials
from data.readings import Readings, Reports
from data.series import METRICS
from tests.conftest import NOON
from tests.dashboard.asking import ok
from tests.serving import Served

FULL = {
    "persons_in": 30, "persons_out": 20, "vehicles_in": 10, "vehicles_out": 5, "queue_m": 120, "wait_min": 7,
    "lanes_open": 2, "staff_on_duty": 9,
}  # fmt: skip


def report(served: Served, site: str, at: int = NOON, **columns: Any) -> None:
    served.board.engine.readings(
        Readings.of(site_id=[site], observed_at=[at], **{key: [value] for key, value in columns.items()})
    )


def empty(served: Served) -> None:
    """Every site says that nobody is there, every fence that it is down."""
    for site_id in served.board.profile.sites.site_id.tolist():
        report(served, site_id, **(FULL | {"staff_on_duty": 0}))
    for fence_id in served.board.profile.fences["fence_id"].tolist():
        fence(served, fence_id, "down")


def fence(served: Served, fence_id: str, state: str) -> None:
    def one(value: Any, kind: Any = object) -> Any:
        return np.array([value], dtype=kind)

    served.board.engine.reports(
        Reports(
            one("fence"), one(fence_id), one(NOON, np.int64), one(state), one(np.nan, float), one(2, float)
        )
    )


def test_health(served: Served) -> None:
    told = ok(served.get("/api/health"))
    assert (told["status"], told["sites"], told["simulated"], told["data_age_s"]) == ("ok", 8, False, None)
    assert told["picture_at"] == "2026-06-03T12:00:00+08:00"
    assert told["version"] == served.board.version
    report(served, "c1", at=NOON - 30, **FULL)
    served.settle()
    later = ok(served.get("/api/health"))
    assert later["data_age_s"] == 30
    assert later["revision"] > told["revision"]
    assert served.client.head("/api/health").status_code == 200


def test_health_says_when_pictures_stop(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data.adopted.look", lambda *_, **__: 1 / 0)
    served.board.clock.forward(60)
    answer = served.get("/api/health")
    assert (answer.status_code, answer.json()["status"]) == (503, "stalled")


def test_sites_carry_their_fields_and_their_state(served: Served) -> None:
    report(served, "c1", **FULL)
    served.settle()
    told = ok(served.get("/api/v1/sites"))
    assert told["type"] == "FeatureCollection"
    assert len(told["features"]) == 8
    profile = served.board.profile
    row = profile.sites.row["c1"]
    (feature,) = [one for one in told["features"] if one["id"] == "c1"]
    assert feature["geometry"]["coordinates"] == [profile.sites.lon[row], profile.sites.lat[row]]
    properties = feature["properties"]
    expected = {
        "site_id": "c1", "name": profile.sites.name[row], "kind": profile.sites.kind[row],
        "line": "third", "county": profile.sites.county[row], "status": "normal",
        "queue_m": 120, "wait_min": 7, "lanes_open": 2, "staff_on_duty": 9, "method": "measured",
        "data_age_s": 0,
        "persons_per_hour": 3000, "vehicles_per_hour": 900, "observed_at": "2026-06-03T12:00:00+08:00",
    }  # fmt: skip
    assert {key: properties[key] for key in expected} == expected
    assert set(properties["windows"]) == {"5", "15", "60"}
    assert properties["staff_required"] == profile.sites.staff_required["III"][row]
    assert set(properties["staff_required_by_level"]) == {"I", "II", "III", "IV"}
    (silent,) = [one["properties"] for one in told["features"] if one["id"] == "c2"]
    assert (silent["status"], silent["data_age_s"], silent["persons_per_hour"]) == ("no_data", None, None)


def test_sites_by_line_kind_and_scope(served: Served) -> None:
    sites = served.board.profile.sites

    def ids(query: str) -> set[str]:
        return {feature["id"] for feature in ok(served.get(f"/api/v1/sites?{query}"))["features"]}

    assert ids("line=first") == set(sites.site_id[sites.line == "first"])
    assert ids("kind=duty_point,second_line_post") == {"d1", "d2", "d3", "p1", "p2"}
    county = sites.county[0]
    assert ids(f"scope={county}") == set(sites.site_id[sites.county == county])
    assert ids(f"scope={county}&line=third&kind=duty_point") == set()


def test_the_past_is_answered_from_the_store(served: Served) -> None:
    report(served, "c1", at=NOON - 3600, **FULL)
    report(served, "c1", at=NOON, **(FULL | {"wait_min": 40}))
    served.settle()
    for at in (str(NOON - 3590), "2026-06-03T11:00:10+08:00", "2026-06-03T03:00:10Z"):
        told = ok(served.get("/api/v1/sites", params={"at": at}))
        assert told["at"] == "2026-06-03T11:00:10+08:00"
        (site,) = [one["properties"] for one in told["features"] if one["id"] == "c1"]
        assert (site["wait_min"], site["status"], site["data_age_s"]) == (7, "normal", 10)
    # A plus sign that was not escaped.
    assert ok(served.get("/api/v1/sites?at=2026-06-03T11:00:10+08:00"))["at"] == told["at"]
    before = ok(served.get("/api/v1/sites", params={"at": str(NOON - 7200)}))
    assert {one["properties"]["status"] for one in before["features"]} == {"no_data"}


def test_lines(served: Served) -> None:
    report(served, "c1", **FULL)
    served.settle()
    told = ok(served.get("/api/v1/lines?lang=en"))
    first, second, third = told["lines"]
    assert [line["id"] for line in told["lines"]] == ["first", "second", "third"]
    assert third["name"] == "Third line"
    assert (third["sites"], third["online"], third["staff_on_duty"], third["persons_per_hour"]) == (
        3,
        1,
        9,
        3000,
    )
    assert (first["km_covered"], first["km_uncovered"], first["km_unknown"]) == (None, None, first["km"])
    assert second["km"] is None
    assert set(third["alerts"]) == {"critical", "warning", "notice"}


@pytest.mark.parametrize("absent", [{"lanes_open": 0}, {"staff_on_duty": 0}])
def test_nobody_stands_behind_a_gap_where_a_post_is_closed_or_empty(
    served: Served, absent: dict[str, int]
) -> None:
    empty(served)
    report(served, "p1", **(FULL | absent))
    served.settle()
    assert {one["properties"]["behind"] for one in ok(served.get("/api/v1/gaps"))["features"]} == {None}
    report(served, "p2", **FULL)
    served.settle()
    behind = [one["properties"]["behind"]["site_id"] for one in ok(served.get("/api/v1/gaps"))["features"]]
    assert set(behind) == {"p2"}


def test_gaps_have_a_place_and_what_stands_behind_them(served: Served) -> None:
    empty(served)
    served.settle()
    whole = ok(served.get("/api/v1/gaps"))["features"]
    length = served.board.profile.border.length_km
    assert sum(one["properties"]["km"] for one in whole) == pytest.approx(length, abs=0.005)
    assert {one["properties"]["behind"] for one in whole} == {None}
    report(served, "d1", **FULL)
    report(served, "p1", **FULL)
    served.settle()
    told = ok(served.get("/api/v1/gaps"))["features"]
    assert sum(one["properties"]["km"] for one in told) < length - 1
    for one in told:
        properties = one["properties"]
        assert properties["km"] == pytest.approx(properties["to_km"] - properties["from_km"], abs=0.0011)
        assert one["geometry"]["type"] in ("LineString", "MultiLineString")
        assert properties["behind"]["site_id"] == "p1"
        assert properties["behind"]["km"] > 0
    counties = {one["properties"]["county"] for one in told}
    scope = counties.pop()
    cut = ok(served.get(f"/api/v1/gaps?scope={scope}"))["features"]
    assert {one["properties"]["county"] for one in cut} == {scope}


def test_alerts_through_their_life(served: Served) -> None:
    clock = served.board.clock

    def at(wait: float) -> None:
        report(served, "c1", at=int(clock()), **(FULL | {"wait_min": wait}))
        served.settle()

    def waits(query: str = "") -> list[dict[str, Any]]:
        told = ok(served.get(f"/api/v1/alerts?lang=en{query}"))["alerts"]
        return [alert for alert in told if alert["rule"] == "wait_over_30"]

    at(45)
    (pending,) = waits()
    assert (pending["state"], pending["site_id"], pending["severity"]) == ("pending", "c1", "critical")
    assert waits("&state=firing") == []
    clock.forward(90)
    at(50)
    (firing,) = waits("&state=firing")
    assert firing["id"] == pending["id"]
    assert (firing["value"], firing["started_at"]) == (50, "2026-06-03T12:00:00+08:00")
    assert "lanes" in firing["advice"]
    county = served.board.profile.sites.county[served.board.profile.sites.row["c1"]]
    assert len(waits(f"&scope={county}")) == 1
    other = next(code for code in served.board.scopes if code != county)
    assert waits(f"&scope={other}") == []
    clock.forward(60)
    at(5)
    assert waits() == []
    (resolved,) = waits("&state=resolved")
    assert (resolved["id"], resolved["state"]) == (firing["id"], "resolved")
    assert resolved["resolved_at"] == "2026-06-03T12:02:30+08:00"
    assert waits(f"&state=resolved&scope={other}") == []
    assert waits("&state=acknowledged") == []
    # The same moments asked for afterwards.
    (then,) = waits(f"&at={NOON + 100}")
    assert (then["state"], then["value"]) == ("firing", 50)


def test_fence_alerts_name_the_fence(served: Served) -> None:
    fence_id = served.board.profile.fences["fence_id"].iloc[0]
    fence(served, fence_id, "down")
    served.settle()
    told = {alert["rule"]: alert for alert in ok(served.get("/api/v1/alerts"))["alerts"]}
    down = told["fence_down"]
    assert (down["fence_id"], down["site_id"], down["state"]) == (fence_id, None, "firing")
    assert down["name"] == served.board.profile.fences["name"].iloc[0]
    assert told["fence_crossed"]["value"] == 2


def test_series_sum_counts_average_gauges_and_keep_gaps(served: Served) -> None:
    for minute, wait in ((10, 4), (20, 8), (70, 6)):
        report(
            served, "c1", at=NOON - 7200 + minute * 60, **(FULL | {"wait_min": wait, "lanes_open": minute})
        )
    query = {"from": str(NOON - 7200), "to": str(NOON), "step": "3600"}

    def series(metric: str) -> list[Any]:
        told = ok(served.get("/api/v1/sites/c1/series", params={**query, "metric": metric}))
        assert [point["t"] for point in told] == ["2026-06-03T10:00:00+08:00", "2026-06-03T11:00:00+08:00"]
        return [point["value"] for point in told]

    assert series("persons_in") == [60, 30]
    assert series("wait_min") == [6, 6]
    assert series("lanes_open") == [20, 70]
    query = {"from": str(NOON - 3600), "to": str(NOON), "step": "1800"}
    told = ok(served.get("/api/v1/sites/c1/series", params={**query, "metric": "queue_m"}))
    assert [point["value"] for point in told] == [120, None]


@pytest.mark.parametrize("metric", METRICS)
def test_every_metric_has_a_series(served: Served, metric: str) -> None:
    report(served, "c1", **FULL)
    told = ok(served.get("/api/v1/sites/c1/series", params={"metric": metric}))
    assert len(told) == 96
    assert set(told[0]) == {"t", "value"}


def test_layers_are_listed_and_told_as_geojson(served: Served) -> None:
    told = ok(served.get("/api/v1/layers?lang=en"))["layers"]
    names = [layer["name"] for layer in told]
    assert names[0] == "sites"
    assert {"counties", "border", "fences", "crossings", "checkpoints"} <= set(names)
    for layer in told:
        collection = ok(served.get(layer["href"]))
        assert len(collection["features"]) == layer["features"]
        assert all(feature["geometry"] for feature in collection["features"])
    sites = ok(served.get("/api/v1/layers/sites?lang=en"))["features"]
    assert set(sites[0]["properties"]) == {
        "site_id", "name", "kind", "kind_name", "line", "county", "county_name", "lanes_total", "smart",
        "initials", "pinyin",
    }  # fmt: skip
    assert sites[0]["properties"]["kind_name"] == "Duty point"
    scope = next(iter(served.board.scopes))
    for name in ("sites", "counties", "checkpoints"):
        for feature in ok(served.get(f"/api/v1/layers/{name}?scope={scope}"))["features"]:
            assert scope in (feature["properties"].get("county"), feature["properties"].get("adcode"))


def test_layers_are_counted_in_the_scope_asked_for(served: Served) -> None:
    whole = {layer["name"]: layer["features"] for layer in ok(served.get("/api/v1/layers"))["layers"]}
    for scope in served.board.scopes:
        told = ok(served.get(f"/api/v1/layers?scope={scope}"))["layers"]
        for layer in told:
            assert len(ok(served.get(layer["href"]))["features"]) == layer["features"]
        cut = {layer["name"]: layer["features"] for layer in told}
        assert cut["counties"] == 1 < whole["counties"]
        assert 0 < cut["sites"] < whole["sites"]


def test_sites_are_found_by_their_initials(served: Served) -> None:
    told = ok(served.get("/api/v1/layers/sites"))["features"]
    for one in told:
        assert one["properties"]["initials"] == initials(one["properties"]["name"])
        assert one["properties"]["initials"].isascii()


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("小黑江", "xhj"), ("重庆路2号岗", "cql2hg zql2hg"), ("二线卡点", "exkd exqd"),
        ("Post A-7 南伞", "posta7ns"), ("ＡＢ３", "ab3"),
        ("（临时）", "ls"), ("", ""),
    ],
)  # fmt: skip
def test_initials_of_a_name(name: str, typed: str) -> None:
    assert initials(name) == typed


def test_a_layer_is_fetched_again_only_when_it_changed(served: Served) -> None:
    first = served.get("/api/v1/layers/counties")
    again = served.get("/api/v1/layers/counties", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert served.get("/api/v1/layers/counties", headers={"If-None-Match": 'W/"0"'}).status_code == 200


def test_a_picture_is_what_the_live_socket_begins_with(served: Served) -> None:
    report(served, "c1", **FULL)
    served.settle()
    told = ok(served.get("/api/v1/picture"))
    assert (told["type"], told["sites"]["c1"]["wait_min"]) == ("picture", 7)
    past = ok(served.get("/api/v1/picture", params={"at": str(NOON - 10)}))
    assert (past["at"], past["sites"]["c1"]["wait_min"]) == (NOON - 10, None)


def test_metrics_are_prometheus_text(served: Served) -> None:
    from prometheus_client.parser import text_string_to_metric_families

    report(served, "c1", **FULL)
    served.settle()
    answer = served.get("/metrics")
    families = {family.name: family for family in text_string_to_metric_families(answer.text)}
    sites = {tuple(sample.labels.values()): sample.value for sample in families["threeline_sites"].samples}
    assert sum(sites.values()) == 8
    assert sites["third", "normal"] == 1
    assert families["threeline_data_age_seconds"].samples[0].value == 0


def test_a_snapshot_is_a_png_of_its_size(served: Served) -> None:
    answer = served.get("/api/v1/snapshot.png?size=800x450&lang=en")
    assert answer.headers["content-type"] == "image/png"
    assert answer.content[:8] == b"\x89PNG\r\n\x1a\n"
    assert np.frombuffer(answer.content[16:24], ">u4").tolist() == [800, 450]


def test_large_answers_are_compressed(served: Served) -> None:
    with served.client.stream("GET", "/api/v1/sites", headers={"Accept-Encoding": "gzip"}) as answer:
        packed = len(b"".join(answer.iter_raw()))
        assert answer.headers["content-encoding"] == "gzip"
    assert packed < len(served.get("/api/v1/sites", headers={"Accept-Encoding": "identity"}).content) / 3


def test_the_interface_describes_itself(served: Served) -> None:
    paths = ok(served.get("/api/openapi.json"))["paths"]
    assert {"/api/health", "/api/v1/sites", "/api/v1/readings", "/api/v1/layers/{name}"} <= set(paths)
