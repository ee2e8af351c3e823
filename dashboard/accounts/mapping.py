"""Mapping: from the groups that a provider tells of to a role and a scope here."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import Any

ROLES = ("command", "county", "briefing", "administrator")
MOST, LONGEST = 200, 256
"""Groups that are looked at, and characters of each."""


@dataclass(frozen=True)
class Rule:
    """Who is in a group has a role, and a scope where one is given."""

    group: str
    """A group's name; one `*` in it stands for a county's adcode."""
    role: str
    scope: str = ""
    """"", an adcode, or `*` for the one in the group's name."""

    def scope_of(self, group: str) -> str | None:
        """The scope that a group gives; None where the rule is not about it."""
        if "*" not in self.group:
            return self.scope if group == self.group else None
        before, after = self.group.split("*")
        found = re.fullmatch(rf"{re.escape(before)}(\d{{4,12}}){re.escape(after)}", group)
        return found[1] if found else None


def parse_rules(text: str) -> tuple[Rule, ...]:
    """Rules such as `board-command=command; board-county-*=county:*; CN=duty,DC=zk=county:530924`.

    Raises:
        ValueError: one of them is none.
    """
    rules = []
    for part in filter(None, (part.strip() for part in re.split(r"[;\n]", text))):
        group, _, meant = part.rpartition("=")
        role, _, scope = (piece.strip() for piece in meant.strip().partition(":"))
        group = group.strip()
        fits = (
            group and role in ROLES and group.count("*") == (scope == "*")
            and (scope == "*" or scope.isdecimal() or not scope)
            and (role != "county" or scope) and (role != "administrator" or not scope)
        )  # fmt: skip
        if not fits:
            raise ValueError(part)
        rules.append(Rule(group, role, scope))
    return tuple(rules)


def groups_of(value: Any) -> list[str]:
    """The groups of a claim: a list of names, or one name; anything else is none."""
    names = value if isinstance(value, list) else [value]
    return [name[:LONGEST] for name in names[:MOST] if isinstance(name, str) and name]


def granted(rules: Sequence[Rule], groups: Sequence[str], counties: Container[str]) -> tuple[str, str] | None:
    """Role and scope of the first rule that fits a group; None where no rule does."""
    for rule in rules:
        for group in groups:
            scope = rule.scope_of(group)
            if scope is not None and (not scope or scope in counties):
                return rule.role, scope
    return None
