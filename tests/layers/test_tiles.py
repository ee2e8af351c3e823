"""Basemap files: both formats give the same tiles, and what is broken says so."""

from __future__ import annotations

import gzip
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pmtiles.tile import Compression, TileType

from layers.faults import FaultsError
from layers.tiles import OPENERS, base, mbtiles, open_tiles
from tests.tiles import AREA, picture, raster_mbtiles, raster_pmtiles, vector

RED, BLUE = picture((200, 0, 0)), picture((0, 0, 200))
TILES = {(1, 0, 0): RED, (1, 1, 1): BLUE}
MAKERS = [raster_mbtiles, raster_pmtiles]
Maker = Callable[..., Path]


def named(maker: Maker, folder: Path) -> Path:
    return folder / f"ground.{maker.__name__.removeprefix('raster_')}"


def why(path: Path) -> str:
    with pytest.raises(FaultsError) as error:
        open_tiles(path, "ground")
    (fault,) = error.value.faults
    assert fault.file == "ground"
    return f"{fault.what} | {fault.got} | {fault.expected}"


@pytest.mark.parametrize("maker", MAKERS)
class TestRaster:
    def test_tiles_are_where_they_were_put(self, maker: Maker, tmp_path: Path) -> None:
        tiles = open_tiles(maker(named(maker, tmp_path), TILES))
        assert tiles.tile(1, 0, 0) == RED
        assert tiles.tile(1, 1, 1) == BLUE
        assert tiles.tile(1, 1, 0) is None
        tiles.close()

    def test_the_file_tells_of_itself(self, maker: Maker, tmp_path: Path) -> None:
        info = open_tiles(maker(named(maker, tmp_path), TILES)).info
        assert (info.format, info.min_zoom, info.max_zoom) == ("png", 1, 1)
        assert info.bounds == pytest.approx(AREA)
        assert info.name == "plain"
        assert info.tile_size == 256
        assert not info.vector

    def test_the_size_of_a_tile_is_measured(self, maker: Maker, tmp_path: Path) -> None:
        assert open_tiles(maker(named(maker, tmp_path), {(0, 0, 0): picture(size=512)})).info.tile_size == 512

    def test_a_tile_that_is_no_picture_is_refused(self, maker: Maker, tmp_path: Path) -> None:
        assert "a tile that is no picture" in why(
            maker(named(maker, tmp_path), {(0, 0, 0): b"not a picture"})
        )


@pytest.mark.parametrize("suffix", list(OPENERS))
class TestAnyFormat:
    def test_vector_tiles_name_their_layers_and_stay_packed(self, suffix: str, tmp_path: Path) -> None:
        tiles = open_tiles(vector(tmp_path / f"roads{suffix}"))
        assert tiles.info.vector
        assert tiles.info.vector_layers == ("transportation",)
        assert (tiles.info.min_zoom, tiles.info.max_zoom) == (5, 7)
        tile = tiles.tile(5, 24, 13)
        assert tile is not None
        assert b"transportation" in gzip.decompress(tile)

    def test_a_missing_file_is_named(self, suffix: str, tmp_path: Path) -> None:
        assert "no such basemap | nothing" in why(tmp_path / f"none{suffix}")

    def test_a_folder_is_not_a_file(self, suffix: str, tmp_path: Path) -> None:
        (tmp_path / f"folder{suffix}").mkdir()
        assert "a folder" in why(tmp_path / f"folder{suffix}")

    def test_one_that_breaks_off_never_crashes(self, suffix: str, tmp_path: Path) -> None:
        whole = vector(tmp_path / f"whole{suffix}").read_bytes()
        faults = []
        for share in (0.0, 0.001, 0.01, 0.1, 0.5, 0.9):
            path = tmp_path / f"part{suffix}"
            path.write_bytes(whole[: int(len(whole) * share)])
            try:
                open_tiles(path, "ground").tile(7, 99, 55)
            except FaultsError as error:
                faults += error.faults
        assert len(faults) >= 4
        assert all(fault.what and fault.got for fault in faults)

    @settings(max_examples=60)
    @given(head=st.sampled_from([b"", b"PMTiles\3", b"SQLite format 3\0"]), body=st.binary(max_size=2000))
    def test_random_bytes_only_ever_give_a_fault(
        self, suffix: str, tmp_path_factory: pytest.TempPathFactory, head: bytes, body: bytes
    ) -> None:
        path = tmp_path_factory.mktemp("random") / f"random{suffix}"
        path.write_bytes(head + body)
        with pytest.raises(FaultsError):
            open_tiles(path)


def test_an_empty_one_is_refused(tmp_path: Path) -> None:
    assert "the basemap is empty" in why(raster_mbtiles(tmp_path / "a.mbtiles", {}))


def test_another_suffix_is_refused_with_those_we_read(tmp_path: Path) -> None:
    path = tmp_path / "ground.tif"
    path.write_bytes(b"II*\0")
    assert "not a basemap we read | .tif | one of .pmtiles, .mbtiles" in why(path)


def test_a_format_browsers_cannot_draw_is_refused(tmp_path: Path) -> None:
    told = why(raster_mbtiles(tmp_path / "a.mbtiles", {(0, 0, 0): RED}, format="tiff"))
    assert told.startswith("tiles of a kind we do not draw | tiff")
    path = raster_pmtiles(
        tmp_path / "a.pmtiles", {(0, 0, 0): b"x"}, tile_type=TileType.MVT, tile_compression=Compression.BROTLI
    )
    assert "packed with brotli" in why(path)


def test_zooms_that_are_not_told_are_found(tmp_path: Path) -> None:
    info = open_tiles(raster_mbtiles(tmp_path / "a.mbtiles", {(3, 0, 0): RED, (5, 1, 1): BLUE})).info
    assert (info.min_zoom, info.max_zoom) == (3, 5)


def test_a_directory_that_unpacks_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = raster_pmtiles(tmp_path / "a.pmtiles", TILES)
    monkeypatch.setattr(base, "MAX_HEAD", 4)
    assert "unpacks to more than" in why(path)


def test_an_mbtiles_file_is_never_written_to(tmp_path: Path) -> None:
    path = raster_mbtiles(tmp_path / "a.mbtiles", TILES)
    path.chmod(0o444)
    before = path.read_bytes()
    open_tiles(path).tile(1, 0, 0)
    assert path.read_bytes() == before
    assert [other.name for other in tmp_path.iterdir()] == ["a.mbtiles"]


def test_a_table_that_is_missing_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "a.mbtiles"
    base_file = sqlite3.connect(path)
    base_file.execute("CREATE TABLE other (x)")
    base_file.commit()
    base_file.close()
    assert "no such table" in why(path)


ENDLESS = """CREATE VIEW tiles AS WITH RECURSIVE again(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM again)
SELECT n AS zoom_level, n AS tile_column, n AS tile_row, NULL AS tile_data FROM again WHERE n < 0"""


def test_a_view_that_never_ends_is_given_up(tmp_path: Path) -> None:
    path = tmp_path / "a.mbtiles"
    endless = sqlite3.connect(path)
    endless.execute("CREATE TABLE metadata (name TEXT, value TEXT)")
    endless.execute(ENDLESS)
    endless.commit()
    endless.close()
    assert "interrupted" in why(path)


def test_a_tile_that_is_too_large_is_never_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mbtiles, "MAX_TILE", 1000)
    path = raster_mbtiles(tmp_path / "a.mbtiles", {(0, 0, 0): RED, (1, 0, 0): b"x" * 2000})
    with pytest.raises(FaultsError) as error:
        open_tiles(path).tile(1, 0, 0)
    assert "too big" in error.value.faults[0].got
