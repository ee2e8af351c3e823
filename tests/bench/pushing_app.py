"""What the live socket is measured against: Dash's own WebSocket callbacks, as its guide writes them.

One persistent callback a client waits for news and calls `set_props`. It takes the same POST as the board and
does less with it: nothing is checked or kept, and the payload is made once for all. Plain: not compressed.

    python -m tests.bench.pushing_app PORT
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import uvicorn
from dash import Dash, ctx, dcc, html, set_props
from fastapi import FastAPI, Request

TOLD = ("queue_m", "wait_min", "lanes_open", "staff_on_duty", "method", "interval_s")
"""Of a reading, what the payload tells of a site, as the board's own message does."""


class News:
    """The newest payload, and who waits for the next."""

    def __init__(self) -> None:
        self.number = 0
        self.payload: dict[str, Any] = {}
        self._next = asyncio.Event()

    def tell(self, payload: dict[str, Any]) -> None:
        """Wake everybody who waits."""
        self.number += 1
        self.payload = payload
        self._next.set()
        self._next = asyncio.Event()

    async def after(self, number: int) -> int:
        """Wait until there is something newer than what one has."""
        while self.number <= number:
            await self._next.wait()
        return self.number


def make_app() -> Any:
    """The app's server."""
    server = FastAPI()
    news = News()

    @server.post("/api/v1/readings")
    async def readings(request: Request) -> dict[str, int]:
        rows = await request.json()
        sites = {row["site_id"]: site(row) for row in rows}
        news.tell({"type": "delta", "from": news.number, "revision": news.number + 1, "sites": sites})
        return {"accepted": len(rows)}

    app = Dash("pushing", server=server, add_log_handler=False)  # type: ignore[arg-type]
    app.layout = html.Div([dcc.Store(id="live")])

    @app.callback(websocket=True, persistent=True)
    async def follow() -> None:
        seen = news.number
        while not ctx.websocket.is_shutdown:
            seen = await news.after(seen)
            set_props("live", {"data": news.payload})

    # Where a client finds the callback's name without a browser.
    server.state.follow = next(iter(app.callback_map))

    @server.get("/follow")
    def name() -> dict[str, str]:
        return {"output": server.state.follow}

    return app.server


def site(row: dict[str, Any]) -> dict[str, Any]:
    """What is told of one site."""
    persons, vehicles = row["persons_in"] + row["persons_out"], row["vehicles_in"] + row["vehicles_out"]
    told = {name: row[name] for name in TOLD}
    status = "busy" if row["wait_min"] >= 15 else "normal"
    return {"status": status, "persons_per_hour": 12 * persons, "vehicles_per_hour": 12 * vehicles, **told}


if __name__ == "__main__":
    uvicorn.run(make_app(), host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
