"""What the browser benches share: received bytes counted, figures summed up, results kept."""

from __future__ import annotations

import base64
import json
import os
import platform
import shutil
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from tests.conftest import CHROMIUM, SOFTWARE_GL

RESULTS = Path(__file__).parent / "results"
TAP = Path(__file__).with_name("tap.js")
SIZE = {"width": 1920, "height": 1080}
READY_MS = 120_000


@contextmanager
def chromium() -> Iterator[Any]:
    """The system's Chromium, drawing in software."""
    from playwright.sync_api import sync_playwright

    path = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    if path is None:
        raise SystemExit("No Chromium is installed: on Debian, apt-get install chromium fonts-noto-cjk")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(SOFTWARE_GL))
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Received:
    """One answer over HTTP or one frame of a socket; times are epoch seconds."""

    url: str
    asked: float
    """When a request was sent; of a frame, when it came."""
    came: float
    """When the last byte was there."""
    wire: int
    """Bytes as sent: compressed, with the header of the answer or the frame."""
    body: int
    """Bytes of the body, decompressed."""


@dataclass
class Traffic:
    """What a page received: every frame of its sockets, every answer over HTTP."""

    frames: list[Received] = field(default_factory=list)
    answers: list[Received] = field(default_factory=list)
    _asked: dict[str, tuple[str, float]] = field(default_factory=dict, repr=False)
    _body: dict[str, int] = field(default_factory=dict, repr=False)
    _offset: float = 0.0
    """The epoch less the browser's monotonic clock, seconds."""

    @classmethod
    def of(cls, page: Any) -> Traffic:
        """Count from now on what a page receives."""
        traffic = cls()
        session = page.context.new_cdp_session(page)
        session.on("Network.requestWillBeSent", traffic._ask)
        session.on("Network.dataReceived", traffic._come)
        session.on("Network.loadingFinished", traffic._end)
        session.on("Network.webSocketFrameReceived", traffic._frame)
        session.send("Network.enable")
        return traffic

    @property
    def wire(self) -> int:
        """All bytes so far."""
        return sum(one.wire for one in (*self.frames, *self.answers))

    def _ask(self, event: dict[str, Any]) -> None:
        self._asked[event["requestId"]] = event["request"]["url"], event["wallTime"]
        self._offset = event["wallTime"] - event["timestamp"]

    def _come(self, event: dict[str, Any]) -> None:
        self._body[event["requestId"]] = self._body.get(event["requestId"], 0) + event["dataLength"]

    def _end(self, event: dict[str, Any]) -> None:
        url, asked = self._asked.get(event["requestId"], ("data:", 0.0))
        if not url.startswith(("data:", "blob:")):
            came, body = event["timestamp"] + self._offset, self._body.get(event["requestId"], 0)
            self.answers.append(Received(url, asked, came, int(event["encodedDataLength"]), body))

    def _frame(self, event: dict[str, Any]) -> None:
        said = event["response"]
        # The protocol hands binary frames over in base64.
        data = base64.b64decode(said["payloadData"]) if said["opcode"] == 2 else said["payloadData"].encode()
        size = len(data)
        header = 2 if size < 126 else 4 if size < 65536 else 10
        # The board packs its frames itself.
        body = len(zlib.decompress(data, -zlib.MAX_WBITS)) if said["opcode"] == 2 else size
        came = event["timestamp"] + self._offset
        self.frames.append(Received("", came, came, size + header, body))


def spread(values: Sequence[float]) -> dict[str, float]:
    """Median, p95 and extremes, rounded."""
    found = np.asarray(values, dtype=float)
    return {
        "n": len(found),
        "median": round(float(np.median(found)), 2),
        "p95": round(float(np.percentile(found, 95)), 2),
        "min": round(float(found.min()), 2),
        "max": round(float(found.max()), 2),
    }


def machine(browser: Any = None) -> dict[str, Any]:
    """What the figures were measured on."""
    return {
        "cores": os.cpu_count(),
        "load_1min": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "chromium": browser.version if browser else None,
        "drawing": "software (SwiftShader)",
    }


def keep(name: str, browser: Any, rows: Any) -> None:
    """Write a bench's results beside the others."""
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps({"machine": machine(browser), "rows": rows}, indent=1, ensure_ascii=False)
    (RESULTS / f"{name}.json").write_text(text + "\n", "utf-8")
