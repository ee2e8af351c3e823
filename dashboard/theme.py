"""The palette and type, defined once: Python figures and the style sheet both read it here."""

from __future__ import annotations

GROUND = "#08111c"
PANEL = "#0d1b2b"
RAISED = "#12253a"
HAIRLINE = "#1b3149"
LAND = "#0f2033"
LAND_EDGE = "#2b4a6b"
TEXT = "#e9f1fa"
QUIET = "#8fa6bf"
ACCENT = "#3cc8ff"
SIMULATED = "#c792ff"
BORDER_LINE = "#8fd6ff"

STATUS: dict[str, str] = {
    "normal": "#37b7a5",
    "busy": "#f4c04d",
    "congested": "#ff6a4d",
    "no_data": "#8b98ab",
    "offline": "#5d6b7f",
    "closed": "#3f5068",
}
"""Site status to colour; offline is drawn hollow, no_data faded, so that colour is never alone."""

SEVERITY: dict[str, str] = {"critical": "#ff6a4d", "warning": "#f4c04d", "notice": "#3cc8ff"}

FONT = (
    '"Noto Sans SC", "Noto Sans CJK SC", "Source Han Sans SC", "HarmonyOS Sans SC", '
    '"PingFang SC", "Microsoft YaHei", "WenQuanYi Micro Hei", system-ui, sans-serif'
)


def css_variables() -> str:
    """The palette as custom properties of `:root`, for the style sheet and the scripts."""
    values = {
        "ground": GROUND,
        "panel": PANEL,
        "raised": RAISED,
        "hairline": HAIRLINE,
        "land": LAND,
        "land-edge": LAND_EDGE,
        "text": TEXT,
        "quiet": QUIET,
        "accent": ACCENT,
        "simulated": SIMULATED,
        "border-line": BORDER_LINE,
        **{f"status-{name.replace('_', '-')}": colour for name, colour in STATUS.items()},
        **{f"severity-{name}": colour for name, colour in SEVERITY.items()},
    }
    lines = "".join(f"--{name}:{colour};" for name, colour in values.items())
    return f":root{{{lines}--font:{FONT}}}"
