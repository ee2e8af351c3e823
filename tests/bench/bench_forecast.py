"""The forecast's mean absolute error against "no change" and "the same time last week", whatever it is.

On a simulated month (wait in half an hour, minutes, every site that reports by the minute), on the eight days
that a demonstration holds, and on Hong Kong's control points of 2020 (persons on the next day), where their
file is beside this project. Each forecast is made from what lay before it; each moment counts once.
"""

from __future__ import annotations

import json
import time
from pathlib import Path

from tests.data.forecasting import HK, hk_scores, learned, simulated, together

RESULTS = Path(__file__).parent / "results"
MONTH, DEMONSTRATION = 28, 8


def main() -> None:
    """Print the table and keep it."""
    found: dict[str, dict[str, float]] = {}
    for days in (MONTH, DEMONSTRATION):
        sites = simulated(days)
        began = time.perf_counter()
        scores = [one.score for one in (learned(site, days) for site in sites) if one.score]
        took = (time.perf_counter() - began) / len(sites)
        found[f"simulated, {days} days"] = together(scores) | {"learn_s_per_site": took}
    if HK.exists():
        found["hk-2020, daily"] = together(list(hk_scores().values()))
    else:
        print(f"without Hong Kong: {HK} is not there")
    for name, row in found.items():
        print(f"\n{name}: {row['sites']:g} sites, {row['moments']:,.0f} moments")
        print(f"  MAE forecast {row['forecast']:.3f}   no change {row['no_change']:.3f}")
        print(
            f"  where the week before is known: forecast {row['forecast_where_week_known']:.3f}"
            f"   same time last week {row['last_week']:.3f}"
        )
        print(f"  inside the interval of four in five: {row['inside']:.1%}; shown at {row['shown']:g} sites")
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "forecast.json").write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
