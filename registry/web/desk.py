"""The desk at which accounts are dealt with: whose a request is, and every act of theirs. Keeps threads.

Passwords are hashed on threads of their own, some at a time: however many sign in, pages are served. Whoever
comes when too many wait is told to come back.
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from functools import partial
from typing import Any, TypeVar

from registry.accounts import sessions, tokens
from registry.accounts.accounts import Accounts
from registry.accounts.database import CONNECTIONS
from registry.accounts.errors import DatabaseAwayError, DatabaseUnusableError
from registry.accounts.scopes import IN_SESSION
from registry.accounts.secret_text import SecretKind
from registry.accounts.sessions import KnownSession
from registry.accounts.sign_in import confirm
from registry.accounts.tidying import EVERY_SECONDS, tidy
from registry.accounts.windows import Budget, Draw, draw
from registry.web.credentials import Credential, Place, credential_of
from registry.web.csrf import csrf_of
from registry.web.limiting import Taken, policy, quoted, stands
from registry.web.refusals import AccountsAwayError, AccountsBusyError, BadTokenError
from registry.web.security import Act, Result, Watch
from registry.web.settings import LOOPBACK, AccountSettings, SignUp
from registry.web.turns import Turns
from registry.web.viewer import Viewer
from registry.web.visitors import is_from, visitor_of

Found = TypeVar("Found")

_log = logging.getLogger("registry.web")

_LOCAL_HOST = re.compile(rb"(?i:localhost)(?::\d+)?|127(?:\.\d+){3}(?::\d+)?|\[::1\](?::\d+)?")
_MOST_THREADS = 4


class Desk:
    """Made once; `open` it and `close` it in the event loop that serves. `writing` is None without limits."""

    def __init__(
        self, accounts: Accounts, settings: AccountSettings, watch: Watch, writing: Budget | None
    ) -> None:
        self.accounts = accounts
        self.settings = settings
        self.watch = watch
        self._writing = writing
        threads = settings.threads or max(1, min(_MOST_THREADS, (os.cpu_count() or 1) // 2))
        self._hashing = ThreadPoolExecutor(threads, thread_name_prefix="password")
        self._turns = Turns(threads, settings.waiting, AccountsBusyError)
        # Of its own: while a database is slow to answer, pages that need none are made as ever.
        self._asking = ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="accounts")
        self._tidying: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Begins to tidy up, now and then, and makes what the first sign-in would wait for."""
        await self.slowly(lambda: self.accounts.passwords.decoy)
        self._tidying = asyncio.create_task(self._tidy())

    async def close(self) -> None:
        """Ends, and closes the database."""
        if self._tidying is not None:
            self._tidying.cancel()
        for threads in (self._hashing, self._asking):
            threads.shutdown(wait=False, cancel_futures=True)
        await asyncio.to_thread(self.accounts.close)

    async def ask(self, verb: Callable[[], Found]) -> Found:
        """What a verb of `registry.accounts` gives. Raises `AccountsAwayError`, and what the verb refuses."""
        told = partial(copy_context().run, _told, verb)
        return await asyncio.get_running_loop().run_in_executor(self._asking, told)

    async def slowly(self, verb: Callable[[], Found]) -> Found:
        """The same for a verb that hashes a password. Also raises `AccountsBusyError`."""
        async with self._turns.one():
            told = partial(copy_context().run, _told, verb)
            return await asyncio.get_running_loop().run_in_executor(self._hashing, told)

    async def once_confirmed(
        self, scope: Mapping[str, Any], handle: str, password: str, verb: Callable[[], Found]
    ) -> Found:
        """What a verb gives once this is their password.

        Raises `SignInRefusedError` and `TooManyTriesError` besides: whoever finds a screen unlocked has no
        more tries than whoever signs in.
        """
        address = visitor_of(scope)

        def confirmed() -> Found:
            confirm(self.accounts, handle, password, address=address, limits=self.settings.tries)
            return verb()

        return await self.slowly(confirmed)

    async def identify(self, credential: Credential, /) -> Viewer | None:
        """Whose a session or a token is. Raises `BadTokenError`, `AccountsAwayError`."""
        if credential.kind is SecretKind.SESSION:
            session = await self.ask(lambda: sessions.find(self.accounts, credential.secret))
            if session is None:
                return None
            return Viewer(session.handle, IN_SESSION, "session", csrf_of(credential.secret))
        token = await self.ask(lambda: tokens.find(self.accounts, credential.secret))
        if token is None or credential.handle not in (None, "", token.handle):
            reason = "unknown, expired or revoked" if token is None else "another's name"
            self.watch.note(Act.TOKEN, Result.REFUSED, reason=reason)
            raise BadTokenError(
                "This token does not count here: it is unknown, has expired or was revoked.",
                "Make one on your account's page.",
            )
        self.watch.count(Act.TOKEN, Result.DONE)
        return Viewer(token.handle, token.scopes, "token", token=token)

    async def draw_write(self, viewer: Viewer) -> Taken | None:
        """Draws on what an account may write in a minute; None where nobody is counted."""
        if self._writing is None:
            return None
        budget = self._writing
        drawn = await self.ask(lambda: draw(self.accounts, [Draw(budget, viewer.handle)]))
        name = quoted(budget.name)
        fields = policy(name, budget.quota, budget.seconds), stands(name, drawn.left, drawn.seconds)
        return Taken(drawn.allowed, fields, budget.quota, budget.seconds, drawn.seconds)

    async def session_of(self, scope: Mapping[str, Any]) -> KnownSession | None:
        """The session that a request came with."""
        credential = credential_of(scope, Place.PAGE)
        if credential is None:
            return None
        return await self.ask(lambda: sessions.find(self.accounts, credential.secret))

    def is_open(self, scope: Mapping[str, Any]) -> bool:
        """Whether whoever sends this request may sign up without an invitation."""
        if self.settings.sign_up is not SignUp.LOCAL:
            return self.settings.sign_up is SignUp.OPEN
        # Somebody whose request a proxy or a tunnel passes on is not at this machine, whatever its address.
        # HTTP/1.0 is spoken by no browser, and by nginx as long as nobody tells it otherwise.
        if scope.get("http_version") == "1.0":
            return False
        host = next((value for name, value in scope["headers"] if name == b"host"), b"")
        return _LOCAL_HOST.fullmatch(host) is not None and is_from(scope, LOOPBACK)

    @property
    def takes_invitations(self) -> bool:
        """Whether an invitation lets somebody sign up."""
        return self.settings.sign_up is not SignUp.CLOSED

    async def _tidy(self) -> None:
        while True:
            # What does not answer now is tidied in the next round.
            with suppress(AccountsAwayError):
                await self.ask(lambda: tidy(self.accounts))
            await asyncio.sleep(EVERY_SECONDS)


def _told(verb: Callable[[], Found]) -> Found:
    try:
        return verb()
    except DatabaseAwayError as error:
        _log.warning("%s", error)
        raise AccountsAwayError(error.retry_after) from error
    except DatabaseUnusableError as error:
        _log.error("%s", error)
        raise AccountsAwayError(60) from error
