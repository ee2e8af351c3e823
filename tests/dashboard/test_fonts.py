"""Chinese is drawn in a font that has it, or not at all."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from matplotlib.font_manager import fontManager

from dashboard import words as board_words
from dashboard.exports import fonts
from dashboard.exports import words as export_words
from dashboard.exports.errors import NoFontError
from dashboard.exports.snapshot import draw_snapshot
from data.profile import load_profile
from tests.dashboard.drawn import drawn_picture, small, words_of
from tests.data.places import NOON


@pytest.fixture
def without_fonts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine with no Chinese font at all."""
    monkeypatch.setattr(fontManager, "ttflist", [])
    monkeypatch.setattr(fonts, "findSystemFonts", list)
    fonts.find_faces.cache_clear()
    yield
    fonts.find_faces.cache_clear()


def test_both_weights_are_of_one_family_and_simplified() -> None:
    faces = fonts.find_faces()
    assert faces.regular.family == faces.bold.family
    assert faces.regular.family in fonts.FAMILIES
    assert faces.regular.weight < faces.bold.weight


def test_every_word_of_the_board_has_its_glyphs() -> None:
    faces = fonts.find_faces()
    tables = (board_words.WORDS, export_words.WORDS)
    said = [(key, "".join(both)) for table in tables for key, both in table.items()]
    for face in (faces.regular, faces.bold):
        # All at once, for the font is opened at each question; one by one only to name what is wrong.
        whole = fonts.covers(face, "".join(words for _, words in said))
        assert whole or [key for key, words in said if not fonts.covers(face, words)] == []


def test_every_name_of_the_sample_has_its_glyphs() -> None:
    profile = load_profile("lincang")
    names = {*profile.sites.name, *profile.county_name.values(), *profile.fences["name"]}
    assert fonts.covers(fonts.find_faces().bold, "".join(names))


def test_a_sheet_misses_no_glyph() -> None:
    """Warnings are errors: a missing glyph would be one."""
    profile = small()
    drawn = draw_snapshot(drawn_picture(profile), profile, form="svg", made_at=NOON)
    faces = fonts.find_faces()
    for text in words_of(drawn):
        assert fonts.covers(faces.regular, text), text
        assert fonts.covers(faces.bold, text), text


def test_a_character_that_no_font_has_is_not_covered() -> None:
    assert not fonts.covers(fonts.find_faces().regular, "临\U0010fffe")


@pytest.mark.usefixtures("without_fonts")
def test_without_a_font_it_says_what_to_install() -> None:
    profile = small()
    with pytest.raises(NoFontError, match="apt-get install fonts-noto-cjk"):
        draw_snapshot(drawn_picture(profile), profile, made_at=NOON)


def test_a_font_installed_since_the_first_run_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """matplotlib keeps a list of fonts from its first run; what came later is scanned for."""
    known = fonts.find_faces()
    monkeypatch.setattr(
        fontManager, "ttflist", [entry for entry in fontManager.ttflist if "CJK" not in entry.name]
    )
    monkeypatch.setattr(fonts, "FAMILIES", (known.regular.family,))
    fonts.find_faces.cache_clear()
    assert fonts.find_faces() == known
    fonts.find_faces.cache_clear()


def test_a_family_without_bold_serves_for_both(monkeypatch: pytest.MonkeyPatch) -> None:
    known = fonts.find_faces()
    entries = [
        replace(entry)
        for entry in fontManager.ttflist
        if entry.name == known.regular.family and entry.weight == known.regular.weight
    ]
    monkeypatch.setattr(fontManager, "ttflist", entries)
    fonts.find_faces.cache_clear()
    faces = fonts.find_faces()
    assert faces.bold == faces.regular == known.regular
    fonts.find_faces.cache_clear()


def test_a_script_can_ask() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "dashboard.exports.fonts"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert fonts.find_faces().regular.family in done.stdout
