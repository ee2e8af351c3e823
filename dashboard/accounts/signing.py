"""Signing: a secret of the server's own, in a file beside the accounts that only its owner can read."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path

from dashboard.accounts.database import OWNER_ONLY
from layers.faults import Fault, FaultsError

SECRET_BYTES = 32


def server_secret(path: Path) -> Callable[[], bytes]:
    """What reads the secret of a file, made when it is first wanted and the same ever after.

    Raises (when called):
        FaultsError: the file cannot be read or written, or holds no secret.
    """

    @cache
    def read() -> bytes:
        try:
            if not path.exists():
                _make(path)
            if path.stat().st_mode & 0o077:
                path.chmod(OWNER_ONLY)
            found = bytes.fromhex(path.read_text("ascii").strip())
        except (OSError, ValueError) as error:
            raise _fault(path, str(error)) from None
        if len(found) != SECRET_BYTES:
            raise _fault(path, f"{len(found)} bytes")
        return found

    return read


def _make(path: Path) -> None:
    """Write a new secret whole; where another process was quicker, its secret holds."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWNER_ONLY), "w") as file:
            file.write(secrets.token_hex(SECRET_BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _fault(path: Path, got: str) -> FaultsError:
    return FaultsError(
        [
            Fault(
                "The secret that signs the links of displays cannot be read",
                got=f"{path}: {got}",
                expected=f"{SECRET_BYTES} bytes in hexadecimal, readable by the user who runs the board",
                hint="Restore it from a backup, or delete it: every display then needs a new link.",
            )
        ]
    )
