"""A policy made ready to be put to a server: asks many cases at a time. Runs an event loop of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence

from evaluations.context import finish_reason
from evaluations.engines.base import Task
from evaluations.engines.openai_client import Client, NoAnswerError
from evaluations.engines.openai_server import Patience, Server
from evaluations.engines.openai_wire import Refused, read_completion, request_body
from evaluations.prompt_tokens import token_digest
from evaluations.templates.base import Template
from evaluations.verdicts import Answer, Failed
from policies.model import Case


class OpenAISession:
    """Implements `Session`. `ask` is for callers that have an event loop, `classify` brings its own."""

    def __init__(
        self, server: Server, patience: Patience, concurrency: int, task: Task, template: Template
    ) -> None:
        self._server = server
        self._patience = patience
        self._concurrency = concurrency
        self._text = task.policy_text
        self._meta = task.policy.meta
        self._template = template

    def client(self) -> Client:
        """Connections to this session's server, for `ask`."""
        return Client(server=self._server, patience=self._patience, concurrency=self._concurrency)

    async def ask(self, client: Client, case: Case) -> Answer:
        """The answer to one case. What goes wrong is `Failed`."""
        try:
            body = request_body(self._server, self._template.render(self._text, self._meta.labels, case))
        except UnicodeEncodeError:
            return Answer(case_id=case.id, verdict=Failed(error="not-unicode"))
        try:
            reply = await client.complete(body)
        except NoAnswerError as error:
            return Answer(case_id=case.id, verdict=Failed(error=error.code))
        said = read_completion(reply.body)
        if isinstance(said, Refused):
            failed = Failed(error=said.error)
            return Answer(case_id=case.id, verdict=failed, latency_ms=reply.latency_ms)
        window = self._server.stated.get("context")
        ended = finish_reason(said.finish_reason, said.tokens, window if isinstance(window, int) else None)
        return Answer(
            case_id=case.id,
            verdict=self._template.parse(said.content, ended, self._meta.codes),
            finish_reason=ended,
            output=said.content,
            reasoning=said.reasoning,
            tokens=said.tokens,
            latency_ms=reply.latency_ms,
            prompt_hash=None if said.prompt_ids is None else token_digest(said.prompt_ids),
        )

    def classify(self, cases: Sequence[Case]) -> Iterator[Answer]:
        """Answers in the order in which they come. Not to be called where an event loop runs.

        While the caller holds an answer nothing new is sent: whoever keeps them (a journal, a pipe) sets
        the pace. Leaving early, by an exception or Ctrl-C as well, ends what is under way.
        """
        with asyncio.Runner() as runner:
            crew = _Crew(self, cases, self._concurrency)
            try:
                while answers := runner.run(crew.some()):
                    yield from answers
            except KeyboardInterrupt:
                # What came while we waited was paid for: whoever keeps answers gets it before we stop.
                yield from crew.came()
                raise
            finally:
                runner.run(crew.end())


class _Crew:
    """As many workers as may ask at a time; each takes the next case that nobody has taken."""

    def __init__(self, session: OpenAISession, cases: Sequence[Case], concurrency: int) -> None:
        self._session = session
        self._left = iter(cases)
        self._size = min(concurrency, len(cases))
        self._client = session.client()
        self._workers: list[asyncio.Task[None]] = []
        self._came = asyncio.Event()
        self._answers: list[Answer] = []
        self._working = self._size

    async def some(self) -> list[Answer]:
        """The answers that came since the last look, at least one; none when there are no more."""
        if not self._workers:
            self._workers = [asyncio.create_task(self._work()) for _ in range(self._size)]
        while not self._answers and self._working:
            self._came.clear()
            await self._came.wait()
        answers = self.came()
        if not answers:
            # Only a bug of ours ends a worker early; it must not look like the end of the cases.
            await asyncio.gather(*self._workers)
        return answers

    def came(self) -> list[Answer]:
        """The answers that came since the last look, perhaps none."""
        answers, self._answers = self._answers, []
        return answers

    async def end(self) -> None:
        """Stops every worker and closes the connections."""
        for worker in self._workers:
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)
        await self._client.close()

    async def _work(self) -> None:
        try:
            for case in self._left:
                answer = await self._session.ask(self._client, case)
                # The list is looked up after the wait: `some` puts a new one in its place.
                self._answers.append(answer)
                self._came.set()
        finally:
            self._working -= 1
            self._came.set()
