"""The chat completion request, and reading what comes back. Pure.

An answer is believed only as far as its shape: whatever is not a finished completion of the documented
form is a failure with a code, and what the model said is read by the template alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated

import msgspec

from evaluations.engines.openai_server import Server
from evaluations.templates.base import Message
from evaluations.verdicts import Tokens

_LARGEST = 2**53
_INPUT_LENGTH = re.compile(r"Input length \(\d+\) exceeds model's maximum context length \(\d+\)\.")


class Refused(msgspec.Struct, frozen=True):
    """An answer that is no completion; `error` is a code for `Failed`."""

    error: str


class Completion(msgspec.Struct, frozen=True):
    """What a model said. `content` is its answer, `reasoning` what it wrote before."""

    content: str | None
    reasoning: str | None
    finish_reason: str | None
    tokens: Tokens | None
    prompt_ids: Sequence[int] | None = None


class _Message(msgspec.Struct):
    content: str | None = None
    reasoning: str | None = None
    reasoning_content: str | None = None


class _Choice(msgspec.Struct):
    message: _Message
    finish_reason: str | None = None


class _Answer(msgspec.Struct):
    choices: list[_Choice]
    usage: msgspec.Raw = msgspec.Raw()
    prompt_token_ids: msgspec.Raw = msgspec.Raw()


class _Details(msgspec.Struct):
    cached_tokens: int | None = None
    reasoning_tokens: int | None = None


class _Usage(msgspec.Struct):
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    prompt_tokens_details: _Details | None = None
    completion_tokens_details: _Details | None = None


class _Fault(msgspec.Struct):
    code: str | int | None = None
    param: str | None = None
    type: str | None = None
    message: str | None = None


class _FaultAnswer(msgspec.Struct):
    error: _Fault


_ANSWER = msgspec.json.Decoder(_Answer)
_USAGE = msgspec.json.Decoder(_Usage)
_IDS = msgspec.json.Decoder(list[Annotated[int, msgspec.Meta(ge=0, lt=_LARGEST)]] | None)
_FAULT = msgspec.json.Decoder(_FaultAnswer)
_ENCODER = msgspec.json.Encoder()


def request_body(server: Server, messages: Sequence[Message]) -> bytes:
    """The request as JSON. Raises `UnicodeEncodeError` for text with half a character in it.

    Temperature 0; answers are not capped, since a cap cuts the reasoning off before the label.
    """
    body: dict[str, object] = {
        "model": server.model,
        "messages": [message.to_json() for message in messages],
        "temperature": 0,
    }
    if server.effort is not None:
        body["reasoning_effort"] = server.effort
    if server.tells_tokens:
        body["return_token_ids"] = True
    return _ENCODER.encode(body)


def read_completion(body: bytes) -> Completion | Refused:
    """The first choice of an answer."""
    try:
        answer = _ANSWER.decode(body)
    except msgspec.ValidationError:
        return Refused("malformed-answer")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Refused("not-json")
    if not answer.choices:
        return Refused("no-choice")
    choice = answer.choices[0]
    message = choice.message
    return Completion(
        content=message.content,
        reasoning=message.reasoning or message.reasoning_content or None,
        finish_reason=choice.finish_reason,
        tokens=_tokens(answer.usage),
        prompt_ids=_ids(answer.prompt_token_ids),
    )


def is_too_long(body: bytes) -> bool:
    """Whether a refused request was refused because policy and content exceed the context window."""
    try:
        fault = _FAULT.decode(body).error
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return False
    # What hosted servers say, what vLLM does, what llama.cpp does, and what vLLM 0.32 does for gpt-oss: a
    # sentence with two numbers in it, and no field that tells it from other refusals.
    return (
        fault.code == "context_length_exceeded"
        or fault.param == "input_tokens"
        or fault.type == "exceed_context_size_error"
        or _INPUT_LENGTH.fullmatch(fault.message or "") is not None
    )


def _tokens(raw: msgspec.Raw) -> Tokens | None:
    """The counts that a server states; what it gets wrong here costs nobody their verdict."""
    if not bytes(raw):
        return None
    try:
        usage = _USAGE.decode(raw)
    except msgspec.MsgspecError:
        return None
    prompt, completion = usage.prompt_tokens_details, usage.completion_tokens_details
    return Tokens(
        input=_count(usage.prompt_tokens),
        output=_count(usage.completion_tokens),
        cached=_count(prompt.cached_tokens if prompt else None),
        reasoning=_count(completion.reasoning_tokens if completion else None),
    )


def _ids(raw: msgspec.Raw) -> Sequence[int] | None:
    """The prompt as the server handed it to the model; what is no list of ids is as good as none."""
    try:
        return (_IDS.decode(raw) or None) if bytes(raw) else None
    except msgspec.MsgspecError:
        return None


def _count(value: int | None) -> int | None:
    return value if value is not None and 0 <= value < _LARGEST else None
