"""What the browser benches share: received bytes counted, figures summed up, results kept."""

from __future__ import annotations

import json
import os
import platform
import shutil
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
class Traffic:
    """What a page received: every frame of its sockets, every answer over HTTP; bytes as sent."""

    frames: list[tuple[float, int]] = field(default_factory=list)
    """Time by the browser's monotonic clock in seconds, bytes with the frame's own header."""
    answers: list[tuple[str, int, int]] = field(default_factory=list)
    """URL, bytes on the wire with the HTTP header, bytes of the body after decompression."""
    _url: dict[str, str] = field(default_factory=dict, repr=False)
    _body: dict[str, int] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, page: Any) -> Traffic:
        """Count from now on what a page receives."""
        traffic = cls()
        session = page.context.new_cdp_session(page)
        session.on("Network.requestWillBeSent", traffic._asked)
        session.on("Network.dataReceived", traffic._came)
        session.on("Network.loadingFinished", traffic._ended)
        session.on("Network.webSocketFrameReceived", traffic._frame)
        session.send("Network.enable")
        return traffic

    @property
    def received(self) -> int:
        """All bytes so far."""
        return sum(size for _, size in self.frames) + sum(size for _, size, _ in self.answers)

    def _asked(self, event: dict[str, Any]) -> None:
        self._url[event["requestId"]] = event["request"]["url"]

    def _came(self, event: dict[str, Any]) -> None:
        self._body[event["requestId"]] = self._body.get(event["requestId"], 0) + event["dataLength"]

    def _ended(self, event: dict[str, Any]) -> None:
        name = event["requestId"]
        if not self._url.get(name, "data:").startswith(("data:", "blob:")):
            self.answers.append((self._url[name], int(event["encodedDataLength"]), self._body.get(name, 0)))

    def _frame(self, event: dict[str, Any]) -> None:
        payload = len(event["response"]["payloadData"].encode())
        header = 2 if payload < 126 else 4 if payload < 65536 else 10
        self.frames.append((event["timestamp"], payload + header))


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
