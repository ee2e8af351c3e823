"""Words of the other ways in: displays with a link of their own, and logins by another server."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    # key: (zh-CN, en)
    # a display without its link
    "display_withdrawn_title": ("本屏链接已停用", "This display's link was withdrawn"),
    "display_withdrawn": (
        "“{name}”的链接已于 {time} 停用，不再显示态势。",
        "The link of “{name}” was withdrawn at {time}; it shows the board no more.",
    ),
    "display_unknown_title": ("本屏链接无效", "This display's link is not valid"),
    "display_unknown": (
        "地址中的链接不是本系统签发的，或已失效。",
        "The link in this address was not made by this board, or is void.",
    ),
    "display_ask": (
        "请管理员在“账号管理 › 大屏链接”中新建链接，并在本屏打开。",
        "An administrator makes a new one under Accounts › Displays; open it here.",
    ),
    "display_unavailable_title": ("暂时无法显示", "Not available for the moment"),
    "display_unavailable": (
        "服务器暂时无法核验本屏链接。",
        "The server cannot check this display's link for the moment.",
    ),
    "display_tries": ("每 20 秒自动重试", "Tries again every 20 seconds"),
    "display_tried_at": ("最近一次：{time}", "last at {time}"),
    # the administrator's page of displays
    "displays": ("大屏链接", "Displays"),
    "displays_lead": (
        "每个链接对应一块大屏：无需登录，只能查看，长期有效，可随时停用。",
        "One link for each display: it needs no login, can only look, and holds until it is withdrawn.",
    ),
    "display_name": ("大屏名称", "Display"),
    "display_name_hint": (
        "按位置命名，如“指挥室左屏”。",
        "Named after its place, such as “command room, left”.",
    ),
    "display_look": ("显示方式", "Shows"),
    "display_rotation": ("县区轮播", "Rotation"),
    "display_still": ("不轮播", "Stands still"),
    "display_seconds": ("每县 {n} 秒", "{n} s per county"),
    "display_theme": ("配色", "Palette"),
    "theme_dark": ("深色", "Dark"),
    "theme_light": ("浅色", "Light"),
    "display_language": ("语言", "Language"),
    "display_sound": ("告警声", "Sound"),
    "display_sound_on": ("有声", "With sound"),
    "display_sound_off": ("静音", "Silent"),
    "display_seen": ("最近在线", "Last there"),
    "display_seen_now": ("在线", "There now"),
    "display_seen_never": ("尚未打开", "Never opened"),
    "display_made": ("创建", "Made"),
    "display_add": ("新建链接", "New link"),
    "display_withdraw": ("停用", "Withdraw"),
    "display_confirm": (
        "停用后该屏数秒内转为提示页，链接不能恢复。",
        "The display turns to a notice within seconds, and the link cannot be restored.",
    ),
    "display_withdrawn_list": ("近期停用", "Withdrawn lately"),
    "display_withdrawn_at": ("停用时间", "Withdrawn"),
    "displays_none": ("还没有大屏链接", "There are no links yet"),
    "display_done": ("链接已停用。", "The link is withdrawn."),
    "display_given_title": ("“{name}”的链接", "The link of “{name}”"),
    "display_given_note": (
        "仅显示这一次。请在该屏的浏览器中打开并设为启动页；得到链接的人都能查看，请勿外传。",
        "Shown this once. Open it in that display's browser and make it the start page. Whoever has the link "
        "can look: keep it to the display.",
    ),
    "display_open_here": ("在本机打开", "Open it here"),
    "account_display_taken": ("已有名为“{got}”的大屏链接。", "There is a display “{got}” already."),
    "account_too_many_displays": ("最多 {expected} 个有效链接。", "There can be {expected} links at once."),
    "account_bad_display_name": (
        "大屏名称须为 2 至 {expected} 个字。", "A display's name has 2 to {expected} characters.",
    ),
    "account_bad_rotation": (
        "轮播间隔应为 5 至 3600 秒，不能是 {got}。", "A rotation takes 5 to 3600 seconds, not {got}.",
    ),
    "account_bad_theme": ("没有“{got}”这种配色。", "There is no palette “{got}”."),
    "account_no_display": ("没有名为“{got}”的有效链接。", "There is no link “{got}” in force."),
    "event_display": ("新建大屏链接", "Display's link made"),
    # logins by another server
    "sign_on_way": ("统一认证登录", "Log in with the bureau's account"),
    "login_provider": (
        "统一认证服务器暂时没有应答，请稍后再试；本地账号仍可登录。",
        "The bureau's login server does not answer for the moment. Accounts of this board can log in as "
        "ever.",
    ),
    "sign_on_title": ("未能登录", "Not logged in"),
    "sign_on_going": ("正在退出统一认证", "Logging out of the bureau's account"),
    "sign_on_go": ("继续", "Go on"),
    "sign_on_again": ("返回登录", "Back to the login"),
    "sign_on_groups": ("统一认证给出的组", "Groups that the login server told of"),
    "sign_on_no_groups": ("（没有任何组）", "(none at all)"),
    "sign_on_group": (
        "身份已确认，但所属的组在本系统没有对应的角色。",
        "Who you are is known, but none of your groups has a role here.",
    ),
    "sign_on_group_do": (
        "请将下列内容告知管理员，在 THREELINE_OIDC_ROLES 中为其中一个组指定角色和辖区。",
        "Tell an administrator what stands below: THREELINE_OIDC_ROLES has to give one of these groups "
        "a role and a scope.",
    ),
    "sign_on_disabled": ("该账号在本系统已被停用。", "This account is disabled here."),
    "sign_on_disabled_do": ("如需启用，请联系管理员。", "Ask an administrator to enable it."),
    "sign_on_declined": ("统一认证没有完成登录。", "The login server did not complete the login."),
    "sign_on_declined_do": ("请重新登录，或使用本地账号。", "Try again, or use an account of this board."),
    "sign_on_proof": (
        "统一认证返回的凭据未通过核验，没有登录。",
        "What the login server sent back could not be verified, so nobody was logged in.",
    ),
    "sign_on_proof_do": (
        "请重新登录；多次出现时，请管理员查看服务器日志，并核对双方时钟。",
        "Try again. If it keeps happening, an administrator should look into the server's log and compare "
        "the two clocks.",
    ),
    "sign_on_stale": (
        "这次登录不是从本浏览器发起的，或已超过 10 分钟。",
        "This login was not begun in this browser, or more than ten minutes ago.",
    ),
    "sign_on_stale_do": ("请返回登录页重新开始。", "Begin again at the login."),
    "event_withdraw": ("停用大屏链接", "Display's link withdrawn"),
}  # fmt: skip

SCRIPT: tuple[str, ...] = ()
"""Those that the page's own script needs."""
