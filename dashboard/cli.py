"""The command line: serve, check, ingest and the rest; each imports the heavy modules that it needs."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dashboard.cli_accounts import tell_of_logins, user
from dashboard.cli_audit import audit
from dashboard.cli_audit import told as of_audit
from dashboard.cli_duty import duty
from dashboard.cli_duty import told as of_duty
from dashboard.cli_export import export, told
from dashboard.cli_exports import brief, snapshot
from dashboard.cli_kiosk import kiosk
from dashboard.cli_rules import rules
from dashboard.cli_rules import told as of_rules
from dashboard.fault_words import in_line
from dashboard.saying import fail, language, say
from dashboard.saying_exports import told as of_exports
from dashboard.settings import Settings, described, read_settings, refusal
from layers.faults import Fault, FaultsError

if TYPE_CHECKING:
    from data.profile import Profile
    from data.store import Store

app = typer.Typer(
    help=say("app"),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

ProfileOption = Annotated[str | None, typer.Option(help=say("opt_profile"), metavar="NAME|DIR")]
StoreOption = Annotated[str | None, typer.Option(help=say("opt_store"), metavar="URL")]


class Stop(Exception):  # noqa: N818  # not every end is an error
    """Ends a command with an exit code, after saying a sentence where there is one."""

    def __init__(self, sentence: str = "", code: int = 1) -> None:
        super().__init__(sentence)
        self.code = code


def _variables() -> str:
    """The settings that the environment gives, below the help of `serve`."""
    rows = described(language() == "en")
    width = max(len(name) for name, _, _ in rows) + 2
    lines = [
        f"  {name:{width}}{meaning}" + (f" [{default}]" if default else "") for name, default, meaning in rows
    ]
    # The mark keeps the lines from being filled up.
    return "\b\n" + "\n".join([say("variables"), *lines])


@app.command(help=say("serve"), epilog=_variables())
def serve(
    profile: ProfileOption = None,
    host: Annotated[str | None, typer.Option(help=say("opt_host"))] = None,
    port: Annotated[int | None, typer.Option(help=say("opt_port"), min=0, max=65535)] = None,
    store: StoreOption = None,
    simulate: Annotated[
        bool | None, typer.Option("--simulate/--no-simulate", help=say("opt_simulate"))
    ] = None,
) -> None:
    """Serve the board."""
    settings = _settings(profile=profile, host=host, port=port, store=store, simulate=simulate)
    if (why_not := refusal(settings)) is not None:
        raise Stop(why_not)
    from dashboard.app import open_port  # noqa: PLC0415
    from dashboard.app import serve as run  # noqa: PLC0415
    from dashboard.board import open_board  # noqa: PLC0415
    from dashboard.transport import Certificate, scheme_of  # noqa: PLC0415
    from data.rules import in_language  # noqa: PLC0415

    certificate = Certificate(settings) if settings.tls_cert else None
    # The port first: that it is taken should not take seconds to find out.
    with open_port(settings.host, settings.port) as listener:
        board = open_board(settings)
        number = listener.getsockname()[1]
        shown = f"[{settings.host}]" if ":" in settings.host else settings.host

        def tell() -> None:
            title = in_language(board.profile.spec.title, language(), board.profile)
            simulated = say("simulated") if board.engine.picture.simulated else ""
            typer.echo(say("ready", title=title, url=f"{scheme_of(settings)}://{shown}:{number}") + simulated)
            typer.echo(f"{say('store_at', store=board.store_url)} · {say('stop_with')}")
            tell_of_logins(board)
            if not settings.loopback and not settings.ingest_token:
                typer.echo(say("no_token_warning"), err=True)
            _tell_of_rows(board.profile, settings)

        try:
            run(board, listener, tell, certificate)
        finally:
            board.close_accounts()
            board.engine.store.close()


@app.command(help=say("check"))
def check(
    paths: Annotated[
        list[Path], typer.Argument(help=say("arg_check"), metavar="DIR|FILE...", show_default=False)
    ],
    *,
    form: Annotated[str, typer.Option("--format", help=say("opt_format"))] = "text",
    kind: Annotated[str | None, typer.Option(help=say("opt_kind"))] = None,
    crs: Annotated[str | None, typer.Option(help=say("opt_crs"))] = None,
    encoding: Annotated[str | None, typer.Option(help=say("opt_text_encoding"))] = None,
    column: Annotated[list[str] | None, typer.Option(help=say("opt_column"), metavar="FIELD=COLUMN")] = None,
    every: Annotated[bool, typer.Option("--all", help=say("opt_all"))] = False,
    repair: Annotated[Path | None, typer.Option(help=say("opt_repair"), metavar="OUT.gpkg")] = None,
) -> None:
    """Check profiles and geodata."""
    if form not in ("text", "json"):
        raise Stop(say("bad_format", got=form, expected="text, json"))
    if repair is not None and (len(paths) != 1 or paths[0].is_dir()):
        raise Stop(say("repair_one"))
    columns = dict(pair.partition("=")[::2] for pair in column or ())
    if not all(columns.values()):
        raise Stop(say("bad_column", got=", ".join(column or ())))
    from dashboard.check_command import run_check  # noqa: PLC0415
    from dashboard.checking import Asked  # noqa: PLC0415

    if not run_check(paths, Asked(kind, crs, encoding, columns), form=form, every=every, repaired=repair):
        raise Stop


@app.command(help=say("ingest"))
def ingest(
    files: Annotated[
        list[Path], typer.Argument(help=say("arg_ingest"), metavar="FILE...", show_default=False)
    ],
    store: StoreOption = None,
    profile: ProfileOption = None,
    encoding: Annotated[str, typer.Option(help=say("opt_encoding"))] = "utf-8",
) -> None:
    """Write files of readings into the store."""
    for path in files:
        if not path.is_file():
            raise Stop(say("no_file", got=path))
    from dashboard.terminal import bulk_ingest  # noqa: PLC0415

    settings = _settings(profile=profile, store=store)
    place, kept = _open(settings)
    try:
        bad = bulk_ingest(files, profile=place, store=kept, encoding=encoding)
    finally:
        kept.close()
    if bad:
        raise Stop


app.command(help=told("help"))(export)
app.command(help=of_exports("snapshot"))(snapshot)
app.command(help=of_exports("brief"))(brief)
app.add_typer(user, name="user", help=say("user"))
app.add_typer(kiosk, name="kiosk", help=say("kiosk"))
app.add_typer(audit, name="audit", help=of_audit("help"))
app.add_typer(rules, name="rules", help=of_rules("help"))
app.add_typer(duty, name="duty", help=of_duty("help"))


def _tell_of_rows(profile: Profile, settings: Settings) -> None:
    """Keep the rows that the profile leaves out, and say where they are."""
    from dashboard.refused import keep  # noqa: PLC0415

    try:
        folder = keep(settings, profile)
    except OSError as error:
        typer.echo(say("not_kept", error=error), err=True)
        return
    if folder is not None:
        rows = len({(fault.file, fault.layer, fault.row) for fault in profile.quarantined})
        typer.echo(say("kept_rows", n=rows, folder=folder), err=True)


def _settings(**given: Any) -> Settings:
    return read_settings(os.environ, **given)


def _open(settings: Settings) -> tuple[Profile, Store]:
    """The profile and its store, without anything that runs."""
    from dashboard.board import open_store_of  # noqa: PLC0415
    from data.profile import load_profile  # noqa: PLC0415

    profile = load_profile(settings.profile)
    return profile, open_store_of(settings, profile)


def main() -> None:
    """Run the command line; an error is a sentence and an exit code, never a traceback."""
    try:
        app(standalone_mode=False)
        code = 0
    except Stop as stop:
        if str(stop):
            fail(str(stop))
        code = stop.code
    except FaultsError as error:
        fail(_first(error.faults))
        code = 1
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        fail(f"{where}{error.strerror or error}")
        code = 1
    except KeyboardInterrupt:
        code = 130
    except (typer.Abort, typer.Exit) as end:
        code = getattr(end, "exit_code", 1)
    except Exception as error:
        # Wrong usage carries its own message and exit code.
        show, code = getattr(error, "show", None), getattr(error, "exit_code", 1)
        if show is None:
            raise
        show()
    sys.exit(code)


def _first(faults: tuple[Fault, ...]) -> str:
    """All faults as lines; one alone stays one sentence."""
    lines = [in_line(fault, language()) for fault in faults[:200]]
    return lines[0] if len(lines) == 1 else "\n" + "\n".join(lines)
