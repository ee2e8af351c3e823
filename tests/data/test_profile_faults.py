"""What is wrong with a profile folder, said all at once and so that a person can mend it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.profile import check_profile, load_profile
from layers.faults import Fault, FaultsError

SMALL = Path(__file__).parent.parent / "profiles" / "small"
Edit = Callable[..., list[Fault]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SMALL, tmp_path / "small"))


@pytest.fixture
def after(folder: Path) -> Edit:
    """The faults once pieces of a file have been replaced; each piece must be there."""

    def edit(*pairs: tuple[str, str], file: str = "profile.toml") -> list[Fault]:
        path = folder / file
        text = path.read_text("utf-8")
        for old, new in pairs:
            assert old in text, old
            text = text.replace(old, new, 1)
        path.write_text(text, "utf-8")
        return check_profile(folder)

    return edit


def only(found: list[Fault]) -> Fault:
    assert len(found) == 1, found
    return found[0]


class TestKeysAndTypes:
    @pytest.mark.parametrize(
        ("old", "new", "field", "hint"),
        [
            ('timezone = "', 'timezon = "', "timezon", "Did you mean 'timezone'?"),
            ("zoom = 9.5", 'zoom = "9.5"', "map.zoom", "without quotes"),
            ("held_m = 3000", "held_m = -1", "kinds.duty_point.held_m", ""),
            ("held_m = 3000", "holds_m = 3000", "kinds.duty_point.holds_m", "Did you mean 'held_m'?"),
            ('shape = "triangle"', 'shape = "triangel"', "lines[first].shape", "Did you mean 'triangle'?"),
            ("border = true", 'border = "yes"', "lines[first].border", ""),
            ("threshold = 30", "threshold = nan", "rules[wait_over_30].threshold", ""),
            ("for_s = 60", "for_s = 60.5", "rules[wait_over_30].for_s", ""),
            ('severity = "critical"', 'severity = "fatal"', "rules[wait_over_30].severity", ""),
            ("area = [98.9, 23.4, 99.5, 24.1]", "area = [98.9, 23.4, 99.5]", "area[4]", ""),
            ("area = [98.9, 23.4, 99.5, 24.1]", 'area = "Yunnan"', "area", ""),
            ('crs = "EPSG:4326"', "crs = 4326", "layers[counties].crs", ""),
            ("seed = 7", "sed = 7", "simulation.sed", "Did you mean 'seed'?"),
            ('shape = "border"', 'shape = "borders"', "simulation.demand.duty_point.shape", "'border'"),
            ("where = { lines =", "where = { line =", "rules[queue_over_500].where.line", "'lines'"),
            ('id = "small"', 'id = "Small Profile"', "id", ""),
        ],
    )
    def test_a_fault_names_its_key_path_and_what_was_meant(
        self, after: Edit, old: str, new: str, field: str, hint: str
    ) -> None:
        found = after((old, new))
        fault = next(fault for fault in found if fault.field == field)
        assert fault.file == "profile.toml"
        assert fault.expected
        assert hint in fault.hint

    def test_missing_keys_and_tables_are_told_apart(self, after: Edit) -> None:
        found = after(("[map]\n", "[readings.time]\n"), ('current = "III"', ""), ("center = ", "# center = "))
        what = {fault.field: fault.what for fault in found}
        assert what["map"] == "missing table"
        assert what["duty.current"] == "missing key"
        assert what["readings.time.format"] == "missing key"

    @pytest.mark.parametrize(
        ("text", "line"),
        [
            ('id = "a"\ntitle = {', 2),
            ("a = 1\na = 2\n", 2),
            ("id = small\n", 1),
            ("\x00", 1),
            ("[" * 5000, 1),
        ],
    )
    def test_broken_toml_names_its_line(self, folder: Path, text: str, line: int) -> None:
        (folder / "profile.toml").write_text(text, "utf-8")
        fault = only(check_profile(folder))
        assert "not valid TOML" in fault.what
        assert (fault.file, fault.row) == ("profile.toml", line)

    def test_a_profile_in_another_encoding_names_the_line(self, folder: Path) -> None:
        toml = folder / "profile.toml"
        toml.write_bytes(toml.read_text("utf-8").encode("gb18030"))
        fault = only(check_profile(folder))
        assert fault.what == "not encoded in UTF-8"
        assert fault.row == 6

    def test_an_empty_profile_and_none_at_all(self, folder: Path) -> None:
        (folder / "profile.toml").write_text("# nothing\n", "utf-8")
        assert only(check_profile(folder)).what == "the file is empty"
        (folder / "profile.toml").unlink()
        assert only(check_profile(folder)).what == "no such file"

    def test_a_date_may_be_written_as_a_date(self, after: Edit) -> None:
        assert after(('"2026-10-01"', "2026-10-01")) == []


class TestBetweenParts:
    @pytest.mark.parametrize(
        ("old", "new", "field", "hint"),
        [
            ("Asia/Shanghai", "Asia/Shanghi", "timezone", "Did you mean 'Asia/Shanghai'?"),
            ("Asia/Shanghai", "../../etc/passwd", "timezone", ""),
            ("[98.9, 23.4, 99.5, 24.1]", "[99.5, 23.4, 98.9, 24.1]", "area", "west, south, east, north"),
            ("center = [99.2, 23.75]", "center = [23.75, 99.2]", "map.center", "longitude first"),
            ("zoom = 9.5", "zoom = 9.5\nmin_zoom = 12", "map.zoom", ""),
            ("[map]", "[wall]\ncanvas = [1792, 6656]\n[map]", "wall.canvas", "pixels across first"),
            ('line = "first"', 'line = "fist"', "kinds.duty_point.line", "Did you mean 'first'?"),
            (
                'kind = "crossings"',
                'kind = "crossing"',
                "layers[crossings].kind",
                "Did you mean 'crossings'?",
            ),
            ('current = "III"', 'current = "V"', "duty.current", ""),
            (
                'metric = "queue_m"',
                'metric = "queue"',
                "rules[queue_over_500].metric",
                "Did you mean 'queue_m'?",
            ),
            ('["second", "third"]', '["second", "thrid"]', "rules[queue_over_500].where.lines", "'third'"),
            (
                'lines = ["second", "third"]',
                'kinds = ["checkpoint.level9"]',
                "rules[queue_over_500].where.kinds",
                "",
            ),
            (
                'lines = ["second", "third"]',
                'counties = ["900103"]',
                "rules[queue_over_500].where.counties",
                "",
            ),
            ("clear = 25", "clear = 35", "rules[wait_over_30].clear", ""),
            ("clear = 25", "until = 30", "rules[wait_over_30].until", ""),
            ("clear = 25", 'until = "x"', "rules[wait_over_30].until", ""),
            ("{site} 等候", "{sight} 等候", "rules[wait_over_30].what.zh-CN", "Did you mean 'site'?"),
            ("{site} 等候", "{site.__class__} 等候", "rules[wait_over_30].what.zh-CN", ""),
            ("{site} 等候", "{site 等候", "rules[wait_over_30].what.zh-CN", ""),
            ("[readings]", "[windows]\nminutes = [5, 60]\nmain = 15\n[readings]", "windows.main", ""),
            ("[readings]", "[windows]\nminutes = [5, 5, 15]\n[readings]", "windows.minutes", ""),
            ("[readings]", "[status]\nbusy_wait_min = 40\n[readings]", "status.congested_wait_min", ""),
            ("offline_after_s = 1800", "offline_after_s = 60", "readings.offline_after_s", ""),
            (
                "[coverage]",
                '[readings.time]\nformat = "%Y"\nzone = "Asia/HK"\n[coverage]',
                "readings.time.zone",
                "",
            ),
            (
                "[coverage]",
                '[readings.columns]\nsiteid = "a"\n[coverage]',
                "readings.columns.siteid",
                "'site_id'",
            ),
            ('"2026-10-01"', '"2026-13-01"', "simulation.holidays", ""),
            (
                "[simulation.demand.duty_point]",
                "[simulation.demand.duty_pt]",
                "simulation.demand.duty_pt",
                "",
            ),
            (
                "[simulation.demand.duty_point]",
                "[simulation.outcomes]\nturned_bak = 0.1\n[simulation.demand.duty_point]",
                "simulation.outcomes.turned_bak",
                "Did you mean 'turned_back'?",
            ),
            (
                'shape = "square"',
                'shape = "square"\nstated_km = 9.0',
                "lines[third].stated_km",
                "border = true",
            ),
            ('id = "second"', 'id = "first"', "lines[first].id", ""),
            ('id = "queue_over_500"', 'id = "wait_over_30"', "rules[wait_over_30].id", ""),
            ('name = "border"', 'name = "counties"', "layers[counties].name", ""),
            ('id = "II"', 'id = "I"', "duty.levels[I].id", ""),
        ],
    )
    def test_names_and_numbers_that_do_not_fit(
        self, after: Edit, old: str, new: str, field: str, hint: str
    ) -> None:
        fault = next(fault for fault in after((old, new)) if fault.field == field)
        assert fault.file == "profile.toml"
        assert fault.got
        assert fault.expected
        assert hint in fault.hint

    def test_words_must_be_there_in_every_language_and_in_no_other(self, after: Edit) -> None:
        found = after(('{ "zh-CN" = "抵边", en = "Border" }', '{ "zh-CN" = "抵边", eng = "Border" }'))
        assert {fault.field: fault.what for fault in found} == {
            "lines[first].short.en": "no words in en",
            "lines[first].short.eng": "unknown language",
        }

    def test_advice_may_be_left_out(self, after: Edit) -> None:
        assert (
            after(('advice = { "zh-CN" = "派人到场值守", en = "Send a patrol to stand in" }', "advice = {}"))
            == []
        )

    def test_a_rule_may_name_a_family_of_kinds(self, after: Edit) -> None:
        assert after(('lines = ["second", "third"]', 'kinds = ["checkpoint", "duty_point"]')) == []

    def test_a_border_line_needs_a_border(self, after: Edit) -> None:
        found = after(('kind = "border"', 'kind = "roads"'))
        assert only(found).field == "lines[first].border"

    def test_a_profile_needs_sites(self, folder: Path) -> None:
        toml = folder / "profile.toml"
        text = toml.read_text("utf-8")
        for kind in ("duty_points", "second_line_posts", "checkpoints"):
            text = text.replace(f'kind = "{kind}"', 'kind = "waters"')
        toml.write_text(text, "utf-8")
        assert "layers" in {fault.field for fault in check_profile(folder)}


class TestFiles:
    def test_a_missing_file_is_named_with_the_one_that_was_meant(self, after: Edit) -> None:
        fault = only(after(('file = "border.geojson"', 'file = "boarder.geojson"')))
        assert (fault.file, fault.what) == ("boarder.geojson", "no such file")
        assert fault.hint == "Did you mean 'border.geojson'?"

    @pytest.mark.parametrize(
        "file", ["../secret.csv", "/etc/passwd", "a/../../b.csv", "", "\\u0000.csv", "link.csv"]
    )
    def test_files_stay_inside_the_folder(self, after: Edit, folder: Path, file: str) -> None:
        (folder.parent / "secret.csv").write_text("crossing_id,name,kind,lon,lat\n", "utf-8")
        (folder / "link.csv").symlink_to(folder.parent / "secret.csv")
        found = after(('file = "crossings.csv"', f'file = "{file}"'))
        fault = only(found)
        assert (fault.field == "layers[crossings].file") == (file != "")
        assert ("outside" in fault.what) == (file != "")

    def test_an_id_in_two_layers_names_both_places(self, after: Edit) -> None:
        fault = only(after(("p1,甲一卡点", "d2,甲一卡点"), file="second_line_posts.csv"))
        assert (fault.file, fault.row, fault.field) == ("second_line_posts.csv", 1, "site_id")
        assert "row 2 of duty_points.csv" in fault.expected

    def test_nothing_about_a_person_comes_in_with_a_site(self, after: Edit) -> None:
        fault = only(after(("p1,甲一卡点", "p1,甲一卡点 13800138000"), file="second_line_posts.csv"))
        assert (fault.row, fault.field, fault.got) == (1, "name", "[withheld]")

    def test_a_column_about_persons_stops_a_profile(self, after: Edit) -> None:
        edits = ("编号,", "联系电话,编号,"), ("p1,", "13800138000,p1,"), ("p2,", ",p2,")
        fault = only(after(*edits, file="second_line_posts.csv"))
        assert (fault.what, fault.field, fault.got) == ("a column about persons", "联系电话", "[withheld]")

    def test_a_wrong_declaration_says_where_it_stands(self, after: Edit) -> None:
        fault = only(after(('crs = "EPSG:4326"', 'crs = "WGS84"')))
        assert (fault.file, fault.field) == ("counties.geojson", "crs")
        assert "layers[counties].crs in profile.toml" in fault.hint

    def test_a_county_that_is_at_fault_itself_does_not_accuse_the_sites(self, after: Edit) -> None:
        found = after(('"adcode": "900102"', '"adcode": "900101"'), file="counties.geojson")
        assert {fault.file for fault in found} == {"counties.geojson"}

    def test_rows_are_held_against_the_profile(self, after: Edit) -> None:
        found = after(
            ("99.05,23.497,900101", "23.497,99.05,900101"),
            ("99.15,23.497,900101,1", "99.15,23.497,900102,-1"),
            ("d3", "d1"),
            file="duty_points.csv",
        )
        assert [(fault.row, fault.field) for fault in found] == [
            (1, "geometry"), (2, "lanes_total"), (2, "county"), (3, "site_id"),
        ]  # fmt: skip

    def test_faults_of_the_profile_and_of_every_file_come_in_one_report(
        self, folder: Path, after: Edit
    ) -> None:
        (folder / "crossings.csv").unlink()
        (folder / "border.geojson").write_text("nothing", "utf-8")
        after(("d2,", "d1,"), file="duty_points.csv")
        found = after(
            ('metric = "queue_m"', 'metric = "queue"'),
            ("zoom = 9.5", 'zoom = "9.5"'),
            ('current = "III"', 'current = "V"'),
            ('shape = "square"', 'shape = "round"'),
            ("offline_after_s = 1800", "offline_after_s = 60"),
        )
        assert {(fault.file, fault.field) for fault in found} == {
            ("profile.toml", "rules[queue_over_500].metric"),
            ("profile.toml", "map.zoom"),
            ("profile.toml", "duty.current"),
            ("profile.toml", "lines[third].shape"),
            ("profile.toml", "readings.offline_after_s"),
            ("crossings.csv", ""),
            ("border.geojson", ""),
            ("duty_points.csv", "site_id"),
        }
        with pytest.raises(FaultsError) as caught:
            load_profile(folder)
        assert list(caught.value.faults) == found


class TestNeverACrash:
    """Whatever stands in profile.toml or in a file, the answer is faults or a profile."""

    leaf = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
    tree = st.recursive(
        leaf,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    )

    @given(data=st.data())
    @settings(max_examples=60)
    def test_a_profile_with_any_part_replaced(self, tmp_path: Path, data: st.DataObject) -> None:
        import tomllib

        folder = tmp_path / "wild"
        if not folder.exists():
            shutil.copytree(SMALL, folder)
        tree = tomllib.loads((SMALL / "profile.toml").read_text("utf-8"))
        for _ in range(data.draw(st.integers(1, 3))):
            here: object = tree
            while True:
                keys = list(here) if isinstance(here, dict) else list(range(len(here)))  # type: ignore[arg-type]
                if not keys:
                    break
                key = data.draw(st.sampled_from(keys))
                inner = here[key]  # type: ignore[index]
                if not isinstance(inner, dict | list) or not inner or data.draw(st.integers(0, 3)) == 0:
                    here[key] = data.draw(self.tree)  # type: ignore[index]
                    break
                here = inner
        (folder / "profile.toml").write_text(toml_of(tree), "utf-8")
        for fault in check_profile(folder):
            assert fault.what
            assert str(fault)

    @given(
        body=st.binary(max_size=200),
        name=st.sampled_from(["crossings.csv", "fences.geojson", "profile.toml"]),
    )
    @settings(max_examples=80)
    def test_a_file_of_any_bytes(self, tmp_path: Path, body: bytes, name: str) -> None:
        folder = tmp_path / "wild"
        if not folder.exists():
            shutil.copytree(SMALL, folder)
        (folder / name).write_bytes(body)
        try:
            assert check_profile(folder)
        finally:
            shutil.copy(SMALL / name, folder / name)


def toml_of(tree: dict[str, object]) -> str:
    """TOML of a tree as one inline table per key; what TOML cannot hold (null, big whole numbers) is text."""

    def inline(value: object) -> str:
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, int) and abs(value) < 2**63:
            return str(value)
        if isinstance(value, float):
            return repr(value)
        if isinstance(value, list):
            return f"[{', '.join(map(inline, value))}]"
        if isinstance(value, dict):
            return "{" + ", ".join(f"{quoted(key)} = {inline(inner)}" for key, inner in value.items()) + "}"
        return quoted(str(value))

    def quoted(text: str) -> str:
        clean = "".join(letter if not 0xD800 <= ord(letter) <= 0xDFFF else "?" for letter in text)
        return (
            json.dumps(clean, ensure_ascii=True).replace("\x7f", "\\u007f")
            if all(ord(letter) < 0x10000 for letter in clean)
            else json.dumps(clean, ensure_ascii=False).replace("\x7f", "\\u007f")
        )

    return "\n".join(f"{quoted(key)} = {inline(value)}" for key, value in tree.items())
