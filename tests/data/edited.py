"""The small profile as somebody would edit it: a copy whose files a test writes anew."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from data.profile import Profile, load_profile
from tests.data.places import SMALL


class Edited:
    """A copy of the small profile's folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "profile"
        shutil.copytree(SMALL, self.folder)

    def load(self) -> Profile:
        return load_profile(self.folder)

    def text(self, file: str) -> str:
        return (self.folder / file).read_text("utf-8")

    def write(self, file: str, text: str) -> None:
        """As editors do: another file takes the place of the old one."""
        new = self.folder / f"{file}.tmp"
        new.write_text(text, "utf-8")
        new.replace(self.folder / file)

    def replace(self, file: str, old: str, new: str) -> None:
        text = self.text(file)
        assert text.count(old) == 1, (file, old)
        self.write(file, text.replace(old, new))

    def checkpoint(self, site_id: str, **properties: Any) -> None:
        """Change a checkpoint, or put another one beside the first."""
        sites = json.loads(self.text("checkpoints.geojson"))
        found = [one for one in sites["features"] if one["properties"]["site_id"] == site_id]
        if not found:
            new = json.loads(json.dumps(sites["features"][0]))
            new["properties"] |= {"site_id": site_id, "name": f"新增{site_id}"}
            new["geometry"]["coordinates"] = [99.12, 23.80]
            sites["features"].append(new)
            found = [new]
        found[0]["properties"] |= properties
        self.write("checkpoints.geojson", json.dumps(sites, ensure_ascii=False))

    def remove_checkpoint(self, site_id: str) -> None:
        sites = json.loads(self.text("checkpoints.geojson"))
        sites["features"] = [one for one in sites["features"] if one["properties"]["site_id"] != site_id]
        self.write("checkpoints.geojson", json.dumps(sites, ensure_ascii=False))

    def duty_point(self, site_id: str, **columns: str) -> None:
        """Give a duty point more columns."""
        head, *rows = self.text("duty_points.csv").splitlines()
        told = [
            row
            + "".join("," + (value if row.startswith(f"{site_id},") else "") for value in columns.values())
            for row in rows
        ]
        self.write(
            "duty_points.csv", "\n".join([head + "".join(f",{name}" for name in columns), *told]) + "\n"
        )
