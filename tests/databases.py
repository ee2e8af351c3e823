"""A real PostgreSQL with PostGIS for tests: made in a temporary folder, stopped when the tests end."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

OWNER, PASSWORD = "tester", "tester-7f3a"
_MISSING = "No PostgreSQL with PostGIS is installed: on Debian, apt-get install postgresql postgresql-postgis"
_FAST = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=20",
    "shared_buffers=32MB",
)


@dataclass(frozen=True)
class Server:
    """A running server; without a password over its socket, with one over the loopback."""

    socket: Path
    port: int

    def connect(self, database: str = "gis") -> psycopg.Connection[Any]:
        """A connection of the owner's that commits each statement."""
        return psycopg.connect(
            host=str(self.socket), port=self.port, user=OWNER, dbname=database, autocommit=True
        )

    def run(self, *statements: str, database: str = "gis") -> None:
        """Statements, one after the other."""
        with self.connect(database) as connection:
            for statement in statements:
                connection.execute(statement)  # type: ignore[call-overload]

    def create(self, database: str) -> None:
        """A new database with PostGIS in it."""
        with self.connect("postgres") as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
        self.run("CREATE EXTENSION postgis", database=database)

    def url(self, database: str = "gis", *, user: str = OWNER, query: str = "") -> str:
        """The address of a database over the loopback, without a password."""
        return f"postgresql://{user}@127.0.0.1:{self.port}/{database}{query}"


@pytest.fixture(scope="session")
def postgis() -> Iterator[Server]:
    """A server with a database `gis`; tests that use it stand in the xdist group `postgis`, to share it."""
    found = [shutil.which("initdb"), *map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb")))]
    initdb = next((Path(path).resolve() for path in reversed(found) if path), None)
    if initdb is None:
        pytest.fail(_MISSING)
    # PostgreSQL does not run as root: Debian's package brings a user for it.
    other: dict[str, Any] = (
        {"user": "postgres", "group": "postgres", "extra_groups": []} if os.getuid() == 0 else {}
    )
    folder = Path(tempfile.mkdtemp(prefix="threeline-postgis-"))
    log = folder / "log"
    try:
        (folder / "password").write_text(PASSWORD)
        if other:
            for path in (folder, folder / "password"):
                shutil.chown(path, "postgres", "postgres")
        data, port = folder / "data", _free_port()
        made = subprocess.run(
            [initdb, "-D", data, "-U", OWNER, "--encoding=UTF8", "--locale=C", "--no-sync",
             "--auth-local=trust", "--auth-host=scram-sha-256", f"--pwfile={folder / 'password'}"],
            capture_output=True, text=True, cwd=folder, check=False, **other,
        )  # fmt: skip
        assert made.returncode == 0, made.stderr
        control = [initdb.with_name("pg_ctl"), "-D", data, "-w"]
        settings = [f"port={port}", f"unix_socket_directories={folder}", "listen_addresses=127.0.0.1", *_FAST]
        options = " ".join(f"-c {setting}" for setting in settings)
        started = subprocess.run(
            [*control, "-l", log, "-o", options, "start"],
            stdout=subprocess.DEVNULL, cwd=folder, check=False, **other,
        )  # fmt: skip
        assert started.returncode == 0, log.read_text() if log.exists() else "the server did not start"
        try:
            server = Server(folder, port)
            try:
                server.create("gis")
            except psycopg.errors.FeatureNotSupported:
                pytest.fail(_MISSING)
            yield server
        finally:
            subprocess.run(
                [*control, "-m", "immediate", "stop"],
                stdout=subprocess.DEVNULL,
                cwd=folder,
                check=True,
                **other,
            )
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
