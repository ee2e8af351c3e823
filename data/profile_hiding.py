"""Whether what a profile says of hiding alerts can be done: maintenance, and rules that hide others."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from data.calendar import span_of
from data.profile_files import Files
from data.profile_rules import ids_of, kinds_of
from data.profile_toml import FILE, Draft
from data.rota import minutes_of
from data.spec_hiding import HidingScope, MaintenanceSpec
from layers.faults import Fault
from layers.hints import did_you_mean, one_of, shown


def check_hiding(draft: Draft, files: Files, adcodes: Collection[str] | None) -> list[Fault]:
    """Every fault of the tables `maintenance`, and of `hides`; without `adcodes` any county may stand."""
    faults = list(_hides(draft))
    for path, work in draft.maintenance.items():
        faults += [*_times(path, work), *_where(draft, path, work.where, files, adcodes)]
    ids = [work.id for work in draft.maintenance.values()]
    for one in dict.fromkeys(one for one in ids if ids.count(one) > 1):
        faults.append(_fault("id stands twice", f"maintenance[{one}].id", one, "each id once"))
    return faults


def _fault(what: str, path: str, got: object, expected: str, hint: str = "") -> Fault:
    return Fault(what, FILE, None, path, shown(got), expected, hint)


def _hides(draft: Draft) -> Iterator[Fault]:
    """Rules that there are not, and rules that would hide themselves, if by way of others."""
    hides = {rule.id: rule.hides for rule in draft.rules.values()}
    for path, rule in draft.rules.items():
        for name in rule.hides:
            if name not in hides:
                expected = one_of(sorted(hides))
                yield _fault("unknown rule", f"{path}.hides", name, expected, did_you_mean(name, hides))
            elif _reaches(hides, name, rule.id):
                hint = "Two rules that hide each other would both be unheard"
                yield _fault("the rule hides itself", f"{path}.hides", name, "a rule that does not", hint)


def _reaches(hides: dict[str, list[str]], start: str, end: str) -> bool:
    """Whether a rule hides another one, or one that hides it."""
    seen, left = set[str](), [start]
    while left:
        name = left.pop()
        if name == end:
            return True
        if name not in seen:
            seen.add(name)
            left += hides.get(name, ())
    return False


def _times(path: str, work: MaintenanceSpec) -> Iterator[Fault]:
    for key in ("start", "end"):
        if minutes_of(getattr(work, key)) is None:
            yield _fault("not a time of day", f"{path}.{key}", getattr(work, key), "HH:MM, as in 06:30")
    for text in work.dates:
        if span_of(text) is None:
            expected = "YYYY-MM-DD, or two of them in order as YYYY-MM-DD/YYYY-MM-DD"
            yield _fault("not a day or days", f"{path}.dates", text, expected)


def _where(
    draft: Draft, path: str, where: HidingScope, files: Files, adcodes: Collection[str] | None
) -> Iterator[Fault]:
    """Names that a work uses of other parts."""
    for what, key, named, known in (
        ("rule", "rules", where.rules, [rule.id for rule in draft.rules.values()]),
        ("site kind", "kinds", where.kinds, kinds_of(draft)),
        ("line", "lines", where.lines, draft.line_ids),
        ("county", "counties", where.counties, adcodes),
        ("site", "sites", where.sites, ids_of(files, "site")),
        ("fence", "fences", where.fences, ids_of(files, "fence")),
    ):
        for one in named:
            if known is not None and one not in known:
                expected, hint = one_of(sorted(known), 20), did_you_mean(one, known)
                yield _fault(f"unknown {what}", f"{path}.where.{key}", one, expected, hint)
    if not any(getattr(where, key) for key in type(where).model_fields):
        hint = "Name rules, kinds, lines, counties, sites or fences"
        yield _fault("it would hide every alert", f"{path}.where", "nothing", "at least one list", hint)
