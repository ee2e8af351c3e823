"""A zip from outside: what is in it by name, and single members unpacked within bounds."""

from __future__ import annotations

import re
import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from layers.faults import Fault, FaultsError
from layers.formats.base import MAX_BYTES, stop
from layers.hints import reader_says, shown

MAX_DIRECTORY = 1024 * 1024
"""Bytes of a zip's own list of its members: some ten thousand."""
RATIO = 200
"""Times that a member may grow where it grows beyond `SMALL`: geodata pack 3 to 30 times, bombs 1,000."""
SMALL = 32 * 1024 * 1024
_END, _END_64_AT = b"PK\x05\x06", b"PK\x06\x07"
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OverflowError,
)
"""What is raised where a zip or a member of it is broken, locked or packed in a way that is not known."""


@contextmanager
def opened(path: Path, file: str) -> Iterator[zipfile.ZipFile]:
    """The zip, its directory small and every name in it harmless; raises FaultsError where it is not."""
    _check_directory(path, file)
    try:
        archive = zipfile.ZipFile(path)
    except BROKEN as error:
        expected, hint = "a whole zip", "Copy it again: it may have been cut off on its way"
        raise stop("the zip cannot be read", file, reader_says(error), expected, hint) from None
    with archive:
        faults = [fault for member in archive.infolist() if (fault := _trick(member, file))]
        if faults:
            raise FaultsError(faults)
        yield archive


def members(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The files in a zip that somebody put there; what systems add by themselves is left out."""
    return [
        member
        for member in archive.infolist()
        if not member.is_dir()
        and not member.filename.startswith("__MACOSX/")
        and not PurePosixPath(member.filename).name.startswith(".")
    ]


def name_of(member: zipfile.ZipInfo) -> str:
    """The name of a member as it was meant: older Chinese Windows writes GBK and does not say so."""
    if member.flag_bits & 0x800:
        return member.filename
    raw = member.filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return member.filename


def unpack(archive: zipfile.ZipFile, wanted: Mapping[zipfile.ZipInfo, IO[bytes]], file: str) -> None:
    """Write members to streams, never more of them together than `MAX_BYTES`, whatever they say."""
    declared = sum(member.file_size for member in wanted)
    packed = sum(member.compress_size for member in wanted)
    if declared > MAX_BYTES:
        raise _too_large(f"{declared / 2**20:,.0f} MB when unpacked", file)
    if declared > SMALL and declared > RATIO * max(packed, 1):
        raise _too_large(f"{declared / 2**20:,.0f} MB in {packed / 2**20:.1f}", file)
    left = MAX_BYTES
    for member, to in wanted.items():
        try:
            with archive.open(member) as stream:
                while piece := stream.read(1 << 20):
                    left -= len(piece)
                    if left < 0:
                        raise _too_large("more than it says", file)
                    to.write(piece)
        except FaultsError:
            raise
        except BROKEN as error:
            hint = "Copy it again, and save it without a password"
            what = "a file in the zip cannot be unpacked"
            got = reader_says(f"{name_of(member)}: {error}")
            raise stop(what, file, got, "a whole zip without a password", hint) from None


def _too_large(got: str, file: str) -> FaultsError:
    expected = f"at most {MAX_BYTES // 2**20} MB, not packed more than {RATIO} times"
    return stop("the zip unpacks to too much", file, got, expected, "Unpack it by hand, and look what it is")


def _check_directory(path: Path, file: str) -> None:
    """The directory is read into memory whole, so its own size is looked at first."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        stream.seek(max(0, size - 66_000))
        tail = stream.read()
    end = tail.rfind(_END)
    if end < 0 or len(tail) < end + 22:
        expected, hint = "a whole zip", "Copy it again: it may have been cut off on its way"
        raise stop("the zip cannot be read", file, "no directory at its end", expected, hint)
    length = int.from_bytes(tail[end + 12 : end + 16], "little")
    if tail[max(0, end - 20) : end].startswith(_END_64_AT):  # then the longer record before it counts
        length = int.from_bytes(tail[max(0, end - 36) : max(0, end - 28)], "little")
    if length > MAX_DIRECTORY:
        got, most = f"a directory of {length:,} bytes", f"at most {MAX_DIRECTORY:,}"
        raise stop("the zip holds too many files", file, got, most, "Pack only the files that are needed")


def _trick(member: zipfile.ZipInfo, file: str) -> Fault | None:
    """A name that leads out of the zip, or a link; neither is ever followed, and no honest zip has one."""
    name = member.orig_filename
    parts = re.split(r"[/\\]", name)
    if name.startswith(("/", "\\")) or ".." in parts or re.match(r"[A-Za-z]:", name) or "\0" in name:
        what, expected = "a path in the zip leads out of it", "names inside the zip"
        return Fault(what, file, None, "", shown(name), expected, "Ask who made it, and pack the files again")
    if stat.S_ISLNK(member.external_attr >> 16):
        what, hint = "the zip holds a link", "Pack the file itself"
        return Fault(what, file, None, "", shown(name), "files", hint)
    return None
