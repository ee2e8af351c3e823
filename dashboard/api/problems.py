"""RFC 9457 problem documents: what was wrong with a request, in a sentence a person can act on."""

from __future__ import annotations

import difflib
import logging
from collections.abc import Iterable
from typing import Any

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from dashboard.api.chinese import in_chinese
from dashboard.api.export_problems import EXPORT_PROBLEMS
from dashboard.api.order_problems import ORDER_PROBLEMS
from data.store import StoreError
from layers.faults import FaultsError

LOG = logging.getLogger("threeline.http")
MEDIA_TYPE = "application/problem+json"
FAULT_TEXTS = ("what", "expected", "hint")
SHORT = 40
"""A list of valid values up to this long is given in full."""

PROBLEMS: dict[str, tuple[int, str, str, str, str]] = {
    # kind: (status, title zh-CN, title en, detail zh-CN, detail en)
    "unknown-scope": (
        404, "没有这个辖区", "No such scope",
        "没有编号为“{got}”的县；留空表示全域。",
        "There is no county “{got}”; leave scope empty for the whole area.",
    ),
    "unknown-site": (
        404, "没有这个站点", "No such site",
        "没有编号为“{got}”的站点。", "There is no site with the id “{got}”.",
    ),
    "unknown-layer": (
        404, "没有这个图层", "No such layer",
        "没有名为“{got}”的图层。", "There is no layer named “{got}”.",
    ),
    "unknown-feature": (
        404, "没有这个要素", "No such feature",
        "没有编号为“{got}”的要素。", "There is no feature with the id “{got}”.",
    ),
    "unknown-path": (
        404, "没有这个地址", "No such address",
        "接口没有“{got}”这个地址。", "The interface has nothing at {got}.",
    ),
    "wrong-method": (
        405, "方法不适用", "Method not allowed",
        "“{got}”不适用于这个地址。", "{got} is not possible at this address.",
    ),
    "bad-value": (
        400, "参数有误", "A parameter is wrong",
        "参数 {where} 的值“{got}”不在可选范围内。",
        "The value “{got}” of the parameter {where} is not one of those possible.",
    ),
    "unknown-parameter": (
        400, "没有这个参数", "No such parameter",
        "这个地址没有名为“{got}”的参数。", "There is no parameter “{got}” at this address.",
    ),
    "bad-time": (
        400, "时间有误", "The time is wrong",
        "参数 {where} 的值“{got}”不是可用的时间。",
        "The value “{got}” of the parameter {where} is not a usable time.",
    ),
    "bad-number": (
        400, "数值有误", "The number is wrong",
        "参数 {where} 的值“{got}”不可用。", "The value “{got}” of the parameter {where} cannot be used.",
    ),
    "too-many-points": (
        400, "数据点过多", "Too many points",
        "这一请求会得到 {got} 个数据点；请加大 step 或缩短时段。",
        "This would be {got} points; make step larger or the time shorter.",
    ),
    "unreadable": (
        400, "无法读取", "The body cannot be read",
        "提交的内容无法读取，没有保存任何数据。", "The body could not be read; nothing of it was stored.",
    ),
    "not-acceptable": (
        406, "没有这种格式", "No such form",
        "这里不提供“{got}”格式。", "There is no “{got}” of this.",
    ),
    "wrong-media-type": (
        415, "类型不支持", "This type is not taken",
        "不接受类型“{got}”。", "The type “{got}” is not taken here.",
    ),
    "too-large": (
        413, "内容过大", "The body is too large",
        "提交的内容超过上限，没有保存任何数据；请分批提交。",
        "The body is over the limit and nothing of it was stored; send it in parts.",
    ),
    "no-login": (
        401, "需要登录", "A login is needed",
        "请先登录；登录已结束的，请重新登录。", "Log in first; a login that has ended has to be made again.",
    ),
    "password-due": (
        403, "请先修改密码", "The password has to be changed first",
        "这个账号使用的是一次性密码，请先在 /password 页面改为自己的密码。",
        "This account has a one-time password; choose one of your own at /password first.",
    ),
    "no-see": (
        403, "没有权限", "Not for this account",
        "这个账号不能查看态势；如有需要，请联系管理员。",
        "This account may not look at the board; ask the administrator if it should.",
    ),
    "no-export": (
        403, "没有权限", "Not for this account",
        "这个账号不能导出文件；如有需要，请联系管理员。",
        "This account may not take files; ask the administrator if it should.",
    ),
    "no-operate": (
        403, "没有权限", "Not for this account",
        "这个账号只能查看，不能办理；如有需要，请联系管理员。",
        "This account may look and not act; ask the administrator if it should.",
    ),
    "no-administer": (
        403, "没有权限", "Not for this account",
        "只有管理员可以管理账号。", "Only an administrator may manage accounts.",
    ),
    "no-metrics": (
        403, "没有权限", "Not for this account",
        "运行指标只对全域账号开放，或凭令牌 THREELINE_METRICS_TOKEN 读取。",
        "Metrics are for accounts of the whole area, or by the token THREELINE_METRICS_TOKEN.",
    ),
    "no-metrics-token": (
        401, "需要令牌", "A token is needed",
        "读取运行指标需要全域账号登录，或请求头 Authorization: Bearer <THREELINE_METRICS_TOKEN>。",
        "Metrics need a login of the whole area, or Authorization: Bearer <THREELINE_METRICS_TOKEN>.",
    ),
    "no-token": (
        401, "需要令牌", "A token is needed",
        "提交数据需要请求头 Authorization: Bearer <令牌>。",
        "Sending data needs the header Authorization: Bearer <token>.",
    ),
    "post-closed": (
        403, "未开放提交", "Sending data is closed",
        "服务对外开放但没有设置令牌：请先设置 THREELINE_INGEST_TOKEN。",
        "The board listens beyond this machine without a token: set THREELINE_INGEST_TOKEN first.",
    ),
    "feeds-only": (
        403, "只供数据源提交", "For feeds only",
        "读数由数据源提交，县级账号不能提交；数据源请凭令牌（THREELINE_INGEST_TOKEN）提交。",
        "Readings come from feeds, not from an account of one county; a feed sends with its token "
        "(THREELINE_INGEST_TOKEN).",
    ),
    "foreign-origin": (
        403, "来源不符", "A foreign page asked",
        "请求来自另一个网站（{got}），已拒绝。",
        "The request came from another site ({got}) and was refused.",
    ),
    "foreign-host": (
        421, "主机名不符", "Wrong host name",
        "本服务不以“{got}”为名；如属实，请把它加入 THREELINE_HOSTS。",
        "This board is not known as “{got}”; if it should be, add the name to THREELINE_HOSTS.",
    ),
    "not-secure": (
        403, "连接未加密", "Not by TLS",
        "请通过 https 访问；经反向代理时，代理须转发 X-Forwarded-Proto。",
        "Come by https. A reverse proxy has to pass X-Forwarded-Proto on.",
    ),
    "store-failed": (
        503, "存储不可用", "The store is not available",
        "数据暂时无法读写，这次提交的读数和上报都没有保存；请稍后再试。",
        "The store cannot be read or written now, and no reading or report of this was stored; "
        "try again later.",
    ),
    "accounts-failed": (
        503, "无法核对登录", "Logins cannot be checked",
        "账号数据暂时无法读取，在恢复之前不接受任何登录；原因见服务器日志。",
        "The file of accounts cannot be read now: nobody is let in until it can; the server's log says why.",
    ),
    "store-failed-midway": (
        503, "只保存了一部分", "Only a part was stored",
        "读数已保存（见 accepted、duplicate、corrected），围栏和设备的上报未能保存；"
        "请稍后整批重发，已保存的会算作重复。",
        "The readings were stored (see accepted, duplicate, corrected), the reports of fences and "
        "devices were not; send all of it again later: what is stored counts as duplicate.",
    ),
    "cannot-draw": (
        503, "无法绘图", "This cannot be drawn",
        "服务器无法画出这张图。", "The server cannot draw this.",
    ),
    "no-rounds": (
        404, "没有视频巡查", "No video rounds",
        "配置里没有视频巡查（[video]）。", "The profile has no video rounds (a [video] table).",
    ),
    "not-due": (
        409, "不在巡查时间", "Not due",
        "这个站点在轮次“{got}”中现在不需要巡查，没有登记。",
        "This site is not due in the round “{got}” now; nothing was recorded.",
    ),
    "already-seen": (
        409, "本轮已登记", "Already seen",
        "这个站点本轮已经登记过（见 look），没有重复登记；如需修改，请更正原记录。",
        "This site was recorded in this turn already (see look); nothing was recorded again. Correct that "
        "record where it is wrong.",
    ),
    "unknown-look": (
        404, "没有这条记录", "No such record",
        "没有编号为“{got}”的巡查记录。", "There is no record of a look with the id “{got}”.",
    ),
    "not-told": (
        404, "没有这条告警消息", "No such message",
        "没有关于告警“{got}”的消息：编号不存在，或该告警从未触发。",
        "Nothing was told of an alert “{got}”: there is no such id, or it never fired.",
    ),
    "personal-data": (
        400, "含有个人信息", "Personal data",
        "{where} 中含有个人信息，没有登记；请删去后再提交。",
        "The field {where} holds personal data and nothing was recorded; leave it out and send it again.",
    ),
    "no-basemap": (
        404, "没有底图", "No basemap",
        "配置里没有底图文件（map.basemap）。", "The profile names no basemap file (map.basemap).",
    ),
    "basemap-broken": (
        503, "底图不可用", "The basemap is not available",
        "底图文件无法读取：{got}", "The basemap file cannot be read: {got}",
    ),
    "failed": (
        500, "服务出错", "The server failed",
        "服务出错，已记入日志；请稍后再试。", "Something failed here and was logged; try again later.",
    ),
    **ORDER_PROBLEMS,
    **EXPORT_PROBLEMS,
}  # fmt: skip


class Problem(Exception):  # noqa: N818  # the name RFC 9457 gives it
    """A request that cannot be answered, raised anywhere below a route."""

    def __init__(self, kind: str, *, where: str = "", got: object = "", **more: Any) -> None:
        super().__init__(kind)
        self.kind = kind
        self.where = where
        self.got = str(got)[:200]
        self.more = more

    @property
    def status(self) -> int:
        """The HTTP status."""
        return PROBLEMS[self.kind][0]


def choice(kind: str, where: str, got: str, known: Iterable[str]) -> Problem:
    """The problem of a value that is not among the known ones, with the nearest of them as a hint."""
    values = list(known)
    near = difflib.get_close_matches(got, values, n=3, cutoff=0.5)
    more: dict[str, Any] = {"expected": values if len(values) <= SHORT else near}
    if near:
        more["hint"] = near[0]
    return Problem(kind, where=where, got=got, **more)


def language(request: Request) -> str:
    """The language of an answer: asked for, else the browser's, else the profile's first."""
    languages: list[str] = request.app.state.board.profile.spec.languages
    asked = request.query_params.get("lang", "")
    if asked in languages:
        return asked
    for part in request.headers.get("accept-language", "").lower().split(","):
        tag = part.split(";")[0].strip()[:2]
        for lang in languages:
            if tag and lang.lower().startswith(tag):
                return lang
    return languages[0]


def document(problem: Problem, *, path: str = "", lang: str = "en") -> dict[str, Any]:
    """The problem as RFC 9457 plain values; `hint` becomes a sentence."""
    status, title_zh, title_en, detail_zh, detail_en = PROBLEMS[problem.kind]
    english = lang.startswith("en")
    detail = (detail_en if english else detail_zh).format(got=problem.got, where=problem.where)
    more = dict(problem.more) if english else _chinese(problem.more)
    if because := more.pop("because", ""):
        detail += _sentences(because, english=english)
    if "hint" in more:
        detail += f" Did you mean “{more['hint']}”?" if english else f"是否想要“{more['hint']}”？"
    elif isinstance(more.get("expected"), str):
        detail += f" Expected: {more['expected']}." if english else f"应为：{more['expected']}。"
    return {
        "type": f"urn:threeline:problem:{problem.kind}",
        "title": title_en if english else title_zh,
        "status": status,
        "detail": detail,
        **({"instance": path} if path else {}),
        **({"parameter": problem.where} if problem.where else {}),
        **({"got": problem.got} if problem.got else {}),
        **more,
    }


def _chinese(more: dict[str, Any]) -> dict[str, Any]:
    """The members of a problem with the texts that are known in Chinese."""
    told = dict(more)
    if isinstance(expected := told.get("expected"), str):
        told["expected"] = in_chinese(expected)
    if "faults" in told:
        told["faults"] = [
            {key: in_chinese(value) if key in FAULT_TEXTS else value for key, value in fault.items()}
            for fault in told["faults"]
        ]
    return told


def _sentences(because: str | list[str], *, english: bool) -> str:
    """Why, as sentences after the first."""
    parts = [because] if isinstance(because, str) else [part for part in because if part]
    if english:
        return "".join(f" {part.rstrip('.')}." for part in parts)
    return "".join(f"{in_chinese(part).rstrip('。.')}。" for part in parts)


def respond(
    problem: Problem, *, path: str = "", lang: str = "en", headers: dict[str, str] | None = None
) -> Response:
    """The problem as an HTTP answer."""
    body = orjson.dumps(document(problem, path=path, lang=lang))
    return Response(body, status_code=problem.status, media_type=MEDIA_TYPE, headers=headers)


def unreadable(error: FaultsError) -> Problem:
    """The problem of a body that could not be read at all."""
    faults = [fault.as_dict() for fault in error.faults[:100]]
    first = error.faults[0]
    problem = Problem("unreadable", got=first.got, because=[first.what, first.hint], faults=faults)
    if first.expected and not first.hint:
        problem.more["expected"] = first.expected
    return problem


def install(app: FastAPI) -> None:
    """Answer what a route refuses with a problem document; `security.Guard` answers for what fails."""

    async def on_problem(request: Request, error: Exception) -> Response:
        assert isinstance(error, Problem)
        headers = {"WWW-Authenticate": "Bearer"} if error.status == 401 else {}
        if "retry_after_s" in error.more:
            headers["Retry-After"] = str(error.more["retry_after_s"])
        return respond(error, path=request.url.path, lang=language(request), headers=headers)

    async def on_store(request: Request, error: Exception) -> Response:
        LOG.error("The store failed: %s", error)
        return respond(Problem("store-failed"), path=request.url.path, lang=language(request))

    async def on_http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        kinds = {
            405: Problem("wrong-method", got=request.method),
            404: Problem("unknown-path", got=request.url.path),
        }
        problem = kinds.get(error.status_code)
        if problem is None:
            return Response(str(error.detail), status_code=error.status_code, headers=error.headers)
        headers = dict(error.headers or {})
        return respond(problem, path=request.url.path, lang=language(request), headers=headers)

    async def on_validation(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        first = error.errors()[0]
        problem = Problem(
            "bad-value", where=str(first["loc"][-1]), got=first.get("input", ""), expected=str(first["msg"])
        )
        return respond(problem, path=request.url.path, lang=language(request))

    app.add_exception_handler(Problem, on_problem)
    app.add_exception_handler(StoreError, on_store)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(RequestValidationError, on_validation)
