from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser

from registry.web.app import create_app
from registry.web.server import configuration
from registry.web.settings import Settings, StreamLimits
from tests.support.shelf import make_shelf, release_next

pytestmark = pytest.mark.browser

_LISTEN = """
    window.heard = [];
    window.waiting = [];
    const source = new EventSource("/api/v1/events");
    source.addEventListener("published", event => {
        heard.push([event.lastEventId, JSON.parse(event.data).version]);
        waiting.forEach(look => look());
    });
    // Waits for so many: the page's own policy forbids the eval that Playwright's waiting needs.
    window.hears = count => new Promise(done => {
        const look = () => { if (heard.length >= count) done(heard); };
        waiting.push(look);
        look();
    });
    new Promise(opened => { source.onopen = () => opened(true); })
"""


@contextmanager
def _serving(root: Path, port: int = 0) -> Iterator[int]:
    """The site as the command runs it, at a port of choice."""
    listening = socket.create_server(("127.0.0.1", port))
    settings = Settings(roots=(root,), rates=None, streams=StreamLimits(retry_ms=50))
    server = uvicorn.Server(configuration(create_app(settings)))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started:
        assert time.monotonic() < deadline, "the server did not start"
        time.sleep(0.01)
    try:
        yield listening.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(20)
        assert not thread.is_alive(), "the server did not stop"


def test_page_hears_of_releases_across_a_restart(browser: Browser, tmp_path: Path) -> None:
    """A page that follows the site hears of each release once, also of one made while the server was down."""
    root = make_shelf(tmp_path)
    page = browser.new_page()
    with _serving(root) as port:
        page.goto(f"http://127.0.0.1:{port}/roost/spam")
        page.evaluate(_LISTEN)
        first = release_next(root, "minor")
        page.evaluate("hears(1)")
    second = release_next(root, "major")
    with _serving(root, port):
        page.evaluate("hears(2)")
        third = release_next(root, "deprecated")
        heard = page.evaluate("hears(3)")
        page.close()
    assert [version for _, version in heard] == [first, second, third]
    assert heard[0][0].startswith("roost=")
