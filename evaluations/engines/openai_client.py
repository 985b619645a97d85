"""Sends requests to one server and reads its answers, all of it bounded. Loads aiohttp, inside functions.

Redirects are not followed, cookies not kept, proxies and keys of the environment not taken, and bodies
read only as far as is sensible. What goes wrong is a code (`NoAnswerError`), never the server's words:
they may hold what was sent.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, NamedTuple

from evaluations.engines.openai_server import Patience, Server
from evaluations.engines.openai_wire import is_too_long
from evaluations.verdicts import CONTEXT_OVERFLOW

if TYPE_CHECKING:
    from aiohttp import ClientResponse, ClientSession

_FAULT_BYTES = 64 * 1024
_LONGEST_NUMBER = 9


class Reply(NamedTuple):
    """The body of a 200, and how long the request took that brought it."""

    body: bytes
    latency_ms: int


class NoAnswerError(Exception):
    """No answer came: `code` says why, `passing` that it may go away, `wait` what the server asked for."""

    def __init__(self, code: str, *, passing: bool = False, wait: float | None = None) -> None:
        self.code = code
        self.passing = passing
        self.wait = wait
        super().__init__(code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chances:
    """Time and chance, as arguments: seconds that never go backwards, UTC seconds, a draw from 0 to 1."""

    monotonic: Callable[[], float] = time.monotonic
    now: Callable[[], float] = time.time
    draw: Callable[[], float] = random.random


@dataclass(slots=True, kw_only=True)
class Client:
    """Connections to one server, at most `concurrency` at a time. Close it in the loop that used it."""

    server: Server
    patience: Patience = field(default_factory=Patience)
    concurrency: int = 32
    chances: Chances = field(default_factory=Chances)
    _session: ClientSession | None = None
    _quiet_until: float = 0.0

    async def complete(self, body: bytes) -> Reply:
        """The answer to a chat completion request. Raises `NoAnswerError` once patience ends."""
        attempt = 1
        while True:
            await self._keep_quiet()
            try:
                return await self._once("POST", f"{self.server.base_url}/chat/completions", body)
            except NoAnswerError as error:
                too_long = error.wait is not None and error.wait > self.patience.longest_asked_wait
                if not error.passing or too_long or attempt >= self.patience.tries:
                    raise
                await asyncio.sleep(self._wait_after(attempt, error.wait))
            attempt += 1

    async def get(self, url: str) -> Reply:
        """The answer to one GET, tried once. Raises `NoAnswerError`."""
        return await self._once("GET", url, None)

    async def close(self) -> None:
        """Ends every connection."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _once(self, method: str, url: str, body: bytes | None) -> Reply:
        import aiohttp

        begun = self.chances.monotonic()
        try:
            async with self._opened().request(method, url, data=body, allow_redirects=False) as response:
                if response.status != 200:
                    raise await self._refusal(response)
                read = await _read(response, self.patience.answer_bytes)
        except TimeoutError:
            raise NoAnswerError("timeout", passing=True) from None
        except aiohttp.ClientConnectorCertificateError:
            raise NoAnswerError("certificate") from None
        except aiohttp.ClientConnectorError:
            raise NoAnswerError("unreachable", passing=True) from None
        except (aiohttp.ClientPayloadError, aiohttp.ClientConnectionError, OSError):
            raise NoAnswerError("connection-lost", passing=True) from None
        except (aiohttp.ClientError, ValueError):
            raise NoAnswerError("bad-http") from None
        return Reply(read, round((self.chances.monotonic() - begun) * 1000))

    def _opened(self) -> ClientSession:
        if self._session is None:
            import aiohttp

            headers = {"Content-Type": "application/json", "Accept-Encoding": "identity"}
            if self.server.key is not None:
                headers["Authorization"] = f"Bearer {self.server.key}"
            self._session = aiohttp.ClientSession(
                headers=headers,
                connector=aiohttp.TCPConnector(limit=self.concurrency),
                timeout=aiohttp.ClientTimeout(
                    total=self.patience.seconds, sock_connect=self.patience.connect_seconds
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                # A body that unpacks to a thousand times its size is not unpacked at all.
                auto_decompress=False,
                trust_env=False,
            )
        return self._session

    async def _refusal(self, response: ClientResponse) -> NoAnswerError:
        status = response.status
        if 300 <= status < 400:
            return NoAnswerError("redirected")
        # 500 is what some versions of llama.cpp answer.
        if status in (400, 413, 422, 500) and is_too_long(await _read(response, _FAULT_BYTES)):
            return NoAnswerError(CONTEXT_OVERFLOW)
        passing = status in (408, 429) or status >= 500
        wait = None
        if passing:
            wait = seconds_asked(response.headers.get("Retry-After"), self.chances.now())
        return NoAnswerError(f"http-{status}", passing=passing, wait=wait)

    def _wait_after(self, attempt: int, asked: float | None) -> float:
        most = min(self.patience.longest_wait, self.patience.first_wait * 2.0 ** (attempt - 1))
        wait = most * self.chances.draw()
        if asked is not None:
            # Whoever is about to ask the same server waits as well; the draw parts them afterwards.
            self._quiet_until = max(self._quiet_until, self.chances.monotonic() + asked)
            wait += asked
        return wait

    async def _keep_quiet(self) -> None:
        left = self._quiet_until - self.chances.monotonic()
        if left > 0:
            await asyncio.sleep(left)


def seconds_asked(header: str | None, now: float) -> float | None:
    """Retry-After in seconds from `now`: a number or a date (RFC 9110, 10.2.3); None for neither."""
    stated = (header or "").strip()
    if stated.isascii() and stated.isdigit():
        return float(stated[:_LONGEST_NUMBER])
    try:
        at = parsedate_to_datetime(stated)
    except ValueError:
        return None
    # A date without a zone is taken as the header's own, which is UTC.
    return max(0.0, (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() - now)


async def _read(response: ClientResponse, limit: int) -> bytes:
    """The body, if it is plain and not longer than `limit`."""
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise NoAnswerError("packed-answer")
    read = bytearray()
    async for piece in response.content.iter_any():
        read += piece
        if len(read) > limit:
            raise NoAnswerError("endless-answer")
    return bytes(read)
