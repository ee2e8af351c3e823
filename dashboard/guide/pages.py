"""`/help`: what the board shows and how to use it, written beside the code and served without a network."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from fastapi import APIRouter, Request
from markdown_it import MarkdownIt
from starlette.responses import RedirectResponse, Response

from dashboard.accounts.asking import spoken
from dashboard.accounts.rendering import page
from dashboard.api.problems import Problem
from dashboard.api.rights import needs
from dashboard.guide.keys import places

FOLDER = Path(__file__).parent
TEXTS = FOLDER / "texts"
PAGES = (
    "wall", "map", "county", "alerts", "silences", "duty", "forecast", "handover", "rounds", "exports",
    "keys", "share", "accounts", "trouble",
)  # fmt: skip
"""In the order in which they are listed; each but `keys` is a text in every language."""
STYLE = "/help/style.css"

router = APIRouter(include_in_schema=False, dependencies=[needs("see")])


@router.get("/help")
def first(request: Request) -> Response:
    """The first page; the language stays."""
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"/help/{PAGES[0]}{query}")


@router.get(STYLE)
def style(request: Request) -> Response:
    """The style of these pages."""
    text, tag = _style()
    lasting = request.query_params.get("v") == tag
    keep = "private, max-age=31536000, immutable" if lasting else "no-cache"
    return Response(text, media_type="text/css", headers={"Cache-Control": keep})


@router.get("/help/{name}")
def show(request: Request, name: str) -> Response:
    """One page, beside the list of all."""
    if name not in PAGES:
        raise Problem("unknown-path", got=request.url.path)
    lang = spoken(request)
    return page(
        request,
        "help.html",
        on="help",
        name=name,
        pages=[(other, title(other, lang)) for other in PAGES],
        text=body(name, lang) if name != "keys" else "",
        places=places(),
        guide_style=_style()[1],
    )


@cache
def body(name: str, lang: str) -> str:
    """A page's text as HTML without its heading; markup in a text is shown and never run."""
    return str(_reader().render(_text(name, lang).partition("\n")[2]))


@cache
def title(name: str, lang: str) -> str:
    """A page's heading; "" for the keys, whose words are the board's."""
    return _text(name, lang).partition("\n")[0].removeprefix("# ") if name != "keys" else ""


def _text(name: str, lang: str) -> str:
    return (TEXTS / ("en" if lang.startswith("en") else "zh-CN") / f"{name}.md").read_text("utf-8")


@cache
def _reader() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


@cache
def _style() -> tuple[str, str]:
    text = (FOLDER / "templates" / "help.css").read_text("utf-8")
    return text, hashlib.blake2b(text.encode(), digest_size=8).hexdigest()
