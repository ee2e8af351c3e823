"""`threeline duty`: the duty level in force, who is on duty, and ordering another level."""

from __future__ import annotations

import sys
import time
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.cli_accounts import terminal
from dashboard.cli_audit import kept_store
from dashboard.cli_parts import ProfileOption, StoreOption, commands, refused, telling
from dashboard.saying import language, say

if TYPE_CHECKING:
    from data.orders import Orders
    from data.profile import Profile
    from data.store import Store

LONGEST_REASON = 200
WORDS: dict[str, tuple[str, str]] = {
    # key: (zh-CN, en)
    "help": ("勤务等级：查看、调整。", "The duty level: show it, raise or lower it."),
    "show": (
        "列出全域和各县执行的勤务等级，以及各状态的班组和人数。",
        "List the level in force in the whole area and each county, and the teams and people in each state.",
    ),
    "set": (
        "调整勤务等级；运行中的看板随即执行，记入办理日志。",
        "Order a level; a running board follows at once. It is written into the journal.",
    ),
    "arg_level": (
        "等级编号；follow 表示县恢复随全域、全域恢复配置的等级",
        "Id of a level; follow: a county follows the whole area again, the whole area its profile",
    ),
    "opt_reason": ("事由（必填）", "Why (required)"),
    "follows": ("随全域", "follows the whole area"),
    "by_profile": ("按配置", "by the profile"),
    "ordered": ("{at} {by}：{reason}", "{at} {by}: {reason}"),
    "on_post": ("上岗查缉", "On post"),
    "standby": ("应急备勤", "Standing by"),
    "rest": ("轮换休整", "Resting"),
    "": ("未排班", "Not rostered"),
    "teams": ("{n} 个班组 {people} 人", "{n} teams, {people} people"),
    "bad_level": (
        "没有勤务等级“{got}”；应为 {expected}",
        "There is no duty level “{got}”; expected {expected}",
    ),
    "bad_reason": (
        "事由应为 1 至 {n} 个字，不含证件、手机、车牌号码",
        "Say why in 1 to {n} characters, without identity, phone or plate numbers",
    ),
    "same": ("{where} 已在执行 {level}。", "{level} is in force in {where} already."),
    "done": ("{where}：{level}（日志第 {seq} 条）", "{where}: {level} (entry {seq} of the journal)"),
}  # fmt: skip
FOLLOW = "follow"

duty = commands()


told = telling(WORDS)


@duty.command(help=told("show"))
def show(profile: ProfileOption = None, store: StoreOption = None) -> None:
    """List levels and strengths."""
    from data.duty import levels_in_force  # noqa: PLC0415
    from data.roster import strengths  # noqa: PLC0415

    with kept_store(profile, store) as (place, kept):
        orders = _orders(kept)
        known = {level.id for level in place.spec.duty.levels}
        for scope, level in levels_in_force(place, orders).items():
            if scope not in ("", *place.county_name):
                continue
            order = orders.levels.get(scope)
            if order is not None and order.level in known:
                at = f"{datetime.fromtimestamp(order.at, place.zone):%Y-%m-%d %H:%M}"
                why = told("ordered", at=at, by=order.by, reason=order.reason)
            else:
                why = told("follows" if scope else "by_profile")
            sys.stdout.write(
                "\t".join((scope or "-", _where(place, scope), _level(place, level), why)) + "\n"
            )
        if place.roster is not None:
            for state, one in strengths(place.roster.at(int(time.time()), place.zone)).items():
                sys.stdout.write(f"{told(state)}\t{told('teams', n=one.teams, people=one.people)}\n")


@duty.command("set", help=told("set"))
def order(
    level: Annotated[str, typer.Argument(help=told("arg_level"), metavar="LEVEL", show_default=False)],
    *,
    reason: Annotated[str, typer.Option(help=told("opt_reason"))],
    scope: Annotated[str, typer.Option(help=say("opt_scope"), metavar="ADCODE")] = "",
    profile: ProfileOption = None,
    store: StoreOption = None,
) -> None:
    """Order a level."""
    from data.journal import Draft  # noqa: PLC0415
    from layers.privacy import personal_text  # noqa: PLC0415

    reason = " ".join(reason.split())
    if not 0 < len(reason) <= LONGEST_REASON or personal_text(reason) or not reason.isprintable():
        raise refused(told("bad_reason", n=LONGEST_REASON))
    with kept_store(profile, store) as (place, kept):
        known = [one.id for one in place.spec.duty.levels]
        if level not in (*known, FOLLOW):
            raise refused(told("bad_level", got=level, expected=", ".join([*known, FOLLOW])))
        if scope and scope not in place.county_name:
            counties = ", ".join(f"{adcode} {name}" for adcode, name in place.county_name.items())
            raise refused(say("bad_scope", got=scope, expected=counties))
        wanted = "" if level == FOLLOW else level
        before, where = _orders(kept).levels.get(scope), _where(place, scope)
        shown = _level(place, wanted) if wanted else told("follows" if scope else "by_profile")
        if (before.level if before else "") == wanted:
            raise refused(told("same", where=where, level=shown))
        detail = {"level": wanted, "reason": reason}
        (entry,) = kept.put_entries([Draft("duty.set", scope, terminal(), scope=scope, detail=detail)])
        typer.echo(told("done", where=where, level=shown, seq=entry.seq))


def _orders(kept: Store) -> Orders:
    from data.orders import NONE, fold  # noqa: PLC0415

    return fold(NONE, kept.entries(actions=["duty.set"]))


def _where(place: Profile, scope: str) -> str:
    from dashboard.area import whole  # noqa: PLC0415

    return place.county_name.get(scope, scope) if scope else whole(place.spec.place, language())


def _level(place: Profile, level: str) -> str:
    from data.rules import in_language  # noqa: PLC0415

    name = next((one.name for one in place.spec.duty.levels if one.id == level), {})
    return f"{level} {in_language(name, language(), place)}".strip()
