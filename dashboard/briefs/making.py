"""Making a brief: its words, its map, its file, each in the form that is asked for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard.briefs.content import manuscript
from layers.faults import Fault, FaultsError

if TYPE_CHECKING:
    from dashboard.briefs.gather import Brief
    from dashboard.briefs.manuscript import Pictures

FORMS = ("docx", "pptx", "xlsx", "pdf")


def make(brief: Brief, form: str, lang: str, step: Callable[[str], None] = lambda _: None) -> bytes:
    """The file of a brief.

    Args:
        form: one of FORMS.
        lang: one of the profile's languages.
        step: told what begins: `words`, `map` (not for a workbook) and `file`.

    Raises:
        FaultsError: it cannot be made, such as with a template that is broken.
    """
    # Each form has its library, and a deck needs no typesetter.
    step("words")
    told = manuscript(brief.facts, lang)
    if form == "xlsx":
        from dashboard.briefs.workbook import xlsx  # noqa: PLC0415

        step("file")
        return xlsx(told)
    pictures = _pictures(brief, lang, step)
    step("file")
    if form == "docx":
        from dashboard.briefs.document import docx  # noqa: PLC0415

        return docx(told, pictures, template_of(brief, form))
    if form == "pptx":
        from dashboard.briefs.slides import pptx  # noqa: PLC0415

        return pptx(told, pictures, template_of(brief, form))
    if form == "pdf":
        from dashboard.briefs.paper import pdf  # noqa: PLC0415

        return pdf(told, pictures)
    raise ValueError(form)


def _pictures(brief: Brief, lang: str, step: Callable[[str], None]) -> Pictures:
    from dashboard.briefs.pictures import pictures  # noqa: PLC0415

    step("map")
    return pictures(brief, lang)


def template_of(brief: Brief, form: str) -> bytes | None:
    """The bureau's own file that a form is filled into; None where the profile names none.

    Raises:
        FaultsError: it is not there any more; it was when the profile was checked.
    """
    profile = brief.profile
    named: str = getattr(profile.spec.exports.templates, form)
    if not named:
        return None
    try:
        return (Path(profile.folder) / named).read_bytes()
    except OSError as error:
        what = f"The template cannot be read: {error.strerror or error}"
        where = f"exports.templates.{form}"
        hint = "Put it back, or take it out of the profile."
        raise FaultsError([Fault(what, field=where, got=named, expected="a file", hint=hint)]) from error
