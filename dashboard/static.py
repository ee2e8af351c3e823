"""Static files: what pages are built from, kept in memory, packed once, and fetched by a browser once.

A file is public and the same for everybody. Asked for under an address that carries its fingerprint it may
be kept for ever, because a new version has a new address; asked for by its bare name it is asked about each
time, and answered with 304 where the browser has it.
"""

from __future__ import annotations

import gzip
import hashlib
import sys
import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import parse_qsl

import anyio
from dash.fingerprint import check_fingerprint
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ASSETS = "/assets/"
SUITES = "/_dash-component-suites/"
MEDIA = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".ico": "image/x-icon",
    ".png": "image/png",
    ".woff2": "font/woff2",
}
"""What is served from here; any other file is Dash's own to answer."""
PACKED_ALREADY = (".png", ".woff2")
FOR_EVER = "public, max-age=31536000, immutable"
ASK_EACH_TIME = "no-cache"


@dataclass(frozen=True)
class File:
    """One file as it was when it was read."""

    stamp: tuple[int, int]
    """Modified (nanoseconds) and size (bytes): another stamp is another file."""
    suffix: str
    plain: bytes

    @cached_property
    def tag(self) -> str:
        """What tells one content from another."""
        return hashlib.blake2b(self.plain, digest_size=8).hexdigest()

    @cached_property
    def packed(self) -> bytes:
        """The content as gzip; packed once, as small as it gets."""
        return gzip.compress(self.plain, 9, mtime=0)


class Files:
    """The files of pages by their addresses: the folder of our own, and those of Dash's components."""

    def __init__(self, assets: Path, packages: Mapping[str, Collection[str]]) -> None:
        self.assets = assets.resolve()
        self.packages = packages
        """Package to the files of it that are public: Dash's own register, which fills as it starts."""
        self._kept: dict[Path, File] = {}
        self._lock = threading.Lock()

    def get(self, path: str) -> File | None:
        """The file at an address; None where there is none to be served from here."""
        place = self._place(path)
        if place is None:
            return None
        try:
            found = place.stat()
            stamp = found.st_mtime_ns, found.st_size
            kept = self._kept.get(place)
            if kept is None or kept.stamp != stamp:
                with self._lock:
                    kept = self._kept[place] = File(stamp, place.suffix, place.read_bytes())
        except OSError:
            return None
        return kept

    def _place(self, path: str) -> Path | None:
        """Where a file lies. Only what is there is ever kept, so nobody can fill the memory with names."""
        if "\0" in path:
            return None
        if path.startswith(ASSETS):
            place = (self.assets / path.removeprefix(ASSETS)).resolve()
            inside = place.is_relative_to(self.assets)
        else:
            package, _, name = path.removeprefix(SUITES).partition("/")
            name = check_fingerprint(name)[0]  # type: ignore[no-untyped-call]
            module = sys.modules.get(package)
            inside = module is not None and name in self.packages.get(package, ())
            place = Path(module.__path__[0], name) if module is not None and inside else self.assets
        return place if inside and place.suffix in MEDIA else None


def for_ever(path: str, query: str, file: File) -> bool:
    """Whether an address names this very content, or this very version of a package."""
    return dict(parse_qsl(query)).get("v") == file.tag or (
        path.startswith(SUITES) and bool(check_fingerprint(path)[1])  # type: ignore[no-untyped-call]
    )


class Static:
    """Answers for files itself; everything else goes on, and no page or callback is kept by a browser."""

    def __init__(self, app: ASGIApp, *, files: Files) -> None:
        self.app = app
        self.files = files

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path: str = scope["path"]
        if scope["method"] in ("GET", "HEAD") and path.startswith((ASSETS, SUITES)):
            file = await anyio.to_thread.run_sync(self.files.get, path)
            if file is not None:
                await (await answer(scope, file))(scope, receive, send)
                return

        async def not_kept(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if path.startswith("/_dash-") or headers.get("content-type", "").startswith("text/html"):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self.app(scope, receive, not_kept)


async def answer(scope: Scope, file: File) -> Response:
    """A file as it was asked for: packed where the client can unpack it, 304 where the client has it."""
    asked = Headers(scope=scope)
    packs = file.suffix not in PACKED_ALREADY and takes_gzip(asked.get("accept-encoding", ""))
    tag = f'"{file.tag}-gz"' if packs else f'"{file.tag}"'
    lasting = for_ever(scope["path"], scope["query_string"].decode("latin-1"), file)
    headers = {
        "ETag": tag,
        "Vary": "Accept-Encoding",
        "Cache-Control": FOR_EVER if lasting else ASK_EACH_TIME,
    }
    had = {one.strip().removeprefix("W/") for one in asked.get("if-none-match", "").split(",")}
    if tag in had or "*" in had:
        return Response(status_code=304, headers=headers)
    headers["Content-Type"] = MEDIA[file.suffix]
    if not packs:
        return Response(file.plain, headers=headers)
    headers["Content-Encoding"] = "gzip"
    return Response(await anyio.to_thread.run_sync(lambda: file.packed), headers=headers)


def takes_gzip(accepted: str) -> bool:
    """Whether an Accept-Encoding header allows gzip: named, or by `*`, and not at a quality of nought."""
    found: dict[str, float] = {}
    for part in accepted.lower().split(","):
        name, *options = (piece.strip() for piece in part.split(";"))
        quality = next((one.removeprefix("q=") for one in options if one.startswith("q=")), "1")
        try:
            found[name] = float(quality)
        except ValueError:
            found[name] = 0.0
    return found.get("gzip", found.get("*", 0.0)) > 0
