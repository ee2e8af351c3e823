"""Entries of the journal in words: what was ordered, about what, and what was said with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dashboard.access import ROLES
from dashboard.area import whole
from dashboard.words import pick, say
from data.journal import BOARD, Entry
from data.profile import Profile
from data.targets import targets_of

COLUMNS = ("seq", "time", "who", "role", "scope", "action", "subject", "detail")


def heads(lang: str) -> list[str]:
    """The heads of a table of entries."""
    return [say(lang, f"journal_{name}") for name in COLUMNS]


def columns(profile: Profile, entry: Entry, lang: str) -> list[str]:
    """An entry as a row of a table."""
    return [
        str(entry.seq),
        f"{datetime.fromtimestamp(entry.at, profile.zone):%Y-%m-%d %H:%M:%S}",
        who(entry.who, entry.role, lang),
        role(entry.role, lang),
        place(profile, entry.scope, lang),
        action(entry, lang),
        subject(profile, entry, lang),
        detail(profile, entry, lang),
    ]


def who(name: str, role_: str, lang: str) -> str:
    """An account; in words where nobody logs in, and where the board did it by itself."""
    if name == BOARD:
        return say(lang, "journal_board")
    return name or role(role_, lang)


def role(name: str, lang: str) -> str:
    """A role in words."""
    return say(lang, f"role_{name}") if name in ROLES and name != "nobody" else name


def place(profile: Profile, scope: str, lang: str) -> str:
    """A county's name, or that it is the whole area."""
    return profile.county_name.get(scope, scope) if scope else whole(profile.spec.place, lang)


def action(entry: Entry, lang: str) -> str:
    """What was done."""
    if entry.action == "silence.add" and entry.detail.get("kind") == "closure":
        return say(lang, "did_closure_add")
    return say(lang, f"did_{entry.action.replace('.', '_')}")


def subject(profile: Profile, entry: Entry, lang: str) -> str:
    """What it is about: an alert by its rule and its place, a county by its name, else the id."""
    if entry.action.startswith("alert."):
        rule, target = alert_words(profile, entry.subject, lang)
        return f"{target} · {rule}" if target else rule
    if entry.action == "duty.set":
        return place(profile, entry.subject, lang)
    if entry.action.startswith("export"):
        return file_words(str(entry.detail.get("file", "")), lang) or entry.subject
    return entry.subject


def file_words(file: str, lang: str) -> str:
    """What a file is, and its form; "" for what names none."""
    what, _, form = file.partition(".")
    return f"{say(lang, f'export_file_{what}')} .{form}" if what in ("snapshot", "brief") else ""


def alert_words(profile: Profile, alert_id: str, lang: str) -> tuple[str, str]:
    """The names of the rule and of the target that an alert's id tells; ids that are known no longer as they
    are."""
    rule_id, _, rest = alert_id.partition(":")
    target_id = rest.rpartition(":")[0]
    rule = next((rule for rule in profile.spec.rules if rule.id == rule_id), None)
    for among in targets_of(profile).values():
        row = among.row.get(target_id)
        if row is not None:
            name = among.names[row]
            target_id = pick(dict(name), lang) if isinstance(name, Mapping) else name
            break
    return (pick(rule.name, lang) or rule_id if rule else rule_id), target_id


def detail(profile: Profile, entry: Entry, lang: str) -> str:
    """What was said with it, in one line."""
    told: Mapping[str, Any] = entry.detail
    if entry.action.startswith("export"):
        return _exported(profile, told, lang)
    parts = [str(told.get(name) or "") for name in ("note", "reason", "why", "post")]
    if entry.action == "duty.set":
        parts.insert(0, level_name(profile, str(told.get("level", "")), lang))
    for name in ("until", "end"):
        if isinstance(told.get(name), int) and not entry.action.startswith("handover."):
            clock = f"{datetime.fromtimestamp(told[name], profile.zone):%m-%d %H:%M}"
            parts.append(say(lang, "journal_until", time=clock))
    side = told.get("side")
    if side in ("outgoing", "incoming"):
        parts.insert(0, say(lang, f"side_{side}"))
    return " · ".join(part for part in parts if part)


def _exported(profile: Profile, told: Mapping[str, Any], lang: str) -> str:
    """Of which picture a file is, for which schedule, and why it was not made."""
    parts = []
    if isinstance(told.get("at"), int):
        clock = f"{datetime.fromtimestamp(told['at'], profile.zone):%m-%d %H:%M}"
        parts.append(say(lang, "exported_at", time=clock))
    if isinstance(told.get("exports"), list):
        parts.append(say(lang, "exported_sent", n=len(told["exports"]), to=told.get("receivers", 0)))
    if told.get("schedule"):
        parts.append(say(lang, "exported_by", schedule=told["schedule"]))
    if told.get("late"):
        parts.append(say(lang, "export_late"))
    if why := str(told.get("why") or ""):
        # Only here: the worker that writes briefs speaks of accounts, too, and needs no web.
        from dashboard.api.problems import PROBLEMS  # noqa: PLC0415

        row = PROBLEMS.get(why)
        parts.append(why if row is None else str(row[1 if lang.startswith("zh") else 2]))
    return " · ".join(parts)


def level_name(profile: Profile, level: str, lang: str) -> str:
    """A duty level in words; that a county follows the prefecture where it is none."""
    if not level:
        return say(lang, "journal_follows")
    return next((pick(one.name, lang) for one in profile.spec.duty.levels if one.id == level), level)
