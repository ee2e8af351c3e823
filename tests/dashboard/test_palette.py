"""The palette is legible, told apart by whoever sees fewer colours, and alone names colours."""

from __future__ import annotations

import itertools
import re
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dashboard import theme
from dashboard.theme import DARK, FILLS, LIGHT, PALETTES, contrast, ink_on, properties

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it tells of plotting libraries that it would like to have
    import colour
np.set_printoptions(legacy=False)  # it has numbers written with twelve digits, in every test after this one

ROOT = Path(__file__).parents[2]
SURFACES = (
    "ground",
    "panel",
    "raised",
    "bar",
    "land",
    "tint-critical",
    "tint-warning",
    "tint-notice",
    "hover",
)
"""What letters and marks stand on."""
LETTERS = (
    "text",
    "quiet",
    "accent",
    "simulated",
    "loud-critical",
    "loud-warning",
    "loud-notice",
    "status-normal",
)
"""What is written on any of them."""
MARKS = (*(f"status-{name.replace('_', '-')}" for name in theme.STATUSES), "severity-notice", "glyph", "rim")
"""What is drawn on the panels and the land."""
DRAWN_ON = ("ground", "panel", "land")
NAMED = ("edge", "before", "border-line")
"""Lines that carry meaning: the edge of a field, last week's curve, the border."""
SIGHT = {"all cones": None, "no red": "Protanomaly", "no green": "Deuteranomaly", "no blue": "Tritanomaly"}
APART = 12.0
"""CAM02-UCS distance: see docs/decisions/0010-palette.md."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "of" in metafunc.fixturenames:
        metafunc.parametrize("of", PALETTES.values(), ids=PALETTES)


def test_both_palettes_have_the_same_names(of: Any) -> None:
    assert of.keys() == DARK.keys() == LIGHT.keys()
    assert all(re.fullmatch("#[0-9a-f]{6}", value) for value in of.values())


def test_letters_stand_out_from_what_they_stand_on(of: Any) -> None:
    weak = {
        (letter, surface): round(contrast(of[letter], of[surface]), 2)
        for letter, surface in itertools.product(LETTERS, SURFACES)
        if contrast(of[letter], of[surface]) < 4.5
    }
    assert weak == {}


def test_what_is_written_on_a_fill_stands_out(of: Any) -> None:
    assert {
        name: contrast(of[name], ink_on(of[name]))
        for name in FILLS
        if contrast(of[name], ink_on(of[name])) < 4.5
    } == {}


def test_names_on_the_map_are_legible(of: Any) -> None:
    grounds = ("land", "ground", "tile-ground", "tile-park", "tile-built", "tile-water")
    assert min(contrast(of["place"], of[ground]) for ground in grounds) >= 4.5
    # A neighbouring county's name tells where one is, and is of large letters.
    assert min(contrast(of["place-far"], of[ground]) for ground in grounds) >= 3


def test_marks_and_lines_stand_out_from_the_map_and_the_panels(of: Any) -> None:
    weak = {
        (mark, ground): round(contrast(of[mark], of[ground]), 2)
        for mark, ground in itertools.product((*MARKS, *NAMED), DRAWN_ON)
        if contrast(of[mark], of[ground]) < 3
    }
    assert weak == {}


def linear(hexcode: str) -> Any:
    values = np.array([int(hexcode[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return colour.cctf_decoding(values, function="sRGB")


def seen(hexcode: str, kind: str | None) -> Any:
    """A colour's place in CAM02-UCS as seen without one kind of cone (Machado 2009), in a dim room."""
    light = linear(hexcode)
    if kind:
        with warnings.catch_warnings():
            # Of blue cones the model is an approximation, which it says each time.
            warnings.simplefilter("ignore")
            light = np.clip(colour.matrix_cvd_Machado2009(kind, 1.0) @ light, 0, 1)
    space = colour.RGB_COLOURSPACES["sRGB"]
    white = colour.xy_to_XYZ(space.whitepoint) * 100
    told = colour.XYZ_to_CIECAM02(space.matrix_RGB_to_XYZ @ light * 100, white, L_A=4, Y_b=20)
    return colour.JMh_CIECAM02_to_CAM02UCS([told.J, told.M, told.h])


def nearest(colours: dict[str, str], kind: str | None) -> tuple[float, str, str]:
    """The two colours that are told apart worst."""
    places = {name: seen(value, kind) for name, value in colours.items()}
    return min(
        (float(np.linalg.norm(places[one] - places[other])), one, other)
        for one, other in itertools.combinations(places, 2)
    )


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("names", [theme.STATUSES, theme.SEVERITIES], ids=["statuses", "severities"])
def test_they_are_told_apart_whichever_cones_see(of: Any, names: tuple[str, ...], sight: str) -> None:
    kind = "status" if names is theme.STATUSES else "severity"
    colours = {name: of[f"{kind}-{name.replace('_', '-')}"] for name in names}
    distance, one, other = nearest(colours, SIGHT[sight])
    assert distance >= APART, f"{one} and {other}: {distance:.1f}"


def test_the_simulation_tells_a_pair_that_is_known_to_be_confused() -> None:
    """The measure measures: this red and this green are far apart, and near for those without green cones."""
    confused = {"red": "#a05028", "green": "#5f6f28"}
    assert nearest(confused, None)[0] > APART > nearest(confused, "Deuteranomaly")[0]


# ---- the one place ------------------------------------------------------------------------------------

LITERAL = re.compile(
    r"#(?:[0-9a-fA-F]{8}|[0-9a-fA-F]{6}|[0-9a-fA-F]{3,4})\b(?!\s*[{,.:>])"
    r"|\b(?:rgba?|hsla?|oklch|lab|lch|hwb)\((?!\$|0,\s*0,\s*0,\s*0\))"
    r"|(?<![-\w])(?:white|black|red|green|blue|orange|yellow|gr[ae]y|purple)(?![-\w(])"
)
SOURCES = sorted(
    path
    for path in (ROOT / "dashboard").rglob("*")
    if path.suffix in (".css", ".js", ".html") and "__pycache__" not in path.parts
)


def without_words(path: Path) -> str:
    """A source without its comments; in a script only what stands in quotes may be a colour."""
    text = re.sub(r"/\*.*?\*/|<!--.*?-->", "", path.read_text("utf-8"), flags=re.DOTALL)
    return text if path.suffix == ".css" else "\n".join(re.findall(r"\"[^\"\n]*\"|'[^'\n]*'|`[^`]*`", text))


def test_no_style_or_script_names_a_colour() -> None:
    assert len(SOURCES) > 20
    found = {str(path.relative_to(ROOT)): LITERAL.findall(without_words(path)) for path in SOURCES}
    assert {name: colours for name, colours in found.items() if colours} == {}


def test_no_module_names_a_colour() -> None:
    quoted = re.compile(r"[\"']#(?:[0-9a-fA-F]{8}|[0-9a-fA-F]{6}|[0-9a-fA-F]{3})[\"']|[\"']rgba?\(\d")
    modules = [path for path in (ROOT / "dashboard").rglob("*.py") if path.name != "theme.py"]
    found = {str(path.relative_to(ROOT)): quoted.findall(path.read_text("utf-8")) for path in modules}
    assert {name: colours for name, colours in found.items() if colours} == {}


def test_styles_write_only_in_colours_whose_contrast_is_tested() -> None:
    known = {*LETTERS, "glyph", *(f"on-{name}" for name in FILLS)}
    for path in SOURCES:
        if path.suffix != ".css":
            continue
        text = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
        # A stroke in a key is a mark, drawn in its own colour.
        rules = [body for names, body in re.findall(r"([^{}]*)\{([^{}]*)\}", text) if ".stroke" not in names]
        used = {name for body in rules for name in re.findall(r"(?<![-\w])color:\s*var\(--([\w-]+)\)", body)}
        assert used - known == set(), path.name


def test_every_custom_property_in_use_is_defined() -> None:
    given = set(re.findall(r"--([\w-]+):", theme.css_variables()))
    for path in SOURCES:
        text = path.read_text("utf-8")
        made = set(re.findall(r"--([\w-]+)\s*[:\"']", text)) if path.suffix == ".css" else given
        used = set(re.findall(r"var\(--([\w-]+)\)", text))
        assert {name for name in used - given - made if not name.startswith("ag-")} == set(), path.name


def test_the_properties_carry_every_colour_and_scale() -> None:
    text = theme.css_variables()
    dark, light = text.split(":root[data-theme=light]")
    for of, half in ((DARK, dark), (LIGHT, light)):
        assert all(f"--{name}:{value};" in half for name, value in properties(of).items())
    assert min(theme.TYPE.values()) >= 1.6
    assert list(theme.TYPE.values()) == sorted(theme.TYPE.values())
    assert theme.TYPE["6"] >= 4.4
