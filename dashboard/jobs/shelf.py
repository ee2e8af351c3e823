"""The shelf: files in folders by date and scope, each whole or not there, dropped when old."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from dashboard.jobs.job import FILES

FOLDER = "exports"
"""Beside the store, where the settings name no other."""
PREFECTURE = "prefecture"
DAY_S = 86_400
SPARE = 256 * 2**20
"""Left free on the disk: beside the shelf lies the store, which must be able to go on."""
OURS, FOLDERS = 0o640, 0o750
"""The picture has readers of its own, by login: other users of the machine are not among them."""
_FORMS = "|".join(sorted({name.rpartition(".")[2] for name in FILES}))
_NAME = re.compile(rf"[\w.-]+-(snapshot|brief)-\d{{8}}T\d{{6}}-[\w-]+\.({_FORMS})")
_ASIDE = re.compile(r"\.[\w.-]+\.part")
_DAY, _SCOPE = re.compile(r"\d{4}-\d\d-\d\d"), re.compile(rf"\d{{1,12}}|{PREFECTURE}")


def file_name(profile_id: str, file: str, at: int, zone: ZoneInfo, lang: str) -> str:
    """What a file is called: of which board, what, of when by the profile's clock, in which language."""
    what, form = file.split(".")
    return f"{profile_id}-{what}-{datetime.fromtimestamp(at, zone):%Y%m%dT%H%M%S}-{lang}.{form}"


def folder_of(scope: str, at: int, zone: ZoneInfo) -> str:
    """The folder of a picture's day, by the profile's clock, and of its scope."""
    return f"{datetime.fromtimestamp(at, zone):%Y-%m-%d}/{scope or PREFECTURE}"


class Shelf:
    """A folder of files. Several programs may put files there at once."""

    def __init__(self, folder: Path) -> None:
        """The folder is made when the first file is put there."""
        self.folder = folder

    def keep(self, content: bytes, folder: str, name: str) -> str:
        """Put a file on the shelf and give its place, `folder/name`, or another name where that is taken.

        It is written aside, made durable, and then appears under its name: nobody ever sees half of it.
        Raises OSError where it cannot be written; then nothing of it is left.
        """
        place = self.folder / folder
        place.mkdir(parents=True, exist_ok=True, mode=FOLDERS)
        if shutil.disk_usage(place).free < len(content) + SPARE:
            raise OSError(errno.ENOSPC, "too little room is left on the disk", str(place))
        aside = place / f".{secrets.token_hex(8)}.part"
        try:
            with os.fdopen(os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OURS), "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            for other in _names(name):
                if _appear(aside, place / other):
                    return f"{folder}/{other}"
            raise FileExistsError(name)  # pragma: no cover  (names do not end)
        finally:
            aside.unlink(missing_ok=True)

    def path(self, name: str) -> Path | None:
        """A file by the place that `keep` gave; None where it is not on the shelf."""
        parts = name.split("/")
        if len(parts) != 3 or not (_DAY.fullmatch(parts[0]) and _SCOPE.fullmatch(parts[1])):
            return None
        path = self.folder.joinpath(*parts)
        return path if _NAME.fullmatch(parts[2]) and path.is_file() else None

    def drop(self, name: str) -> None:
        """Take a file away again, by the place that `keep` gave; raises OSError."""
        if (path := self.path(name)) is not None:
            path.unlink(missing_ok=True)

    def prune(self, keep_days: int, now: float | None = None) -> int:
        """Drop files that were put here more than so many days ago, and folders that are empty then.

        Only what is named as this program names files is touched, whatever else lies in the folder. Gives
        the number of files dropped.
        """
        clock = time.time() if now is None else now
        dropped = 0
        for place in self._places():
            for path in sorted(place.iterdir()):
                old = clock - keep_days * DAY_S if _NAME.fullmatch(path.name) else clock - DAY_S
                ours = _NAME.fullmatch(path.name) or _ASIDE.fullmatch(path.name)
                with contextlib.suppress(OSError):  # somebody else dropped it
                    if ours and path.is_file() and path.stat().st_mtime < old:
                        path.unlink()
                        dropped += 1
            for folder in (place, place.parent):
                with contextlib.suppress(OSError):  # it is not empty
                    folder.rmdir()
        return dropped

    def _places(self) -> Iterator[Path]:
        if not self.folder.is_dir():
            return
        for day in sorted(self.folder.iterdir()):
            if _DAY.fullmatch(day.name) and day.is_dir():
                scopes = [scope for scope in day.iterdir() if _SCOPE.fullmatch(scope.name)]
                yield from sorted(scope for scope in scopes if scope.is_dir())


def _names(name: str) -> Iterator[str]:
    """The name, then the same with a number."""
    yield name
    stem, _, form = name.rpartition(".")
    for number in range(2, 100_000):
        yield f"{stem}-{number}.{form}"


def _appear(aside: Path, path: Path) -> bool:
    """Give a whole file its name; whether it was free."""
    try:
        os.link(aside, path)
    except FileExistsError:
        return False
    except OSError:
        # A file system without links, such as a share of another machine's: it can rename.
        if path.exists():
            return False
        aside.rename(path)
    return True
