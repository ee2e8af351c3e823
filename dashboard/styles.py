"""Styles: what a browser is told about style elements, so that none but ours and the libraries' own count.

Dash, its table and Plotly put style elements into a page, always the same ones for a version. Each is let
in by its hash; `tests/browser/test_policy.py` says which are new after an upgrade. With other versions than
those below, all style elements are let in, because a page without its styles cannot be read.
"""

from __future__ import annotations

import hashlib
import logging
import re
from base64 import b64encode
from collections.abc import Mapping
from importlib import metadata

LOG = logging.getLogger("threeline.http")
EMPTY = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
"""An empty one; scripts fill it rule by rule, which the policy does not hinder."""

KNOWN: dict[tuple[str, str], tuple[str, ...]] = {
    ("dash", "4.4.1"): (
        "0IJGrxhCP5NUIafylLkj5118xkZH1kp5FmNio7NOckI=", "Do5Z9ZqsPvCQTUBQS9BnDm/2+on7omuzuLYk5sbA+2s=",
        "ITR5T9OwskhdqdsliUJRmgp9ltOFAHgXe1F7eRvGnmQ=", "Z8VokGxeiKThZOEmkdUgfW+jxbvItBwAXC8M1c4wqAM=",
        "VUA+tqvhK3niMn7AdszqidMFPRh9FLqxB2iINUrsiTw=", "Aq43X0SlmB69maWGob4rp/UuSHhwePalkRRExtsxOJ8=",
        "SkhFDxgIcEjMhRh19uSHWrkdnAlZ9rlskgr9yLsipa8=", "uDiOZWps1U7E8/0BTaQrclYMhVhRVE4dT0vb5X6nXOw=",
        "+QoPrsxO0auPnxSulD3bAr9CoDGgzv7YRfYE0vfxeQI=", "MJs2ke1SA6Cy3tTCZu2QH0rj0r//iNqU0idy9bM4leg=",
        "X2TqJwnIiE/ceDVeAdr7v7BOWBU6CEzE6qxlNzBzvBk=",
    ),
    ("plotly", "7.1.0"): ("ji27qzEtxXZW+7dun6UwjHXJ18e6WAin1VvNtkzIE/o=",),
    ("dash-ag-grid", "35.3.0"): (
        "aTEqNO8pr3xddsv/BiDXSYbn+Lp6VEfi4SA2TqFU6qU=", "on52mt3dH6YoAuNDO22DyCvqggdWPuqP3pQ+XPIGFYw=",
        "OuRrlCkNoyXgmSVwU0BT+5yVQA+KqyfRd/dFEA+8nSg=", "+soAzMi22c6suKR3qsxWNi891PI7bDqCrR58dYzu+nw=",
        "up4oMJUfLusqRzByKS+Wh8lEIoNust+QaA5gwa/WiSQ=", "QGsVmmjIgmPlvak+CaOVC1AZM/hIkIqZKWGXHb2+xSw=",
        "tCA1/E6bJDm3xAeb5pTo9IhH67gJxQumi2rIffOYjEM=", "RlOoLMMZXEFHzuOJyJCBK08d6ipmlX2JEJCatv9j61o=",
        "Og5SyHytXfIhbYbsjWyPWbJTWcVop/ta3Fzt/+9+FlQ=", "obSG11sB9ozolIz3//Xup/dwqSp2aI9tDRc8bvBVRtE=",
        "X8ikrSrJ8KtgOpLNU+7+1v0CW0DSFOAZvNtX0ExB1vs=", "FQ++KHv7Ig7R6XP9C2X0S4uD1OrwUSTWAFpWBRiFjK0=",
        "DdD72VU8ifkvS+36YRX6FCNrQEh7mA/MWb6yyVzsuyA=", "WdVLWYvwxpx/Qjnw+uNg8EmsPpZgGU1w0CMT2IsUrJ8=",
        "YK9eUhPhSb6QQKWujWP9V/2YXlJkbLBVjuQ4j584TJs=", "YB4WrdnDV8xs96s/xHM89rmrGCwBdq9PZmznzhQ86eA=",
        "IpHnH5jvYqms3n+z/NMON95+gcdwsd1enDoGgvF9Opg=", "3dv8bVnKPc6YTDex/98SX/y5OlgOjjkSaSoSKx2fRXg=",
        "44HhUkvyQGuFugxWgbTeWU1GuCs6bz88I9FcVajY/6k=", "U2M2ZJvlBYzAoqENSzfQQBH8cSviqExUmG3s8gmGaIE=",
        "4vhMu/ZnT/fZI05+7opbuaEITDhP+Sgig7SBJhiIrt8=", "g/jaOuV/qTLpkqu0OtbzZSQui9inv22j1OGRUdrz8x8=",
        "0//Y//yOB4hYUnQtJ4nufkQeLD6qQJmlXvjd8WWgMOs=", "4A9WusJPNXvACV0C20kpw9zHDGVaOdQd2/ruaIQXRFY=",
        "dxrEw072G3f1/tpHBm1e2ADZjuldGd2jgWpjTS4CnLc=",
    ),
}  # fmt: skip
"""Library and its version to the SHA-256 of the style elements that it makes."""


def hashed(text: str) -> str:
    """What lets a style element of this text in."""
    return b64encode(hashlib.sha256(text.encode()).digest()).decode()


def inline_styles(page: str) -> list[str]:
    """The hashes of the style elements that stand in a page of ours."""
    return [hashed(text) for text in re.findall(r"<style[^>]*>(.*?)</style>", page, re.DOTALL)]


def style_sources(page: str, known: Mapping[tuple[str, str], tuple[str, ...]] = KNOWN) -> str:
    """Which style elements a browser lets into pages made from `page`; no style attribute, whoever set it."""
    strange = [f"{name} {found}" for name, version in known if (found := _version(name)) != version]
    if strange:
        LOG.warning("Style elements are all let in: their hashes are not known for %s", ", ".join(strange))
        return "style-src-elem 'self' 'unsafe-inline'; style-src-attr 'none'"
    every = [*inline_styles(page), EMPTY, *(one for hashes in known.values() for one in hashes)]
    return "style-src 'self' " + " ".join(f"'sha256-{one}'" for one in dict.fromkeys(every))


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "unknown"
