"""OGC API Features as the standard asks: parts 1 and 2, and of part 3 the queryables."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely
from pyproj import Transformer

from tests.conftest import NOON
from tests.dashboard.asking import ok, problem
from tests.dashboard.giving import features, link, rels, report
from tests.serving import Served

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
GEOJSON = "application/geo+json"
SITES = "/ogc/collections/sites/items"
AT = "2026-06-03T04:00:00Z"
"""Noon, as the clock of these tests stands."""


def test_the_landing_page_leads_to_everything(asked: Served) -> None:
    for path in ("/ogc", "/ogc/"):
        told = ok(asked.get(path))
        assert told["title"] == "样例州三道防线态势"
        assert rels(told) == {"self", "service-desc", "conformance", "data"}
        assert link(told, "self")["href"] == f"{asked.url}{path}"
        for one in told["links"]:
            answer = asked.get(one["href"])
            assert answer.status_code == 200
            assert answer.headers["content-type"] == one["type"]
            assert answer.headers["cache-control"] == "no-store"


def test_links_follow_the_name_the_board_was_reached_by(asked: Served) -> None:
    told = ok(asked.get("/ogc/", headers={"Host": "localhost:81"}))
    assert {one["href"].partition("/ogc")[0] for one in told["links"]} == {"http://localhost:81"}
    # Who says that it speaks https is believed only where it is a proxy that the settings name.
    told = ok(asked.get("/ogc/", headers={"X-Forwarded-Proto": "https"}))
    assert all(one["href"].startswith("http://") for one in told["links"])


def test_what_is_claimed(asked: Served) -> None:
    claimed = ok(asked.get("/ogc/conformance"))["conformsTo"]
    part = "http://www.opengis.net/spec/ogcapi-features-"
    for name in ("1/1.0/conf/core", "1/1.0/conf/geojson", "1/1.0/conf/oas30", "2/1.0/conf/crs"):
        assert part + name in claimed


def test_collections_tell_what_they_are(asked: Served) -> None:
    told = ok(asked.get("/ogc/collections"))
    assert rels(told) == {"self"}
    by_id = {one["id"]: one for one in told["collections"]}
    layers = set(asked.board.profile.layers)
    assert set(by_id) == {"sites", "gaps", "fences_lines", "fences_areas"} | layers
    for name, one in by_id.items():
        assert one == ok(asked.get(f"/ogc/collections/{name}")), name
        assert {"self", "items", "describedBy"} <= rels(one)
        assert link(one, "items") | {"title": ""} == {
            "href": f"{asked.url}/ogc/collections/{name}/items", "rel": "items", "type": GEOJSON, "title": "",
        }  # fmt: skip
        (box,) = one["extent"]["spatial"]["bbox"]
        assert box[0] < box[2]
        assert box[1] < box[3]
        assert one["itemType"] == "feature"
        assert one["crs"][0] == one["storageCrs"] == CRS84
        assert one["attribution"] == "虚构数据，仅供测试"
        assert one["attribution"] in one["description"]
    assert by_id["sites"]["positionSource"] == ["demonstration"]
    assert "示意位置" in by_id["sites"]["description"]
    # A store without readings: since when there is data is not known.
    assert by_id["sites"]["extent"]["temporal"] == {"interval": [[None, None]]}
    assert "temporal" not in by_id["counties"]["extent"]


def test_the_zone_of_cgcs2000_fits_the_place(asked: Served) -> None:
    """99 degrees east is the middle of the 33rd zone of three degrees: EPSG:4521, without its number 4542."""
    told = ok(asked.get("/ogc/collections/sites"))["crs"]
    assert told == [CRS84, *(f"{EPSG}{code}" for code in (4326, 4490, 4521, 4542))]


@pytest.mark.parametrize("name", ["sites", "gaps", "fences", "counties", "crossings", "border"])
def test_a_page_of_features(asked: Served, name: str) -> None:
    answer = asked.get(f"/ogc/collections/{name}/items")
    told = ok(answer)
    assert answer.headers["content-type"] == GEOJSON
    assert answer.headers["content-crs"] == f"<{CRS84}>"
    assert told["type"] == "FeatureCollection"
    assert told["timeStamp"] == AT
    assert told["numberMatched"] == told["numberReturned"] == len(told["features"])
    # Before the first reading nobody knows of a gap, and that is told of the whole border.
    assert told["features"]
    assert {"self", "collection"} == rels(told)
    assert all(one["type"] for one in told["links"])
    ids = [feature["id"] for feature in told["features"]]
    assert len(set(ids)) == len(ids)
    for feature in told["features"]:
        assert shapely.is_valid(shapely.geometry.shape(feature["geometry"]))
        assert feature["properties"]["source"] == "虚构数据，仅供测试"
        assert feature["properties"]["simulated"] is False
        one = ok(asked.get(f"/ogc/collections/{name}/items/{feature['id']}"))
        assert {"self", "collection"} == rels(one)
        assert one["geometry"] == feature["geometry"]
        assert one["properties"] == feature["properties"]


def test_sites_carry_their_state(served: Served) -> None:
    report(served, "c1")
    served.settle()
    told = features(served.get(SITES))
    assert set(told) == set(served.board.profile.sites.site_id)
    properties = told["c1"]["properties"]
    expected = {
        "site_id": "c1", "line": "third", "line_name": "三线堵截", "status": "normal", "status_name": "正常",
        "persons_per_hour": 3000, "vehicles_per_hour": 900, "queue_m": 120, "wait_min": 7, "lanes_open": 2,
        "staff_on_duty": 9, "method": "measured", "data_age_s": 0, "position_source": "demonstration",
        "observed_at": "2026-06-03T12:00:00+08:00", "as_of": "2026-06-03T12:00:00+08:00",
    }  # fmt: skip
    assert {key: properties[key] for key in expected} == expected
    row = served.board.profile.sites.row["c1"]
    assert properties["staff_required"] == served.board.profile.sites.staff_required["III"][row]
    silent = told["c2"]["properties"]
    assert (silent["status"], silent["wait_min"], silent["observed_at"]) == ("no_data", None, None)
    # The same numbers as everywhere else, and the layer of a site kind tells them too.
    api = features(served.get("/api/v1/sites"))["c1"]["properties"]
    assert {key: api[key] for key in api.keys() & properties.keys() if key != "smart"} == {
        key: properties[key] for key in api.keys() & properties.keys() if key != "smart"
    }
    assert features(served.get("/ogc/collections/checkpoints/items"))["c1"]["properties"] == properties
    assert ok(served.get("/ogc/collections/sites"))["extent"]["temporal"]["interval"] == [[AT, None]]


def test_a_simulated_reading_marks_everything(served: Served) -> None:
    assert "模拟" not in ok(served.get("/ogc/collections/sites"))["description"]
    report(served, "c1", method="simulated")
    served.board.engine.resume()
    told = ok(served.get(SITES))
    assert told["simulated"] is True
    assert {feature["properties"]["simulated"] for feature in told["features"]} == {True}
    assert features(served.get(SITES))["c1"]["properties"]["method"] == "simulated"
    for path in ("/ogc/", "/ogc/collections/sites", "/ogc/collections/counties"):
        assert "模拟数据" in ok(served.get(path))["description"], path
        assert "Simulated" in ok(served.get(f"{path}?lang=en"))["description"], path


def test_pages_lead_to_each_other_and_lose_nothing(asked: Served) -> None:
    found, told, url = [], {}, f"{SITES}?limit=3"
    for expected in (3, 3, 2):
        told = ok(asked.get(url))
        assert (told["numberMatched"], told["numberReturned"]) == (8, expected)
        found += [feature["id"] for feature in told["features"]]
        url = link(told, "next")["href"] if "next" in rels(told) else ""
    assert url == ""
    assert found == asked.board.profile.sites.site_id.tolist()
    before = ok(asked.get(link(told, "prev")["href"]))
    assert [feature["id"] for feature in before["features"]] == found[3:6]
    beyond = ok(asked.get(f"{SITES}?offset=100"))
    assert (beyond["numberMatched"], beyond["numberReturned"], beyond["features"]) == (8, 0, [])
    # More than the most is not wrong.
    assert ok(asked.get(f"{SITES}?limit=999999999"))["numberReturned"] == 8


def test_pages_tell_one_moment(served: Served) -> None:
    """A site that leaves the filter between two pages is neither lost nor told twice."""
    for site in ("c1", "c2", "c3"):
        report(served, site)
    served.settle()
    first = ok(served.get(f"{SITES}?status=normal&limit=2"))
    assert [feature["id"] for feature in first["features"]] == ["c1", "c2"]
    served.board.clock.forward(1)
    report(served, "c1", NOON + 1, wait_min=60)
    served.settle()
    assert ok(served.get(f"{SITES}?status=normal"))["numberMatched"] == 2
    second = ok(served.get(link(first, "next")["href"]))
    assert [feature["id"] for feature in second["features"]] == ["c3"]
    assert second["at"] == first["at"]


@pytest.mark.parametrize("uri", [f"{EPSG}4326", f"{EPSG}4490", f"{EPSG}4521", f"{EPSG}4542"])
def test_another_system_in_the_order_of_its_axes(asked: Served, uri: str) -> None:
    plain, answer = features(asked.get(SITES)), asked.get(SITES, params={"crs": uri})
    assert answer.headers["content-crs"] == f"<{uri}>"
    there = Transformer.from_crs("OGC:CRS84", f"EPSG:{uri.rpartition('/')[2]}")
    one = asked.get(f"{SITES}/c1", params={"crs": uri})
    assert one.headers["content-crs"] == f"<{uri}>"
    assert ok(one)["geometry"] == features(answer)["c1"]["geometry"]
    for name, feature in features(answer).items():
        expected = there.transform(*plain[name]["geometry"]["coordinates"])
        assert feature["geometry"]["coordinates"] == pytest.approx(expected, abs=0.002)


def test_a_box_in_every_system_finds_the_same(asked: Served) -> None:
    sites = asked.board.profile.sites
    inside = (sites.lon > 99.12) & (sites.lon < 99.35) & (sites.lat > 23.6) & (sites.lat < 23.9)
    expected = set(sites.site_id[inside])
    assert 0 < len(expected) < 8
    assert set(features(asked.get(SITES, params={"bbox": "99.12,23.6,99.35,23.9"}))) == expected
    # A height asks for nothing.
    assert set(features(asked.get(SITES, params={"bbox": "99.12,23.6,-10,99.35,23.9,9000"}))) == expected
    for code, order in ((4326, "23.6,99.12,23.9,99.35"), (4490, "23.6,99.12,23.9,99.35")):
        found = asked.get(SITES, params={"bbox": order, "bbox-crs": f"{EPSG}{code}"})
        assert set(features(found)) == expected
    north, east = Transformer.from_crs("OGC:CRS84", "EPSG:4542").transform(sites.lon, sites.lat)
    low, high = (
        (north[inside].min() - 1, east[inside].min() - 1),
        (north[inside].max() + 1, east[inside].max() + 1),
    )
    there = (north > low[0]) & (north < high[0]) & (east > low[1]) & (east < high[1])
    box = ",".join(map(str, (*low, *high)))
    found = asked.get(SITES, params={"bbox": box, "bbox-crs": f"{EPSG}4542"})
    assert set(features(found)) == set(sites.site_id[there])


def test_a_box_across_the_antimeridian(asked: Served) -> None:
    around = ok(asked.get(SITES, params={"bbox": "170,20,99.2,25"}))
    west = asked.board.profile.sites.lon <= 99.2
    assert around["numberMatched"] == int(west.sum()) > 0


def test_lines_and_areas_meet_a_box_by_their_shape(asked: Served) -> None:
    frame = asked.board.profile.layers["counties"]
    west, south, east, north = frame.geometry.iloc[0].bounds
    corner = f"{west - 0.01},{south - 0.01},{west},{south}"
    whole = features(
        asked.get("/ogc/collections/counties/items", params={"bbox": f"{west},{south},{east},{north}"})
    )
    assert frame["adcode"].iloc[0] in whole
    box = shapely.box(*map(float, corner.split(",")))
    expected = set(frame["adcode"][np.asarray(shapely.intersects(frame.geometry.to_numpy(), box))])
    assert set(features(asked.get("/ogc/collections/counties/items", params={"bbox": corner}))) == expected


def test_the_past_by_datetime(served: Served) -> None:
    report(served, "c1", NOON - 3600)
    report(served, "c1", NOON, wait_min=40)
    report(served, "c2", NOON - 7200, wait_min=3)
    served.settle()

    def told(datetime: str) -> dict[str, dict[str, Any]]:
        return {
            key: one["properties"]
            for key, one in features(served.get(SITES, params={"datetime": datetime})).items()
        }

    then = told("2026-06-03T03:00:10Z")
    assert (then["c1"]["wait_min"], then["c1"]["data_age_s"], len(then)) == (7, 10, 8)
    assert then["c1"]["as_of"] == "2026-06-03T11:00:10+08:00"
    assert told("2026-06-03T11:00:10+08:00") == then
    # A span is told by its end, and leaves out what last reported before it; what never did has no time.
    assert set(told("2026-06-03T02:30:00Z/..")) == set(then) - {"c2"}
    assert set(told("2026-06-03T01:00:00Z/2026-06-03T03:00:10Z")) == set(then)
    assert told("../2026-06-03T03:00:10Z") == told("/2026-06-03T03:00:10Z") == then
    assert told(f"../{AT}")["c1"]["wait_min"] == 40
    assert told("2030-01-01T00:00:00Z") == {}
    # What is only a place has no time.
    counties = features(
        served.get("/ogc/collections/counties/items", params={"datetime": "2030-01-01T00:00:00Z"})
    )
    assert len(counties) == 2


def test_properties_are_asked_for_by_their_value(asked: Served) -> None:
    sites = asked.board.profile.sites
    line = set(sites.site_id[sites.line == "first"])
    assert set(features(asked.get(SITES, params={"line": "first"}))) == line
    both = asked.get(SITES, params={"line": "first", "kind": "checkpoint.level1"})
    assert features(both) == {}
    lanes = sites.lanes_total[sites.row["c1"]]
    assert "c1" in features(asked.get(SITES, params={"lanes_total": f"{lanes:g}"}))
    assert set(features(asked.get(SITES, params={"smart": "true"}))) == set(sites.site_id[sites.smart])
    assert features(asked.get(SITES, params={"name": sites.name[0]})).keys() == {sites.site_id[0]}


def test_queryables_are_parameters_and_described(asked: Served) -> None:
    answer = asked.get("/ogc/collections/sites/queryables")
    told = ok(answer)
    assert answer.headers["content-type"] == "application/schema+json"
    assert told["$id"] == f"{asked.url}/ogc/collections/sites/queryables"
    api = ok(asked.get("/ogc/api"))
    parameters = api["paths"]["/collections/sites/items"]["get"]["parameters"]
    named = {one["name"]: one["schema"] for one in parameters if "name" in one}
    simple = {name: schema for name, schema in told["properties"].items() if "type" in schema}
    assert simple.keys() == named.keys()
    for name, schema in simple.items():
        assert {key: value for key, value in schema.items() if key != "title"} == named[name]
        assert asked.get(SITES, params={name: "1"}).status_code in (200, 400)
    told = ok(asked.get("/ogc/collections/sites/schema"))
    given = features(asked.get(SITES))["c1"]["properties"]
    assert list(told["properties"]["properties"]["properties"]) == list(given)


def test_the_definition_names_every_address_and_refusal(asked: Served) -> None:
    answer = asked.get("/ogc/api")
    assert answer.headers["content-type"] == "application/vnd.oai.openapi+json;version=3.0"
    told = ok(answer)
    assert told["openapi"].startswith("3.0")
    assert told["servers"] == [{"url": f"{asked.url}/ogc"}]
    for path, methods in told["paths"].items():
        if "{" not in path:
            assert asked.get(f"/ogc{path}").status_code == 200, path
        assert {"200", "400", "404", "500"} <= methods["get"]["responses"].keys()
        assert methods["get"]["operationId"]
    operations = [methods["get"]["operationId"] for methods in told["paths"].values()]
    assert len(set(operations)) == len(operations)

    def refs(value: Any) -> set[str]:
        if isinstance(value, dict):
            own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
            return own.union(*(refs(part) for part in value.values()))
        return set().union(*(refs(part) for part in value)) if isinstance(value, list) else set()

    for ref in refs(told):
        place = told
        for part in ref.removeprefix("#/").split("/"):
            place = place[part]


def test_a_county_gets_its_own_and_nothing_else(served: Served) -> None:
    report(served, "c1")
    served.settle()
    sites = served.board.profile.sites
    county = str(sites.county[sites.row["c1"]])
    own = set(sites.site_id[sites.county == county])
    other = next(iter(set(sites.site_id) - own))
    assert set(features(served.get(SITES, params={"scope": county}))) == own
    assert set(features(served.get("/ogc/collections/counties/items", params={"scope": county}))) == {county}
    problem(served.get(f"{SITES}/{other}", params={"scope": county}), 404, "unknown-feature")
    told = ok(served.get("/ogc/collections", params={"scope": county}))
    for one in told["collections"]:
        assert f"scope={county}" in link(one, "items")["href"]
    assert "scope=" in link(ok(served.get(SITES, params={"scope": county, "limit": "1"})), "next")["href"]


def test_gaps_say_what_stands_behind_them(served: Served) -> None:
    profile = served.board.profile
    report(served, "p1")
    report(served, "d1", staff_on_duty=0)
    served.settle()
    told = features(served.get("/ogc/collections/gaps/items"))
    picture = served.board.picture()
    assert len(told) == len(picture.gaps) + len(picture.unknown) > len(picture.gaps) > 0
    told = features(served.get("/ogc/collections/gaps/items", params={"known": "true"}))
    for gap, (name, feature) in zip(picture.gaps, told.items(), strict=True):
        assert name == f"{gap.line}.{round(gap.from_km * 1000)}-{round(gap.to_km * 1000)}"
        assert feature["properties"]["known"] is True
        assert feature["properties"]["km"] == pytest.approx(gap.km, abs=0.001)
        assert profile.border.length_km >= feature["properties"]["km"]
        assert feature["properties"]["behind_site_id"] == (gap.behind and gap.behind.site_id)
    again = ok(served.get("/ogc/collections/gaps/items", params={"known": "true"}))
    assert {feature["id"] for feature in again["features"]} == set(told)


def test_a_border_that_was_never_heard_of_is_told_as_not_known(served: Served) -> None:
    told = features(served.get("/ogc/collections/gaps/items"))
    api = ok(served.get("/api/v1/gaps"))
    assert (api["features"], len(told)) == ([], len(api["unknown"]))
    for there, feature in zip(api["unknown"], told.values(), strict=True):
        mine = feature["properties"]
        corners = [np.array(one["geometry"]["coordinates"]) for one in (feature, there)]
        assert corners[0] == pytest.approx(corners[1], abs=1e-6)
        assert {name: mine[name] for name in there["properties"]} == there["properties"]
        assert (mine["known"], mine["backed"], mine["behind_site_id"]) == (False, None, None)
    asked = {"known": "true"}
    assert features(served.get("/ogc/collections/gaps/items", params=asked)) == {}


def test_lines_and_areas_of_one_layer_are_offered_apart(asked: Served) -> None:
    whole = features(asked.get("/ogc/collections/fences/items"))
    parts = [features(asked.get(f"/ogc/collections/fences_{part}/items")) for part in ("lines", "areas")]
    assert parts[0] | parts[1] == whole
    assert all(len(part) > 0 for part in parts)
