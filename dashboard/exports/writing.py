"""A drawn sheet as a file: PNG, SVG or PDF, with what the file says of itself."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

from dashboard.exports.embedding import with_fonts
from dashboard.exports.pen import Pen
from dashboard.exports.title import version

STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "threeline",
    # Type 42 is for TrueType outlines: it mislabels the CFF ones of Noto CJK, and takes six times as long.
    "pdf.fonttype": 3,
    # Hinted glyphs have whole widths, and a line of small digits then ends short of its place.
    "text.hinting": "none",
    "text.parse_math": False,
    "path.simplify": False,
}
"""What matplotlib must be told before anything is drawn."""


def write(pen: Pen, form: str, title: str, made_at: float) -> bytes:
    """What the pen drew, in a form that matplotlib writes."""
    made, maker = datetime.fromtimestamp(made_at, UTC), f"Threeline {version()}"
    about: dict[str, dict[str, Any]] = {
        "png": {"Title": title, "Software": maker, "Creation Time": made.isoformat()},
        "svg": {"Title": title, "Creator": maker, "Date": made.isoformat()},
        "pdf": {"Title": title, "Creator": maker, "CreationDate": made},
    }
    out = io.BytesIO()
    pen.figure.savefig(out, format=form, dpi=72, metadata=about[form])
    return with_fonts(out.getvalue(), pen.faces, pen.written) if form == "svg" else out.getvalue()
