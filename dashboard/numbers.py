"""Numbers as they are told; the same for what is sent, drawn and printed."""

from __future__ import annotations

from data.numbers import number

__all__ = ["number"]
