"""Shapes are judged beside whatever else is wrong with their layer."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from layers.check import check_file


@pytest.mark.parametrize("tangled", [False, True])
def test_the_shape_of_a_row_is_judged_where_a_column_is_missing(geojson, tangled: bool) -> None:
    turn = np.linspace(0, 2 * np.pi, 60_000, endpoint=False)
    ring = np.stack([99 + np.cos(turn) / 2, 23.5 + np.sin(turn) / 2], axis=1)
    if tangled:
        np.random.default_rng(4).shuffle(ring)
    else:
        ring[[500, 40_000]] = ring[[40_000, 500]]
    shape = shapely.geometry.mapping(shapely.Polygon(np.vstack([ring, ring[:1]])))
    found = check_file(geojson(({"fence_id": "f"}, shape)), kind="fences")
    what = "the shape crosses itself all over" if tangled else "the geometry is not valid"
    assert [(fault.what, fault.field) for fault in found] == [("missing column", "name"), (what, "geometry")]
