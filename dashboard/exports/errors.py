"""What can keep a file from being drawn."""

from __future__ import annotations

from layers.faults import FaultsError


class NoFontError(FaultsError):
    """Raised when no Chinese font is installed: the server's fault, not the caller's."""
