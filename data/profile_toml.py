"""`profile.toml` as far as it can be read, and everything wrong with its keys and types."""

from __future__ import annotations

import json
import math
import re
import tomllib
import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from data.spec import (
    DutySpec,
    KindSpec,
    LayerSpec,
    LineSpec,
    MapSpec,
    ProfileSpec,
    ReadingsSpec,
    RosterSpec,
    RuleSpec,
    SimulationSpec,
    StatusSpec,
    VideoSpec,
    WallSpec,
    WindowsSpec,
)
from data.spec_delivery import DeliverySpec
from data.spec_exports import CLOCK, ScheduleSpec
from data.spec_hiding import MaintenanceSpec
from layers.faults import Fault, FaultsError, words_of
from layers.hints import did_you_mean, one_of, shown

FILE = "profile.toml"
MAX_BYTES = 4 * 1024 * 1024

Keys = tuple[str | int, ...]
Area = tuple[float, float, float, float]
Model = TypeVar("Model", bound=BaseModel)


_MANY: dict[str, type[BaseModel]] = {
    "lines": LineSpec,
    "kinds": KindSpec,
    "layers": LayerSpec,
    "rules": RuleSpec,
    "deliveries": DeliverySpec,
    "maintenance": MaintenanceSpec,
    "schedules": ScheduleSpec,
}
_TABLES: dict[str, type[BaseModel]] = {
    "duty": DutySpec,
    "roster": RosterSpec,
    "map": MapSpec,
    "readings": ReadingsSpec,
    "status": StatusSpec,
    "windows": WindowsSpec,
    "simulation": SimulationSpec,
    "video": VideoSpec,
    "wall": WallSpec,
}


@dataclass
class Draft:
    """The readable parts of a profile, each with its key path, so that one fault does not hide another."""

    tree: dict[str, Any] = field(default_factory=dict)
    spec: ProfileSpec | None = None
    """The whole, when keys and types are right."""
    area: Area | None = None
    lines: dict[str, LineSpec] = field(default_factory=dict)
    kinds: dict[str, KindSpec] = field(default_factory=dict)
    layers: dict[str, LayerSpec] = field(default_factory=dict)
    rules: dict[str, RuleSpec] = field(default_factory=dict)
    deliveries: dict[str, DeliverySpec] = field(default_factory=dict)
    maintenance: dict[str, MaintenanceSpec] = field(default_factory=dict)
    schedules: dict[str, ScheduleSpec] = field(default_factory=dict)
    """Key path to table."""
    duty: DutySpec | None = None
    roster: RosterSpec | None = None
    map: MapSpec | None = None
    readings: ReadingsSpec | None = None
    status: StatusSpec | None = None
    windows: WindowsSpec | None = None
    simulation: SimulationSpec | None = None
    video: VideoSpec | None = None
    wall: WallSpec | None = None

    @property
    def usable_area(self) -> Area | None:
        """The area where it is one: west of east, south of north, on the earth."""
        if self.area is None:
            return None
        west, south, east, north = self.area
        return self.area if -180 <= west < east <= 180 and -90 <= south < north <= 90 else None

    @property
    def line_ids(self) -> list[str]:
        """Every line id that is named, whether or not the rest of its table is right."""
        return _named(self.tree.get("lines"))

    @property
    def kind_names(self) -> list[str]:
        """Every site kind that is named."""
        kinds = self.tree.get("kinds")
        return list(kinds) if isinstance(kinds, dict) else []

    @property
    def levels(self) -> list[str]:
        """Every duty level that is named, highest first."""
        duty = self.tree.get("duty")
        return _named(duty.get("levels")) if isinstance(duty, dict) else []


def read_toml(folder: Path) -> tuple[Draft, list[Fault]]:
    """The readable parts of a folder's profile.toml and the faults of its syntax, keys and types."""
    try:
        tree = _tree(folder / FILE)
    except FaultsError as error:
        return Draft(), list(error.faults)
    faults = [
        Fault("not a finite number", FILE, None, path_to(tree, where), repr(value), "a finite number")
        for where, value in walk(tree)
        if isinstance(value, float) and not math.isfinite(value)
    ]
    draft = Draft(tree)
    try:
        # Through JSON, strict: TOML's arrays become tuples and its dates text, but "30" never becomes 30.
        draft.spec = ProfileSpec.model_validate_json(_json(tree), strict=True)
    except ValidationError as error:
        faults += [_fault(tree, one) for one in error.errors(include_url=False)]
    _gather(draft)
    return draft, faults


def _tree(path: Path) -> dict[str, Any]:
    """The tables of the file; raises FaultsError."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _stop("the file is too large", expected=f"at most {MAX_BYTES // 2**20} MB")
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        hint = "A profile is a folder with a profile.toml in it"
        raise _stop("no such file", got="nothing", expected="profile.toml in the folder", hint=hint) from None
    except OSError as error:
        expected = "a file that this user may read"
        raise _stop("the file cannot be opened", got=shown(words_of(error)), expected=expected) from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        got = f"byte 0x{error.object[error.start]:02x} on line {line}"
        raise _stop(
            "not encoded in UTF-8", row=line, got=got, expected="UTF-8", hint="Save it as UTF-8"
        ) from None
    try:
        tree = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        place = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
        line = int(place[1]) if place else len(text.splitlines())
        what = f"not valid TOML at line {line}" + (f", column {place[2]}" if place else "")
        got = shown(str(error).partition(" (at ")[0])
        raise _stop(what, row=line, got=got, expected="TOML 1.0") from None
    if not tree:
        raise _stop("the file is empty", got="nothing", expected="the tables of a profile")
    return tree


def _stop(
    what: str, *, row: int | None = None, got: str = "", expected: str = "", hint: str = ""
) -> FaultsError:
    return FaultsError([Fault(what, FILE, row, "", got, expected, hint)])


def walk(tree: Any, where: Keys = ()) -> Iterator[tuple[Keys, Any]]:
    """Every table, array and value of a tree with the keys that lead to it."""
    yield where, tree
    pairs = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in pairs:
        yield from walk(value, (*where, key))


def path_to(tree: Any, where: Keys) -> str:
    """Keys as a person reads them: tables of an array by their id or name, else counted from 1."""
    text = ""
    for key in where:
        inner = tree[key] if _has(tree, key) else None
        if isinstance(key, int):
            name = next((inner[by] for by in ("id", "name") if isinstance(inner, dict) and by in inner), None)
            text += f"[{name}]" if isinstance(name, str) and len(name) <= 40 else f"[{key + 1}]"
        else:
            plain = re.fullmatch(r"[A-Za-z0-9_-]+", key)
            text += ("." if text else "") + (key if plain else json.dumps(key, ensure_ascii=False))
        tree = inner
    return text


def _gather(draft: Draft) -> None:
    """What can still be read, table by table, where the whole could not."""
    tree, spec = draft.tree, draft.spec
    for name, model in _MANY.items():
        part: Any = tree.get(name)
        keys: Any = part if isinstance(part, dict) else range(len(part)) if isinstance(part, list) else ()
        tables = getattr(draft, name)
        for key in keys:
            one = getattr(spec, name)[key] if spec is not None else _try(model, part[key])
            # Kinds are looked up by name, the rest by where they stand, also when an id stands twice.
            where = key if isinstance(key, str) else path_to(tree, (name, key))
            if one is not None:
                tables[where if where not in tables else f"{where}#{key + 1}"] = one
    for name, model in _TABLES.items():
        setattr(draft, name, getattr(spec, name) if spec is not None else _try(model, tree.get(name, {})))
    area = tree.get("area")
    if isinstance(area, list) and len(area) == 4 and all(type(edge) in (int, float) for edge in area):
        draft.area = (float(area[0]), float(area[1]), float(area[2]), float(area[3]))


def _try(model: type[Model], value: Any) -> Model | None:
    try:
        return model.model_validate_json(_json(value), strict=True)
    except ValidationError:
        return None


def _json(value: Any) -> str:
    return json.dumps(value, default=str)


def _named(tables: Any) -> list[str]:
    if not isinstance(tables, list):
        return []
    return [table["id"] for table in tables if isinstance(table, dict) and isinstance(table.get("id"), str)]


def _has(tree: Any, key: str | int) -> bool:
    if isinstance(tree, list):
        return isinstance(key, int) and key < len(tree)
    return isinstance(tree, dict) and key in tree


def _fault(tree: Any, error: Any) -> Fault:
    """One error of pydantic, in our words."""
    where: Keys = tuple(key for key in error["loc"] if key != "[key]")
    path, kind = path_to(tree, where), error["type"]
    if kind in ("extra_forbidden", "missing"):
        fields = dict(_model_at(where[:-1]).model_fields)
        if kind == "extra_forbidden":
            key = str(where[-1])
            return Fault("unknown key", FILE, None, path, key, one_of(fields, 20), did_you_mean(key, fields))
        absent = fields.get(str(where[-1]))
        what, expected = ("missing value", "a number") if absent is None else ("missing key", "a value")
        if absent is not None and _is_table(absent.annotation):
            what, expected = "missing table", "a table"
        return Fault(what, FILE, None, path, "nothing", expected)
    got = shown(
        error["input"] if isinstance(error["input"], str) else json.dumps(error["input"], ensure_ascii=False)
    )
    expected = re.sub(r"^(Input|String|Tuple|List|Value|Dictionary) should (be|have) ?", "", error["msg"])
    hint = ""
    if kind == "literal_error":
        hint = did_you_mean(error["input"], re.findall(r"'([^']*)'", error["msg"]))
    elif kind == "string_pattern_mismatch":
        of_a_day = error["ctx"]["pattern"] == CLOCK
        expected = (
            "a time of day such as 08:00"
            if of_a_day
            else "small letters, digits, dots, dashes and underscores"
        )
    elif isinstance(error["input"], str) and re.match(r"(int|float|bool)_", kind):
        hint = "Write it without quotes"
    return Fault("not a value that fits", FILE, None, path, got, expected, hint)


def _model_at(where: Keys) -> type[BaseModel]:
    """The model of the table that keys lead to."""
    kind: Any = ProfileSpec
    for key in where:
        kind = kind.model_fields[key].annotation if _is_model(kind) else _inner(kind)
        while get_origin(kind) in (Union, types.UnionType, Annotated):
            kind = next(part for part in get_args(kind) if part is not type(None))
    return kind if _is_model(kind) else ProfileSpec


def _inner(kind: Any) -> Any:
    """What a list or a dictionary of tables holds."""
    return get_args(kind)[-1]


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _is_table(kind: Any) -> bool:
    if _is_model(kind):
        return True
    return get_origin(kind) in (list, dict, Mapping) and _is_model(get_args(kind)[-1])
