"""Where readings, alerts and video looks are kept: the only thing that remembers."""

from data.store.base import Alerted, Claim, Look, Refused, Store, StoreError, Totals, Written
from data.store.files import path_of
from data.store.sqlite import SqliteStore

__all__ = ["Alerted", "Claim", "Look", "Refused", "Store", "StoreError", "Totals", "Written", "open_store"]


def open_store(url: str) -> Store:
    """The store at `sqlite:///path` or a plain path, made when there is none; `FaultsError` says why not."""
    return SqliteStore(path_of(url))
