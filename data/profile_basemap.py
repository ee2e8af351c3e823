"""Whether the basemap that a profile names can be drawn."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from data.profile_toml import FILE, Draft
from layers.faults import Fault, FaultsError
from layers.tiles import open_tiles


def check_basemap(folder: Path, draft: Draft) -> list[Fault]:
    """Every fault of the basemap: missing, of another format, broken, empty."""
    spec = draft.map.basemap if draft.map else None
    if spec is None:
        return []
    try:
        path = (folder / spec.file).resolve()
        inside = Path(spec.file).is_absolute() or path.is_relative_to(folder.resolve())
    except (OSError, ValueError):
        inside = False
    if not inside:
        expected = "a path inside the profile's folder, or one that begins at the root"
        return [Fault("not a path of a basemap", FILE, None, "map.basemap.file", spec.file, expected)]
    try:
        open_tiles(path, spec.file).close()
    except FaultsError as error:
        where = f"(map.basemap.file in {FILE})"
        return [replace(fault, hint=f"{fault.hint} {where}".strip()) for fault in error.faults]
    return []
