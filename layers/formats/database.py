"""A read-only connection to a database, by an address without a password."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from layers.formats.base import Ask, stop
from layers.hints import one_of, reader_says, shown

CONNECT_S = 5
STATEMENT_S = 60
_SCHEMES = ("postgresql", "postgres")
_EXPECTED = "postgresql://user@host:5432/database"
_SECRETS = ("password", "sslpassword", "oauth_client_secret", "scram_client_key", "scram_server_key")
_PARAMETERS = (
    "user", "host", "hostaddr", "port", "dbname", "service", "sslmode", "sslrootcert", "sslcert", "sslkey",
    "sslcrl", "gssencmode", "krbsrvname", "channel_binding", "target_session_attrs",
)  # fmt: skip
"""What an address may say; what it may not could run commands, or write files."""
_WITHOUT = "Give it in PGPASSWORD, in ~/.pgpass or in a service file: a profile is no place for a password"


def options_of(ask: Ask) -> dict[str, Any]:
    """What the address says; raises FaultsError where it says what it must not."""
    scheme, mark, rest = ask.url.strip().partition(":")
    scheme = scheme.casefold()
    if scheme not in _SCHEMES:
        hint = "Only PostGIS is read by address; save anything else as a file in the profile's folder"
        raise stop("not the address of a PostGIS database", ask.file, scheme, _EXPECTED, hint, field="file")
    try:
        options = dict(conninfo_to_dict(f"{scheme}{mark}{rest}"))
        # A password with a letter that cuts the address short makes a strange port or database of its pieces.
        port, database = str(options.get("port", "")), str(options.get("dbname", ""))
        if not re.fullmatch(r"[0-9,]*", port) or "@" in database:
            raise ValueError
    except (psycopg.Error, ValueError):
        # What the driver says of it may hold a piece of a password too.
        what = "the address cannot be read"
        hint = "Letters such as @ / ? # are written %40 %2F %3F %23"
        hint = 'Name the table beside the file: layer = "schema.table"' if "table=" in rest else hint
        raise stop(what, ask.file, ask.file, _EXPECTED, hint, field="file") from None
    if any(options.get(name) for name in _SECRETS):
        what, expected = "a password stands in the address", "an address without a password"
        raise stop(what, ask.file, "a password", expected, _WITHOUT, field="file")
    for name in options:
        if name not in _PARAMETERS:
            what = "the address says what it may not"
            raise stop(what, ask.file, name, one_of(_PARAMETERS, 20), field="file")
    return options


@contextmanager
def connected(options: dict[str, Any], file: str) -> Iterator[psycopg.Connection]:
    """A transaction that can only read, and gives up when the server is slow; raises FaultsError."""
    try:
        connection = psycopg.connect(
            **options, connect_timeout=CONNECT_S, client_encoding="utf8", application_name="threeline"
        )
    except psycopg.OperationalError as error:
        hint = "Check host, port and database, and that the server runs and lets this machine in"
        text = said(error)
        if "password" in text.casefold():
            hint = _WITHOUT
        raise stop("the database cannot be reached", file, text, "a database that answers", hint) from None
    with connection:
        connection.read_only = True
        connection.execute(sql.SQL("SET LOCAL statement_timeout = {}").format(STATEMENT_S * 1000))
        connection.execute(sql.SQL("SET LOCAL lock_timeout = {}").format(CONNECT_S * 1000))
        yield connection
        connection.rollback()


def said(error: Exception) -> str:
    """What the server or the driver says, without how it got there."""
    lines = [line for line in str(error).splitlines() if line.strip()]
    return shown(reader_says(lines[0].rpartition("failed: ")[2] if lines else type(error).__name__))
