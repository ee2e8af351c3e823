"""Pages written on the server: usable without script, in both palettes and both languages."""

from __future__ import annotations

import hashlib
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from dashboard import theme
from dashboard.accounts.asking import board_of, same_site, session_of, spoken, themed
from dashboard.words import pick, say

LANGUAGES = {"zh-CN": "中文", "en": "English"}
TEMPLATES = Path(__file__).parent / "templates"
GUIDE = Path(__file__).parent.parent / "guide" / "templates"
PAGES = Environment(
    loader=FileSystemLoader((TEMPLATES, GUIDE)),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def css() -> str:
    """Palettes and scales as the board has them; the reader's system chooses until a palette is named."""
    light = "".join(f"--{name}:{value};" for name, value in theme.properties(theme.LIGHT).items())
    by_system = f":root:not([data-theme]){{color-scheme:light;{light}}}"
    return f"{theme.css_variables()}@media (prefers-color-scheme:light){{{by_system}}}"


@cache
def style() -> tuple[str, str]:
    """The stylesheet of these pages and what tells it from another one; a file, so no style is inline."""
    text = css() + (TEMPLATES / "style.css").read_text("utf-8")
    return text, hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def page(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A page of its own address, with what every one of them shows."""
    board, lang = board_of(request), spoken(request)
    profile, session = board.profile, session_of(request)
    kept = {name: value for name, value in request.query_params.items() if name in ("lang", "theme")}
    after = same_site(request.query_params.get("next", ""))
    kept |= {"next": after} if after != "/" else {}

    def here(path: str = request.url.path, **changed: str) -> str:
        query = urlencode({name: value for name, value in (kept | changed).items() if value}, safe="/")
        return path + (f"?{query}" if query else "")

    def when(seconds: float | None, form: str = "%m-%d %H:%M") -> str:
        return datetime.fromtimestamp(seconds, profile.zone).strftime(form) if seconds is not None else ""

    html = PAGES.get_template(template).render(
        lang=lang,
        theme=themed(request),
        style=style()[1],
        board_title=pick(profile.spec.title, lang),
        say=partial(say, lang),
        here=here,
        when=when,
        after=after,
        languages=[(code, LANGUAGES.get(code, code)) for code in profile.spec.languages if code != lang],
        counties=profile.county_name,
        session=session,
        form_token=board.accounts.form_token(session.id) if session else "",
        **values,
    )
    return HTMLResponse(html, status, {"Cache-Control": "no-store"})
