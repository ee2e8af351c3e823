"""A look as it is sent: every field checked before anything of it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dashboard.api.problems import Problem, choice
from dashboard.times import EXPECTED, parse_time
from data.profile import Profile
from data.rota import rounds_of
from layers.privacy import personal_kind

LONGEST_NOTE = 200
RESULTS = ("seen", "no_picture", "not_reachable")
FIELDS = ("site_id", "round", "due_at", "result", "findings", "note", "replaces")


@dataclass(frozen=True)
class Sent:
    """A checked look, before it is known whether it is due."""

    site_id: str
    """"" in a correction."""
    round_id: str
    """"" outside of the rota."""
    due_at: int | None
    result: str
    findings: tuple[str, ...]
    note: str
    replaces: int | None
    """Id of the look that it corrects."""


def read_look(told: dict[str, Any], profile: Profile) -> Sent:
    """The look of a body.

    Raises:
        Problem: with the field, what was got and what was expected; of personal data only its kind is told.
    """
    replaces = told.get("replaces")
    if replaces is not None and (type(replaces) is not int or not 0 < replaces < 2**62):
        raise Problem("bad-value", where="replaces", got=replaces, expected="the id of a look")
    round_id = _text(told, "round")
    if round_id and round_id not in rounds_of(profile):
        raise choice("bad-value", "round", round_id, rounds_of(profile))
    due_at = None
    if replaces is None and round_id:
        due_at = parse_time(_text(told, "due_at"))
        if due_at is None:
            raise Problem("bad-time", where="due_at", got=told.get("due_at", ""), expected=EXPECTED)
    result = _text(told, "result")
    if result not in RESULTS:
        raise choice("bad-value", "result", result, RESULTS)
    return Sent(
        site_id=_text(told, "site_id"),
        round_id=round_id,
        due_at=due_at,
        result=result,
        findings=_findings(told, profile),
        note=_note(told),
        replaces=replaces,
    )


def _text(told: dict[str, Any], name: str) -> str:
    value = told.get(name)
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > LONGEST_NOTE:
        raise Problem(
            "bad-value", where=name, got=value, expected=f"a text of at most {LONGEST_NOTE} characters"
        )
    return value


def _findings(told: dict[str, Any], profile: Profile) -> tuple[str, ...]:
    given = told.get("findings") or []
    known = [one.id for one in profile.spec.video.findings] if profile.spec.video else []
    if not isinstance(given, list):
        raise Problem("bad-value", where="findings", got=given, expected="a list of findings")
    for one in given:
        if one not in known:
            raise choice("bad-value", "findings", str(one)[:40], known)
    return tuple(one for one in known if one in given)


def _note(told: dict[str, Any]) -> str:
    """The note in one line; refused where it holds what looks like somebody's number or plate."""
    note = " ".join(_text(told, "note").split())
    if kind := personal_kind(note):
        raise Problem("personal-data", where="note", because=f"It holds what looks like {kind}")
    return "".join(letter for letter in note if letter.isprintable())
