"""vLLM's own OpenAI-compatible server, started for a test and ended with it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.vllm.running import SETTINGS

NAME = "gpt-oss-safeguard-test"
_PATIENCE = 300


@contextmanager
def served(model: Path, log: Path, *, date: str) -> Iterator[str]:
    """The server's address up to /v1."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = [
        word
        for name, value in SETTINGS.items()
        for word in ((f"--{name}",) if value == "true" else (f"--{name}", value))
    ]
    # `vllm serve` itself fails in the CPU distribution, which is not called vllm; this module is its body.
    command = [sys.executable, "-m", "vllm.entrypoints.openai.api_server", "--model", str(model), *settings]
    command += ["--served-model-name", NAME, "--host", "127.0.0.1", "--port", str(port)]
    with log.open("wb") as out:
        server = subprocess.Popen(
            command,
            env={**os.environ, "VLLM_SYSTEM_START_DATE": date, "VLLM_NO_USAGE_STATS": "1"},
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            _wait(server, f"http://127.0.0.1:{port}/health", log)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def _wait(server: subprocess.Popen[bytes], address: str, log: Path) -> None:
    ends = time.monotonic() + _PATIENCE
    while time.monotonic() < ends:
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(1)
    raise AssertionError(f"vLLM's server did not start:\n{log.read_text(errors='replace')[-4000:]}")
