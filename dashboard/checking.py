"""`threeline check`: every fault of a profile folder or of a lone geodata file."""

from __future__ import annotations

from pathlib import Path

from data.profile import check_file, check_profile
from layers.catalog import CATALOG
from layers.faults import Fault

PROFILE = "profile.toml"


def faults_of(path: Path, *, kind: str | None = None, crs: str | None = None) -> list[Fault]:
    """Every fault of a folder or file.

    A file of a profile is held against that profile, unless a kind is named for it; a lone one against its
    layer kind, which its name tells where `kind` does not, or against what holds of any geodata.
    """
    if path.is_dir() or path.name == PROFILE:
        return check_profile(path if path.is_dir() else path.parent)
    if not path.exists():
        return [
            Fault(
                "There is no such file or folder",
                file=str(path),
                got=str(path),
                expected="a profile or geodata",
            )
        ]
    if kind is None and (path.parent / PROFILE).is_file():
        mine = [fault for fault in check_profile(path.parent) if fault.file.partition(":")[0] == path.name]
        if mine or _is_named(path):
            return mine
    # Without a kind, what holds of any geodata is checked.
    told = path.stem if path.stem in CATALOG else ""
    return check_file(path, kind=told if kind is None else kind, crs=crs)


def _is_named(path: Path) -> bool:
    """Whether the profile beside a file takes it as a layer."""
    import tomllib  # noqa: PLC0415

    try:
        layers = tomllib.loads((path.parent / PROFILE).read_text("utf-8")).get("layers", [])
    except (OSError, ValueError):
        return False
    return any(isinstance(layer, dict) and layer.get("file") == path.name for layer in layers)
