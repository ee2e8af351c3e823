"""A short mark of what a profile holds: pages that were made from another one see that they are."""

from __future__ import annotations

from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

if TYPE_CHECKING:
    from data.profile import Profile


def tag_of(profile: Profile) -> str:
    """Twelve hexadecimal digits, the same for the same settings and layers, wherever they were read from.

    A basemap counts by its file's size and time, since it may be large.
    """
    spec = profile.spec
    mark = blake2b(digest_size=6)
    mark.update(spec.model_dump_json().encode())
    for name, frame in profile.layers.items():
        mark.update(f"\0{name}\0{list(frame.columns)}\0".encode())
        rest = pd.DataFrame(frame.drop(columns=frame.geometry.name))
        mark.update(pd.util.hash_pandas_object(rest.astype(str), index=False).to_numpy().tobytes())
        mark.update(b"".join(shapely.to_wkb(np.asarray(frame.geometry.array, dtype=object)).tolist()))
    mark.update(repr(profile.roster).encode())
    if spec.map.basemap is not None:
        try:
            found = (profile.folder / Path(spec.map.basemap.file).expanduser()).stat()
            mark.update(f"{found.st_size} {found.st_mtime_ns}".encode())
        except OSError:
            mark.update(b"no basemap")
    return mark.hexdigest()
