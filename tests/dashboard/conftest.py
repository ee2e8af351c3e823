"""The command line, run in this process."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from dashboard.cli import main


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


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path
