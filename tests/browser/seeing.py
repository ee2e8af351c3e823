"""What a browser test asks of a page: what is drawn, in which colour, what the bar says."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

from PIL import Image

from tests.serving import wait_for

READY_MS = 60_000
"""Software rendering on a busy machine is slow; nothing here measures speed."""

DRAWN = """() => {
  const map = window.threeline.map.instance;
  const drawn = map.queryRenderedFeatures({ layers: ['tl-nodes'] });
  const seen = new Map(drawn.map((feature) => [feature.id, feature.properties.count]));
  return [...seen.values()].reduce((sum, count) => sum + count, 0);
}"""
NAMES = """() => [...new Set(window.threeline.map.instance
  .queryRenderedFeatures({ layers: ['county-names'] }).map((f) => f.properties.name))].sort()"""
STATUS = """(id) => {
  const { nodes, instance } = window.threeline.map;
  const row = window.threeline.allSites().findIndex((site) => site.id === id);
  const node = nodes.find((one) => one.members.length === 1 && one.members[0] === row);
  return instance.getFeatureState({ source: 'tl-nodes', id: node.id }).status;
}"""
RINGS = """() => [...new Set(window.threeline.map.instance
  .queryRenderedFeatures({ layers: ['tl-alarm-ring'] }).map((f) => f.properties.site_id))].sort()"""
PLACE = """(id) => {
  const site = window.threeline.allSites().find((one) => one.id === id);
  const at = window.threeline.map.instance.project([site.lon, site.lat]);
  const box = window.threeline.map.instance.getContainer().getBoundingClientRect();
  return [box.left + at.x, box.top + at.y];
}"""
VIEW = """() => {
  const map = window.threeline.map.instance;
  const { lng, lat } = map.getCenter();
  return [lng, lat, map.getZoom()].map((value) => Number(value.toFixed(5)));
}"""


def open_page(page: Any, address: str) -> None:
    """Go to an address and wait until its map and its first picture are there."""
    page.goto(address)
    page.wait_for_function(
        "() => window.threeline?.map?.ready && window.threeline.state.at > 0", timeout=READY_MS
    )
    settle(page)


def settle(page: Any) -> None:
    """Wait until the map has nothing left to draw."""
    page.evaluate(
        """() => new Promise((done) => {
          const map = window.threeline.map.instance;
          const end = setTimeout(done, 15000);
          const still = () => map.loaded() && !map.isMoving();
          const look = () => (still() ? (clearTimeout(end), done()) : setTimeout(look, 50));
          look();
        })"""
    )


def stands_at(page: Any, site_id: str, status: str) -> None:
    """Wait until a site's marker has a status."""
    wait_for(
        lambda: page.evaluate(STATUS, site_id) == status, seconds=READY_MS / 1000, what=f"{site_id} {status}"
    )


def catch_up(page: Any, served: Any) -> None:
    """Wait until the page has drawn what the server's picture has by now."""
    served.settle()
    page.wait_for_function(
        "(known) => window.threeline.map.revision >= known",
        arg=served.board.engine.picture.revision,
        timeout=READY_MS,
    )


def resize(page: Any, width: int, height: int) -> None:
    """Give the page another size, and wait until its map was attached to anew."""
    page.evaluate("() => { window.nodesBefore = window.threeline.map.nodes; }")
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_function(
        "() => window.threeline.map.ready && window.threeline.map.nodes !== window.nodesBefore",
        timeout=READY_MS,
    )
    settle(page)


def colour_at(page: Any, site_id: str) -> tuple[int, int, int]:
    """The colour of the pixel in the middle of a site's marker."""
    x, y = page.evaluate(PLACE, site_id)
    shot = page.screenshot(clip={"x": x - 1, "y": y - 1, "width": 3, "height": 3})
    red, green, blue = Image.open(io.BytesIO(shot)).convert("RGB").getpixel((1, 1))
    return red, green, blue


def near(colour: tuple[int, int, int], hexcode: str, tolerance: int = 40) -> bool:
    """Whether a colour is a hex code but for blending at the edges."""
    wanted = (int(hexcode[1:3], 16), int(hexcode[3:5], 16), int(hexcode[5:7], 16))
    return all(abs(a - b) <= tolerance for a, b in zip(colour, wanted, strict=True))


def iso(seconds: float) -> str:
    """Epoch seconds as the API wants them."""
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def reading(site_id: str, seconds: float, **values: Any) -> dict[str, Any]:
    """A reading of a minute, all well unless said otherwise."""
    return {
        "site_id": site_id,
        "observed_at": iso(seconds),
        "interval_s": 60,
        "persons_in": 30,
        "persons_out": 20,
        "vehicles_in": 10,
        "vehicles_out": 8,
        "queue_m": 20,
        "wait_min": 2,
        "lanes_open": 2,
        "staff_on_duty": 20,
        "method": "measured",
    } | values
