"""The way to a site's video: an address that the bureau's own player opens."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from data.spec import ProfileSpec

PLAIN = ("https", "http", "rtsp", "rtsps")
"""Schemes of addresses that become a link where the profile says nothing of video."""


def player_link(spec: ProfileSpec, site_id: str, video_url: str) -> str | None:
    """The address that opens a site's video; None where it has none, or one of a scheme that is not listed.

    A site without an address of its own has the profile's player, where that is given with {site_id} in it.
    """
    schemes: tuple[str, ...] = tuple(spec.video.schemes) if spec.video else PLAIN
    address = video_url.strip()
    if not address and spec.video:
        address = spec.video.player.replace("{site_id}", quote(site_id, safe=""))
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return address if parts.scheme.lower() in schemes and parts.netloc else None
