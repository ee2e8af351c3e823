"""A zip that holds one shapefile, or one other file that can be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from zipfile import ZipInfo

from layers.faults import FaultsError
from layers.formats.base import Ask, Format, Raw, choose, stop
from layers.formats.zipped import members, name_of, opened, unpack
from layers.hints import one_of

Formats = Callable[[], Mapping[str, Format]]
"""Suffix to its format; called late, as the zip is one of them."""


@dataclass(frozen=True)
class _Packed:
    """A file in a zip that can be read, with what belongs to it."""

    name: str
    """As it is called in faults and chosen by."""
    suffix: str
    parts: dict[str, ZipInfo]
    """By suffix."""


class Archive:
    """The zip as a format."""

    def __init__(self, formats: Formats) -> None:
        self._formats = formats

    def read(self, ask: Ask) -> Raw:
        """The one file in the zip, or the one that the layer names, before its own layers."""
        with self._unpacked(ask.path, ask.layer, ask.file) as (found, path, layer):
            file = f"{ask.file}/{found.name}"
            return self._formats()[found.suffix].read(replace(ask, path=path, file=file, layer=layer))

    def layers(self, path: Path) -> list[str | None]:
        """The files in the zip where there are several, else the layers of the one."""
        try:
            names = [found.name for found in self._listed(path, path.name)]
            if len(names) > 1:
                return [*names]
            with self._unpacked(path, None, path.name) as (found, inner, _):
                return self._formats()[found.suffix].layers(inner)
        except (FaultsError, OSError):
            return [None]

    def is_table(self, path: Path, layer: str | None) -> bool:
        """Whether the file in the zip is a table of points."""
        try:
            listed = self._listed(path, path.name)
        except (FaultsError, OSError):
            return False
        chosen = [found for found in listed if len(listed) == 1 or found.name == layer]
        return any(self._formats()[found.suffix].table for found in chosen)

    @contextmanager
    def _unpacked(
        self, path: Path, layer: str | None, file: str
    ) -> Iterator[tuple[_Packed, Path, str | None]]:
        """The chosen file, unpacked under a name of our own, and the layer to be chosen in it."""
        listed = self._listed(path, file)
        names = [found.name for found in listed]
        if not listed:
            packed = [suffix for suffix in self._formats() if suffix != ".zip"]
            raise stop("the zip holds nothing that we read", file, "no such file", one_of(packed))
        by_name = len(listed) > 1 or layer in names
        found = listed[names.index(choose(names, layer if by_name else None, "zip", file))]
        with TemporaryDirectory(prefix="threeline-") as folder, opened(path, file) as archive:
            with ExitStack() as stack:
                streams = {
                    part: stack.enter_context((Path(folder) / f"layer{suffix}").open("wb"))
                    for suffix, part in found.parts.items()
                }
                unpack(archive, streams, file)
            yield found, Path(folder) / f"layer{found.suffix}", None if by_name else layer

    def _listed(self, path: Path, file: str) -> list[_Packed]:
        """The files in the zip that can be read, each with its sidecars."""
        with opened(path, file) as archive:
            there = {PurePosixPath(name_of(member)): member for member in members(archive)}
        listed = []
        for name in there:
            suffix = name.suffix.lower()
            if suffix == ".zip" or suffix not in self._formats():
                continue
            of_shape = suffix == ".shp"
            parts = {
                other.suffix.lower(): member
                for other, member in there.items()
                if other == name or (of_shape and other.with_suffix("") == name.with_suffix(""))
            }
            listed.append(_Packed(str(name), suffix, parts))
        return listed
