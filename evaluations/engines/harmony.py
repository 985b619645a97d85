"""The format of gpt-oss models ("harmony"): messages to token ids, and an answer's ids to words.

The ids are those that vLLM's own server makes of the same messages: first the format's system message
(identity, date, effort, channels), then the template's system message as the developer's instructions, then
the others. Everything is a function of its arguments; openai_harmony, loaded inside functions, carries the
vocabulary with it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from evaluations.engines.prompt_format import Said
from evaluations.errors import EngineError
from evaluations.keys import Setting
from evaluations.templates.base import Message, Role

if TYPE_CHECKING:
    from openai_harmony import HarmonyEncoding

START_DATE = "2026-01-01"
"""What "Current date" says in every prompt unless a run states another: it must not move by itself."""

LIBRARY = "oss-harmony"
MODEL_TYPE = "gpt_oss"

_DATE = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")


class Harmony:
    """Prompts of one effort and date. Implements `PromptFormat`.

    `effort` is low, medium or high; without one the format writes its own default, which is medium.
    """

    def __init__(self, *, effort: str | None = None, start_date: str = START_DATE) -> None:
        """Raises `EngineError` for a date that is none."""
        if not _DATE.fullmatch(start_date):
            raise EngineError(
                "harmony", f"{start_date[:40]!r} is no date for the prompt.", f"Write one like {START_DATE}."
            )
        self._start_date = start_date
        self._preamble = _rendered(_system(effort, start_date))
        # The instructions are the same for all cases of a policy, so they are encoded once.
        self._instructions = cache(lambda text: _rendered(_developer(text)) if text else ())

    @property
    def settings(self) -> Mapping[str, Setting]:
        """The date; the effort is a part of its own of every run key."""
        return {"format": "harmony", "start-date": self._start_date}

    @property
    def stop_ids(self) -> tuple[int, ...]:
        """The tokens that end an answer or a call."""
        return tuple(_encoding().stop_tokens_for_assistant_actions())

    def prompt(self, messages: Sequence[Message]) -> list[int]:
        """The ids that ask for an answer. Raises `UnicodeEncodeError` for text with half a character."""
        first, rest = "", list(messages)
        if rest and rest[0].role is Role.SYSTEM:
            first = rest.pop(0).content
        ids = [*self._preamble, *self._instructions(_whole(first))]
        for message in rest:
            kind = _developer if message.role is Role.SYSTEM else _user
            ids += _rendered(kind(_whole(message.content)))
        return [*ids, *_answer_begins()]

    def read(self, ids: Sequence[int]) -> Said:
        """The words of an answer; one that is cut or malformed comes as it stands, with all its marks."""
        from openai_harmony import HarmonyError, StreamableParser
        from openai_harmony import Role as Speaker

        encoding = _encoding()
        parser = StreamableParser(encoding, role=Speaker.ASSISTANT)
        thought = 0
        try:
            for token in ids:
                parser.process(token)
                thought += parser.current_channel == "analysis" and not encoding.is_special_token(token)
            messages = parser.messages if parser.state_data["state"] == "ExpectStart" else []
        except HarmonyError:
            messages = []
        # The library forgives a header with two channels; a header of ours has one.
        if len(messages) != sum(token == _channel() for token in ids):
            messages = []
        if not messages:
            return Said(encoding.decode(list(ids)) or None, None, None)
        content, reasoning = _parted(messages)
        return Said("\n".join(content) or None, "\n".join(reasoning) or None, thought)


def _parted(messages: Sequence[Any]) -> tuple[list[str], list[str]]:
    """What was said and what was thought, as vLLM's server parts them: calls of tools are neither."""
    content, reasoning = [], []
    for message in messages:
        text = "".join(getattr(part, "text", "") for part in message.content)
        if message.channel == "analysis":
            reasoning.append(text)
        elif message.channel == "final" or (message.channel == "commentary" and message.recipient is None):
            content.append(text)
    return [text for text in content if text], [text for text in reasoning if text]


@cache
def _encoding() -> HarmonyEncoding:
    try:
        from openai_harmony import HarmonyEncodingName, load_harmony_encoding
    except ImportError as error:
        raise EngineError(
            "harmony",
            f"writing gpt-oss prompts needs {LIBRARY}, which is not installed here.",
            "Install the project's dependencies anew.",
        ) from error
    return load_harmony_encoding(HarmonyEncodingName.HARMONY_GPT_OSS)


@cache
def _answer_begins() -> tuple[int, ...]:
    from openai_harmony import Conversation
    from openai_harmony import Role as Speaker

    nothing = Conversation.from_messages([])
    return tuple(_encoding().render_conversation_for_completion(nothing, Speaker.ASSISTANT))


@cache
def _channel() -> int:
    (token,) = _encoding().encode("<|channel|>", allowed_special="all")
    return int(token)


def _rendered(message: Any) -> tuple[int, ...]:
    return tuple(_encoding().render(message))


def _system(effort: str | None, start_date: str) -> Any:
    from openai_harmony import Message as Turn
    from openai_harmony import ReasoningEffort, SystemContent
    from openai_harmony import Role as Speaker

    content = SystemContent.new()
    if effort is not None:
        content = content.with_reasoning_effort(ReasoningEffort(effort.capitalize()))
    content = content.with_conversation_start_date(start_date)
    return Turn.from_role_and_content(Speaker.SYSTEM, content)


def _developer(text: str) -> Any:
    from openai_harmony import DeveloperContent
    from openai_harmony import Message as Turn
    from openai_harmony import Role as Speaker

    return Turn.from_role_and_content(Speaker.DEVELOPER, DeveloperContent.new().with_instructions(text))


def _user(text: str) -> Any:
    from openai_harmony import Message as Turn
    from openai_harmony import Role as Speaker

    return Turn.from_role_and_content(Speaker.USER, text)


def _whole(text: str) -> str:
    """The text, if every character of it is whole. The library would put a mark for half a one."""
    text.encode("utf-8")
    return text
