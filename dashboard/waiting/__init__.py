"""What a browser shows while the server is away: a page that says so and opens the board when it is back.

A browser that finds no server shows an error of its own and stays with it. Where it allows it (on this
machine, or by https) the board's pages leave a small worker in it, which then answers with this page. It
keeps no picture and no part of one: what is shown as live has come from the server.
"""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from html import escape
from pathlib import Path

from fastapi import APIRouter
from starlette.responses import HTMLResponse, Response

from dashboard import theme
from dashboard.words import say

HERE = Path(__file__).parent
LANGS = ("zh-CN", "en")
FRESH = {"Cache-Control": "no-cache"}
FRAMES = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
PAGE = FRESH | {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    + FRAMES
}
WORKER = FRESH | {"Content-Security-Policy": f"default-src 'none'; connect-src 'self'; {FRAMES}"}
"""A worker keeps to the policy that it came with, and all that it does is ask this server."""

router = APIRouter(include_in_schema=False)


@cache
def page() -> str:
    """The waiting page in both languages; its script shows one of them."""
    said = "\n".join(
        f'<section lang="{lang}"{"" if lang == LANGS[0] else " hidden"}>'
        f'<p class="title">{escape(say(lang, "app"))}</p><h1>{escape(say(lang, "waiting"))}</h1>'
        f"<p>{escape(say(lang, 'waiting_note'))}</p>"
        f'<p class="last" data-say="{escape(say(lang, "waiting_last"))}" hidden></p></section>'
        for lang in LANGS
    )
    return f"""<!DOCTYPE html>
<html lang="{LANGS[0]}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(say(LANGS[0], "app"))}</title>
<link rel="stylesheet" href="/waiting.css">
<script src="/waiting.js" defer></script>
</head>
<body>
<main role="status">
{said}
<div class="pulse" aria-hidden="true"><i></i><i></i><i></i></div>
</main>
</body>
</html>"""


@cache
def style() -> str:
    """How it looks: the board's own colours."""
    return f"{theme.css_variables()}\n{_file('waiting.css')}"


@cache
def worker() -> str:
    """The worker's script; other parts make it another worker, so that browsers fetch them anew."""
    mark = sha256((page() + style() + _file("waiting.js")).encode()).hexdigest()[:12]
    return _file("worker.js").replace("{mark}", mark)


def _file(name: str) -> str:
    return (HERE / name).read_text("utf-8")


@router.get("/waiting")
async def waiting_page() -> Response:
    """The page itself."""
    return HTMLResponse(page(), headers=PAGE)


@router.get("/waiting.css")
async def waiting_style() -> Response:
    """Its looks."""
    return Response(style(), media_type="text/css", headers=FRESH)


@router.get("/waiting.js")
async def waiting_script() -> Response:
    """Its script."""
    return Response(_file("waiting.js"), media_type="text/javascript", headers=FRESH)


@router.get("/worker.js")
async def worker_script() -> Response:
    """What stands between the browser and the server, for pages that are opened."""
    return Response(worker(), media_type="text/javascript", headers=WORKER)
