"""Layers shifted as web maps shift them are told of; layers as they should be are not."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import geopandas as gpd
import numpy as np
import pytest
import shapely

from data.profile import SAMPLES, Profile, load_profile
from layers.crs import Crs, Metric, from_wgs84, to_wgs84
from layers.datums import Datum, to_wgs84_degrees
from layers.faults import Fault
from layers.fit import LEAST, Lines, find_shift
from layers.offset import Placed, check_offset

SHIFTS: tuple[Datum, ...] = ("gcj02", "bd09")
NAME = {"gcj02": "GCJ-02", "bd09": "BD-09"}
PROFILES = sorted(path.parent.name for path in SAMPLES.glob("*/profile.toml"))
JUDGED = (
    "counties", "border", "roads", "checkpoints", "duty_points", "second_line_posts", "fences", "crossings",
    "exits",
)  # fmt: skip
"""Lincang's layers that have 20 points or more, and something to match."""


@cache
def profile(name: str) -> Profile:
    return load_profile(name)


def placed(name: str = "lincang") -> list[Placed]:
    found = profile(name)
    return [Placed(layer.kind, layer.file, found.layers[layer.name]) for layer in found.spec.layers]


def moved(layer: Placed, datum: Datum, *, back: bool = False) -> Placed:
    """The layer as it comes out when its degrees are in the datum and nobody said so, or the reverse."""
    shapes, crs = np.asarray(layer.frame.geometry.array, dtype=object), Crs.parse(NAME[datum])
    there = to_wgs84(shapes, crs)[0] if back else from_wgs84(shapes, crs)
    return replace(
        layer, frame=layer.frame.set_geometry(gpd.GeoSeries(there, index=layer.frame.index, crs=4326))
    )


def with_one(layers: list[Placed], kind: str, change: object) -> list[Placed]:
    return [change(layer) if layer.kind == kind else layer for layer in layers]


def only(found: list[Fault]) -> Fault:
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize("name", PROFILES)
def test_no_profile_that_ships_is_suspected(name: str) -> None:
    assert check_offset(placed(name)) == []


@pytest.mark.parametrize("name", PROFILES)
def test_where_all_layers_are_shifted_alike_nothing_disagrees(name: str) -> None:
    assert check_offset([moved(layer, "gcj02") for layer in placed(name)]) == []


@pytest.mark.parametrize("datum", SHIFTS)
@pytest.mark.parametrize("kind", JUDGED)
def test_a_shifted_layer_is_named_with_its_datum_and_numbers(kind: str, datum: Datum) -> None:
    fault = only(check_offset(with_one(placed(), kind, lambda layer: moved(layer, datum))))
    assert fault.warning
    assert (fault.file, fault.field) == (f"{kind}.geojson", "crs")
    assert fault.what == f"the positions look shifted by the offset of {NAME[datum]}"
    assert f'crs = "{NAME[datum]}"' in fault.hint
    assert "nothing was moved" in fault.hint
    assert f"read as {NAME[datum]}" in fault.got
    assert "positions" in fault.got


@pytest.mark.parametrize("datum", SHIFTS)
@pytest.mark.parametrize("kind", JUDGED)
def test_a_layer_that_is_declared_shifted_and_is_not_is_named_too(kind: str, datum: Datum) -> None:
    def wrong(layer: Placed) -> Placed:
        return replace(moved(layer, datum, back=True), datum=datum)

    fault = only(check_offset(with_one(placed(), kind, wrong)))
    assert fault.file == f"{kind}.geojson"
    assert 'crs = "EPSG:4326"' in fault.hint
    assert "read as WGS 84" in fault.got


@pytest.mark.parametrize("kind", ["checkpoints", "duty_points", "roads"])
def test_a_layer_that_is_rightly_declared_is_not_suspected(kind: str) -> None:
    assert check_offset(with_one(placed(), kind, lambda layer: replace(layer, datum="gcj02"))) == []


def test_points_converted_once_too_often_are_told_apart_from_shifted_roads() -> None:
    def twice(layer: Placed) -> Placed:
        return moved(layer, "gcj02", back=True)

    fault = only(check_offset(with_one(placed(), "exits", twice)))
    assert fault.file == "exits.geojson"
    assert "once too often" in fault.hint


def test_evidence_is_counted_and_measured() -> None:
    found = only(check_offset(with_one(placed(), "checkpoints", lambda layer: moved(layer, "gcj02"))))
    assert found.got == (
        "66 positions: the median distance to the roads is 193 m as declared and 0 m with them read as GCJ-02"
    )
    found = only(check_offset(with_one(placed(), "duty_points", lambda layer: moved(layer, "gcj02"))))
    assert "they lie unevenly along the border, by a median of" in found.got
    assert "stand in the county they name as declared, 100% with them read as GCJ-02" in found.got


def test_a_county_that_was_filled_in_from_the_position_is_no_evidence() -> None:
    def told(*, filled: bool) -> list[Fault]:
        few = [layer for layer in placed() if layer.kind in ("counties", "duty_points")]
        rows = {layer.kind: np.full(len(layer.frame), filled) for layer in few}
        return check_offset(
            [
                replace(moved(layer, "gcj02"), filled=rows[layer.kind])
                if layer.kind == "duty_points"
                else layer
                for layer in few
            ]
        )

    assert "the county they name" in only(told(filled=False)).got
    assert told(filled=True) == []


@pytest.mark.parametrize("datum", SHIFTS)
@pytest.mark.parametrize(
    ("kind", "least"), [("checkpoints", 0.95), ("second_line_posts", 0.9), ("duty_points", 0.75)]
)
def test_twenty_points_are_enough(kind: str, least: float, datum: Datum) -> None:
    rng = np.random.default_rng(7)
    layers = placed()
    (layer,) = [one for one in layers if one.kind == kind]
    named, wrongly = 0, 0
    for _ in range(20):
        some = layer.frame.iloc[np.sort(rng.choice(len(layer.frame), LEAST, replace=False))]
        few = [one for one in layers if one.kind in ("border", "roads", "counties")]
        named += len(check_offset([*few, moved(replace(layer, frame=some), datum)]))
        wrongly += len(check_offset([*few, replace(layer, frame=some)]))
    assert named >= least * 20
    assert wrongly == 0


def test_fewer_tell_nothing() -> None:
    def few(layer: Placed) -> Placed:
        return moved(replace(layer, frame=layer.frame.iloc[: LEAST - 1]), "gcj02")

    assert check_offset(with_one(placed(), "checkpoints", few)) == []


def test_layers_without_anything_to_match_are_left_alone() -> None:
    layers = [moved(layer, "gcj02") for layer in placed() if layer.kind in ("checkpoints", "duty_points")]
    assert check_offset(layers) == []
    assert check_offset([]) == []


def test_missing_and_empty_geometry_is_passed_over() -> None:
    def holed(layer: Placed) -> Placed:
        frame = layer.frame.copy()
        frame.loc[frame.index[:3], "geometry"] = None
        frame.loc[frame.index[3], "geometry"] = shapely.Point()
        return moved(replace(layer, frame=frame), "gcj02")

    assert "62 positions" in only(check_offset(with_one(placed(), "checkpoints", holed))).got


class TestBelievableData:
    """Points made up over Lincang's real roads and border, as careless as data come: none is suspected."""

    plane = Metric((98.4, 22.8, 100.8, 25.3))
    rng = np.random.default_rng(11)

    def degrees(self, metres: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return self.plane._to.transform(metres[:, 0], metres[:, 1], direction="INVERSE")

    def along(self, lines: np.ndarray, count: int) -> np.ndarray:
        length = shapely.length(lines)
        chosen = self.rng.choice(len(lines), count, p=length / length.sum())
        on = shapely.line_interpolate_point(lines[chosen], self.rng.random(count) * length[chosen])
        return shapely.get_coordinates(on)

    @pytest.mark.parametrize("made", ["anywhere", "by the road", "in clusters"])
    def test_near_roads(self, made: str) -> None:
        (roads,) = [one for one in placed() if one.kind == "roads"]
        shapes = self.plane.shapes(np.asarray(roads.frame.geometry.array, dtype=object))
        lines, bounds = Lines(shapes), shapely.total_bounds(shapes)
        for _ in range(150):
            count = int(self.rng.choice([20, 30, 80]))
            if made == "anywhere":
                xy = self.rng.uniform(bounds[:2], bounds[2:], (count, 2))
            elif made == "by the road":
                off = self.rng.normal(0, self.rng.uniform(5, 400), (count, 2))
                xy = self.along(shapes, count) + off + self.rng.normal(0, 30, 2)
            else:
                middles = self.along(shapes, 4)
                xy = middles[self.rng.integers(0, 4, count)] + self.rng.normal(0, 700, (count, 2))
            found = find_shift(*self.degrees(xy), self.plane, lines.distance, subject="", reference="")
            assert found is None

    @pytest.mark.parametrize("noise_m", [20, 100, 400])
    def test_along_the_border(self, noise_m: float) -> None:
        layers = [one for one in placed() if one.kind in ("border", "counties")]
        (border,) = [one for one in layers if one.kind == "border"]
        shapes = shapely.get_parts(self.plane.shapes(np.asarray(border.frame.geometry.array, dtype=object)))
        for _ in range(60):
            xy = self.along(shapes, 40) + self.rng.normal(0, noise_m, (40, 2))
            frame = gpd.GeoDataFrame(geometry=gpd.points_from_xy(*self.degrees(xy)), crs=4326)
            assert check_offset([*layers, Placed("duty_points", "made_up.csv", frame)]) == []


def test_what_is_read_as_shifted_really_lies_where_it_says() -> None:
    """The reading that the warning proposes, declared, puts the points back to the metre."""
    (layer,) = [one for one in placed() if one.kind == "checkpoints"]
    shifted = shapely.get_coordinates(moved(layer, "gcj02").frame.geometry.array)
    lon, lat = to_wgs84_degrees(shifted[:, 0], shifted[:, 1], "gcj02")
    assert shapely.get_coordinates(layer.frame.geometry.array) == pytest.approx(
        np.column_stack([lon, lat]), abs=1e-8
    )
