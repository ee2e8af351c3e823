"""The file formats: bytes on disk become columns, shapes and the coordinate system that the file carries.

One module per format, a row each in `READERS`.
"""

from __future__ import annotations

from pathlib import Path

from layers.faults import FaultsError
from layers.formats.base import MAX_BYTES, Ask, Format, Raw, stop
from layers.formats.geojson import read_geojson
from layers.formats.geopackage import names_in, read_geopackage
from layers.formats.points import read_points
from layers.hints import did_you_mean, one_of

__all__ = ["READERS", "SUFFIXES", "Ask", "Raw", "is_table", "layers_of", "read_file"]

READERS: dict[str, Format] = {
    ".geojson": Format(read_geojson),
    ".json": Format(read_geojson),
    ".gpkg": Format(read_geopackage, names_in),
    ".csv": Format(read_points, table=True),
}
"""Suffix to its format."""
SUFFIXES = tuple(READERS)


def read_file(ask: Ask) -> Raw:
    """The file in the way its suffix asks for; raises FaultsError where nothing can be read."""
    path, file, suffix = ask.path, ask.file, ask.path.suffix.lower()
    row = READERS.get(suffix)
    if row is None:
        hint = "Save it as GeoPackage or GeoJSON, for example with QGIS"
        raise stop("not a format we read", file, suffix or "no suffix", one_of(SUFFIXES), hint)
    try:
        if not path.is_file():
            if path.exists():
                raise stop("not a file", file, "a folder or a device", "a file")
            raise stop("no such file", file, "nothing", "a file that exists", _beside(path))
        size = path.stat().st_size
        if size > MAX_BYTES:
            got, most = f"{size / 2**20:,.0f} MB", f"at most {MAX_BYTES // 2**20} MB"
            raise stop("the file is too large", file, got, most, "Split it, or simplify its shapes")
        return row.read(ask)
    except FaultsError:  # which is a ValueError itself
        raise
    except (OSError, ValueError) as error:
        raise stop("the file cannot be opened", file, str(error), "a file that this user may read") from None


def layers_of(path: Path) -> list[str | None]:
    """The layers of a file that may hold several, or one None for anything else and what cannot be read."""
    row = READERS.get(path.suffix.lower())
    return row.layers(path) if row else [None]


def is_table(path: Path) -> bool:
    """Whether the file is a table with a position per row, rather than shapes with their columns."""
    row = READERS.get(path.suffix.lower())
    return row is not None and row.table


def _beside(path: Path) -> str:
    try:
        return did_you_mean(path.name, [other.name for other in path.parent.iterdir()])
    except OSError:
        return ""
