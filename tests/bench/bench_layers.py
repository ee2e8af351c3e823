"""How long a profile takes to load, and which border is not held, against a plain way in the same run.

`load`: the Lincang profile, read, checked and measured, against a bare `pyogrio.read_dataframe` of the same
files. `uncovered`: the holes that 5,000 duty points leave in a border when half of them are silent, against
shapely's union and difference of the same stretches.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pyogrio
import shapely

from data.profile import find_profile, load_profile
from layers.coverage import Spans, uncovered

RESULTS = Path(__file__).parent / "results"
ROUNDS = 15


def paired(ours: Callable[[], Any], plain: Callable[[], Any]) -> dict[str, float]:
    """Medians in milliseconds of both, taken in turn, and their ratio."""
    took: dict[str, list[float]] = {"ours": [], "plain": []}
    for _ in range(ROUNDS + 1):
        for name, run in (("ours", ours), ("plain", plain)):
            begun = time.perf_counter()
            run()
            took[name].append((time.perf_counter() - begun) * 1000)
    ours_ms, plain_ms = median(took["ours"][1:]), median(took["plain"][1:])
    return {"ours_ms": ours_ms, "plain_ms": plain_ms, "ratio": ours_ms / plain_ms}


def main() -> None:
    """Measure, print a table, write JSON."""
    folder = find_profile("lincang")
    files = sorted(folder.glob("*.geojson"))
    rng = np.random.default_rng(1)
    middle = np.sort(rng.uniform(0, 3000, 5000))
    spans = Spans(np.arange(5000), middle - 0.45, middle + 0.45)
    up = rng.random(5000) < 0.5

    def with_shapely() -> Any:
        held = [
            shapely.LineString([(a, 0), (b, 0)])
            for a, b in zip(spans.from_km[up], spans.to_km[up], strict=True)
        ]
        return shapely.LineString([(0, 0), (3000, 0)]).difference(shapely.union_all(held))

    results = {
        "load Lincang, all checks": paired(
            lambda: load_profile(folder), lambda: [pyogrio.read_dataframe(file) for file in files]
        ),
        "uncovered border, 5,000 points": paired(lambda: uncovered(3000.0, [(spans, up)]), with_shapely),
    }
    print(f"{'':34}{'ours ms':>10}{'plain ms':>10}{'ratio':>8}")
    for name, row in results.items():
        print(f"{name:34}{row['ours_ms']:10.2f}{row['plain_ms']:10.2f}{row['ratio']:8.3f}")
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "layers.json").write_text(json.dumps(results, indent=2), "utf-8")


if __name__ == "__main__":
    main()
