"""The small profile with a ring of three exits, and with a depth behind its border where asked."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.data.places import SMALL

EXITS = """
[[layers]]
name = "exits"
kind = "exits"
file = "exits.csv"
crs = "EPSG:4326"
title = { "zh-CN" = "出口", en = "Exits" }
"""
ROWS = "exit_id,name,lon,lat\nx1,甲东出口,99.11,23.90\nx2,甲北出口,99.10,23.928\nx3,乙出口,99.30,23.85\n"
"""c1 stands at 99.10, 23.90: x1 is 1.0 km east of it, x2 3.1 km north; c2 stands at x3 itself."""
RING = 'shape = "square"'


def held_folder(folder: Path, *, depth_km: float | None = None) -> Path:
    """A profile folder, its third line a ring of 2 km around each exit."""
    shutil.copytree(SMALL, folder)
    path = folder / "profile.toml"
    text = path.read_text("utf-8").replace(RING, f"{RING}\nring_m = 2000")
    text = text.replace("\n[duty]", EXITS + "\n[duty]")
    if depth_km is not None:
        text = text.replace("fence_m = 300", f"fence_m = 300\ndepth_km = {depth_km:g}")
    path.write_text(text, "utf-8")
    (folder / "exits.csv").write_text(ROWS, "utf-8")
    return folder
