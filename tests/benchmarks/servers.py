"""Servers in processes of their own, for measurements that must not share our interpreter."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx


@contextmanager
def our_server(root: Path, *options: str) -> Iterator[str]:
    """`commons serve` over a folder; gives its address."""
    port = free_port()
    # One machine asks here as a thousand visitors would, and lines of a log are not what is measured.
    unbound = ("--rate-limit", "off", "--quiet")
    command = [
        *(sys.executable, "-m", "registry.cli", "serve", str(root)),
        *("--port", str(port), *unbound, *options),
    ]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        try:
            base = f"http://127.0.0.1:{port}"
            until_it_answers(f"{base}/readyz")
            yield base
        finally:
            process.terminate()
            process.wait(20)


def until_it_answers(url: str, seconds: float = 120.0) -> None:
    """Waits for a 200. Raises `TimeoutError` with what was answered last."""
    deadline = time.monotonic() + seconds
    said = "no answer"
    while time.monotonic() < deadline:
        try:
            answer = httpx.get(url, timeout=5)
        except httpx.TransportError as error:
            said = str(error)
        else:
            if answer.status_code == 200:
                return
            said = f"{answer.status_code}: {answer.text[:200]}"
        time.sleep(0.05)
    raise TimeoutError(f"{url}: {said}")


def free_port() -> int:
    """A port that nothing listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])
