from __future__ import annotations

import json
from typing import Any

import pytest

from evaluations.engines.openai_server import Server
from evaluations.engines.openai_wire import Completion, Refused, is_too_long, read_completion, request_body
from evaluations.templates.base import Message, Role
from evaluations.verdicts import Tokens

SERVER = Server(base_url="http://h/v1", model="m", key="sk-secret")
MESSAGES = (Message(role=Role.SYSTEM, content="Policy"), Message(role=Role.USER, content="Text"))


def answer(message: Any, finish_reason: Any = "stop", **more: Any) -> bytes:
    return json.dumps({"choices": [{"message": message, "finish_reason": finish_reason}], **more}).encode()


def _told(message: str) -> bytes:
    return json.dumps(
        {"error": {"message": message, "type": "BadRequestError", "param": None, "code": 400}}
    ).encode()


def test_a_request_holds_what_is_asked_and_nothing_more() -> None:
    """Messages, model, temperature 0; no cap on the answer, no key; effort only where one is asked for."""
    body = json.loads(request_body(SERVER, MESSAGES))
    assert body == {
        "model": "m",
        "messages": [{"role": "system", "content": "Policy"}, {"role": "user", "content": "Text"}],
        "temperature": 0,
    }
    with_effort = Server(base_url="http://h/v1", model="m", effort="low")
    assert json.loads(request_body(with_effort, MESSAGES)) == {**body, "reasoning_effort": "low"}


def test_only_a_vllm_server_is_asked_for_its_token_ids() -> None:
    """Its kind is what the server stated of itself; others may refuse a question that they do not know."""
    stated = [{"engine": "vllm 0.32.0"}, {"engine": "ollama 0.9"}, {}]
    servers = [Server(base_url="http://h/v1", model="m", stated=one) for one in stated]
    asked = [json.loads(request_body(server, MESSAGES)).get("return_token_ids") for server in servers]
    assert asked == [True, None, None]


@pytest.mark.parametrize(
    ("stated", "read"),
    [
        ([1, 2, 3], [1, 2, 3]),
        ([], None),
        (None, None),
        ([-1], None),
        (["a"], None),
        ("x", None),
        ([2**60], None),
    ],
)
def test_ids_of_the_prompt_are_read_and_wrong_ones_cost_no_verdict(stated: object, read: object) -> None:
    """A list of ids, or none."""
    answered = read_completion(answer({"content": "P1"}, prompt_token_ids=stated))
    assert isinstance(answered, Completion)
    assert (answered.content, answered.prompt_ids) == ("P1", read)


@pytest.mark.parametrize("field", ["reasoning", "reasoning_content"])
def test_reasoning_is_read_under_both_of_its_names(field: str) -> None:
    """Older servers call it otherwise; an empty one is none."""
    read = read_completion(answer({"content": "P1", field: "Because."}))
    assert read == Completion("P1", "Because.", "stop", None)
    assert read_completion(answer({"content": "P1", field: ""})) == Completion("P1", None, "stop", None)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", "not-json"),
        (b"<html>Bad gateway</html>", "not-json"),
        (answer({"content": "P1"})[:-3], "not-json"),
        (b"\xff\xfe", "not-json"),
        (b'{"choices": [{"message": {"content": "\\ud800"}}]}', "not-json"),
        (b'{"x": ' + b"[" * 100_000, "not-json"),
        (b"[]", "malformed-answer"),
        (b"{}", "malformed-answer"),
        (b'{"error": {"message": "no"}}', "malformed-answer"),
        (b'{"choices": null}', "malformed-answer"),
        (b'{"choices": [{}]}', "malformed-answer"),
        (b'{"choices": [{"message": null}]}', "malformed-answer"),
        (answer({"content": 1}), "malformed-answer"),
        (answer({"content": ["P1"]}), "malformed-answer"),
        (answer({"content": "P1", "reasoning": {}}), "malformed-answer"),
        (answer({"content": "P1"}, finish_reason=7), "malformed-answer"),
        (b'{"choices": []}', "no-choice"),
    ],
)
def test_what_is_no_completion_is_refused_with_its_reason(body: bytes, error: str) -> None:
    """A page, half an answer, wrong types and empty lists each have a code of their own kind."""
    assert read_completion(body) == Refused(error)


def test_both_fields_may_be_null() -> None:
    """A server that loses an answer sends nulls; that is for the template to judge."""
    read = read_completion(answer({"content": None, "reasoning": None}, finish_reason=None))
    assert read == Completion(None, None, None, None)


def test_tokens_are_counted_as_the_server_says() -> None:
    """Prompt, answer, cached and reasoning tokens are read where they are stated."""
    usage = {
        "prompt_tokens": 10,
        "completion_tokens": 5,
        "prompt_tokens_details": {"cached_tokens": 8},
        "completion_tokens_details": {"reasoning_tokens": 4},
    }
    read = read_completion(answer({"content": "P1"}, usage=usage))
    assert isinstance(read, Completion)
    assert read.tokens == Tokens(input=10, output=5, cached=8, reasoning=4)


@pytest.mark.parametrize("usage", ["many", 7, {"prompt_tokens": "ten"}, {"prompt_tokens": -1}, None])
def test_wrong_token_counts_cost_no_verdict(usage: object) -> None:
    """A count that cannot be is left out; the answer stands."""
    read = read_completion(answer({"content": "P1"}, usage=usage))
    assert isinstance(read, Completion)
    assert (read.content, read.tokens in (None, Tokens())) == ("P1", True)


@pytest.mark.parametrize(
    ("body", "too_long"),
    [
        (b'{"error": {"code": "context_length_exceeded"}}', True),
        (b'{"error": {"code": 400, "param": "input_tokens"}}', True),
        (b'{"error": {"code": 500, "type": "exceed_context_size_error", "n_ctx": 256}}', True),
        (b'{"error": {"code": 400, "param": "reasoning_effort"}}', False),
        (_told("Input length (7600) exceeds model's maximum context length (1024)."), True),
        (_told("Input length (7600) exceeds model's maximum context length (1024). Or does it?"), False),
        (_told("He said: Input length (1) exceeds model's maximum context length (1)."), False),
        (b'{"error": "too long"}', False),
        (b"<html>", False),
    ],
)
def test_a_refusal_for_length_is_told_from_others(body: bytes, too_long: bool) -> None:
    """What a server states in its fields counts; of messages only one of vLLM's, and only the whole."""
    assert is_too_long(body) is too_long
