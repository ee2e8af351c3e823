"""The command line, run in this process, and its help, which speaks the language that it was started in."""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from dashboard.cli import main
from tests.serving import ROOT, environment

HELPED = ("", "serve", "check", "ingest", "snapshot", "user", *(
    f"user {command}" for command in ("add", "list", "disable", "enable", "reset")
))  # fmt: skip
HELP = """
import contextlib, io, json, sys
from dashboard.cli import main
told = {}
for command in json.loads(sys.argv[1]):
    sys.argv, out = ["threeline", *command.split(), "--help"], io.StringIO()
    with contextlib.redirect_stdout(out):
        try:
            main()
        except SystemExit as end:
            assert not end.code, command
    told[command] = out.getvalue()
print(json.dumps(told))
"""


@dataclass
class Ended:
    code: int
    out: str
    err: str


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ended]:
    for name in [name for name in os.environ if name.startswith("THREELINE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("THREELINE_LANG", "en")

    def call(*arguments: Any) -> Ended:
        monkeypatch.setattr(sys, "argv", ["threeline", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            main()
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return Ended(int(end.value.code or 0), out, err)

    return call


@pytest.fixture
def ingest(run: Callable[..., Ended], small_profile: Path, tmp_path: Path) -> Callable[..., Ended]:
    def call(*files: Path, **options: Any) -> Ended:
        more = [part for name, value in options.items() for part in (f"--{name}", value)]
        return run("ingest", *files, "--profile", small_profile, "--store", tmp_path / "cli.sqlite", *more)

    return call


@functools.cache
def help_of(lang: str) -> dict[str, str]:
    """Command to its help in a language: one process for all of them."""
    done = subprocess.run(
        [sys.executable, "-c", HELP, json.dumps(HELPED)],
        cwd=ROOT, env=environment(THREELINE_LANG=lang), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told: dict[str, str] = json.loads(done.stdout)
    return told


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path
