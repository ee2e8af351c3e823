"""The permanent address of a picture, and the code that a telephone reads it from."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from urllib.parse import quote

import segno

from dashboard.exports.look import Look
from data.profile import Profile

BORDER = 4
"""Modules of white around a code; readers ask for them."""
MOST_LETTERS = 1200
"""Of an address: a longer one gives a code that no telephone reads from paper."""


def permalink(
    base: str, profile: Profile, *, scope: str, at: int, lang: str, look: Look | None = None
) -> str:
    """The page that shows the picture of a time: `{base}/county/530924?at=…&lang=…&c=…`.

    Args:
        base: the board's address as people type it; "" gives "".
        scope: "" for the prefecture, or a county's adcode.
        profile: its clocks write the time; of a look of one line the page's map hides its others.
        at: epoch seconds of the picture.
        look: its line, view, hidden layers, selection and theme are added where they are not the page's own.
    """
    if not base:
        return ""
    told = [("at", datetime.fromtimestamp(at, profile.zone).isoformat(timespec="seconds")), ("lang", lang)]
    if look is not None:
        told += _view(look, list(profile.line))
    query = "&".join(f"{name}={quote(value, safe=',:')}" for name, value in told)
    path = f"/county/{quote(scope, safe='')}" if scope else "/"
    return f"{base.rstrip('/')}{path}?{query}"


def _view(look: Look, lines: Sequence[str]) -> list[tuple[str, str]]:
    told, hidden = [], list(look.hidden)
    if look.line:
        # The table of a page reads the one, its map the other.
        told.append(("line", look.line))
        hidden += [line for line in lines if line not in (look.line, *hidden)]
    if look.center is not None:
        told.append(("c", f"{look.center[0]:.4f},{look.center[1]:.4f}"))
    if look.zoom is not None:
        told.append(("z", f"{look.zoom:.2f}"))
    if hidden:
        told.append(("hide", ",".join(hidden)))
    if look.site:
        told.append(("site", look.site))
    if look.theme != "dark":
        told.append(("theme", look.theme))
    return told


def modules(link: str) -> list[bytearray]:
    """The code's rows of modules, 1 for dark, without the border; none for "" and for what is too long."""
    return [bytearray(row) for row in _code(link).matrix] if 0 < len(link) <= MOST_LETTERS else []


def qr(link: str, form: Literal["svg", "png"] = "svg", *, pixels: int = 480) -> bytes:
    """The address as a QR code, dark on white; b"" for "" and for an address too long for one.

    Args:
        form: `svg`, which has a size of its own in modules, or `png`.
        pixels: of a PNG's side, at least; a module is a whole number of them.
    """
    if not 0 < len(link) <= MOST_LETTERS:
        return b""
    code, out = _code(link), io.BytesIO()
    if form == "svg":
        code.save(out, kind="svg", border=BORDER, light="white", xmldecl=True, omitsize=True)
    else:
        across = code.symbol_size(border=BORDER)[0]
        code.save(out, kind="png", border=BORDER, scale=-(-pixels // across), dark="black", light="white")
    return out.getvalue()


def _code(link: str) -> segno.QRCode:
    return segno.make_qr(link, error="m", boost_error=False, encoding="utf-8")
