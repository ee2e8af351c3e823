"""FlatGeobuf: one layer in UTF-8, with its own coordinate system."""

from __future__ import annotations

from layers.formats.base import Ask, Raw, stop
from layers.formats.gdal import count_ogr, read_ogr

_MAGIC = b"fgb\x03fgb"
_LONGEST_HEADER = 10 * 1024 * 1024


def read_flatgeobuf(ask: Ask) -> Raw:
    """The layer of the file, its rows in the order in which they stand there."""
    with ask.path.open("rb") as stream:
        head = stream.read(12)
    if not head.startswith(_MAGIC):
        raise stop(
            "not FlatGeobuf", ask.file, f"a file that begins with {head[:8]!r}", "FlatGeobuf, version 3"
        )
    header = int.from_bytes(head[8:12], "little")
    if len(head) < 12 or not 0 < header <= min(_LONGEST_HEADER, ask.path.stat().st_size - 12):
        raise stop("the file breaks off", ask.file, f"a header of {header:,} bytes", "a whole header")
    raw = read_ogr(ask.path, None, ask.file)
    rows = count_ogr(ask.path)
    if len(raw.index) < rows:  # GDAL reads nothing, and says nothing, where the file ends within its index
        raise stop("the file breaks off", ask.file, f"{len(raw.index)} readable rows", f"{rows} rows")
    return raw
