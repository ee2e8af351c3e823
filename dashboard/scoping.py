"""The part of a layer that belongs to a county."""

from __future__ import annotations

from geopandas import GeoDataFrame

from data.profile import Profile

SCOPE_FIELDS = ("county", "adcode")
"""Columns that say which county a row belongs to."""


def in_scope(profile: Profile, frame: GeoDataFrame, scope: str) -> GeoDataFrame:
    """The rows of a layer that are a county's: by the column that says so, else those that touch it.

    `scope` is an adcode that the profile has, or "" for the whole prefecture. Shapes stay whole.
    """
    if not scope:
        return frame
    for column in SCOPE_FIELDS:
        if column in frame.columns:
            return frame[frame[column] == scope]
    counties = profile.counties
    shape = counties.loc[counties["adcode"] == scope].geometry.iloc[0]
    return frame[frame.intersects(shape)]
