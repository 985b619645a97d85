"""One push from its first byte to its answer. Writes aside, then asks the services."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from governance.authority import head_ref
from registry.push.aside import set_aside, unpack
from registry.push.asked import Asked, commit_of, read_asked, wish_of
from registry.push.contents import read_draft
from registry.push.errors import PushRefusedError, UnreadablePushError
from registry.push.limits import PackLimits
from registry.push.packets import Incoming
from registry.push.proposing import Turns, propose_pushed
from registry.push.report import report
from registry.push.words import Said, refusal_of, said_of
from registry.store.refs import MAIN
from registry.store.repository import Repository

Done = TypeVar("Done")

_THREADS = 2


class Pushes:
    """Takes pushes to any commons; for one event loop. `seconds` is how long one may take to send.

    What is pushed is read and linted on threads of its own, so that pages never wait for one.
    """

    def __init__(self, limits: PackLimits, *, seconds: float) -> None:
        self._limits = limits
        self._seconds = seconds
        self._turns = Turns()
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="push")

    def close(self) -> None:
        """Takes no more."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def take(
        self, repository: Repository, body: AsyncIterator[bytes], *, actor: str, address: str
    ) -> bytes:
        """Takes a push or refuses it; gives the report that git shows. `address` is that of the commons.

        Raises `UnreadablePushError`, `TimeoutError`, and what `body` raises; then nothing was changed.
        """
        incoming = Incoming(body)
        async with asyncio.timeout(self._seconds):
            if await incoming.at_end():
                raise UnreadablePushError
            asked = await read_asked(incoming)
        if not asked.commands:
            # Before it sends much, git asks with an empty push whether it may.
            return b""
        said, landed = await self._said(repository, asked, incoming, actor, address)
        return report(asked, refused=said.refused, lines=said.lines, landed=landed)

    async def _said(
        self, repository: Repository, asked: Asked, incoming: Incoming, actor: str, address: str
    ) -> tuple[Said, str | None]:
        try:
            try:
                commit, wish = commit_of(asked), wish_of(asked.options)
            except PushRefusedError:
                # git reads no answer before it has sent everything.
                async with asyncio.timeout(self._seconds):
                    await incoming.drop()
                raise
            with set_aside(repository.path) as place:
                async with asyncio.timeout(self._seconds):
                    await unpack(place, incoming, self._limits)

                def propose() -> tuple[Said, str]:
                    main = repository.state().refs[MAIN]
                    draft = read_draft(place, commit, main, self._limits, wish.declared)
                    with self._turns.of(repository):
                        proposed = propose_pushed(repository, draft, wish, actor=actor)
                    return said_of(repository, proposed, draft, address), head_ref(proposed.number)

                return await self._to_its_end(propose)
        except (TimeoutError, UnreadablePushError):
            raise
        except Exception as error:
            if incoming.is_broken:
                raise
            return refusal_of(error), None

    async def _to_its_end(self, work: Callable[[], Done]) -> Done:
        """What a thread gives. Whoever is told to stop waits for it: it reads what would be thrown away."""
        running = asyncio.get_running_loop().run_in_executor(self._threads, work)
        try:
            return await asyncio.shield(running)
        except asyncio.CancelledError:
            if not running.cancelled():
                await asyncio.wait({running})
            raise
