"""The permanent address of a picture opens the same picture, as text and as a code."""

from __future__ import annotations

import io
from datetime import datetime
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
from PIL import Image

from dashboard.exports.look import Look
from dashboard.exports.permalink import BORDER, MOST_LETTERS, modules, permalink, qr
from dashboard.view import parse_view
from data.profile import Profile
from tests.data.places import NOON

LINK = "http://10.20.1.5:8050/county/530924?at=2026-09-23T12:00:00%2B08:00&lang=zh-CN"


def test_the_address_of_a_county_at_a_time(profile: Profile) -> None:
    link = permalink("http://10.20.1.5:8050/", profile, scope="530924", at=NOON, lang="zh-CN")
    assert link == LINK
    whole = permalink("https://board.example/three", profile, scope="", at=NOON, lang="en")
    assert whole == "https://board.example/three/?at=2026-09-23T12:00:00%2B08:00&lang=en"
    assert permalink("", profile, scope="", at=NOON, lang="en") == ""


def test_the_page_reads_back_the_view_that_the_address_tells(profile: Profile) -> None:
    look = Look(
        theme="light", center=(99.12345, 23.5), zoom=9.456, hidden=("roads", "third"), site="镇康/1&2"
    )
    link = permalink("http://a", profile, scope="", at=NOON, lang="en", look=look)
    view = parse_view(urlsplit(link).query, ["zh-CN", "en"])
    assert (view.lang, view.theme, view.site, view.hidden) == ("en", "light", look.site, look.hidden)
    assert view.center == pytest.approx(look.center, abs=1e-4)
    assert view.zoom == pytest.approx(look.zoom, abs=0.01)
    assert datetime.fromisoformat(view.at).timestamp() == NOON
    plain = parse_view(urlsplit(permalink("http://a", profile, scope="", at=NOON, lang="en")).query, ["en"])
    assert (plain.center, plain.zoom, plain.hidden, plain.site) == (None, None, (), "")


def test_a_snapshot_of_one_line_leads_to_that_line(profile: Profile) -> None:
    """The table takes its line from the address, the map which lines to leave out."""
    look = Look(line="third", hidden=("roads", "first"))
    link = permalink("http://a", profile, scope="", at=NOON, lang="en", look=look)
    assert parse_qs(urlsplit(link).query)["line"] == ["third"]
    assert parse_view(urlsplit(link).query, ["en"]).hidden == ("roads", "first", "second")


def test_a_code_in_both_forms_is_the_same_modules() -> None:
    rows = modules(LINK)
    across = len(rows) + 2 * BORDER
    png = Image.open(io.BytesIO(qr(LINK, "png", pixels=400))).convert("L")
    scale = png.width // across
    assert png.width == png.height == across * scale >= 400
    dark = [
        [png.getpixel(((x + BORDER) * scale + 1, (y + BORDER) * scale + 1)) == 0 for x in range(len(rows))]
        for y in range(len(rows))
    ]
    assert dark == [[bool(cell) for cell in row] for row in rows]
    root = ElementTree.fromstring(qr(LINK, "svg"))
    assert root.get("viewBox") == f"0 0 {across} {across}"


def test_no_code_of_nothing_or_of_what_no_telephone_reads() -> None:
    for link in ("", "http://a/" + "x" * MOST_LETTERS):
        assert qr(link) == b""
        assert qr(link, "png") == b""
        assert modules(link) == []
