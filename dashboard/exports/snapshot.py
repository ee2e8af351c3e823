"""A snapshot: one picture as a file, drawn without a browser."""

from __future__ import annotations

from datetime import datetime

from dashboard.exports.look import Look
from data.picture import Picture
from data.profile import Profile
from data.size import LONGEST, SHORTEST
from layers.faults import Fault, FaultsError

FORMS = {"png": "image/png", "svg": "image/svg+xml", "pdf": "application/pdf"}
"""File form to media type."""


def draw_snapshot(
    picture: Picture,
    profile: Profile,
    *,
    lang: str = "zh-CN",
    size: tuple[int, int] = (1920, 1080),
    form: str = "png",
    made_at: float | datetime,
    made_by: str = "",
    look: Look = Look(),  # noqa: B008 (frozen)
) -> bytes:
    """The picture of a prefecture, or of the county it is cut to, on one sheet.

    Args:
        lang: language of the words; the profile's own texts fall back to its first.
        size: width and height in pixels (points for SVG and PDF), each within the limits of `data.size`.
        form: `png`, `svg` or `pdf`; text stays text in the last two.
        made_at: when it is drawn: epoch seconds, or a datetime with an offset.
        made_by: the post that made it; never a person's name.
        look: in which colours, how much of a sheet, which view; of the whole scope with panels when absent.

    Raises:
        FaultsError: a size, form or look that cannot be drawn.
        NoFontError: no Chinese font is installed (a FaultsError too, but the server's).
    """
    faults = [
        Fault(
            what=f"A snapshot cannot be this {side}",
            field="size",
            got=str(pixels),
            expected=f"{SHORTEST} to {LONGEST} pixels",
            hint="Try 1920x1080 or 3840x2160",
        )
        for side, pixels in zip(("wide", "high"), size, strict=True)
        if not SHORTEST <= pixels <= LONGEST
    ]
    if form not in FORMS:
        faults.append(
            Fault(what="A snapshot has no such form", field="form", got=form, expected=", ".join(FORMS))
        )
    faults += look.faults(profile)
    if faults:
        raise FaultsError(faults)
    # matplotlib takes half a second to import, which a server that draws nothing need not spend.
    from dashboard.exports.sheet import draw  # noqa: PLC0415

    when = made_at.timestamp() if isinstance(made_at, datetime) else float(made_at)
    return draw(picture, profile, lang=lang, size=size, form=form, made_at=when, made_by=made_by, look=look)
