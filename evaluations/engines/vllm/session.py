"""A policy made ready to be put to vLLM in this process: one batch, each verdict as soon as it is there."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from evaluations.engines.base import Task
from evaluations.engines.prompt_format import PromptFormat
from evaluations.engines.vllm.names import NAME
from evaluations.engines.vllm.starting import Started
from evaluations.errors import EngineError
from evaluations.prompt_tokens import token_digest
from evaluations.templates.base import Template
from evaluations.verdicts import CONTEXT_OVERFLOW, Answer, Failed, Tokens
from policies.model import Case

MOST_UNDER_WAY = 1_024
"""vLLM batches what it is given; more than this only fills memory with prompts that wait."""


class VllmSession:
    """Implements `Session`. The policy is the prefix that all prompts share, so it is computed once."""

    def __init__(self, started: Started, format_: PromptFormat, task: Task, template: Template) -> None:
        self._started = started
        self._format = format_
        self._text = task.policy_text
        self._meta = task.policy.meta
        self._template = template
        self._context = int(started.llm.model_config.max_model_len)

    def classify(self, cases: Sequence[Case]) -> Iterator[Answer]:
        """Answers in the order in which they are done. Leaving early ends what is under way.

        Raises `EngineError` when vLLM dies; what was answered by then has been given.
        """
        batch = _Batch(self._started, self._format.stop_ids)
        left = iter(cases)
        try:
            while True:
                for case in islice(left, MOST_UNDER_WAY - len(batch)):
                    refused = self._hand_over(batch, case)
                    if refused is not None:
                        yield refused
                if not len(batch):
                    return
                for done in batch.step():
                    yield self._answer(done)
        finally:
            batch.abort()

    def prompt(self, case: Case) -> list[int]:
        """The token ids that are handed over for a case. Raises `UnicodeEncodeError`."""
        return self._format.prompt(self._template.render(self._text, self._meta.labels, case))

    def _hand_over(self, batch: _Batch, case: Case) -> Answer | None:
        try:
            ids = self.prompt(case)
        except UnicodeEncodeError:
            return Answer(case_id=case.id, verdict=Failed(error="not-unicode"))
        # There must be room for an answer. Nothing is ever cut off to make some.
        if len(ids) >= self._context:
            return Answer(
                case_id=case.id,
                verdict=Failed(error=CONTEXT_OVERFLOW),
                tokens=Tokens(input=len(ids)),
                prompt_hash=token_digest(ids),
            )
        batch.add(case.id, ids, self._context - len(ids))
        return None

    def _answer(self, done: _Done) -> Answer:
        said = self._format.read(done.ids)
        return Answer(
            case_id=done.case_id,
            verdict=self._template.parse(said.content, done.finish_reason, self._meta.codes),
            finish_reason=done.finish_reason,
            output=said.content,
            reasoning=said.reasoning,
            tokens=Tokens(
                input=len(done.prompt),
                output=len(done.ids),
                cached=done.cached,
                reasoning=said.reasoning_tokens,
            ),
            latency_ms=done.latency_ms,
            prompt_hash=token_digest(done.prompt),
        )


class _Done(NamedTuple):
    """A finished answer as vLLM gives it; `cached` is how much of the prompt had been computed before."""

    case_id: str
    prompt: Sequence[int]
    ids: Sequence[int]
    finish_reason: str | None
    cached: int | None
    latency_ms: int


class _Batch:
    """The cases that are under way, and the wish for their answers to be greedy."""

    def __init__(self, started: Started, stop_ids: Sequence[int]) -> None:
        self._started = started
        self._stop_ids = list(stop_ids)
        self._begun: dict[str, tuple[str, float]] = {}

    def __len__(self) -> int:
        return len(self._begun)

    def add(self, case_id: str, ids: Sequence[int], most: int) -> None:
        """Hands one prompt over; its answer may have `most` tokens."""
        from vllm import SamplingParams
        from vllm.inputs import tokens_input
        from vllm.sampling_params import RequestOutputKind

        wish = SamplingParams(
            temperature=0.0,
            max_tokens=most,
            stop_token_ids=self._stop_ids,
            detokenize=False,
            output_kind=RequestOutputKind.FINAL_ONLY,
        )
        name = str(next(self._started.llm.request_counter))
        self._started.llm.llm_engine.add_request(name, tokens_input(list(ids)), wish)
        self._begun[name] = (case_id, time.monotonic())

    def step(self) -> Iterator[_Done]:
        """Lets vLLM work on; the answers that are done by then."""
        try:
            outputs = self._started.llm.llm_engine.step()
        except Exception as error:
            raise EngineError(
                NAME,
                self._started.ended(error),
                "What was answered is kept. Look for what ended it (often memory), and run the same command.",
            ) from error
        for output in outputs:
            if output.finished:
                case_id, begun = self._begun.pop(output.request_id)
                said = output.outputs[0]
                yield _Done(
                    case_id=case_id,
                    prompt=output.prompt_token_ids,
                    ids=said.token_ids,
                    finish_reason=said.finish_reason,
                    cached=output.num_cached_tokens,
                    latency_ms=round((time.monotonic() - begun) * 1000),
                )

    def abort(self) -> None:
        """Takes back what is under way."""
        if self._begun:
            self._started.llm.llm_engine.abort_request(list(self._begun))
            self._begun.clear()
