"""Way: how something gets out of the room; a webhook and e-mail are ways."""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from dashboard.notify.cap import Sender
from data.dispatch import Dispatch
from data.spec_delivery import DeliverySpec


class Undelivered(Exception):  # noqa: N818  # a state of the world, not a fault of ours
    """A receiver did not take something; the reason holds no address and no secret."""

    def __init__(self, why: str, *, refused: bool = False, wait_s: float | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.refused = refused
        """The receiver understood and does not want it: trying for hours is of no use."""
        self.wait_s = wait_s
        """How long the receiver asks to be left alone."""


@dataclass(frozen=True)
class Letter:
    """One dispatch for one receiver."""

    delivery: DeliverySpec
    sender: Sender
    dispatch: Dispatch
    before: Sequence[Dispatch]
    """Earlier dispatches of the same subject, in order."""

    @property
    def lang(self) -> str:
        """The language that the receiver is told in."""
        return self.delivery.lang or self.sender.languages[0]


class Way(Protocol):
    """Takes a letter to its receiver."""

    def send(self, letter: Letter) -> None:
        """Return once the receiver has taken it over; raises Undelivered."""
        ...


def trust(ca: str) -> ssl.SSLContext:
    """Whose certificates are believed: the authority in a PEM file, or those that the system trusts.

    Raises:
        Undelivered: the file cannot be read.
    """
    try:
        return ssl.create_default_context(cafile=ca or None)
    except (OSError, ssl.SSLError) as error:
        raise Undelivered("the file of THREELINE_DELIVERY_CA cannot be read") from error


def unreachable(error: Exception) -> Undelivered:
    """What went wrong on the way, in words without an address."""
    causes: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and len(causes) < 8:
        causes.append(cause)
        cause = cause.__cause__ or cause.__context__
    if any(isinstance(one, ssl.SSLError) for one in causes):
        return Undelivered("its certificate is not trusted, or it speaks no TLS")
    if any(isinstance(one, TimeoutError) or "Timeout" in type(one).__name__ for one in causes):
        return Undelivered("no answer in time")
    return Undelivered("cannot be reached")
