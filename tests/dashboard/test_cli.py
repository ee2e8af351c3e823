"""The command line, as a person or a script uses it."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from websockets.exceptions import ConnectionClosed

from dashboard import bulk, saying
from tests.dashboard.conftest import Ended, help_of, write
from tests.dashboard.sockets import connect, drain
from tests.serving import ROOT, LiveServer

AT = "2026-06-03T12:00:00+08:00"
ROW = {"site_id": "c1", "observed_at": AT, "persons_in": 30, "wait_min": 7}


@pytest.fixture
def small_copy(small_profile: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(small_profile, tmp_path / "small"))


def csv_file(path: Path, rows: int) -> Path:
    start = int(datetime.fromisoformat(AT).timestamp()) - 86_400
    lines = (
        f"c{1 + n % 3},{datetime.fromtimestamp(start + n, UTC).isoformat()},{n % 50},7" for n in range(rows)
    )
    return write(path, "\n".join(["site_id,observed_at,persons_in,wait_min", *lines]))


@pytest.mark.parametrize("lang", ["en", "zh-CN"])
def test_help_speaks_both_languages(lang: str) -> None:
    for command in ("", "serve", "check", "ingest", "snapshot"):
        told = help_of(lang)[command]
        assert "--help" in told
        assert ("态势" in told or "示例" in told or "配置" in told) == (lang == "zh-CN"), command


def test_help_does_not_wait_for_heavy_modules() -> None:
    code = (
        "import sys; import dashboard.cli; "
        "print([name for name in ('dash', 'pandas', 'numpy', 'matplotlib') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_sentence_stands_in_both_languages() -> None:
    for key, (chinese, english) in saying.WORDS.items():
        assert chinese, key
        assert english, key


@pytest.mark.parametrize(
    ("variables", "lang"),
    [
        ({"THREELINE_LANG": "en", "LANG": "zh_CN.UTF-8"}, "en"), ({"LANG": "zh_CN.UTF-8"}, "zh-CN"),
        ({"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, "en"), ({}, "en"),
    ],
)  # fmt: skip
def test_the_language_follows_the_setting_then_the_locale(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], lang: str
) -> None:
    for name in ("THREELINE_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert saying.language() == lang


def test_a_good_profile_has_no_faults(run: Callable[..., Ended], small_profile: Path) -> None:
    done = run("check", small_profile)
    assert done.code == 0
    assert "no faults" in done.out


def test_every_fault_of_a_profile_is_told_at_once(run: Callable[..., Ended], small_copy: Path) -> None:
    toml = small_copy / "profile.toml"
    toml.write_text(
        toml.read_text("utf-8").replace('current = "III"', 'current = "V"') + "\n[colour]\nx = 1\n", "utf-8"
    )
    points = small_copy / "duty_points.csv"
    lines = points.read_text("utf-8").splitlines()
    points.write_text("\n".join([*lines, lines[1]]), "utf-8")
    done = run("check", small_copy)
    assert done.code == 1
    assert "duty.current" in done.out
    assert "colour" in done.out
    assert f"duty_points.csv, row {len(lines)}, field site_id" in done.out
    told = json.loads(run("check", small_copy, "--format", "json").out)["faults"]
    assert len(told) >= 3
    assert set(told[0]) >= {"path", "file", "layer", "row", "field", "what", "got", "expected", "hint"}


def test_faults_are_tables_on_a_terminal(
    run: Callable[..., Ended], small_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "160")
    toml = small_copy / "profile.toml"
    toml.write_text(toml.read_text("utf-8").replace('current = "III"', 'current = "[bold]V"'), "utf-8")
    done = run("check", small_copy)
    assert "Expected" in done.out
    assert "[bold]V" in done.out


def test_a_file_of_a_profile_is_held_against_it(run: Callable[..., Ended], small_copy: Path) -> None:
    points = small_copy / "duty_points.csv"
    assert run("check", points).code == 0
    points.write_text(points.read_text("utf-8").replace("d1", "", 1), "utf-8")
    done = run("check", points, small_copy / "fences.geojson")
    assert done.code == 1
    assert "site_id" in done.out
    assert "fences.geojson: no faults" in done.out


def test_a_lone_file_is_held_against_its_layer_kind(run: Callable[..., Ended], tmp_path: Path) -> None:
    good = write(tmp_path / "duty_points.csv", "site_id,name,lon,lat\na,A,99.1,23.5\n")
    assert run("check", good, "--crs", "EPSG:4326").code == 0
    odd = write(tmp_path / "places.csv", "site_id,name,lon,lat\na,A,99.1,23.5\na,B,,23.5\n")
    unknown = run("check", odd)
    assert unknown.code == 1
    assert "row 2" in unknown.out
    assert "site_id" not in unknown.out
    misspelt = run("check", odd, "--kind", "duty_point")
    assert misspelt.code == 1
    assert "duty_points" in misspelt.out
    swapped = write(tmp_path / "duty_points.csv", "site_id,name,lon,lat\na,A,23.5,99.1\n")
    assert run("check", swapped).code == 1
    done = run("check", odd, "--kind", "duty_points", "--crs", "EPSG:4326")
    assert done.code == 1
    assert "row 2" in done.out


@pytest.mark.parametrize("path", ["nowhere", "nowhere/profile.toml"])
def test_what_is_not_there_is_said(run: Callable[..., Ended], tmp_path: Path, path: str) -> None:
    done = run("check", tmp_path / path)
    assert done.code == 1
    assert "nowhere" in done.out


def test_files_of_every_form_are_ingested(ingest: Callable[..., Ended], tmp_path: Path) -> None:
    later = [{**ROW, "observed_at": f"2026-06-03T12:0{n}:00+08:00"} for n in range(1, 4)]
    pq.write_table(pa.Table.from_pylist([later[2]]), tmp_path / "d.parquet")
    files = [
        write(tmp_path / "a.csv", f"site_id,observed_at,persons_in,wait_min\nc1,{AT},30,7\n"),
        write(tmp_path / "b.ndjson", json.dumps(later[0])),
        write(tmp_path / "c.json", json.dumps([later[1]])),
        tmp_path / "d.parquet",
    ]
    done = ingest(*files)
    assert done.code == 0, done.out + done.err
    for name in ("a.csv", "b.ndjson", "c.json", "d.parquet"):
        assert f"{name}: Rows 1, Accepted 1, Duplicate 0, Corrected 0, Rejected 0" in done.out
    assert ingest(*files).out.count("Duplicate 1") == 4
    corrected = write(tmp_path / "e.json", json.dumps([{**ROW, "wait_min": 8}]))
    assert "Corrected 1" in ingest(corrected).out


def test_refused_rows_are_told_with_their_row_in_the_file(
    ingest: Callable[..., Ended], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "CHUNK_ROWS", 10)
    path = csv_file(tmp_path / "many.csv", 35)
    lines = path.read_text().splitlines()
    lines[33] = lines[33].replace(",", ",soon", 1)
    # Blank lines are no rows.
    lines.insert(5, "")
    path.write_text("\n".join(lines))
    done = ingest(path)
    assert done.code == 0
    assert "Rows 35, Accepted 34, Duplicate 0, Corrected 0, Rejected 1" in done.out
    assert "row 33, field observed_at" in done.out


@pytest.mark.parametrize("name", ["a.csv", "a.ndjson", "a.json", "a.parquet"])
def test_large_files_go_piece_by_piece(
    name: str, ingest: Callable[..., Ended], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pandas as pd

    monkeypatch.setattr(bulk, "CHUNK_ROWS", 100)
    rows = pd.read_csv(csv_file(tmp_path / "source.csv", 1050))
    path = tmp_path / name
    if name.endswith(".parquet"):
        rows.to_parquet(path)
    elif name.endswith(".csv"):
        rows.to_csv(path, index=False)
    else:
        rows.to_json(path, orient="records", lines=name.endswith("ndjson"))
    seen = list(bulk.pieces(path, bulk.media_type(path)))
    assert [piece.first for piece in seen] == list(range(0, 1050, 100))
    assert seen[-1].done == path.stat().st_size
    assert "Rows 1050, Accepted 1050" in ingest(path).out


def test_a_gbk_file_is_read_when_it_is_declared(ingest: Callable[..., Ended], tmp_path: Path) -> None:
    # The second row is refused for its site, in which a wrong encoding would show.
    body = f"site_id,observed_at,wait_min\nc1,{AT},3\n小黑江,{AT},3\n".encode("gb18030")
    path = write(tmp_path / "gbk.csv", body)
    refused = ingest(path)
    assert refused.code == 1
    assert "utf-8" in refused.out
    done = ingest(path, encoding="gb18030")
    assert done.code == 0
    assert "Accepted 1" in done.out
    assert "小黑江" in done.out


def test_an_unreadable_file_does_not_stop_the_others(ingest: Callable[..., Ended], tmp_path: Path) -> None:
    broken = write(tmp_path / "broken.json", "{")
    strange = write(tmp_path / "notes.docx", "x")
    good = write(tmp_path / "good.json", json.dumps([ROW]))
    done = ingest(broken, strange, good)
    assert done.code == 1
    assert "good.json: Rows 1, Accepted 1" in done.out
    assert "broken.json" in done.out
    assert ".docx" in done.out
    missing = ingest(tmp_path / "none.csv")
    assert (missing.code, "none.csv" in missing.err) == (1, True)


def test_a_progress_bar_on_a_terminal(
    ingest: Callable[..., Ended], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TTY_INTERACTIVE", "1")
    done = ingest(csv_file(tmp_path / "a.csv", 500))
    assert done.code == 0
    assert "Reading a.csv" in done.out
    assert "Accepted" in done.out


def test_a_file_of_refused_rows_only_ends_with_1(ingest: Callable[..., Ended], tmp_path: Path) -> None:
    good = write(tmp_path / "good.json", json.dumps([ROW]))
    bad = write(tmp_path / "bad.json", json.dumps([{**ROW, "site_id": "c99"}, {**ROW, "wait_min": -1}]))
    done = ingest(good, bad)
    assert done.code == 1
    assert "bad.json: Rows 2, Accepted 0, Duplicate 0, Corrected 0, Rejected 2" in done.out
    # Sent again, nothing is new and nothing is wrong.
    assert ingest(good).code == 0
    lone = ingest(write(tmp_path / "lone.json", "5"))
    assert lone.code == 1
    assert "a list of readings" in lone.out


def test_wrong_usage_is_explained(run: Callable[..., Ended]) -> None:
    assert run("serve", "--port", "many").code == 2
    assert run("serve", "--colour").code == 2
    assert run("fly").code == 2
    assert run("ingest").code == 2


@pytest.mark.parametrize(
    ("arguments", "variables", "says"),
    [
        (("--host", "0.0.0.0"), {}, "THREELINE_PLAIN=1"),
        (("--profile", "nowhere"), {}, "nowhere"),
        ((), {"THREELINE_PROT": "9"}, "Did you mean THREELINE_PORT?"),
        (("--host", "no.such.host.invalid"), {"THREELINE_PLAIN": "1"}, "no.such.host.invalid"),
        (("--store", "/proc/none/board.sqlite"), {}, "/proc/none"),
    ],
)
def test_serve_says_in_a_sentence_why_it_does_not_start(
    run: Callable[..., Ended], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, arguments: tuple[str, ...],
    variables: dict[str, str], says: str,
) -> None:  # fmt: skip
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    profile = () if "--profile" in arguments else ("--profile", ROOT / "tests" / "profiles" / "small")
    done = run("serve", "--port", "0", *profile, *arguments)
    assert done.code == 1
    assert says in done.err


def test_a_taken_port_is_said(run: Callable[..., Ended], small_profile: Path, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run("serve", "--profile", small_profile, "--store", tmp_path / "s.sqlite", "--port", port)
    assert done.code == 1
    assert f"port {port}" in done.err
    assert "--port" in done.err


def test_serve_says_when_it_simulates_and_that_it_is_open(live_server: Callable[..., LiveServer]) -> None:
    server = live_server(None, "--simulate")
    # It is open to everybody, and nobody has an account.
    assert "(simulated data, not real reports)" in server.said("Open demonstration")
    assert server.health()["simulated"] is True
    assert not (server.store.parent / "accounts.sqlite").exists()


def test_serve_tells_its_address_takes_up_where_it_was_killed_and_ends_cleanly(
    live_server: Callable[..., LiveServer],
) -> None:
    server = live_server()
    said = server.said(str(server.store))
    assert f"Sample prefecture, three lines: http://127.0.0.1:{server.port}\n" in said
    assert server.health()["simulated"] is False
    rows = [{"site_id": "c1", "observed_at": datetime.now(UTC).isoformat(), "wait_min": 12}]
    options = {"trust_env": False, "timeout": 60}
    assert httpx.post(f"{server.url}/api/v1/readings", json=rows, **options).json()["accepted"] == 1
    server.stop(sign=9)
    server.start()
    told = httpx.get(f"{server.url}/api/v1/sites", **options).json()["features"]
    assert {one["id"]: one["properties"]["wait_min"] for one in told}["c1"] == 12
    with connect(f"ws://127.0.0.1:{server.port}/api/v1/live") as link:
        assert [json.loads(link.recv(timeout=60))["type"] for _ in range(2)] == ["picture", "delta"]
        assert server.stop() == 0
        with pytest.raises(ConnectionClosed):
            drain(link)
    assert "Traceback" not in "".join(server.output)
    # The store was closed: nothing is left beside it.
    assert [path.name for path in server.store.parent.glob("live0.sqlite*")] == ["live0.sqlite"]
