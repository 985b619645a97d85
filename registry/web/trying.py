"""Puts a visitor's text to an engine, within limits. Keeps fitted policies, and nothing of any text.

Fitting the word-matching baseline is work for a processor, so all of it happens on one thread, one after
another: whoever asks for a policy that is being fitted waits for that fit, and pages are served meanwhile.
A model server is waited for in the event loop, where a thousand waits cost no thread.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from evaluations.engines import lexical
from evaluations.engines.base import Engine
from evaluations.engines.catalogue import engine_named
from evaluations.engines.openai import INFO, OpenAIEngine
from evaluations.engines.openai_client import Client
from evaluations.engines.openai_server import NAME as OPENAI
from evaluations.engines.openai_server import Patience, Server
from evaluations.engines.openai_session import OpenAISession
from evaluations.errors import EngineError, TemplateError
from evaluations.verdicts import CONTEXT_OVERFLOW, Failed
from policies.folder import PolicyFolder
from policies.model import Case
from registry.services.classify import Judgement, Prepared, judgement_of, prepare
from registry.services.verdict_words import why_not
from registry.web.settings import TryLimits
from registry.web.shelf import Shelf
from registry.web.try_refusals import (
    CannotTryError,
    ModelServerError,
    ModelSlowError,
    TextRefusedError,
    TryBusyError,
)
from registry.web.turns import Turns

_CASE = "text"
_BUSY = ("http-429", "http-503")


class Offered(NamedTuple):
    """An engine that a text can be tried with. `note` is the sentence that stands beside what it says."""

    name: str
    title: str
    note: str
    model: str | None = None


class Subject(NamedTuple):
    """The policy version to try a text on, and what its fit is kept by: it goes when `stands` moves."""

    folder: PolicyFolder
    commons: str
    content: str
    stands: str


class Trying:
    """What the site needs to try texts. Made once; `close()` it in the event loop that served."""

    def __init__(self, limits: TryLimits, model: Server | None) -> None:
        self.limits = limits
        self.fits = 0
        """How many policies were fitted since the start."""
        self._fits = Shelf(limits.kept_bytes)
        self._fitting = ThreadPoolExecutor(max_workers=1, thread_name_prefix="try")
        self._fit_places = Turns(1, limits.waiting, _full)
        self._model_places = Turns(limits.model_concurrent, limits.waiting, _full)
        # The deadline over all tries is ours; the server's own word on when to come back is passed on.
        patience = Patience(seconds=limits.model_seconds, tries=2, longest_wait=1.0, longest_asked_wait=2.0)
        self._model = None
        self._client = None
        if model is not None:
            self._model = OpenAIEngine(server=model, patience=patience, concurrency=limits.model_concurrent)
            self._client = Client(server=model, patience=patience, concurrency=limits.model_concurrent)

    @property
    def offered(self) -> tuple[Offered, ...]:
        """The engines there are, the usual one first: the operator's model, if they named one."""
        info = engine_named(lexical.NAME).info
        word_matching = Offered(info.name, info.title, info.summary)
        if self._model is None:
            return (word_matching,)
        model = self._model.server.model
        return (Offered(OPENAI, model, INFO.summary, model), word_matching)

    def engine(self, name: str | None) -> Offered:
        """The engine of this name, or the usual one. Raises `CannotTryError`."""
        for offered in self.offered:
            if name in (None, offered.name):
                return offered
        raise CannotTryError(
            "No engine of this name is offered here.",
            f"Use {' or '.join(offered.name for offered in self.offered)}.",
        )

    def check(self, text: str) -> None:
        """Raises `TextRefusedError` for a text that is empty or longer than the limit."""
        if not text.strip():
            raise TextRefusedError("There is no text to try.", "Write or paste one.")
        if len(text) > self.limits.characters:
            raise TextRefusedError(
                f"The text has {len(text):,} characters; at most {self.limits.characters:,} are taken here.",
                "Try a part of it, or use `commons classify` on your own machine.",
            )

    async def judge(self, engine: Offered, subject: Subject, text: str) -> Judgement:
        """What the engine says.

        Raises `CannotTryError`, `TextRefusedError`, `TryBusyError`, `ModelSlowError` and `ModelServerError`.
        """
        case = Case(id=_CASE, content=text)
        try:
            if engine.name == OPENAI and self._model is not None and self._client is not None:
                return await self._ask(self._model, self._client, subject, case)
            async with self._fit_places.one():
                loop = asyncio.get_running_loop()
                return await loop.run_in_executor(self._fitting, self._match_words, subject, case)
        except (EngineError, TemplateError) as error:
            raise CannotTryError(error.rule[:1].upper() + error.rule[1:], error.remedy) from None

    async def close(self) -> None:
        """Ends connections and lets no further fit begin."""
        self._fitting.shutdown(wait=False, cancel_futures=True)
        if self._client is not None:
            await self._client.close()

    def _match_words(self, subject: Subject, case: Case) -> Judgement:
        prepared = self._fits.part(
            (subject.commons, subject.content), {subject.commons: subject.stands}, lambda: self._fit(subject)
        )
        return next(judged for _, judged in prepared.judge((case,)))

    def _fit(self, subject: Subject) -> tuple[Prepared, int]:
        size = lexical.fit_size(subject.folder.document.policy)
        if size.work > self.limits.fit_work:
            raise CannotTryError(
                "This policy has more examples than can be learned from while you wait.",
                "Use `commons classify` on your own machine.",
            )
        prepared = prepare(subject.folder, engine_named(lexical.NAME))
        self.fits += 1
        return prepared, size.bytes

    async def _ask(self, engine: Engine, client: Client, subject: Subject, case: Case) -> Judgement:
        session = prepare(subject.folder, engine).session
        assert isinstance(session, OpenAISession)
        async with self._model_places.one():
            try:
                async with asyncio.timeout(self.limits.model_seconds):
                    answer = await session.ask(client, case)
            except TimeoutError:
                answer = None
        if answer is None or answer.verdict == Failed(error="timeout"):
            raise ModelSlowError(self.limits.model_seconds)
        if isinstance(answer.verdict, Failed):
            self._refuse(answer.verdict)
        return judgement_of(subject.folder, answer)

    def _refuse(self, failed: Failed) -> None:
        said = why_not(failed) or ""
        if failed.error in ("too-long", CONTEXT_OVERFLOW):
            raise TextRefusedError(said, "Try a shorter text.")
        if failed.error in _BUSY:
            raise TryBusyError(said)
        raise ModelServerError(said)


def _full() -> TryBusyError:
    return TryBusyError("Many texts are being tried right now.")
