"""The only wiring: profile, engine, interface, live socket and pages become one server."""

from __future__ import annotations

import contextlib
import functools
import inspect
import logging
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import anyio
import uvicorn
from dash import Dash
from dash.exceptions import DependencyException
from fastapi import FastAPI, Request
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware
from starlette.responses import Response
from starlette.websockets import WebSocket

from dashboard.access import access_now
from dashboard.accounts import routes as account_pages
from dashboard.api import routes
from dashboard.api.problems import Problem, language, respond
from dashboard.api.rights import check_declared, needs
from dashboard.board import Board
from dashboard.desk import Desk
from dashboard.gate import Gate
from dashboard.guide import pages as guide
from dashboard.jobs.job import PACKED
from dashboard.jobs.queue import Queue
from dashboard.jobs.scheduler import Scheduler
from dashboard.live import Hub
from dashboard.loading import ENTRY, ICON, announced, before_paint, fingerprinted, scripts_for
from dashboard.notify.notifier import Notifier
from dashboard.pages import index, register_all, title
from dashboard.security import LIVE, Guard, policy
from dashboard.static import Files, Static
from dashboard.styles import style_sources
from dashboard.transport import Certificate, server_config
from data.picture import Picture
from layers.faults import Fault, FaultsError

LOG = logging.getLogger("threeline")
BODIES = 4
"""Bodies parsed at once: each may be large."""


class Pages(Dash):
    """Dash, but for this: plain callbacks run in a thread, so that none holds up the live sockets' loop, a
    page's HTML names only the files that it needs, and Dash's own socket stays shut."""

    files: Files

    def interpolate_index(  # noqa: PLR0917  # as Dash has it
        self,
        metas: str = "",
        title: str = "",
        css: str = "",
        config: str = "",
        scripts: str = "",
        app_entry: str = "",
        favicon: str = "",
        renderer: str = "",
    ) -> str:
        """As Dash's own, with the scripts, the styles and the icon of the page that is asked for."""
        path = self._asked()
        first, later = before_paint(scripts_for(path, scripts))
        whole = super().interpolate_index(  # type: ignore[no-untyped-call]
            metas=metas,
            title=title,
            css=f"{announced(path)}\n{fingerprinted(first + css, self.files)}",
            config=config,
            scripts=fingerprinted(later, self.files),
            app_entry=ENTRY,
            favicon=fingerprinted(ICON, self.files),
            renderer=renderer,
        )
        return str(whole)

    def _config(self) -> dict[str, Any]:
        """As Dash's own, without its socket for callbacks, which nothing here uses.

        A browser lets sockets to one server open one after the other: while that one hung on a way that
        swallows everything, ours waited behind it for minutes.
        """
        config: dict[str, Any] = super()._config()  # type: ignore[no-untyped-call]
        config.pop("websocket", None)
        return config

    def _asked(self) -> str:
        """The path of the page that is asked for; "" while no page is."""
        try:
            path = str(self.backend.request_adapter().path)
        except RuntimeError:
            return ""
        # A county's reader has the county's page at the wall's address.
        return "/county/" if path == "/" and access_now().scope else path

    def callback(self, *args: Any, **options: Any) -> Callable[[Callable[..., Any]], Any]:
        """As Dash's own; a coroutine stays on the loop."""
        register = super().callback(*args, **options)

        def decorate(function: Callable[..., Any]) -> Any:
            if inspect.iscoroutinefunction(function):
                return register(function)

            @functools.wraps(function)
            async def in_a_thread(*values: Any, **named: Any) -> Any:
                return await anyio.to_thread.run_sync(functools.partial(function, *values, **named))

            return register(in_a_thread)

        return decorate


def create_app(board: Board, on_ready: Callable[[], None] = lambda: None) -> Dash:
    """The board as a Dash app on a FastAPI server; the engine starts and stops with the server.

    `on_ready` is called once the first picture stands, just before the port opens.
    """
    hub, notifier, queue = Hub(board), Notifier(board), Queue(board)
    scheduler = Scheduler(board, queue)

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        # Dash finishes its scripts on the first call of `/`; the first call may be for a county's page.
        app._setup_server()  # type: ignore[no-untyped-call]
        check_declared(server.routes)
        await anyio.to_thread.run_sync(board.engine.start)
        hub.start()
        notifier.start()
        queue.start()
        await anyio.to_thread.run_sync(scheduler.start)
        board.engine.subscribe(entitle)
        if board.following is not None:
            board.following.start()
        on_ready()
        try:
            yield
        finally:
            if board.following is not None:
                await anyio.to_thread.run_sync(board.following.stop)
            hub.stop()
            await anyio.to_thread.run_sync(notifier.stop)
            await anyio.to_thread.run_sync(scheduler.stop)
            await anyio.to_thread.run_sync(queue.stop)
            await anyio.to_thread.run_sync(board.engine.stop)
            board.close_accounts()

    server = FastAPI(
        title="Threeline",
        version=board.version,
        lifespan=lifespan,
        openapi_url="/api/openapi.json",
        # Their pages load scripts from elsewhere.
        docs_url=None,
        redoc_url=None,
        # Nothing leaves this machine by itself.
        telemetry={"auto_configure": False, "tracing": False, "metrics": False, "logs": False},
    )
    server.state.board, server.state.desk, server.state.hub = board, Desk(board), hub
    server.state.bodies = anyio.CapacityLimiter(BODIES)
    server.state.queue = queue
    routes.install(server)
    account_pages.install(server)
    server.include_router(guide.router)
    server.add_exception_handler(DependencyException, _no_such_file)

    @server.websocket(LIVE, dependencies=[needs(None)])
    async def live(ws: WebSocket) -> None:
        await hub.serve(ws)

    def entitle(old: Picture, new: Picture) -> None:
        """The first page that is sent carries the title; the others follow in the page's own script."""
        if new.profile is not old.profile:
            app.title, app.index_string = title(board), index(board)

    app = Pages(
        "dashboard",
        server=server,  # type: ignore[arg-type]  # it takes a server as well, and says so nowhere
        title=title(board),
        update_title="",
        # The folder `pages` is ours, not Dash's own kind of pages.
        use_pages=False,
        suppress_callback_exceptions=True,
        add_log_handler=False,
        on_error=_callback_failed,
        meta_tags=[
            {"name": "viewport", "content": "width=device-width, initial-scale=1"},
            # A page whose server has another one loads itself again: see `assets/mend.js`.
            {"name": "threeline-version", "content": board.version},
        ],
    )
    app.files = Files(Path(app.config.assets_folder), app.registered_paths)
    register_all(app, board)
    packed = (*DEFAULT_EXCLUDED_CONTENT_TYPES, *PACKED)
    server.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5, exclude_content_types=packed)
    server.add_middleware(Gate, board=board)
    # Files are everybody's: they are answered before anyone is asked who they are.
    server.add_middleware(Static, files=app.files)
    # Added last, so that it stands around everything else.
    csp = policy(app.csp_hashes(), style_sources(app.index_string))
    server.add_middleware(Guard, settings=board.settings, csp=csp)
    return app


async def _no_such_file(request: Request, _: Exception) -> Response:
    """A file of Dash's that it does not have; left alone, it would be a failure of the server."""
    problem = Problem("unknown-path", got=request.url.path)
    return respond(problem, path=request.url.path, lang=language(request))


def _callback_failed(error: Exception) -> None:
    """A callback that fails leaves its part of the page as it was."""
    LOG.error("A callback failed", exc_info=error)


def open_port(host: str, port: int) -> socket.socket:
    """A socket bound to the address, before anything slow begins.

    Raises:
        FaultsError: the address is taken or is not this machine's.
    """
    bound = None
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, _, _, _, address = found[0]
        bound = socket.socket(family, socket.SOCK_STREAM)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
    except OSError as error:
        if bound is not None:
            bound.close()
        raise FaultsError(
            [
                Fault(
                    f"Cannot listen on {host} port {port}: {error.strerror or error}",
                    field="port",
                    got=str(port),
                    expected="a free port of this machine",
                    hint="Choose another with --port, or stop what uses this one.",
                )
            ]
        ) from error
    return bound


def serve(
    board: Board,
    port: socket.socket,
    on_ready: Callable[[], None] = lambda: None,
    certificate: Certificate | None = None,
) -> None:
    """Serve the board on a bound socket until the process is told to stop; by TLS with a certificate."""
    app = create_app(board, on_ready)
    config = server_config(app.server, board.settings, certificate)
    # uvicorn ends as the signal that stopped it would have: this leaves time to close the store.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with contextlib.suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[port])
