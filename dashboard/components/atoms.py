"""The smallest pieces: a live value, a marker shape, a panel."""

from __future__ import annotations

import math
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.guide.keys import EVERYWHERE, places
from dashboard.words import say


def tags(**values: str) -> dict[str, Any]:
    """Attributes whose names carry a hyphen: `tags(data_live=…)` is `data-live`."""
    return {name.replace("_", "-"): value for name, value in values.items()}


def live(path: str, fmt: str, class_name: str = "") -> Component:
    """A value that the live script keeps; `path` runs through the picture, such as `lines.first.online`."""
    return html.Span("—", className=class_name, **tags(data_live=path, data_format=fmt))


def panel(name: str, *children: Any, **attributes: Any) -> Component:
    """A bordered section of a page."""
    return html.Section(list(children), className=f"panel {name}", **attributes)


def heading(text: str, *aside: Any) -> Component:
    """A panel's title, with what stands at its right."""
    return html.Header([html.H2(text), *aside], className="panel-head")


def action(what: str, label: str, title: str) -> Component:
    """A button that the page script carries out."""
    return html.Button(
        label, type="button", title=title, className="action", **tags(data_do=what, aria_label=title)
    )


def outline(shape: str) -> str:
    """A marker shape as an SVG path in a 64 by 64 box; the same outlines as the map's icons."""
    corners, radius, turn, drop = {
        "triangle": (3, 27, 0.0, 5),
        "diamond": (4, 25, 0.0, 0),
        "square": (4, 27, math.pi / 4, 0),
        "hexagon": (6, 24, 0.0, 0),
        "circle": (40, 22, 0.0, 0),
        "star": (10, 26, 0.0, 0),
    }[shape]
    points = []
    for corner in range(corners):
        angle = turn + 2 * math.pi * corner / corners
        reach = 11.4 if shape == "star" and corner % 2 else radius
        points.append(f"{32 + reach * math.sin(angle):.1f} {32 - reach * math.cos(angle) + drop:.1f}")
    return "M" + "L".join(points) + "Z"


def glyph(shape: str, class_name: str = "shape") -> Component:
    """A marker shape drawn in the current text colour, as a mask so that style sheets colour it."""
    svg = f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 64 64'><path d='{outline(shape)}'/></svg>"
    uri = "data:image/svg+xml," + svg.replace("<", "%3C").replace(">", "%3E").replace(" ", "%20")
    return html.I(
        className=f"glyph {class_name}",
        style={"maskImage": f'url("{uri}")', "WebkitMaskImage": f'url("{uri}")'},
        **tags(aria_hidden="true"),
    )


def chart(chart_id: Any, figure: Any, class_name: str) -> Component:
    """A chart drawn at design size and scaled with the canvas."""
    return html.Div(
        html.Div(
            dcc.Graph(
                id=chart_id,
                figure=figure,
                config={"displayModeBar": False, "responsive": True},
                className="chart-graph",
            ),
            className="chart-scale",
        ),
        className=f"chart {class_name}",
        **tags(data_charts="1"),
    )


def help_dialog(lang: str, *here: str) -> Component:
    """The keys of everywhere and of some places, opened by `?`, and the way to the help pages."""
    parts: list[Component] = [html.H2(say(lang, "shortcuts"), id="help-title")]
    for where, rows in places().items():
        if where in (EVERYWHERE, *here):
            parts.append(html.H3(say(lang, f"keys_{where}")))
            parts.append(
                html.Dl(
                    [
                        part
                        for keys, word in rows
                        for part in (html.Dt([html.Kbd(key) for key in keys]), html.Dd(say(lang, word)))
                    ]
                )
            )
    # The help pages are the server's own: no part of the app.
    more = html.A(say(lang, "help_more"), href=f"/help?lang={lang}", className="action")
    close = action("close-help", say(lang, "close"), say(lang, "close"))
    return html.Dialog(
        [*parts, html.Div([more, close], className="help-foot")],
        id="help",
        **tags(aria_labelledby="help-title"),
    )
