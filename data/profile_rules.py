"""Whether the rules of a profile can hold, and whether what they name is there."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import get_args

from data.in_force import minutes_of
from data.metrics import METRICS, SCOPES
from data.profile_files import Files
from data.profile_toml import FILE, Draft
from data.spec_rules import RuleSpec
from data.spec_table import Severity
from layers.catalog import CATALOG
from layers.faults import Fault
from layers.hints import did_you_mean, one_of, shown

GRADE = {severity: grade for grade, severity in enumerate(reversed(get_args(Severity)))}
GROUPED = {"county": ("site", "fence", "device"), "line": ("site", "fence")}
"""What alerts may be about that are grouped by county or by line."""


def check_rules(draft: Draft, files: Files, adcodes: Collection[str] | None) -> list[Fault]:
    """Every fault of every rule; without `adcodes` rules may name any county."""
    return [fault for path, rule in draft.rules.items() for fault in _rule(draft, path, rule, files, adcodes)]


def _fault(what: str, path: str, got: object, expected: str, hint: str = "") -> Fault:
    return Fault(what, FILE, None, path, shown(got), expected, hint)


def _unknown(what: str, path: str, got: str, known: Collection[str], hint: str = "") -> Iterator[Fault]:
    if got not in known:
        yield _fault(f"unknown {what}", path, got, one_of(known), did_you_mean(got, known) or hint)


def _rule(
    draft: Draft, path: str, rule: RuleSpec, files: Files, adcodes: Collection[str] | None
) -> Iterator[Fault]:
    yield from _unknown("metric", f"{path}.metric", rule.metric, METRICS)
    yield from _limits(path, rule)
    for level in rule.by_level:
        yield from _unknown("duty level", f"{path}.by_level", level, draft.levels)
    for span in rule.when.hours:
        begin, end = minutes_of(span)
        if begin == end:
            yield _fault("hours without length", f"{path}.when.hours", span, "two different times of day")
    if rule.metric in METRICS:
        yield from _target(path, rule)
    yield from _where(draft, path, rule, files, adcodes)


def _limits(path: str, rule: RuleSpec) -> Iterator[Fault]:
    """Thresholds in the order in which a value that grows worse passes them."""
    above = rule.op.startswith(">")

    def beyond(one: float, other: float) -> bool:
        return one > other if above else one < other

    if rule.clear is not None and beyond(rule.clear, rule.threshold):
        expected = f"{'at most' if above else 'at least'} the threshold, {rule.threshold:g}"
        yield _fault("the rule would clear while it holds", f"{path}.clear", rule.clear, expected)
    # The one that is the furthest along, whatever the duty level.
    last = (max if above else min)([rule.threshold, *rule.by_level.values()])
    if rule.until is not None and not beyond(rule.until, last):
        expected = f"{'above' if above else 'below'} the threshold, {last:g}"
        yield _fault("the rule would never hold", f"{path}.until", rule.until, expected)
    before, grade = rule.threshold, GRADE[rule.severity]
    for number, step in enumerate(rule.steps):
        where = f"{path}.steps[{number}]"
        if not beyond(step.threshold, before):
            expected = f"{'above' if above else 'below'} the one before, {before:g}"
            yield _fault("steps out of order", f"{where}.threshold", step.threshold, expected)
        if GRADE[step.severity] <= grade:
            graver = [name for name, one in GRADE.items() if one > grade]
            yield _fault("a step that is no graver", f"{where}.severity", step.severity, one_of(graver))
        before, grade = step.threshold, GRADE[step.severity]


def _target(path: str, rule: RuleSpec) -> Iterator[Fault]:
    """What fits only metrics of some kinds of target."""
    target = METRICS[rule.metric].target
    same = [name for name, metric in METRICS.items() if metric.target == target]
    for number, given in enumerate(rule.given):
        where = f"{path}.given[{number}].metric"
        if given.metric in METRICS and given.metric not in same:
            what = f"not a metric of a {target}, which the rule is about"
            yield _fault(what, where, given.metric, one_of(same))
        yield from _unknown("metric", where, given.metric, METRICS)
    for key in type(rule.where).model_fields:
        if getattr(rule.where, key) and key not in SCOPES[target]:
            expected = one_of(SCOPES[target]) if SCOPES[target] else "nothing"
            yield _fault(f"a {target} is not chosen by {key}", f"{path}.where.{key}", key, expected)
    if rule.group and target not in GROUPED[rule.group]:
        expected = one_of(GROUPED[rule.group])
        yield _fault(
            f"alerts that no {rule.group} groups", f"{path}.group", target, f"a metric of a {expected}"
        )


def _where(
    draft: Draft, path: str, rule: RuleSpec, files: Files, adcodes: Collection[str] | None
) -> Iterator[Fault]:
    """Names that a rule uses of other parts."""
    for what, key, named, known in (
        ("site kind", "kinds", rule.where.kinds, kinds_of(draft)),
        ("line", "lines", rule.where.lines, draft.line_ids),
        ("county", "counties", rule.where.counties, adcodes),
        ("site", "sites", rule.where.sites, ids_of(files, "site") if rule.where.sites else None),
        ("fence", "fences", rule.where.fences, ids_of(files, "fence") if rule.where.fences else None),
    ):
        hint = "The profile has no layer of kind counties" if key == "counties" and not adcodes else ""
        for one in named if known is not None else ():
            yield from _unknown(what, f"{path}.where.{key}", one, known or (), hint)


def kinds_of(draft: Draft) -> list[str]:
    """What may stand for a site kind: every one, and `checkpoint` for all that begin with `checkpoint.`."""
    kinds = draft.kind_names
    families = {kind.rsplit(".", depth)[0] for kind in kinds for depth in range(kind.count(".") + 1)}
    return [*kinds, *sorted(families)]


def ids_of(files: Files, target: str) -> list[str] | None:
    """Every id of the layers of sites or of fences; None while a file cannot be read."""
    if files.faults:
        return None
    frames = [
        frame
        for layer, frame in files.read
        if (CATALOG[layer.kind].is_site if target == "site" else layer.kind == "fences")
    ]
    return [str(name) for frame in frames for name in frame[f"{target}_id"].tolist()]
