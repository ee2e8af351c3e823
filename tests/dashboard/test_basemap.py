"""The basemap's routes: tiles of the profile's one file, and a clear word where it cannot be had."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from data.profile import check_profile, load_profile
from tests.serving import Served
from tests.tiles import picture, raster_mbtiles, vector

RED = picture((200, 0, 0))


def with_basemap(folder: Path, target: Path, file: str, more: str = "") -> Path:
    """A copy of a profile that names a basemap."""
    shutil.copytree(folder, target)
    text = (target / "profile.toml").read_text("utf-8")
    told = f'[map]\nbasemap = {{ file = "{file}"{more} }}\n'
    (target / "profile.toml").write_text(text.replace("[map]\n", told, 1), "utf-8")
    return target


@pytest.fixture
def grounded(small_profile: Path, tmp_path: Path, serve: Callable[..., Served]) -> Callable[..., Served]:
    """A factory of servers with a red tile at 1/0/0."""

    def start(**options: Any) -> Served:
        more = ', attribution = { zh-CN = "测绘院", en = "Survey" }'
        folder = with_basemap(small_profile, tmp_path / "grounded", "ground.mbtiles", more)
        raster_mbtiles(folder / "ground.mbtiles", {(1, 0, 0): RED})
        return serve(load_profile(folder), **options)

    return start


def test_it_is_described_as_tilejson(grounded: Callable[..., Served]) -> None:
    told = grounded().get("/api/v1/basemap?lang=en").json()
    assert told["tilejson"] == "3.0.0"
    assert (told["type"], told["format"], told["minzoom"], told["maxzoom"]) == ("raster", "png", 1, 1)
    assert told["attribution"] == "Survey"
    assert told["tiles"][0].startswith("/api/v1/basemap/{z}/{x}/{y}?tag=")


def test_a_tile_comes_as_it_is_and_may_be_kept(grounded: Callable[..., Served]) -> None:
    served = grounded()
    path = served.get("/api/v1/basemap").json()["tiles"][0].format(z=1, x=0, y=0)
    answer = served.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    assert answer.content == RED
    assert "max-age=86400" in answer.headers["cache-control"]
    assert served.get("/api/v1/basemap/1/0/0?tag=older").headers["cache-control"] == "no-cache"


def test_where_there_is_no_tile_the_answer_is_empty(grounded: Callable[..., Served]) -> None:
    answer = grounded().get("/api/v1/basemap/1/1/1")
    assert (answer.status_code, answer.content) == (204, b"")


@pytest.mark.parametrize("path", ["1/2/0", "25/0/0", "1/-1/0", "a/0/0", "1/0/9999999999", "1/0/٣"])
def test_an_address_off_the_grid_is_refused(grounded: Callable[..., Served], path: str) -> None:
    assert grounded().get(f"/api/v1/basemap/{path}").status_code == 400


def test_packed_vector_tiles_say_so(
    small_profile: Path, tmp_path: Path, serve: Callable[..., Served]
) -> None:
    folder = with_basemap(small_profile, tmp_path / "roads", "roads.pmtiles")
    vector(folder / "roads.pmtiles")
    served = serve(load_profile(folder))
    assert [row["id"] for row in served.get("/api/v1/basemap").json()["vector_layers"]] == ["transportation"]
    answer = served.get("/api/v1/basemap/5/24/13")
    assert answer.headers["content-encoding"] == "gzip"
    assert b"transportation" in answer.content


def test_without_a_basemap_it_is_not_found(asked: Served) -> None:
    answer = asked.get("/api/v1/basemap?lang=en")
    assert answer.status_code == 404
    assert "names no basemap" in answer.json()["detail"]


def test_a_file_that_goes_away_is_said_and_comes_back(
    grounded: Callable[..., Served], tmp_path: Path
) -> None:
    served = grounded()
    file = tmp_path / "grounded" / "ground.mbtiles"
    file.rename(tmp_path / "away.mbtiles")
    answer = served.get("/api/v1/basemap?lang=en")
    assert answer.status_code == 503
    assert "no such basemap" in answer.json()["detail"]
    (tmp_path / "away.mbtiles").rename(file)
    assert served.get("/api/v1/basemap").status_code == 200


@pytest.mark.parametrize(
    ("file", "body", "what"),
    [
        ("none.mbtiles", None, "no such basemap"),
        ("ground.mbtiles", b"SQLite format 3\0broken", "the basemap is broken"),
        ("ground.pmtiles", b"not at all", "not PMTiles"),
        ("ground.tif", b"II*\0", "not a basemap we read"),
        ("../ground.mbtiles", None, "not a path of a basemap"),
    ],
)
def test_a_profile_with_a_bad_basemap_does_not_start(
    small_profile: Path, tmp_path: Path, file: str, body: bytes | None, what: str
) -> None:
    folder = with_basemap(small_profile, tmp_path / "bad", file)
    if body is not None:
        (folder / file).write_bytes(body)
    (fault,) = check_profile(folder)
    assert fault.what == what
