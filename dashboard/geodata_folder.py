"""What lies in a folder: geodata, profiles, what belongs to other files, and the rest."""

from __future__ import annotations

import os
import zipfile
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from data.profile_toml import FILE
from layers.formats import SUFFIXES
from layers.formats.zipped import BROKEN, members, name_of, opened

MOST_FILES = 2000
DEEPEST = 8
"""Folders below the first."""

_OF_SHAPEFILE = {
    ".dbf", ".shx", ".prj", ".cpg", ".qpj", ".sbn", ".sbx", ".ain", ".aih", ".atx", ".ixs", ".mxs", ".fbn",
    ".fbx", ".qix", ".idm", ".ind", ".cst", ".shp.xml",
}  # fmt: skip
_OF_ANY = (".gpkg-wal", ".gpkg-shm", ".gpkg-journal", ".aux.xml", ".qmd", ".qml", ".sld", ".csvt")
"""What programs leave beside a file."""
_HEAD = 64 * 1024


@dataclass
class Found:
    """The contents of a folder and of those in it, by path."""

    files: list[Path] = field(default_factory=list)
    """Geodata in a format we read."""
    profiles: list[Path] = field(default_factory=list)
    """Folders with a profile of their own."""
    others: list[Path] = field(default_factory=list)
    unreadable: list[Path] = field(default_factory=list)
    """Folders that cannot be looked into."""
    more: bool = False
    """There is more than was looked at."""
    most: int = MOST_FILES


def geodata_in(folder: Path) -> Found:
    """Look through a folder and those in it; hidden files and links to folders are passed over."""
    found = Found()
    _walk(folder, 0, found)
    return found


def _walk(folder: Path, depth: int, found: Found) -> None:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        found.unreadable.append(folder)
        return
    names = {entry.name.casefold() for entry in entries}
    for entry in entries:
        if len(found.files) + len(found.others) >= MOST_FILES:
            found.more = True
            return
        path = Path(entry.path)
        if entry.name.startswith((".", "~$")) or entry.name == "__MACOSX":
            continue
        if entry.is_dir(follow_symlinks=False):
            if os.path.isfile(path / FILE):  # which a folder that cannot be read only denies
                found.profiles.append(path)
            elif depth < DEEPEST:
                _walk(path, depth + 1, found)
            else:
                found.more = True
        elif not _belongs(entry.name.casefold(), names):
            (found.files if _is_geodata(path) else found.others).append(path)


def _belongs(name: str, names: set[str]) -> bool:
    """Whether a file is a part of, or a note beside, another that is read."""
    of_shapefile = any(
        name.endswith(suffix) and f"{name.removesuffix(suffix)}.shp" in names for suffix in _OF_SHAPEFILE
    )
    return of_shapefile or name.endswith(_OF_ANY)


def _is_geodata(path: Path) -> bool:
    """Whether a file is in a format we read; of suffixes that say little, the contents decide."""
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        return False
    try:
        if suffix == ".json":
            with path.open("rb") as stream:
                head = stream.read(_HEAD)
            return _is_geojson(head)
        if suffix == ".zip":
            return _packs_geodata(path)
    except (OSError, ValueError):  # FaultsError is one
        return True  # then reading it says what is wrong
    return True


def _packs_geodata(path: Path) -> bool:
    """Whether a zip holds a file that we read; raises FaultsError where it is broken or plays a trick."""
    with opened(path, path.name) as packed:
        for member in members(packed):
            suffix = PurePosixPath(name_of(member)).suffix.lower()
            if suffix in SUFFIXES and suffix not in (".zip", ".json"):
                return True
            if suffix == ".json" and _is_geojson(_head(packed, member)):
                return True
    return False


def _head(packed: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """The first bytes of a member; raises ValueError where it cannot be unpacked."""
    try:
        with packed.open(member) as stream:
            return stream.read(_HEAD)
    except BROKEN as error:
        raise ValueError(str(error)) from None


def _is_geojson(head: bytes) -> bool:
    return b'"Feature' in head or b'"coordinates"' in head
