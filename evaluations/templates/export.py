"""The exact request for one case, as JSON messages, a Python program or a curl command. Pure.

Content is hostile until proved otherwise. It is quoted so that it stays data in every one of the
three, and characters that a terminal or an editor would act on, or not show, are written as escapes.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from evaluations.templates.base import Message

# A delimiter that no line of JSON can be.
_END = "END_OF_REQUEST"

_PYTHON = '''\
"""Asks an OpenAI-compatible server for one verdict. Standard library only."""

import json
import os
import urllib.request

URL = {url}
REQUEST = {request}

request = urllib.request.Request(
    URL,
    data=json.dumps(REQUEST).encode("utf-8"),
    headers={{
        "Content-Type": "application/json",
        "Authorization": "Bearer " + os.environ.get("OPENAI_API_KEY", "none"),
    }},
)
with urllib.request.urlopen(request, timeout=600) as response:
    choice = json.load(response)["choices"][0]

message = choice["message"]
print("reasoning:", message.get("reasoning") or message.get("reasoning_content"))
print("finish reason:", choice["finish_reason"])
print("label:", message["content"])
'''


class ExportFormat(StrEnum):
    """What `render` can write."""

    MESSAGES = "messages"
    PYTHON = "python"
    CURL = "curl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Whom to ask. `base_url` is that of an OpenAI-compatible API, up to and with `/v1`.

    `effort` is `low`, `medium` or `high`. Temperature is 0, and answers are not capped: a cap cuts
    the reasoning off before the label.
    """

    base_url: str = "http://localhost:8000/v1"
    model: str = "openai/gpt-oss-safeguard-20b"
    effort: str = "medium"


def export(messages: Sequence[Message], form: ExportFormat, target: Target | None = None) -> str:
    """The request in one of the three forms, ending in a line break."""
    target = target or Target()
    match form:
        case ExportFormat.MESSAGES:
            return visible_json([message.to_json() for message in messages]) + "\n"
        case ExportFormat.PYTHON:
            return _python(messages, target)
        case ExportFormat.CURL:
            return _curl(messages, target)
        case _:
            assert_never(form)


def request_of(messages: Sequence[Message], target: Target) -> dict[str, object]:
    """The body of a chat completion request."""
    return {
        "model": target.model,
        "messages": [message.to_json() for message in messages],
        "temperature": 0,
        "reasoning_effort": target.effort,
    }


def visible_json(value: object) -> str:
    """`value` as indented JSON in which every character is one that can be seen.

    Controls, direction marks, joiners, line separators and half characters are escaped.
    """
    text = json.dumps(value, ensure_ascii=False, indent=2)
    return "".join(c if c == "\n" or c.isprintable() else json.dumps(c)[1:-1] for c in text)


def _python(messages: Sequence[Message], target: Target) -> str:
    # `repr` escapes whatever does not print, and Python reads back exactly what it wrote.
    lines = ["{", f'    "model": {target.model!r},', '    "messages": [']
    for message in messages:
        lines += ["        {", f'            "role": {message.role.value!r},', '            "content": (']
        pieces = message.content.splitlines(keepends=True) or [""]
        lines += [f"                {piece!r}" for piece in pieces]
        lines += ["            ),", "        },"]
    lines += ["    ],", '    "temperature": 0,', f'    "reasoning_effort": {target.effort!r},', "}"]
    return _PYTHON.format(url=repr(_endpoint(target)), request="\n".join(lines))


def _curl(messages: Sequence[Message], target: Target) -> str:
    # A quoted here-document expands nothing and, unlike an argument, has no limit of length. An
    # interactive shell may still expand `!` in it.
    body = visible_json(request_of(messages, target)).replace("!", "\\u0021")
    return (
        f"curl --silent --show-error --fail-with-body {shlex.quote(_endpoint(target))} \\\n"
        "  --header 'Content-Type: application/json' \\\n"
        '  --header "Authorization: Bearer ${OPENAI_API_KEY:-none}" \\\n'
        f"  --data-binary @- <<'{_END}'\n{body}\n{_END}\n"
    )


def _endpoint(target: Target) -> str:
    return f"{target.base_url.rstrip('/')}/chat/completions"
