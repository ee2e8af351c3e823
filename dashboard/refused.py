"""Where the rows are kept that a profile's layers leave out."""

from __future__ import annotations

from pathlib import Path

from dashboard.settings import Settings
from data.profile import Profile
from data.quarantine import FOLDER, keep_refused
from data.store.files import path_of


def refused_folder(settings: Settings, profile_id: str) -> Path:
    """`quarantine/<profile>` beside the store's own file, or in the user's data folder where it has none."""
    if settings.store and ("://" not in settings.store or settings.store.startswith("sqlite:")):
        return path_of(settings.store).parent / FOLDER / profile_id
    from platformdirs import user_data_path  # noqa: PLC0415  (start-up time)

    return user_data_path("threeline", appauthor=False) / FOLDER / profile_id


def keep(settings: Settings, profile: Profile) -> Path | None:
    """Write what a profile leaves out, a file per layer; returns their folder, None where nothing is.

    Raises:
        OSError: it cannot be written.
    """
    folder = refused_folder(settings, profile.spec.id)
    return folder if keep_refused(profile.refused, folder) else None
