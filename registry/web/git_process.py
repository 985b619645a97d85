"""One git process between a visitor's request and answer. Starts it, feeds it, ends it."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress

from litestar.types import Receive

from registry.web.finishing import Finishing
from registry.web.git_refusals import GitUnreadableError
from registry.web.inflating import PIECE, DisconnectedError

_SAID_BYTES = 4_096
_GONE = (ConnectionError, RuntimeError)
"""What writing to a git that has ended raises: the second in some event loops."""

_log = logging.getLogger("registry.web.git")


class GitStream:
    """Runs a command whose input is the request's body and whose output is the answer's.

    The answer begins with git's first byte: until then, whatever goes wrong can still be said properly.
    """

    def __init__(
        self, command: list[str], environment: Mapping[str, str], headers: Mapping[str, str], lead: bytes
    ) -> None:
        self._command = command
        self._environment = dict(environment)
        self._headers = [(name.encode(), value.encode()) for name, value in headers.items()]
        self._lead = lead

    async def run(self, body: AsyncIterator[bytes], receive: Receive, send: Finishing) -> None:
        """To the end of the answer. However it ends, no process of it is left."""
        process = await asyncio.create_subprocess_exec(
            *self._command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=self._environment,
            # A group of its own: upload-pack starts pack-objects, and both must end together.
            start_new_session=True,
        )
        feeding = asyncio.create_task(_feed(process, body, receive))
        answering = asyncio.create_task(self._answer(process, send))
        hearing = asyncio.create_task(_hear(process))
        try:
            await asyncio.wait({feeding, answering}, return_when=asyncio.FIRST_COMPLETED)
            if feeding.done() and not answering.done():
                # Feeding ends only by trouble or by the visitor's leaving.
                feeding.result()
                return
            await answering
        except DisconnectedError:
            return
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            for task in (feeding, answering):
                task.cancel()
            await asyncio.gather(feeding, answering, return_exceptions=True)
            said = await hearing
            code = await process.wait()
            if code not in (0, -signal.SIGKILL):
                _log.warning("git ended with %d: %s", code, said.decode("utf-8", "replace").strip())

    async def _answer(self, process: asyncio.subprocess.Process, send: Finishing) -> None:
        assert process.stdout is not None
        piece = await process.stdout.read(PIECE)
        if not piece:
            raise GitUnreadableError("git could not read this request.", "Try again with a current git.")
        await send({"type": "http.response.start", "status": 200, "headers": self._headers})
        if self._lead:
            await send({"type": "http.response.body", "body": self._lead, "more_body": True})
        while piece:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            piece = await process.stdout.read(PIECE)
        # A git that failed has said so in its own protocol, or left an answer that no client takes for whole.
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _feed(process: asyncio.subprocess.Process, body: AsyncIterator[bytes], receive: Receive) -> None:
    """Gives git the request, then waits for the visitor to leave."""
    assert process.stdin is not None
    async for piece in body:
        # git may have heard enough and gone; what it answered stands, the rest is read and dropped.
        with suppress(*_GONE):
            process.stdin.write(piece)
            await process.stdin.drain()
    with suppress(*_GONE):
        # Not waited for: cancelling that wait leaves asyncio with a process that never ends (3.11).
        process.stdin.close()
    while (await receive())["type"] != "http.disconnect":
        pass
    raise DisconnectedError


async def _hear(process: asyncio.subprocess.Process) -> bytes:
    """The beginning of what git complains, the rest read and dropped so that it never blocks."""
    assert process.stderr is not None
    said = b""
    while piece := await process.stderr.read(PIECE):
        said += piece[: _SAID_BYTES - len(said)]
    return said
