"""Passwords as they are kept: Argon2id, made again when its parameters change."""

from __future__ import annotations

from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from dashboard.accounts.passwords import normalised

PASSES, MEMORY_KIB, LANES = 3, 65_536, 1
"""64 MiB and three passes, the second choice of RFC 9106; one lane, so that a login takes one core, not all.
About 0.2 s."""


class Hasher:
    """Makes and checks hashes; each call takes a core for a while, so never on the loop."""

    def __init__(self, passes: int = PASSES, memory_kib: int = MEMORY_KIB, lanes: int = LANES) -> None:
        self._argon = PasswordHasher(passes, memory_kib, lanes)

    def hash(self, password: str) -> str:
        """The hash to keep, with its salt and parameters."""
        return self._argon.hash(normalised(password))

    def matches(self, kept: str, password: str) -> bool:
        """Whether a password is the one of a hash; for "" (no account) the same work, and False."""
        nobodys = self._nobodys  # made before it is known whether it is needed
        try:
            return self._argon.verify(kept or nobodys, normalised(password)) and bool(kept)
        except (VerifyMismatchError, VerificationError, InvalidHashError):
            return False

    def outdated(self, kept: str) -> bool:
        """Whether a hash was made with other parameters than those of today."""
        return self._argon.check_needs_rehash(kept)

    @cached_property
    def _nobodys(self) -> str:
        return self._argon.hash("the account that there is not")
