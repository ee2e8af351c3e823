"""Whether the templates of briefs that a profile names can be filled."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from data.profile_template_file import MAIN, stories
from data.profile_template_words import check_words
from data.profile_toml import FILE, Draft
from layers.faults import Fault, FaultsError
from layers.hints import shown


def check_templates(folder: Path, draft: Draft) -> list[Fault]:
    """Every fault of the templates: missing, too large, of another form, with placeholders unknown."""
    exports = draft.tree.get("exports")
    named = exports.get("templates") if isinstance(exports, dict) else None
    faults: list[Fault] = []
    for form in MAIN:
        file = named.get(form) if isinstance(named, dict) else None
        if isinstance(file, str) and file:
            faults += _one(folder, form, file)
    return faults


def _one(folder: Path, form: str, file: str) -> list[Fault]:
    key = f"exports.templates.{form}"
    path = template_path(folder, file)
    if path is None:
        hint, expected = "Copy the file into the profile's folder", "a path inside the profile's folder"
        what = "the file is outside the profile's folder"
        return [Fault(what, FILE, None, key, shown(file), expected, hint)]
    where = f"({key} in {FILE})"
    try:
        faults = [fault for story in stories(path, form, file) for fault in check_words(story, file)]
    except FaultsError as error:
        faults = list(error.faults)
    return [replace(fault, hint=f"{fault.hint} {where}".strip()) for fault in faults]


def template_path(folder: Path, file: str) -> Path | None:
    """Where a template lies; None where that is outside the profile's folder."""
    try:
        path = (folder / file).resolve()
        inside = path.is_relative_to(folder.resolve()) and not Path(file).is_absolute()
    except (OSError, ValueError):
        return None
    return path if inside else None
