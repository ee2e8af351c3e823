"""What a browser is told about files: how long they last, how they are packed, what it need not fetch."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from dashboard.loading import scripts_for
from dashboard.static import Files, takes_gzip
from tests.serving import ROOT, Served

PLOTLY = "/_dash-component-suites/plotly/package_data/plotly.min.js"
ASSET = "/assets/map.js"
GZIP, PLAIN = {"Accept-Encoding": "gzip"}, {"Accept-Encoding": "identity"}


def sources(html: str) -> list[str]:
    """The addresses of every file that a page names."""
    return re.findall(r'(?:src|href)="(/(?:assets|_dash-component-suites)/[^"]+)"', html)


def raw(served: Served, path: str, **headers: str) -> tuple[httpx.Response, bytes]:
    """An answer with its body as it was sent."""
    with served.client.stream("GET", path, headers=headers) as answer:
        return answer, b"".join(answer.iter_raw())


@pytest.mark.parametrize("path", ["/", "/county/900101", "/site/c1"])
def test_everything_a_page_names_is_there_packed_and_kept_for_ever(asked: Served, path: str) -> None:
    html = asked.get(path).text
    named = [source for source in sources(html) if "plotly.min" not in source and "async-" not in source]
    assert len(named) > 20
    for source in named:
        answer, _ = raw(asked, source, **GZIP)
        assert answer.status_code == 200, source
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable", source
        assert answer.headers["content-encoding"] == "gzip", source
        assert answer.headers["vary"] == "Accept-Encoding", source


def test_a_file_asked_for_by_its_bare_name_is_asked_about_and_not_sent_again(asked: Served) -> None:
    for path in (ASSET, PLOTLY):
        first, _ = raw(asked, path, **GZIP)
        assert first.headers["cache-control"] == "no-cache"
        again, body = raw(asked, path, **GZIP, **{"If-None-Match": first.headers["etag"]})
        assert (again.status_code, body) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]


def test_a_file_is_packed_once_and_holds_what_lies_on_the_disk(asked: Served) -> None:
    packed, sent = raw(asked, ASSET, **GZIP)
    plain, whole = raw(asked, ASSET, **PLAIN)
    on_disk = (ROOT / "dashboard" / "assets" / "map.js").read_bytes()
    assert gzip.decompress(sent) == whole == on_disk
    assert "content-encoding" not in plain.headers
    assert packed.headers["etag"] != plain.headers["etag"]
    assert int(packed.headers["content-length"]) == len(sent) < len(whole) / 2
    files = asked.app.files
    assert files.get(ASSET) is files.get(ASSET)
    assert files.get(ASSET).packed is files.get(ASSET).packed


def test_head_tells_the_same_without_the_body(asked: Served) -> None:
    head = asked.client.head(ASSET, headers=GZIP)
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["etag"] == raw(asked, ASSET, **GZIP)[0].headers["etag"]


def test_a_changed_file_has_another_address_and_is_served_at_once(tmp_path: Path) -> None:
    files = Files(tmp_path, {})
    place = tmp_path / "one.js"
    place.write_text("first", "utf-8")
    before = files.get("/assets/one.js")
    place.write_text("second!", "utf-8")
    after = files.get("/assets/one.js")
    assert before is not None
    assert after is not None
    assert (before.plain, after.plain) == (b"first", b"second!")
    assert before.tag != after.tag


@pytest.mark.parametrize(
    "path",
    [
        "/assets/../app.py", "/assets/%2e%2e/app.py", "/assets/../../pyproject.toml", "/assets/nothing.js",
        "/assets/", "/_dash-component-suites/dash/../plotly/__init__.py", "/_dash-component-suites/os/x.js",
        "/_dash-component-suites/dash/dash.py", "/assets/a\0b.js",
    ],
)  # fmt: skip
def test_nothing_outside_the_public_files_is_found(asked: Served, path: str) -> None:
    assert asked.app.files.get(path) is None


def test_made_up_fingerprints_do_not_fill_the_memory(asked: Served) -> None:
    files = asked.app.files
    assert raw(asked, PLOTLY, **GZIP)[0].status_code == 200
    kept = len(files._kept)
    for mark in range(20):
        path = f"/_dash-component-suites/plotly/package_data/plotly.v1m{mark}.min.js"
        assert raw(asked, path, **GZIP)[0].status_code == 200
    assert len(files._kept) == kept


def test_pages_and_what_they_ask_are_not_kept_by_a_browser(asked: Served) -> None:
    for path in ("/", "/county/900101", "/_dash-layout", "/_dash-dependencies", "/nowhere"):
        assert asked.get(path).headers["cache-control"] == "no-store", path


def test_what_is_packed_already_is_not_packed_again(asked: Served) -> None:
    answer, body = raw(asked, "/api/v1/snapshot.png?size=640x360", **GZIP)
    assert answer.status_code == 200
    assert "content-encoding" not in answer.headers
    assert body.startswith(b"\x89PNG")


def test_only_pages_with_a_table_name_the_table_and_nobody_names_what_is_never_used(asked: Served) -> None:
    wall, county = asked.get("/").text, asked.get("/county/900101").text
    assert "dash_ag_grid" not in re.sub(r"<script id=\"_dash-config\".*?</script>", "", wall)
    assert "dash_ag_grid" in re.sub(r"<script id=\"_dash-config\".*?</script>", "", county)
    for html in (wall, county):
        assert not [source for source in sources(html) if "dash_table" in source]
        assert f'<link rel="preload" as="script" href="{PLOTLY}">' in html


def test_the_order_of_scripts_stays() -> None:
    tags = "\n".join(
        f'<script src="{source}"></script>'
        for source in ("/a/react.js", "/x/dash_table/bundle.js?m=1", "/x/dash_ag_grid/g.js", "/assets/b.js")
    )
    assert re.findall(r'src="([^"]+)"', scripts_for("/", tags)) == ["/a/react.js", "/assets/b.js"]
    assert "dash_ag_grid" in scripts_for("/county/1", tags)


@pytest.mark.parametrize(
    ("header", "takes"),
    [
        ("gzip", True), ("br, gzip;q=0.5", True), ("*", True), ("identity", False), ("", False),
        ("gzip;q=0", False), ("*;q=0", False), ("gzip;q=strange", False), ("xgzip", False),
    ],
)  # fmt: skip
def test_gzip_is_sent_to_those_who_take_it(header: str, takes: bool) -> None:
    assert takes_gzip(header) is takes


def test_a_first_visit_names_less_than_two_and_a_half_megabytes(asked: Served) -> None:
    """The files of the wall, packed; the browser test adds what the page asks for itself."""
    named: Any = {source.partition("?")[0]: source for source in sources(asked.get("/").text)}
    sizes = {name: len(raw(asked, source, **GZIP)[1]) for name, source in named.items()}
    assert PLOTLY in sizes
    assert sum(sizes.values()) < 2_000_000, sizes
