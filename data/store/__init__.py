"""Where readings and alerts are kept: the only thing that remembers."""

from data.store.base import Alerted, Refused, Store, Totals, Written

__all__ = ["Alerted", "Refused", "Store", "Totals", "Written"]
