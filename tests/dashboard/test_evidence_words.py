"""The numbers behind a suspected shift are told in Chinese, every part of them."""

from __future__ import annotations

import re
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest

from dashboard.chinese import in_chinese
from data.profile import load_profile
from layers.crs import Crs, from_wgs84
from layers.offset import Placed, check_offset


@pytest.mark.parametrize("kind", ["duty_points", "checkpoints", "border", "roads", "counties", "exits"])
def test_every_warning_of_the_shift_check_has_its_chinese(kind: str) -> None:
    profile = load_profile("lincang")
    layers = [Placed(one.kind, one.file, profile.layers[one.name]) for one in profile.spec.layers]
    for at, layer in enumerate(layers):
        if layer.kind == kind:
            there = from_wgs84(np.asarray(layer.frame.geometry.array, dtype=object), Crs.parse("GCJ-02"))
            shapes = gpd.GeoSeries(there, index=layer.frame.index, crs=4326)
            layers[at] = replace(layer, frame=layer.frame.set_geometry(shapes))
    (fault,) = check_offset(layers)
    for text in (fault.what, fault.got, fault.expected, fault.hint):
        told = in_chinese(text)
        assert not re.search(r"[a-z]{2,} [a-z]{2,}", told), told
        numbers = [sorted(re.findall(r"\d[\d,]*", one)) for one in (told, text)]
        assert numbers[0] == numbers[1], "no number is lost"
