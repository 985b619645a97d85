"""Runs the site under uvicorn and says where it is."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import uvicorn
from litestar import Litestar

from registry.web.app import create_app
from registry.web.connections import Connection
from registry.web.refusals import WebError
from registry.web.settings import Settings
from registry.web.visit import Library

HOST = "127.0.0.1"
PORT = 8000
_BACKLOG = 1_024
_KEEP_ALIVE_SECONDS = 10
_GRACE_SECONDS = 5
_HEADER_BYTES = 16 * 1_024

Announce = Callable[[str], None]


class ServeError(WebError):
    """The server cannot begin: its address is taken or not this machine's."""


def serve(
    roots: Sequence[Path],
    *,
    host: str = HOST,
    port: int = PORT,
    announce: Announce = lambda _line: None,
) -> None:
    """Serves the commons below `roots` until it is told to stop (SIGINT, SIGTERM).

    `announce` is given each line to print: what is served, what cannot be, and the address once it
    answers there. Port 0 takes any free one. Raises `ServeError`.
    """
    missing = [root for root in roots if not root.exists()]
    if missing:
        raise ServeError(f"{missing[0]} does not exist.", "Name a commons, or a folder that holds some.")
    listening = _listen(host, port)
    with listening:
        app = create_app(Settings(roots=tuple(roots)))
        for line in summary(app):
            announce(line)
        announce(f"Serving on {address_of(listening, host)} (stop with Ctrl+C)")
        # uvicorn gives an interrupt back after it has ended; there is nothing left to do for it.
        with suppress(KeyboardInterrupt):
            uvicorn.Server(configuration(app)).run(sockets=[listening])


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
        loop="asyncio",
        h11_max_incomplete_event_size=_HEADER_BYTES,
        ws="none",
    )


def _count(number: int, noun: str, many: str | None = None) -> str:
    return f"{number} {noun if number == 1 else many or noun + 's'}"
