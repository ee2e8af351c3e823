"""The border, unrolled: every post of the border line in its place along the kilometres."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from dashboard.components.atoms import heading, live, panel, tags
from dashboard.words import pick, say
from data.profile import Profile


def strip_panel(profile: Profile, lang: str, scope: str = "") -> Component | None:
    """A tick per post, coloured by status, and red where nobody holds the border; None without a border."""
    line = next((line for line in profile.spec.lines if line.border), None)
    border = profile.border
    if line is None or border is None:
        return None
    sites = profile.sites
    rows = [
        row for row in range(len(sites)) if sites.line[row] == line.id and scope in ("", sites.county[row])
    ]
    km = border.km_at(sites.lon[rows], sites.lat[rows])
    length = border.length_km
    names = profile.county_name
    # A county has no share of the length that a document states.
    stated = [" · ", say(lang, "stated_km", n=f"{line.stated_km:g}")] if line.stated_km and not scope else []
    return panel(
        "strip",
        heading(
            say(lang, "border_strip"),
            html.Span(
                [
                    pick(line.name, lang),
                    " · ",
                    say(lang, "uncovered"),
                    " ",
                    live(f"lines.{line.id}.km_uncovered", "km", "strong"),
                    " / ",
                    *([say(lang, "drawn"), " "] if stated else []),
                    live(f"lines.{line.id}.km", "km"),
                    " km",
                    *stated,
                ],
                className="quiet",
            ),
        ),
        html.Div(
            [
                html.Div(
                    [
                        html.Span(
                            names.get(adcode, adcode),
                            style={
                                "left": f"{100 * start / length:.3f}%",
                                "width": f"{100 * (end - start) / length:.3f}%",
                            },
                        )
                        for adcode, start, end in border.county_spans()
                    ],
                    className="strip-counties",
                ),
                html.Div(id="strip-gaps"),
                html.Div(
                    [
                        html.I(
                            title=str(sites.name[row]),
                            style={"left": f"{100 * position / length:.3f}%"},
                            **tags(data_tick=str(sites.site_id[row]), data_status="no_data"),
                        )
                        for row, position in zip(rows, km.tolist(), strict=True)
                    ],
                    id="strip-ticks",
                ),
                html.Div(
                    [
                        html.Span(f"K{mark}", style={"left": f"{100 * mark / length:.3f}%"})
                        for mark in range(0, int(length) + 1, _step(length))
                    ],
                    className="strip-scale",
                ),
            ],
            className="strip-body",
        ),
    )


def _step(length_km: float) -> int:
    """Kilometres between marks, so that there are six to fifteen of them."""
    return next((step for step in (1, 2, 5, 10, 20, 50, 100, 200) if length_km / step <= 15), 500)
