"""What the server may be told from outside: one table of names, defaults and meanings."""

from __future__ import annotations

import difflib
import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dashboard.accounts.mapping import Rule, parse_rules
from layers.faults import Fault, FaultsError

PREFIX = "THREELINE_"
FLAGS = {
    "1": True,
    "true": True,
    "yes": True,
    "on": True,
    "0": False,
    "false": False,
    "no": False,
    "off": False,
}
SECRET_BYTES = 4096
"""The longest secret that a file may hold."""
SHORTEST_KEY = 24
"""Characters of a secret that signs: fewer could be guessed."""


def _flag(value: str) -> bool:
    return FLAGS[value.lower()]


def _names(value: str) -> tuple[str, ...]:
    return tuple(part.strip().lower() for part in value.split(",") if part.strip())


def _addresses(value: str) -> tuple[str, ...]:
    names = _names(value)
    for name in names:
        ipaddress.ip_network(name)
    return names


def _secret(value: str) -> str:
    """A secret as it stands, or `file:/path` of a file that holds it and nothing else."""
    if not value.startswith("file:"):
        return value
    with Path(value.removeprefix("file:")).expanduser().open("rb") as file:
        content = file.read(SECRET_BYTES + 1).decode().strip()
    if not content or len(content) > SECRET_BYTES:
        raise ValueError("empty or too long")
    return content


def _key(value: str) -> str:
    """A secret that is long enough to sign with."""
    secret = _secret(value)
    if secret and len(secret) < SHORTEST_KEY:
        raise ValueError("too short")
    return secret


def _issuer(value: str) -> str:
    """An address that may be trusted to say who somebody is: by TLS, or on this machine."""
    parts = urlsplit(value)
    safe = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))
    if value and not (safe and parts.hostname and not parts.query and not parts.fragment):
        raise ValueError(value)
    return value


def _base(value: str) -> str:
    """An address as people type it, without what follows the path."""
    parts = urlsplit(value)
    bad = parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment
    if value and (bad or parts.username is not None):
        raise ValueError(value)
    return value.rstrip("/")


def _one_of(*choices: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        return choices[choices.index(value)]

    return parse


def _between(low: float, high: float, kind: Callable[[str], float] = int) -> Callable[[str], float]:
    def parse(value: str) -> float:
        number = kind(value)
        if not low <= number <= high:
            raise ValueError(value)
        return number

    return parse


def _row(
    default: Any, parse: Callable[[str], Any], expected: str, zh: str, en: str, *, secret: bool = False
) -> Any:
    told = {"parse": parse, "expected": expected, "zh": zh, "en": en, "secret": secret}
    return field(default=default, metadata=told, repr=not secret)


@dataclass(frozen=True)
class Settings:
    """The settings in force; each row is also the environment variable THREELINE_<NAME>."""

    profile: str = _row(
        "lincang",
        str,
        "a sample's name or a folder",
        "示例名称或配置目录",
        "Profile to serve: a sample's name or a folder",
    )
    host: str = _row("127.0.0.1", str, "an address or a name", "监听地址", "Address to listen on")
    port: int = _row(
        8050, _between(0, 65535), "a number from 0 to 65535",
        "监听端口；0 表示任取空闲端口", "Port to listen on; 0 takes a free one",
    )  # fmt: skip
    store: str = _row(
        "", str, "sqlite:///path or a path",
        "数据存储；留空则放在用户数据目录", "Where readings are kept; in the user's data folder when empty",
    )  # fmt: skip
    simulate: bool = _row(
        True, _flag, "1 or 0", "是否运行模拟数据", "Run the profile's simulated feed, where it has one"
    )
    login: bool = _row(
        False, _flag, "1 or 0",
        "示范配置在本机也要求登录（其他情况一律要求登录）",
        "Ask for a login even where a demonstration on this machine needs none; elsewhere it always is",
    )  # fmt: skip
    session_idle_min: int = _row(
        120, _between(1, 43_200), "minutes from 1 to 43200",
        "页面关闭多少分钟后需要重新登录", "Minutes without a request after which a login ends",
    )  # fmt: skip
    session_h: int = _row(
        12, _between(1, 720), "hours from 1 to 720",
        "登录最长有效小时数", "Hours after which a login ends in any case",
    )  # fmt: skip
    plain: bool = _row(
        False, _flag, "1 or 0",
        "允许不加密地向本机以外提供服务：密码和态势会以明文经过网络",
        "Serve beyond this machine without TLS: passwords and the picture cross the network in the clear",
    )  # fmt: skip
    tls_cert: str = _row(
        "", str, "a PEM file",
        "TLS 证书（PEM，含证书链）；设置后直接以 https 提供服务，文件更新后自动换用",
        "TLS certificate with its chain, PEM: the board then serves https itself, and takes a renewed file",
    )  # fmt: skip
    tls_key: str = _row(
        "", str, "a PEM file",
        "TLS 私钥（PEM）；留空表示私钥也在证书文件中",
        "The certificate's private key, PEM; empty when it is in the same file",
    )  # fmt: skip
    proxies: tuple[str, ...] = _row(
        (), _addresses, "addresses or networks separated by commas",
        "可信反向代理的地址或网段：只采信它们转来的 X-Forwarded-Proto 和 X-Forwarded-For",
        "Reverse proxies whose X-Forwarded-Proto and X-Forwarded-For are believed: addresses or networks",
    )  # fmt: skip
    ingest_token: str = _row(
        "", _secret, "a secret, or file:/path of one",
        "设置后，提交数据须带 Authorization: Bearer <令牌>；可写 file:/路径",
        "When set, POST needs Authorization: Bearer <token>; may be file:/path",
        secret=True,
    )  # fmt: skip
    metrics_token: str = _row(
        "", _secret, "a secret, or file:/path of one",
        "设置后，/metrics 凭 Authorization: Bearer <令牌> 免登录读取；可写 file:/路径",
        "When set, /metrics answers Authorization: Bearer <token> without a login; may be file:/path",
        secret=True,
    )  # fmt: skip
    feed_token: str = _row(
        "", _secret, "a secret, or file:/path of one",
        "设置后，告警订阅（alerts.atom）凭 Authorization: Bearer <令牌> 免登录读取；可写 file:/路径",
        "When set, the alerts' feed answers Authorization: Bearer <token> without a login; may be file:/path",
        secret=True,
    )  # fmt: skip
    oidc_issuer: str = _row(
        "", _issuer, "https://… as the provider calls itself",
        "统一认证（OpenID Connect）的签发方地址；留空则只用本地账号",
        "OpenID Connect provider that may log people in, too; none when empty",
    )  # fmt: skip
    oidc_client: str = _row(
        "",
        str,
        "a client's id",
        "本系统在统一认证中的客户端标识",
        "What the board is called there: its client id",
    )
    oidc_secret: str = _row(
        "", _secret, "a secret, or file:/path of one",
        "客户端密钥；可写 file:/路径", "The client's secret; may be file:/path",
        secret=True,
    )  # fmt: skip
    oidc_roles: tuple[Rule, ...] = _row(
        (), parse_rules, "group=role or group=role:adcode, separated by semicolons; * for an adcode",
        "组对应的角色和辖区，如 board-command=command; board-county-*=county:*",
        "Which groups are which role and scope here, such as board-command=command; board-county-*=county:*",
    )  # fmt: skip
    oidc_claim: str = _row(
        "groups", str, "a claim's name",
        "说明所属组的声明（可写 realm_access.roles）",
        "The claim that tells the groups, such as realm_access.roles",
    )  # fmt: skip
    oidc_name: str = _row(
        "preferred_username", str, "a claim's name",
        "用作账号名的声明；账号应为岗位",
        "The claim that gives the account its name, which should be a post's",
    )  # fmt: skip
    oidc_scopes: str = _row(
        "openid profile", str, "scopes separated by spaces",
        "向统一认证请求的范围", "What is asked of the provider, such as openid profile groups",
    )  # fmt: skip
    oidc_ca: str = _row(
        "", str, "a PEM file",
        "签发统一认证服务器证书的根证书（PEM）；留空用系统自带",
        "Authority of the provider's certificate, PEM; those the system trusts when empty",
    )  # fmt: skip
    webhook_secret: str = _row(
        "", _key, "a secret of 24 characters or more (whsec_… too), or file:/path of one",
        "推送（webhook）的签名密钥，不设则不推送；可写 file:/路径",
        "Secret that webhooks are signed with, none are sent without; may be file:/path",
        secret=True,
    )  # fmt: skip
    delivery_ca: str = _row(
        "", str, "a PEM file",
        "签发推送接收方和邮件服务器证书的根证书（PEM）；留空用系统自带",
        "Authority of receivers' and mail servers' certificates, PEM; those the system trusts when empty",
    )  # fmt: skip
    smtp_host: str = _row(
        "", str, "a name or an address",
        "邮件服务器；留空则不发邮件", "Mail server (SMTP); no e-mail is sent when empty",
    )  # fmt: skip
    smtp_port: int = _row(
        587, _between(1, 65535), "a number from 1 to 65535", "邮件服务器端口", "The mail server's port"
    )
    smtp_security: str = _row(
        "starttls", _one_of("starttls", "tls", "none"), "starttls, tls or none",
        "与邮件服务器之间的加密：starttls、tls，或不加密 none",
        "How the way to the mail server is made safe: starttls, tls, or none",
    )  # fmt: skip
    smtp_user: str = _row(
        "", str, "a name", "邮件服务器账号；留空则不登录", "Login at the mail server, if any"
    )
    smtp_password: str = _row(
        "", _secret, "a secret, or file:/path of one",
        "邮件服务器密码；可写 file:/路径", "Its password; may be file:/path",
        secret=True,
    )  # fmt: skip
    smtp_from: str = _row(
        "", str, "an address such as board@example.org",
        "告警邮件的发件地址", "The address that e-mails come from",
    )  # fmt: skip
    address: str = _row(
        "", _base, "an address such as https://board.example",
        "人们访问本系统所用的地址，写入导出文件的链接和二维码；留空则用请求所用的地址",
        "The board's address as people type it, for links and codes in files; that of the request when empty",
    )  # fmt: skip
    exports: str = _row(
        "", str, "a folder",
        "导出文件的存放目录；留空则为数据存储旁的 exports 目录",
        "Folder that exported files are kept in; exports beside the store when empty",
    )  # fmt: skip
    password: str = _row(
        "", _secret, "a secret, or file:/path of one",
        "命令行登录其他态势板（--server、--account）所用的密码；可写 file:/路径",
        "Password that --server and --account log in with at another board; may be file:/path",
        secret=True,
    )  # fmt: skip
    hosts: tuple[str, ...] = _row(
        (), _names, "names separated by commas",
        "除 localhost 和 IP 地址外，访问本服务所用的主机名",
        "Names people reach the board by, besides localhost and plain addresses",
    )  # fmt: skip
    max_body_mb: int = _row(
        64, _between(1, 4096), "a number from 1 to 4096",
        "单次提交的上限（MiB）", "Largest body of readings, MiB",
    )  # fmt: skip
    max_clients: int = _row(
        2000, _between(1, 100_000), "a number from 1 to 100000",
        "同时在线的实时连接数", "Live connections at once",
    )  # fmt: skip
    step_s: float = _row(
        1.0, _between(0.05, 60, float), "seconds from 0.05 to 60",
        "两幅态势之间的最长间隔（秒）", "Longest time between two pictures, seconds",
    )  # fmt: skip
    log_level: str = _row(
        "warning", _one_of("debug", "info", "warning", "error"), "debug, info, warning or error",
        "日志详细程度", "How much the server writes to its log",
    )  # fmt: skip
    lang: str = _row(
        "", _one_of("", "zh-CN", "en"), "zh-CN or en",
        "命令行语言；留空则随系统", "Language of the command line; the system's when empty",
    )  # fmt: skip

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach the address."""
        return is_loopback(self.host)

    def store_url(self, profile_id: str) -> str:
        """The store to open: as set, or a file of the profile's own in the user's data folder."""
        if self.store:
            return self.store
        from platformdirs import user_data_path  # noqa: PLC0415  (start-up time)

        return f"sqlite:///{user_data_path('threeline', appauthor=False) / profile_id / 'board.sqlite'}"


def variable(name: str) -> str:
    """The environment variable of a setting."""
    return PREFIX + name.upper()


def described(english: bool) -> list[tuple[str, str, str]]:
    """Variable, default and meaning of every setting."""
    told = {True: "1", False: "0", (): ""}
    return [
        (variable(row.name), told.get(row.default, str(row.default)), row.metadata["en" if english else "zh"])
        for row in fields(Settings)
    ]


def is_loopback(host: str) -> bool:
    """Whether an address or name is this machine's own and reachable from nowhere else."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def read_settings(environment: Mapping[str, str], **given: Any) -> Settings:
    """Settings from the environment, overridden by what the command line gave (None is not given).

    Raises:
        FaultsError: unknown or unreadable variables, all of them.
    """
    rows = {variable(row.name): row for row in fields(Settings)}
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    for name in sorted(name for name in environment if name.startswith(PREFIX)):
        row = rows.get(name)
        if row is None:
            near = difflib.get_close_matches(name, rows, n=1)
            hint = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(rows)}."
            faults.append(
                Fault(
                    "There is no such setting",
                    file="environment",
                    field=name,
                    got=name,
                    expected="a known name",
                    hint=hint,
                )
            )
            continue
        try:
            values[row.name] = row.metadata["parse"](environment[name].strip())
        except (ValueError, KeyError, OverflowError, OSError):
            # A secret never reaches a log, not even one that was mistyped.
            got = "(hidden)" if row.metadata["secret"] else repr(environment[name])
            faults.append(
                Fault(
                    "This setting cannot be read",
                    file="environment",
                    field=name,
                    got=got,
                    expected=row.metadata["expected"],
                )
            )
    if faults:
        raise FaultsError(faults)
    values |= {name: value for name, value in given.items() if value is not None}
    return Settings(**values)


def refusal(settings: Settings) -> str | None:
    """Why the board must not be served like this, with the way out; None when it may."""
    from dashboard.saying import say  # noqa: PLC0415  (the words of a language that settings may name)

    if settings.oidc_issuer and not (settings.oidc_client and settings.oidc_roles):
        return say("oidc_incomplete", issuer=settings.oidc_issuer)
    if settings.loopback or settings.tls_cert or settings.proxies or settings.plain:
        return None
    return say("plain_refused", host=settings.host)


def profile_source(name: str) -> str | Path:
    """A profile as `load_profile` takes it: a folder when it is written as one, else a sample's name."""
    path = Path(name).expanduser()
    return path if path.is_dir() or "/" in name or name.startswith((".", "~")) else name
