"""Runs the site under uvicorn and says where it is."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import BinaryIO, cast

import uvicorn
from litestar import Litestar

from registry.web.app import create_app
from registry.web.connections import Connection
from registry.web.logs import noting
from registry.web.memory import limit_arenas
from registry.web.refusals import WebError
from registry.web.settings import LogSettings, Settings
from registry.web.visit import Library

HOST = "127.0.0.1"
PORT = 8000
_BACKLOG = 1_024
_KEEP_ALIVE_SECONDS = 10
_GRACE_SECONDS = 5

Announce = Callable[[str], None]
Steps = Callable[[], AbstractContextManager[Callable[[str, int, int], None]]]
"""Shows progress: within it, a function takes what is being done, how many are done, of how many."""


@contextmanager
def untold() -> Iterator[Callable[[str, int, int], None]]:
    """Steps that nobody watches."""
    yield lambda _what, _done, _total: None


class ServeError(WebError):
    """The server cannot begin: its address is taken or not this machine's."""


def serve(
    settings: Settings,
    *,
    host: str = HOST,
    port: int = PORT,
    log: LogSettings,
    log_to: BinaryIO,
    announce: Announce = lambda _line: None,
    steps: Steps = untold,
) -> None:
    """Serves what `settings` name until it is told to stop (SIGINT, SIGTERM).

    `announce` is given each line to print: what is served, what cannot be, and the address once it
    answers there; `steps` tells how far the index has come. Port 0 takes any free one. Raises `ServeError`.
    """
    missing = [root for root in settings.roots if not root.exists()]
    if missing:
        raise ServeError(f"{missing[0]} does not exist.", "Name a commons, or a folder that holds some.")
    limit_arenas()
    listening = _listen(host, port)
    with listening, noting(log, log_to) as logs:
        app = create_app(settings, [logs], announce)
        for line in indexed(app, steps):
            announce(line)
        for line in summary(app):
            announce(line)
        announce(f"Serving on {address_of(listening, host)} (stop with Ctrl+C)")
        # uvicorn gives an interrupt back after it has ended; there is nothing left to do for it.
        with suppress(KeyboardInterrupt):
            uvicorn.Server(configuration(app)).run(sockets=[listening])


def indexed(app: Litestar, steps: Steps = untold) -> list[str]:
    """Takes into the index what is new in the logs; says what that was, and what could not be."""
    tailer = cast("Library", app.state.library).tailer
    with steps() as told:
        taken = tailer.caught_up(told=lambda name, done, total: told(f"indexing {name}", done, total))
    lines = [f"not in the index: {name}: {why}" for name, why in tailer.troubles.items()]
    if taken.events:
        policies, events = _count(taken.policies, "policy", "policies"), _count(taken.events, "event")
        lines.insert(0, f"index: {policies} and {events} taken in")
    return lines


def summary(app: Litestar) -> list[str]:
    """What an application serves, and what it could not open, a line each."""
    library: Library = app.state.library
    catalogue = library.catalogue
    lines = []
    for name in catalogue.names:
        state = library.visit(name).state
        lines.append(
            f"{name}: {_count(len(state.policies), 'policy', 'policies')}, {_count(len(state.runs), 'run')}"
        )
    lines += [f"not served: {path}: {why}" for path, why in catalogue.troubles.items()]
    return lines or ["no commons found: `commons init NAME.git` makes one"]


def address_of(listening: socket.socket, host: str) -> str:
    """The URL under which a listening socket is reached from here."""
    port = listening.getsockname()[1]
    shown = "127.0.0.1" if host in ("0.0.0.0", "") else "[::1]" if host == "::" else host  # noqa: S104
    bracketed = f"[{shown}]" if ":" in shown and not shown.startswith("[") else shown
    return f"http://{bracketed}:{port}"


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except (OSError, OverflowError) as error:
        said = getattr(error, "strerror", None) or error
        raise ServeError(
            f"{host} port {port} cannot be used: {said}.", "Choose another with --port."
        ) from error


def configuration(app: Litestar) -> uvicorn.Config:
    """How uvicorn runs an application of ours."""
    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=_GRACE_SECONDS,
        # Named, so that a faster parser or loop that happens to be installed does not change what holds.
        http=Connection,
        loop="uvloop",
        ws="none",
        # Forwarded addresses are read by `proxies.py`, from proxies that the operator named and nobody else.
        proxy_headers=False,
    )


def _count(number: int, noun: str, many: str | None = None) -> str:
    return f"{number} {noun if number == 1 else many or noun + 's'}"
