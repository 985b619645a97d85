"""The site in a thread, over the commons of a folder: a registry to ask."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from registry.web.app import create_app
from registry.web.server import configuration
from registry.web.settings import Settings


@contextmanager
def served(root: Path) -> Iterator[str]:
    """Gives the address; the server ends with the block."""
    started = threading.Event()

    class Server(uvicorn.Server):
        async def startup(self, sockets: object = None) -> None:
            await super().startup()
            started.set()

    config = configuration(create_app(Settings(roots=(root,), rates=None)))
    config.port = 0
    server = Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        assert started.wait(20), "the server did not start"
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(20)
        assert not thread.is_alive(), "the server did not stop"
