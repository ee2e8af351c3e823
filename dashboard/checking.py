"""What `threeline check` looks at: profile folders, folders of geodata, and lone files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from dashboard.findings import Part, Report
from dashboard.geodata_folder import geodata_in
from dashboard.options import with_options
from data.profile import examine_profile
from data.profile_files import file_of
from data.profile_toml import FILE
from layers.catalog import CATALOG
from layers.check import Look, look_at
from layers.faults import Fault
from layers.formats import POSITION, is_table

Heard = Callable[[str], None]
"""Told the name of each file before it is looked at."""


@dataclass(frozen=True)
class Asked:
    """What the command line says of geodata that no profile speaks of."""

    kind: str | None = None
    crs: str | None = None
    encoding: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    """Our field to a file's column, for the files that have it."""


def report_on(path: Path, asked: Asked, heard: Heard = lambda _: None) -> Report:
    """Everything wrong at a path.

    A file that a profile beside it names is held against that profile, unless a kind is asked for; any other
    against its layer kind, which its name tells where nothing is asked, or against what holds of any geodata.
    """
    report = Report(str(path))
    if path.name == FILE and path.is_file():
        path = path.parent
    if path.is_dir() and not (path / FILE).is_file():
        _folder(report, path, asked, heard)
    elif path.is_dir():
        heard(str(path))
        report.parts = _profile(path)
    elif not path.exists():
        what, expected = "There is no such file or folder", "a profile, or geodata"
        report.parts = [Part(str(path), faults=[Fault(what, str(path), None, "", str(path), expected)])]
    else:
        heard(str(path))
        mine = _of_profile(path) if asked.kind is None else []
        report.parts = mine or list(_file(path, asked, str(path)))
    return report


def _folder(report: Report, folder: Path, asked: Asked, heard: Heard) -> None:
    """Every readable file in a folder of geodata; a profile folder inside it as what it is."""
    found = geodata_in(folder)
    report.left_alone = [str(path.relative_to(folder)) for path in found.others]
    for path in found.profiles:
        heard(str(path))
        report.parts += _profile(path, f"{path.relative_to(folder)}/")
    for path in found.files:
        heard(str(path))
        report.parts += _in_folder(path, asked, str(path.relative_to(folder)))
    for path in found.unreadable:
        what, name = "the folder cannot be read", str(path.relative_to(folder))
        fault = Fault(what, name, got="no right to read it", expected="a folder that this user may read")
        report.parts.append(Part(name, faults=[fault]))
    if found.more:
        hint = "Check its folders one by one"
        what, expected = "the folder holds too many files", f"at most {found.most:,}"
        report.parts.append(
            Part(str(folder), faults=[Fault(what, str(folder), expected=expected, hint=hint)])
        )
    elif not report.parts:
        what, expected = "there is no geodata in the folder", f"geodata files, or a profile with {FILE}"
        got = f"{len(found.others)} other files" if found.others else "nothing"
        report.parts.append(Part(str(folder), faults=[Fault(what, str(folder), got=got, expected=expected)]))


def _in_folder(path: Path, asked: Asked, name: str) -> list[Part]:
    """A file as it is; what is said of all files is for those only that do not say it themselves."""
    told = replace(asked, crs=None, encoding=None)
    while True:
        parts = list(_file(path, told, name))
        missing = {fault.field for part in parts for fault in part.faults}
        # One at a time: without an encoding the coordinate system may not even be asked for.
        more = replace(
            told,
            crs=asked.crs if "crs" in missing else told.crs,
            encoding=asked.encoding if "encoding" in missing else told.encoding,
        )
        if more == told:
            return parts
        told = more


def _file(path: Path, asked: Asked, name: str) -> Iterator[Part]:
    told = path.stem if path.stem in CATALOG else ""
    kind = told if asked.kind is None else asked.kind
    known = {*(CATALOG[kind].fields() if kind in CATALOG else ()), *(POSITION if is_table(path) else ())}
    columns = {ours: theirs for ours, theirs in asked.columns.items() if ours in known}
    looks = look_at(
        path, kind=kind, crs=asked.crs, encoding=asked.encoding, columns=columns or None, file=name
    )
    for look in looks:
        yield _part(look, name)


def _part(look: Look, name: str) -> Part:
    part = Part(name, look.layer, look.kind, look.features)
    part.take([with_options(fault) for fault in look.faults])
    return part


def _profile(folder: Path, under: str = "") -> list[Part]:
    """The parts of a profile folder: its toml, then its files in their order."""
    found = examine_profile(folder)
    parts: dict[tuple[str, str], Part] = {(FILE, ""): Part(under + FILE)}
    for layer in found.draft.layers.values():
        key = (file_of(layer), layer.layer or "")
        features = found.files.features.get(layer.name)
        parts.setdefault(key, Part(under + key[0], key[1], layer.kind, features))
    for fault in [*found.faults, *found.files.warnings]:
        key = (fault.file, fault.layer)
        parts.setdefault(key, Part(under + fault.file, fault.layer)).take([fault])
    for fault in found.files.quarantined:
        parts[fault.file, fault.layer].quarantined.append(fault)
    return list(parts.values())


def _of_profile(path: Path) -> list[Part]:
    """The parts of a file that the profile beside it names; none where no profile does."""
    folder = path.parent
    return [part for part in _profile(folder) if part.file == path.name] if (folder / FILE).is_file() else []
