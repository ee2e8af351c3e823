"""The visual language, defined once: two palettes, the scales of type and of spacing.

Python figures read it here; the style sheet and the scripts read the same values as custom properties.
How the colours were chosen, and what was measured: docs/decisions/0010-palette.md.
"""

from __future__ import annotations

from collections.abc import Mapping

Palette = Mapping[str, str]
"""Name to colour, `#rrggbb`; names are those of the custom properties, without their two hyphens."""

THEMES = ("dark", "light")

DARK: Palette = {
    # Surfaces, from the back to the front.
    "ground": "#08111c", "panel": "#0d1b2b", "raised": "#12253a", "hairline": "#1b3149", "bar": "#0f2136",
    "alarm-bar": "#571d13", "track": "#1b3149", "hover": "#1b3149",
    # What is written and drawn on them.
    "text": "#e9f1fa", "quiet": "#9db1c8", "accent": "#3cc8ff", "glyph": "#a9cdf0", "simulated": "#c792ff",
    "edge": "#5c7f9f", "rim": "#ffffff", "grid": "#1b3149", "before": "#7f97b1",
    # The state of a site, and how grave an alert is.
    "status-normal": "#37b7a5", "status-busy": "#f4c04d", "status-congested": "#ff6a4d",
    "status-no-data": "#b8c4d6", "status-offline": "#727c8c", "status-closed": "#4f6db0",
    "severity-critical": "#ff6a4d", "severity-warning": "#f4c04d", "severity-notice": "#3cc8ff",
    # The ground of a row that tells of an alert, and the words on it.
    "tint-critical": "#37212c", "tint-warning": "#1f2a33", "tint-notice": "#12293d",
    "loud-critical": "#ffab99", "loud-warning": "#ffdf95", "loud-notice": "#a9e4ff",
    # What is written on a fill of a status, a severity or the accent.
    "ink": "#04101c",
    # The map.
    "land": "#0f2033", "land-edge": "#2b4a6b", "border-line": "#8fd6ff", "road": "#3a536e",
    "road-main": "#50708f", "own-edge": "#4c86b8", "water": "#1d4e73",
    "place": "#b3c7dc", "place-far": "#75899f",
    "tile-ground": "#0b1725", "tile-park": "#0d1d26", "tile-built": "#10202f", "tile-water": "#0f2c46",
    "tile-building": "#16283c", "tile-road": "#2b4058", "tile-rail": "#33475e",
    # What lies behind a dialog and below a drawer.
    "veil": "#04090f", "shadow": "#000000",
}  # fmt: skip

LIGHT: Palette = {
    "ground": "#edf1f6", "panel": "#fbfcfe", "raised": "#ffffff", "hairline": "#d3dce7", "bar": "#ffffff",
    "alarm-bar": "#f6d3cb", "track": "#dbe3ec", "hover": "#e6edf4",
    "text": "#14202e", "quiet": "#4c5d71", "accent": "#00639e", "glyph": "#2f5578", "simulated": "#7431b8",
    "edge": "#71869d", "rim": "#14202e", "grid": "#dbe3ec", "before": "#74879c",
    "status-normal": "#006f60", "status-busy": "#b57b00", "status-congested": "#b3200c",
    "status-no-data": "#3f4650", "status-offline": "#7d8696", "status-closed": "#2a3f9a",
    "severity-critical": "#b3200c", "severity-warning": "#b57b00", "severity-notice": "#00639e",
    "tint-critical": "#fbe7e2", "tint-warning": "#fdf3dc", "tint-notice": "#e3f0f9",
    "loud-critical": "#96170a", "loud-warning": "#6f4a00", "loud-notice": "#004f7f",
    "ink": "#ffffff",
    "land": "#fdfdfb", "land-edge": "#8a9db2", "border-line": "#00639e", "road": "#b4c1cf",
    "road-main": "#8b9eb3", "own-edge": "#2f6ea3", "water": "#7fb2d6",
    "place": "#3b4d61", "place-far": "#6a7c90",
    "tile-ground": "#f3f5f7", "tile-park": "#e2eee2", "tile-built": "#e9edf1", "tile-water": "#cfe4f3",
    "tile-building": "#dde3ea", "tile-road": "#c3ced9", "tile-rail": "#b4bfcb",
    "veil": "#33414f", "shadow": "#33414f",
}  # fmt: skip

PALETTES: Mapping[str, Palette] = {"dark": DARK, "light": LIGHT}

MAP_COLOURS = (
    "ground", "land", "land-edge", "border-line", "road", "road-main", "water", "place", "place-far", "quiet",
)  # fmt: skip
"""What the base map is drawn in; no two of them are the same colour."""

FILLS = (
    "status-normal", "status-busy", "status-congested", "status-no-data", "status-offline", "status-closed",
    "severity-critical", "severity-warning", "severity-notice", "accent", "simulated",
)  # fmt: skip
"""Colours that are written on; `on-<fill>` is what is written."""

TYPE: Mapping[str, float] = {"1": 1.6, "2": 1.8, "3": 2.1, "4": 2.5, "5": 3.2, "6": 4.8, "7": 6.4}
"""Sizes of letters in rem; one rem is 10 px of the wall's canvas. Nothing on the wall is below the first,
main numbers are at least the sixth."""
DESK_TYPE = 1.3
"""The one size below them, for a desk's footers and table heads."""
SPACE: Mapping[str, float] = {"1": 0.4, "2": 0.8, "3": 1.2, "4": 1.6, "5": 2.4, "6": 3.2, "7": 4.8}
"""Distances, in rem."""
LARGE_REM = 2.4
"""From here letters are large to WCAG, 24 px, on a canvas shown no smaller than it was drawn."""

FONT = (
    '"Noto Sans SC", "Noto Sans CJK SC", "Source Han Sans SC", "HarmonyOS Sans SC", '
    '"PingFang SC", "Microsoft YaHei", "WenQuanYi Micro Hei", system-ui, sans-serif'
)

CLEAR = "rgba(0,0,0,0)"
"""Nothing drawn, in figures."""

STATUSES = ("normal", "busy", "congested", "no_data", "offline", "closed")
SEVERITIES = ("critical", "warning", "notice")


def palette(theme: str = "") -> Palette:
    """The palette of a theme; the dark one where none is named."""
    return PALETTES.get(theme, DARK)


def status_colour(of: Palette, status: str) -> str:
    """The colour of a site's status."""
    return of["status-" + status.replace("_", "-")]


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb`, 0 to 1, as WCAG 2.2 defines it."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21, as WCAG 2.2 defines it."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def ink_on(fill: str) -> str:
    """What is written on a fill: the darkest or the lightest of both palettes, whichever stands out."""
    return max(DARK["ink"], LIGHT["ink"], key=lambda ink: contrast(fill, ink))


def veiled(colour: str, share: float) -> str:
    """A colour that lets through what lies below, for figures; `share` is its opacity."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{share:g})"


def properties(of: Palette) -> dict[str, str]:
    """A palette as custom properties: its own colours, and what is written on its fills."""
    return {**of, **{f"on-{name}": ink_on(of[name]) for name in FILLS}}


def css_variables() -> str:
    """Palettes and scales as custom properties of the root; `data-theme` on it chooses the palette."""
    scales = {
        "t-0": f"max({DESK_TYPE}rem, 12px)",
        **{f"t-{step}": f"{size}rem" for step, size in TYPE.items()},
        **{f"s-{step}": f"{size}rem" for step, size in SPACE.items()},
        "font": FONT,
    }
    return (
        f":root{{color-scheme:dark;{_lines({**properties(DARK), **scales})}}}"
        f":root[data-theme=light]{{color-scheme:light;{_lines(properties(LIGHT))}}}"
    )


def _lines(values: Mapping[str, str]) -> str:
    return "".join(f"--{name}:{value};" for name, value in values.items())


# What is drawn on paper and exported to other systems is drawn in the dark palette, by these names.
GROUND, PANEL, RAISED, HAIRLINE = DARK["ground"], DARK["panel"], DARK["raised"], DARK["hairline"]
LAND, LAND_EDGE, BORDER_LINE = DARK["land"], DARK["land-edge"], DARK["border-line"]
TEXT, QUIET, ACCENT, SIMULATED = DARK["text"], DARK["quiet"], DARK["accent"], DARK["simulated"]
STATUS: dict[str, str] = {status: status_colour(DARK, status) for status in STATUSES}
"""Site status to colour; each is drawn in a way of its own as well, so that colour is never alone."""
SEVERITY: dict[str, str] = {severity: DARK[f"severity-{severity}"] for severity in SEVERITIES}
