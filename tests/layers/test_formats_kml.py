"""KML as phones and web maps write it: folders, extended data under Chinese names, any kind of shape."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely

from layers.faults import Fault, FaultsError
from layers.formats import Ask, Raw, layers_of, read_file
from layers.load import load_layer

SPACE = "http://www.opengis.net/kml/2.2"
RING = "99,23 99.1,23 99.1,23.1 99,23"
HOLE = "99.08,23.02 99.09,23.02 99.09,23.03 99.08,23.02"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.kml"


def write(
    path: Path, body: str, *, space: str = SPACE, encoding: str = "utf-8", says: str | None = None
) -> None:
    head = f'<?xml version="1.0" encoding="{says or encoding}"?>' if says != "" else ""
    names = f' xmlns="{space}" xmlns:gx="http://www.google.com/kml/ext/2.2"' if space else ""
    path.write_bytes(f"{head}<kml{names}><Document>{body}</Document></kml>".encode(encoding))


def mark(name: str, inner: str = "<Point><coordinates>99.1,23.7,800</coordinates></Point>") -> str:
    return f"<Placemark><name>{name}</name>{inner}</Placemark>"


def read(path: Path, layer: str | None = None, encoding: str | None = None) -> Raw:
    return read_file(Ask(path, path.name, encoding, layer))


def only(path: Path) -> Fault:
    with pytest.raises(FaultsError) as caught:
        read(path)
    assert len(caught.value.faults) == 1
    return caught.value.faults[0]


class TestFolders:
    def test_each_folder_with_placemarks_of_its_own_is_a_layer(self, path: Path) -> None:
        inner = f"<Folder><name>内层</name>{mark('丙')}</Folder>"
        outer = f"<Folder><name> 站 点 </name>{mark('甲')}{inner}{mark('乙')}</Folder>"
        empty = "<Folder><name>空</name></Folder>"
        write(
            path,
            f"<name>文档</name>{outer}{empty}<Folder>{mark('丁')}</Folder><Folder><name>内层</name>{mark('戊')}</Folder>",
        )
        assert layers_of(path) == ["站 点", "内层", "folder 3", "内层 (#2)"]
        found = {layer: read(path, layer).columns["name"].tolist() for layer in layers_of(path)}
        assert found == {"站 点": ["甲", "乙"], "内层": ["丙"], "folder 3": ["丁"], "内层 (#2)": ["戊"]}
        assert only(path).what == "the KML holds several layers"

    def test_one_folder_needs_no_name(self, path: Path) -> None:
        write(path, f"<Folder><Folder>{mark('甲')}</Folder></Folder>")
        assert read(path).columns["name"].tolist() == ["甲"]

    @pytest.mark.parametrize("body", ["", "<Folder><name>空</name></Folder>", "<name>x</name>"])
    def test_none_is_an_empty_layer(self, path: Path, body: str) -> None:
        write(path, body)
        assert only(path).what == "the layer is empty"
        assert layers_of(path) == [None]


class TestColumns:
    def test_extended_data_are_columns_under_their_own_names(self, path: Path) -> None:
        value = "<displayName>x</displayName><value> A1 </value>"
        data = f'<ExtendedData><Data name="站点编号">{value}</Data></ExtendedData>'
        schema = (
            '<ExtendedData><SchemaData schemaUrl="#s"><SimpleData name="类别">固定 &lt;一&gt;</SimpleData>'
            '<SimpleData name="name">自己的</SimpleData></SchemaData></ExtendedData>'
        )
        point = "<Point><coordinates>99,23</coordinates></Point>"
        note = "<description><![CDATA[<b>路口</b>]]></description>"
        write(path, mark("甲", data + point) + mark("乙", schema + note + point))
        columns = {name: column.tolist() for name, column in read(path).columns.items()}
        assert columns == {
            "站点编号": ["A1", None], "类别": [None, "固定 <一>"], "name": ["甲", "自己的"],
            "description": [None, "<b>路口</b>"],
        }  # fmt: skip
        assert list(columns) == ["站点编号", "类别", "name", "description"]

    def test_days_are_columns_and_drawing_is_left_out(self, path: Path) -> None:
        style = "<Style><LineStyle><color>ff</color></LineStyle></Style>"
        span = f"<TimeSpan><begin>2026-01-02</begin></TimeSpan>{style}"
        look = "<LookAt><longitude>1</longitude></LookAt><visibility>0</visibility>"
        write(path, mark("甲", f"{span}{look}<Point><coordinates>99,23</coordinates></Point>"))
        columns = read(path).columns
        assert {name: column.tolist() for name, column in columns.items()} == {
            "name": ["甲"], "begin": ["2026-01-02"],
        }  # fmt: skip


class TestShapes:
    @pytest.mark.parametrize(
        ("inner", "wkt"),
        [
            ("<Point><coordinates> 99 , 23.5 , 0 </coordinates></Point>", "POINT (99 23.5)"),
            ("<LineString><coordinates>99,23 99.1,23.1,5\n 99.2,23</coordinates></LineString>",
             "LINESTRING (99 23, 99.1 23.1, 99.2 23)"),
            (f"<LinearRing><coordinates>{RING}</coordinates></LinearRing>",
             "LINESTRING (99 23, 99.1 23, 99.1 23.1, 99 23)"),
            (f"<Polygon><innerBoundaryIs><LinearRing><coordinates>{HOLE}</coordinates></LinearRing>"
             f"</innerBoundaryIs><outerBoundaryIs><LinearRing><coordinates>{RING}</coordinates></LinearRing>"
             "</outerBoundaryIs></Polygon>",
             "POLYGON ((99 23, 99.1 23, 99.1 23.1, 99 23),"
             " (99.08 23.02, 99.09 23.02, 99.09 23.03, 99.08 23.02))"),
            ("<MultiGeometry><Point><coordinates>1,2</coordinates></Point><Point><coordinates>3,4</coordinates>"
             "</Point></MultiGeometry>", "MULTIPOINT ((1 2), (3 4))"),
            ("<MultiGeometry><MultiGeometry><LineString><coordinates>1,2 3,4</coordinates></LineString>"
             "</MultiGeometry></MultiGeometry>", "GEOMETRYCOLLECTION (MULTILINESTRING ((1 2, 3 4)))"),
            ("<gx:Track><when>2020-01-01</when><gx:coord>99 23 0</gx:coord><gx:coord>99.1 23 5</gx:coord>"
             "</gx:Track>", "LINESTRING (99 23, 99.1 23)"),
            ("<gx:MultiTrack><gx:Track><gx:coord>1 2 0</gx:coord><gx:coord>3 4 0</gx:coord></gx:Track>"
             "</gx:MultiTrack>", "MULTILINESTRING ((1 2, 3 4))"),
        ],
    )  # fmt: skip
    def test_every_kind(self, path: Path, inner: str, wkt: str) -> None:
        write(path, mark("甲", inner))
        assert shapely.equals(read(path).shapes[0], shapely.from_wkt(wkt)), read(path).shapes[0]

    @pytest.mark.parametrize(
        "inner",
        [
            "", "<Point/>", "<Point><coordinates/></Point>", "<Polygon/>", "<MultiGeometry/>",
            "<LineString><coordinates>99,23</coordinates></LineString>",
            "<Polygon><outerBoundaryIs><LinearRing><coordinates>99,23 99,24</coordinates></LinearRing>"
            "</outerBoundaryIs></Polygon>",
            "<Model><Location><longitude>99</longitude></Location></Model>",
        ],
    )  # fmt: skip
    def test_no_shape_is_none_or_empty(self, path: Path, inner: str) -> None:
        write(path, mark("甲") + mark("乙", inner))
        shape = read(path).shapes[1]
        assert shape is None or shape.is_empty

    @pytest.mark.parametrize("bad", ["99", "99,", "abc,23", "99 23", "99°06′,23°42′", "99,23 99.1"])
    def test_what_is_no_coordinate_names_its_row(self, path: Path, bad: str) -> None:
        line = f"<LineString><coordinates>{bad}</coordinates></LineString>"
        write(
            path, mark("甲", f"<LineString><coordinates>{RING}</coordinates></LineString>") + mark("乙", line)
        )
        loaded = load_layer(path, kind="roads", crs=None)
        fault = next(fault for fault in loaded.faults if fault.what == "not a coordinate")
        assert (fault.row, fault.expected) == (2, "longitude,latitude")
        assert loaded.unplaced == {1}


class TestText:
    @pytest.mark.parametrize(
        ("encoding", "says"),
        [
            ("utf-8", None),
            ("utf-8", ""),
            ("utf-8-sig", "utf-8"),
            ("gb2312", None),
            ("gb18030", "GBK"),
            ("utf-16", None),
        ],
    )
    def test_the_encoding_is_the_one_it_says(self, path: Path, encoding: str, says: str | None) -> None:
        write(path, mark("镇康检查站"), encoding=encoding, says=says)
        assert read(path).columns["name"].tolist() == ["镇康检查站"]

    def test_a_wrong_encoding_proposes_the_right_one_and_a_declaration_helps(self, path: Path) -> None:
        write(path, mark("镇康检查站"), encoding="gb18030", says="utf-8")
        fault = only(path)
        assert fault.field == "encoding"
        assert 'encoding = "gb18030"' in fault.hint
        assert "镇康检查站" in fault.hint
        assert read(path, encoding="gbk").columns["name"].tolist() == ["镇康检查站"]

    @pytest.mark.parametrize(
        "space", ["", "http://earth.google.com/kml/2.1", "http://www.opengis.net/kml/2.3", SPACE]
    )
    def test_every_version(self, path: Path, space: str) -> None:
        body = mark("甲") if space else mark("甲").replace("gx:", "")
        write(path, body, space=space)
        assert read(path).columns["name"].tolist() == ["甲"]

    @pytest.mark.parametrize("body", ["<gpx></gpx>", "<html/>", "{}", "", "<kml>", "<kml></kml><kml></kml>"])
    def test_what_is_no_kml_says_so(self, path: Path, body: str) -> None:
        path.write_text(body, "utf-8")
        assert "KML" in only(path).what

    def test_folders_without_end_are_refused(self, path: Path) -> None:
        path.write_text("<kml>" + "<Folder>" * 200_000, "utf-8")
        assert only(path).what == "the KML is nested too deep"


def test_it_is_in_longitude_and_latitude_unless_declared_otherwise(path: Path) -> None:
    write(path, mark("甲"))
    raw = read(path)
    assert (raw.carried, raw.assumed.to_epsg()) == (None, 4326)
    plain = load_layer(path, kind="border", crs=None)
    assert not plain.faults
    moved = load_layer(path, kind="border", crs="GCJ-02")
    assert not moved.faults
    assert plain.frame is not None
    assert moved.frame is not None
    apart = shapely.distance(plain.frame.geometry.array, moved.frame.geometry.array)
    assert apart.max() > 1e-4


@pytest.mark.parametrize(("links", "got"), [(1, "a network link"), (3, "3 network links")])
def test_links_beside_placemarks_are_warned_of(path: Path, links: int, got: str) -> None:
    link = "<NetworkLink><Link><href>http://example.org/a.kml</href></Link></NetworkLink>"
    write(path, mark("甲") + link * links)
    loaded = load_layer(path, kind="border", crs=None)
    (fault,) = loaded.faults
    assert (fault.what, fault.got) == ("links of the KML to data elsewhere are not followed", got)
    assert (fault.warning, fault.row) == (True, None)
    assert loaded.frame is not None
    assert len(loaded.frame) == 1
