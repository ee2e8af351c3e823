"""Columns that no field takes are told of once; those about persons are refused, and nothing of them told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from layers.check import check_file
from layers.columns import withheld
from layers.faults import Fault, FaultsError
from layers.repair import repair_file

Write = Callable[..., Path]
MOBILE, IDENTITY, PLATE = "13800138000", "530921199001011234", "云A12345"


def sites(text: Write, more: str = "", *values: str) -> Path:
    header = f"site_id,name,lon,lat{',' if more else ''}{more}"
    rows = [f"d{at},站,99.1,23.5,{value}" for at, value in enumerate(values or ("",), 1)]
    return text(header, *(rows if more else ["d1,站,99.1,23.5"]))


def look(path: Path, kind: str = "duty_points") -> list[Fault]:
    return check_file(path, kind=kind, crs="EPSG:4326")


class TestPersons:
    @pytest.mark.parametrize(
        "column", ["联系电话", "负责人", "带班民警", "phone", "身份证号", "车牌号", "person_in_charge"]
    )
    @pytest.mark.parametrize("kind", ["duty_points", ""])
    def test_a_column_about_persons_is_refused_by_its_name(self, text: Write, column: str, kind: str) -> None:
        (fault,) = look(sites(text, column, MOBILE), kind)
        assert (fault.what, fault.field, fault.row) == ("a column about persons", column, None)
        assert not fault.warning
        assert MOBILE not in str(fault)

    @pytest.mark.parametrize("column", ["名称备注", "full_name", "值班人数", "司机人数（人）", "民警编制"])
    def test_places_and_counts_are_not_about_persons(self, text: Write, column: str) -> None:
        assert [fault for fault in look(sites(text, column, "3")) if not fault.warning] == []

    @pytest.mark.parametrize("value", [MOBILE, IDENTITY, PLATE, f"打 {MOBILE}"])
    def test_a_value_of_any_column_is_refused_with_its_row(self, text: Write, value: str) -> None:
        (fault,) = [one for one in look(sites(text, "备注", "好", value)) if not one.warning]
        assert (fault.what, fault.field, fault.row) == ("a value shaped like personal data", "备注", 2)
        assert value not in str(fault)

    def test_numbers_are_looked_into_and_what_programs_count_is_not(self, tmp_path: Path) -> None:
        frame = gpd.GeoDataFrame(
            {"site_id": ["a", "b"], "name": ["甲", "乙"], "osm_id": [13800138000, 1], "n": [1, 13800138000]},
            geometry=[shapely.Point(99.1, 23.5)] * 2,
            crs=4326,
        )
        path = tmp_path / "duty_points.gpkg"
        frame.to_file(path)
        (fault,) = [one for one in look(path) if not one.warning]
        assert (fault.field, fault.row) == ("n", 2)

    def test_a_header_that_is_itself_personal_is_not_repeated(self, text: Write) -> None:
        found = look(sites(text, MOBILE, "x"))
        assert MOBILE not in "".join(map(str, found))
        assert MOBILE not in str(withheld(Fault("x", "f", None, MOBILE, MOBILE, "", f"call {MOBILE}")))

    def test_no_copy_of_it_is_written(self, text: Write, tmp_path: Path) -> None:
        out = tmp_path / "mended.gpkg"
        with pytest.raises(FaultsError) as caught:
            repair_file(sites(text, "联系电话,备注", f"x,{MOBILE}"), out, crs="EPSG:4326")
        assert [fault.field for fault in caught.value.faults] == ["联系电话", "备注"]
        assert MOBILE not in str(caught.value)
        assert not out.exists()


class TestUnused:
    @pytest.mark.parametrize(
        ("column", "field"),
        [
            ("lanes_totl", "lanes_total"), ("LanesTotal", "lanes_total"), ("开放日期", "opened_on"),
            ("车道总数（条）", "lanes_total"), ("staff_requird_I", "staff_required_I"),
        ],
    )  # fmt: skip
    def test_a_slip_is_told_with_what_it_was_meant_as(self, text: Write, column: str, field: str) -> None:
        (fault,) = look(sites(text, column, "2"))
        assert fault.warning
        assert (fault.got, fault.field, fault.row) == (column, "columns", None)
        assert f'{field} = "{column}"' in fault.hint

    def test_many_are_one_warning_that_names_a_few_and_the_slips_first(self, text: Write) -> None:
        names = [f"extra{letter}" for letter in "abcdefghijklmnopqrst"]
        (fault,) = look(sites(text, ",".join([*names, "lanes_totl"]), ",".join(["1"] * 21)))
        assert fault.got.startswith("lanes_totl, ")
        assert fault.got.endswith("(21 in all)")
        assert fault.got.count(",") == 8

    @pytest.mark.parametrize("column", ["fid", "OBJECTID", "Shape_Length", "layer", "path", "tessellate"])
    def test_what_programs_write_needs_no_mention(self, text: Write, column: str) -> None:
        assert look(sites(text, column, "1")) == []

    def test_without_a_kind_there_is_nothing_to_use(self, text: Write) -> None:
        assert look(sites(text, "备注", "x"), "") == []
