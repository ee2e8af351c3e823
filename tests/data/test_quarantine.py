"""A layer with some bad rows loads the good ones, where the profile says so, and nothing is lost."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest

from data.profile import check_profile, load_profile
from data.quarantine import keep_refused
from layers.faults import FaultsError

SMALL = Path(__file__).parent.parent / "profiles" / "small"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SMALL, tmp_path / "small"))


def lenient(folder: Path, *layers: str) -> None:
    toml = folder / "profile.toml"
    text = toml.read_text("utf-8")
    for name in layers:
        named = f'name = "{name}"\n'
        assert named in text
        text = text.replace(named, f'{named}on_error = "quarantine"\n', 1)
    toml.write_text(text, "utf-8")


def add(folder: Path, row: str, file: str = "duty_points.csv") -> None:
    path = folder / file
    path.write_text(f"{path.read_text('utf-8').rstrip()}\n{row}\n", "utf-8")


def row_like(folder: Path, file: str = "duty_points.csv", **values: str) -> str:
    """A row such as the first, with other values."""
    head, first = list(csv.reader((folder / file).read_text("utf-8").splitlines()))[:2]
    given = dict(zip(head, first, strict=True)) | values
    return ",".join(f'"{value}"' for value in given.values())


def test_good_rows_are_used_and_bad_ones_told_of(folder: Path) -> None:
    whole = load_profile(folder)
    add(folder, row_like(folder, site_id="d90", lon="far"))
    add(folder, row_like(folder, site_id="d91", lon="199.0"))
    with pytest.raises(FaultsError):
        load_profile(folder)
    lenient(folder, "duty_points")
    profile = load_profile(folder)
    assert list(profile.sites.site_id) == list(whole.sites.site_id)
    rows = len(whole.layers["duty_points"])
    assert sorted({fault.row for fault in profile.quarantined}) == [rows + 1, rows + 2]
    assert check_profile(folder) == list(profile.quarantined)


def test_a_row_that_fits_no_header_is_told_of_too(folder: Path) -> None:
    add(folder, "d90,too,few" + ",many" * 30)
    lenient(folder, "duty_points")
    profile = load_profile(folder)
    assert "d90" not in profile.sites.site_id
    assert len(profile.quarantined) == 1


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda text: text.replace("site_id,", "number,", 1), id="a missing column"),
        pytest.param(lambda _: "", id="an empty file"),
        pytest.param(lambda text: text.replace("99.", "x99."), id="no good row"),
    ],
)
def test_what_concerns_the_whole_file_still_stops(folder: Path, spoil: object) -> None:
    lenient(folder, "duty_points")
    path = folder / "duty_points.csv"
    path.write_text(spoil(path.read_text("utf-8")), "utf-8")  # type: ignore[operator]
    with pytest.raises(FaultsError):
        load_profile(folder)


@pytest.mark.parametrize("lenient_layer", ["duty_points", "second_line_posts"])
def test_an_id_of_two_layers_leaves_the_row_out_of_the_one_that_may(folder: Path, lenient_layer: str) -> None:
    taken = str(load_profile(folder).layers["duty_points"]["site_id"].iloc[0])
    add(folder, row_like(folder, "second_line_posts.csv", 编号=taken), "second_line_posts.csv")
    lenient(folder, lenient_layer)
    profile = load_profile(folder)
    assert list(profile.sites.site_id).count(taken) == 1
    (fault,) = profile.quarantined
    assert fault.file == f"{lenient_layer}.csv"
    assert fault.field == "site_id"


def test_a_row_left_out_accuses_no_other_layer(folder: Path) -> None:
    taken = str(load_profile(folder).layers["second_line_posts"]["site_id"].iloc[0])
    add(folder, row_like(folder, site_id=taken, lon="far"))
    lenient(folder, "duty_points")
    profile = load_profile(folder)
    assert {fault.field for fault in profile.quarantined} == {"lon"}
    assert taken in profile.sites.site_id


@pytest.mark.parametrize("layer", ["counties", "border"])
def test_what_is_measured_against_all_of_it_cannot_leave_rows_out(folder: Path, layer: str) -> None:
    lenient(folder, layer)
    (fault,) = check_profile(folder)
    assert fault.field == f"layers[{layer}].on_error"
    assert "hole" in fault.hint


def test_refused_rows_are_kept_with_their_faults(folder: Path, tmp_path: Path) -> None:
    add(folder, row_like(folder, site_id="d90", lon="99.8"))
    add(folder, row_like(folder, site_id="d91", lon="far"))
    add(folder, row_like(folder, site_id="d92", name="13912345678"))
    lenient(folder, "duty_points")
    profile, kept = load_profile(folder), tmp_path / "kept"
    (path,) = keep_refused(profile.refused, kept)
    assert path == kept / "duty_points.ndjson"
    features = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert [feature["properties"]["site_id"] for feature in features] == ["d90", "d91", "d92"]
    assert features[0]["geometry"]["type"] == "Point"
    assert features[1]["geometry"] is None
    assert all(feature["properties"]["faults"][0]["what"] for feature in features)
    assert "13912345678" not in path.read_text("utf-8")
    assert keep_refused((), kept) == []
    assert not path.exists()


def test_a_value_about_a_person_is_never_told(folder: Path) -> None:
    add(folder, row_like(folder, site_id="d90", lon="13912345678"))
    told = "\n".join(map(str, check_profile(folder)))
    assert "duty_points.csv" in told
    assert "13912345678" not in told
