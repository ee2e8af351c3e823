"""What the files of a folder look like from outside: enough to see that one changed, without reading any."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

MOST_FILES = 2000
DEEPEST = 4
"""Folders below the folder."""
_PASSING = (".swp", ".swx", ".tmp", ".part", ".lock", "-shm", "~")
"""Ends of names that editors and databases leave beside a file while they work."""

Look = tuple[int, int, int, int]
"""Size, time of content, time of change, number: a file that was replaced differs even with its old time."""


@dataclass(frozen=True)
class Survey:
    """One look at a folder."""

    files: dict[str, Look]
    """Path to what was seen of the file."""
    whole: bool = True
    """False where the folder holds more than is looked at."""


def survey(folder: Path, beside: Iterable[Path] = ()) -> Survey:
    """What a folder's files look like now, and files elsewhere; hidden ones and passing ones are left out.

    Raises OSError where the folder cannot be looked into.
    """
    files: dict[str, Look] = {}
    whole = _walk(folder, files, DEEPEST)
    for path in beside:
        _note(path, files)
    return Survey(files, whole)


def _walk(folder: Path, files: dict[str, Look], depth: int) -> bool:
    """Note a folder's files; False where there were too many."""
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    below = []
    for entry in entries:
        if entry.name.startswith((".", "#")) or entry.name.endswith(_PASSING):
            continue
        if entry.is_dir():
            # A linked folder may lead back here, and a profile's files are inside its own.
            below += [] if entry.is_symlink() else [Path(entry.path)]
        elif len(files) >= MOST_FILES:
            return False
        else:
            _note(Path(entry.path), files)
    whole = True
    for path in below:
        if depth == 0 or len(files) >= MOST_FILES:
            return False
        try:
            whole &= _walk(path, files, depth - 1)
        except OSError:  # went away meanwhile, or is not ours to read
            files[str(path)] = (0, 0, 0, 0)
    return whole


def _note(path: Path, files: dict[str, Look]) -> None:
    try:
        seen = path.stat()
    except OSError:  # went away meanwhile: as if it had not been there
        return
    files[str(path)] = (seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns, seen.st_ino)
