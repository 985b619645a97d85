"""A bare Litestar route that gives out a file's bytes, on our server: what our answers are held against.

`python -m tests.benchmarks.floor PORT NAME=FILE ...` answers at `/NAME`.
"""

from __future__ import annotations

import sys
from pathlib import Path

import uvicorn
from litestar import Litestar, get
from litestar.handlers import HTTPRouteHandler

from registry.web.server import configuration


def _route(name: str, body: bytes) -> HTTPRouteHandler:
    @get(f"/{name}", name=name, media_type="application/json")
    async def give() -> bytes:
        return body

    return give


def main() -> None:
    """Serves until it is ended."""
    port, *named = sys.argv[1:]
    bodies = {name: Path(file).read_bytes() for name, _, file in (item.partition("=") for item in named)}
    app = Litestar([_route(name, body) for name, body in bodies.items()], logging_config=None)
    config = configuration(app)
    config.port = int(port)
    uvicorn.Server(config).run()


if __name__ == "__main__":
    main()
