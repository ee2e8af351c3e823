"""What the board is measured against: a plain Dash app, as Dash's own guide to live updates writes it.

One `go.Scattermap` with every site, one `dcc.Interval` of a second whose callback reads the newest values and
returns the whole figure. It takes the same POST as the board and does less with it: nothing is checked,
nothing is kept. Server, compression and map style are the board's.

    python -m tests.bench.plain_app FOLDER PORT WIDTH HEIGHT LON LAT ZOOM
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import uvicorn
from dash import Dash, Input, Output, dcc, html
from fastapi import FastAPI, Request
from starlette.middleware.gzip import GZipMiddleware

from dashboard import theme
from dashboard.figures.base_map import style
from data.profile import load_profile

COUNTS = ("persons_in", "persons_out", "vehicles_in", "vehicles_out")


def status(wait_min: pd.Series) -> pd.Series:
    """The status of each site by its wait."""
    found = pd.Series("no_data", index=wait_min.index, dtype=object)
    return found.mask(wait_min >= 0, "normal").mask(wait_min >= 15, "busy").mask(wait_min >= 30, "congested")


def make_app(folder: Path, size: tuple[int, int], center: tuple[float, float], zoom: float) -> Any:
    """The app's server."""
    profile = load_profile(folder)
    table = pd.DataFrame(
        {"name": profile.sites.name, "lon": profile.sites.lon, "lat": profile.sites.lat},
        index=profile.sites.site_id,
    )
    for column in (*COUNTS, "wait_min", "queue_m"):
        table[column] = float("nan")
    map_style = style(profile, "")
    server = FastAPI()

    @server.post("/api/v1/readings")
    async def readings(request: Request) -> dict[str, int]:
        rows = pd.DataFrame(await request.json()).set_index("site_id")
        columns = [column for column in table.columns if column in rows.columns]
        table.loc[rows.index, columns] = rows[columns].astype(float)
        return {"accepted": len(rows)}

    app = Dash("plain", server=server, add_log_handler=False)
    app.layout = html.Div(
        [
            dcc.Graph(id="map", style={"width": f"{size[0]}px", "height": f"{size[1]}px"}),
            dcc.Interval(id="interval", interval=1000),
        ]
    )

    @app.callback(Output("map", "figure"), Input("interval", "n_intervals"))
    def redraw(_ticks: int | None) -> go.Figure:
        now = status(table["wait_min"])
        persons = 12 * (table["persons_in"] + table["persons_out"])
        figure = go.Figure(
            go.Scattermap(
                lon=table["lon"],
                lat=table["lat"],
                mode="markers",
                marker={"size": 12, "opacity": 1, "color": now.map(theme.STATUS)},
                text=[
                    f"{name}: {wait:.0f} min, {flow:.0f}/h"
                    for name, wait, flow in zip(table["name"], table["wait_min"], persons, strict=True)
                ],
            )
        )
        figure.update_layout(
            map={"style": map_style, "center": {"lon": center[0], "lat": center[1]}, "zoom": zoom},
            margin={"l": 0, "r": 0, "t": 0, "b": 0},
            uirevision="constant",
        )
        return figure

    server.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    return app.server


def main() -> None:
    """Serve until the process is told to stop."""
    folder, port, width, height, lon, lat, zoom = sys.argv[1:]
    server = make_app(
        Path(folder), (round(float(width)), round(float(height))), (float(lon), float(lat)), float(zoom)
    )
    uvicorn.run(server, host="127.0.0.1", port=int(port), log_level="warning")


if __name__ == "__main__":
    main()
