"""What OGC API Features refuses: in the words of RFC 9457, and never with the page of something else."""

from __future__ import annotations

import pytest

from tests.dashboard.asking import problem
from tests.serving import Served

EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
SITES = "/ogc/collections/sites/items"


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("nme=x", "unknown-parameter"), ("limit=0", "bad-number"), ("limit=x", "bad-number"),
        ("limit=-1", "bad-number"), ("offset=x", "bad-number"), ("limit=1&limit=2", "bad-value"),
        ("bbox=1,2,3", "bad-number"), ("bbox=1,2,x,4", "bad-number"), ("bbox=1,2,nan,4", "bad-number"),
        ("bbox=99,24,100,23", "bad-number"), ("datetime=noon", "bad-time"),
        ("datetime=2026-06-03", "bad-time"),
        ("datetime=2026-06-03T03:00:00Z/2026-06-03T02:00:00Z", "bad-time"),
        ("datetime=1/2/3", "bad-time"), ("datetime=2026-06-03T03:00:00", "bad-time"),
        ("crs=EPSG:4326", "bad-value"), (f"crs={EPSG}3857", "bad-value"), ("bbox-crs=x", "bad-value"),
        ("f=xml", "bad-value"), ("lang=fr", "bad-value"), ("smart=maybe", "bad-value"),
        ("lanes_total=x", "bad-number"), ("observed_at=x", "unknown-parameter"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_said(asked: Served, query: str, kind: str) -> None:
    told = problem(asked.get(f"{SITES}?{query}"), 400, kind)
    assert told["parameter"] == query.partition("=")[0]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/ogc/none", "unknown-path"), ("/ogc/collections/none", "unknown-layer"),
        ("/ogc/collections/none/items", "unknown-layer"), ("/ogc/collections/sites/none", "unknown-path"),
        ("/ogc/collections/none/items?x=1", "unknown-layer"), (f"{SITES}/none", "unknown-feature"),
        (f"{SITES}?scope=1", "unknown-scope"), ("/ogcx", ""),
    ],
)  # fmt: skip
def test_what_is_not_there_is_said(asked: Served, path: str, kind: str) -> None:
    answer = asked.get(path)
    if kind:
        problem(answer, 404, kind)
        assert answer.headers["cache-control"] == "no-store"
    else:
        # Not under /ogc/: the page's own answer.
        assert answer.headers["content-type"].startswith("text/html")


def test_methods_and_forms(asked: Served) -> None:
    answer = asked.post(SITES, json={})
    problem(answer, 405, "wrong-method")
    assert "GET" in answer.headers["allow"]
    assert asked.client.head(SITES).status_code == 200
    problem(asked.get(SITES, headers={"Accept": "application/gml+xml"}), 406, "not-acceptable")
    for accept in ("", "*/*", "application/json", "text/html, */*;q=0.1", "application/geo+json;q=0.9"):
        assert asked.get(SITES, headers={"Accept": accept}).status_code == 200, accept
    assert asked.get(f"{SITES}?f=json", headers={"Accept": "text/html"}).status_code == 200


def test_refusals_in_chinese(asked: Served) -> None:
    told = asked.get(f"{SITES}?datetime=noon&lang=zh-CN").json()
    assert "RFC 3339 时刻" in told["detail"]
    assert "坐标次序" in asked.get(f"{SITES}?bbox=1&lang=zh-CN").json()["detail"]
