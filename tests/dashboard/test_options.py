"""What the command line says of lone files: its own options, its own language, the order of the rows."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from dashboard.checking import Asked, report_on
from dashboard.chinese import in_chinese
from dashboard.findings import Part, Report
from dashboard.options import with_options
from dashboard.report import report_lines, verdict
from layers.faults import Fault
from tests.dashboard.conftest import Ended

Run = Callable[..., Ended]


def table(path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path.write_text("\n".join(lines), encoding)
    return path


def hints(path: Path, asked: Asked) -> dict[str, str]:
    return {fault.field: fault.hint for part in report_on(path, asked).parts for fault in part.faults}


def test_a_lone_file_is_mended_by_options(tmp_path: Path) -> None:
    path = table(
        tmp_path / "hubs.csv", "编号,name,kind,经度,纬 度", "h,北,rail,99.1,23.5", encoding="gb18030"
    )
    assert hints(path, Asked())["encoding"].endswith("declare --encoding gb18030")
    told = hints(path, Asked(encoding="gb18030"))
    assert told["lon"].endswith("say so: --column lon=经度")
    assert told["lat"].endswith("say so: --column 'lat=纬 度'")
    assert told["crs"].endswith("(say it with --crs)")
    assert all("= " not in hint for hint in told.values())
    assert [hint for hint in map(in_chinese, told.values()) if "say" in hint] == []
    columns = {"lon": "经度", "lat": "纬 度", "hub_id": "编号"}
    assert hints(path, Asked(crs="EPSG:4326", encoding="gb18030", columns=columns)) == {}


def test_columns_that_are_not_used_are_given_as_options(tmp_path: Path) -> None:
    path = table(tmp_path / "hubs.csv", "hub_id,name,kind,lon,lat,nmae", "h,北,rail,99.1,23.5,x")
    assert [part.warnings for part in report_on(path, Asked(crs="EPSG:4326")).parts if part.faults] == []
    fault = Fault("x", hint='If they are meant as fields, say so: columns = { a = "b", c = "丁" }')
    assert with_options(fault).hint.endswith("say so: --column a=b --column c=丁")
    assert "--column a=b --column c=丁" in in_chinese(with_options(fault).hint)


def test_a_file_of_a_profile_is_mended_in_the_profile(small_profile: Path) -> None:
    report = report_on(small_profile, Asked())
    assert report.good
    assert all("--c" not in fault.hint for part in report.parts for fault in part.warnings)


def test_faults_stand_in_the_order_of_the_rows() -> None:
    faults = [
        Fault("b", "x.csv", 3, "n"),
        Fault("a", "x.csv", 1, "n"),
        Fault("b", "x.csv", 2, "n"),
        Fault("c", "x.csv"),
    ]
    told = list(report_lines(Report("x.csv", [Part("x.csv", features=3, faults=faults)])))
    assert told[1:] == [
        "x.csv: c",
        "x.csv, row 1, field n: a",
        "x.csv, row 2, field n: b",
        "x.csv, row 3, field n: b",
    ]


def test_one_is_one() -> None:
    part = Part("x.csv", features=1, faults=[Fault("a", "x.csv", 1)])
    assert verdict(Report("x.csv", [part])) == "x.csv: 1 fault (1 feature)"
    assert verdict(Report("x", [part, Part("y.csv", features=0)])) == "x: 1 fault (2 files, 1 feature)"


def test_nothing_is_expected_where_nothing_is_said() -> None:
    assert str(Fault("odd", "a", got="why")) == "a: odd (why)"
    assert str(Fault("odd", "a", expected="x")) == "a: odd (got nothing; expected x)"


@pytest.mark.parametrize(
    ("setting", "lang", "what"), [("zh", "zh-CN", "缺少列"), ("en", "en", "missing column")]
)
def test_json_says_its_language(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, setting: str, lang: str, what: str
) -> None:
    path = table(tmp_path / "hubs.csv", "name,kind,lon,lat", "北,rail,99.1,23.5")
    monkeypatch.setenv("THREELINE_LANG", setting)
    told = json.loads(run("check", path, "--crs", "EPSG:4326", "--format", "json").out)
    assert told["lang"] == lang
    assert [fault["what"] for fault in told["faults"]] == [what]


def test_a_folder_that_cannot_be_read_is_a_fault() -> None:
    user = os.geteuid()
    with tempfile.TemporaryDirectory() as room:
        folder, shut = Path(room), Path(room) / "shut"
        folder.chmod(0o755)
        table(folder / "hubs.csv", "hub_id,name,kind,lon,lat", "h,北,rail,99.1,23.5")
        shut.mkdir(mode=0o000)
        try:
            if user == 0:  # who may read everything
                os.seteuid(65534)
            parts = report_on(folder, Asked(crs="EPSG:4326")).parts
        finally:
            os.seteuid(user)
    found = [(fault.what, fault.file) for part in parts for fault in part.faults]
    assert found == [("the folder cannot be read", "shut")]
