"""`threeline check`: every fault of a profile folder or of a lone geodata file."""

from __future__ import annotations

from pathlib import Path

from data.profile import check_profile
from layers.catalog import CATALOG
from layers.faults import Fault
from layers.load import load_layer
from layers.schema import check_layer

PROFILE = "profile.toml"


def faults_of(path: Path, *, kind: str | None = None, crs: str | None = None) -> list[Fault]:
    """Every fault of a folder or file.

    A file of a profile is held against that profile, unless a kind is named for it; a lone one against its
    layer kind, which its name tells where `kind` does not.
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
    return _lone(path, kind or path.stem, crs)


def _lone(path: Path, kind: str, crs: str | None) -> list[Fault]:
    if kind not in CATALOG:
        what, hint = "The layer kind cannot be told from the file's name", "Name it with --kind"
        return [Fault(what, file=path.name, field="kind", got=kind, expected=", ".join(CATALOG), hint=hint)]
    loaded = load_layer(path, kind=kind, crs=crs)
    if loaded.frame is None:
        return loaded.faults
    _, faults = check_layer(loaded.frame, kind, file=path.name, unplaced=loaded.unplaced)
    return [*loaded.faults, *faults]


def _is_named(path: Path) -> bool:
    """Whether the profile beside a file takes it as a layer."""
    import tomllib  # noqa: PLC0415

    try:
        layers = tomllib.loads((path.parent / PROFILE).read_text("utf-8")).get("layers", [])
    except (OSError, ValueError):
        return False
    return any(isinstance(layer, dict) and layer.get("file") == path.name for layer in layers)
