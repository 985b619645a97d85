"""How a family of models is spoken to: messages to token ids, and an answer's ids to words. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from evaluations.keys import Setting
from evaluations.templates.base import Message


class Said(NamedTuple):
    """An answer in words: what was said, what was thought before, and how many tokens the latter took."""

    content: str | None
    reasoning: str | None
    reasoning_tokens: int | None


class PromptFormat(Protocol):
    """A family's format. The text of a message stays text: nothing in it can become a turn of its own."""

    @property
    def settings(self) -> Mapping[str, Setting]:
        """What of it enters the run key."""
        ...

    @property
    def stop_ids(self) -> tuple[int, ...]:
        """Tokens that end an answer, beside those that the model itself declares."""
        ...

    def prompt(self, messages: Sequence[Message]) -> list[int]:
        """The ids that ask for an answer.

        Raises `UnicodeEncodeError` for text with half a character in it, and `EngineError` for text that
        would not stay text.
        """
        ...

    def read(self, ids: Sequence[int]) -> Said:
        """The words of an answer. One that breaks the format keeps its marks, so no label is read in it."""
        ...
