"""A real browser over a real server. Skipped where no Chromium is installed."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, sync_playwright

from registry.services.bench import bench_policy
from registry.services.found import found
from registry.services.publish import publish
from registry.web.app import create_app
from registry.web.settings import Settings

# It fetches nothing but what a test asks for.
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium. Ended with the module: Playwright's own event loop would hinder other tests."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("no Chromium is installed (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=_ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory, library: Path) -> Iterator[str]:
    """The address of a server over one commons with two policies and a baseline run."""
    root = tmp_path_factory.mktemp("shelf")
    with found(root / "starter.git", founder="ana") as repository:
        for slug in ("scams", "self-harm"):
            files = {path.name: path.read_bytes() for path in (library / slug).iterdir() if path.is_file()}
            publish(repository, slug, files, actor="ana")
        bench_policy(repository, "scams", actor="ana")
    config = uvicorn.Config(
        create_app(Settings(roots=(root,), rates=None)), port=0, log_config=None, access_log=False
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started:
        assert time.monotonic() < deadline, "the server did not start"
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(20)
