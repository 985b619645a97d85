"""The format of any other model: its own chat template, with the content as plain text. Loads nothing itself.

A tokenizer reads its marks wherever they stand, also in content: `<|im_end|>` in a post would end the turn.
A server does just that. Here such content is cut within every mark before it is encoded, so it stays text;
without a mark in it (nearly always) the ids are those that a server makes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from evaluations.engines.prompt_format import Said
from evaluations.errors import EngineError
from evaluations.keys import Setting
from evaluations.templates.base import Message

# A place that the template copies as it is: no template looks for it, and a text that holds it is refused.
_PLACE = "\ue0f0{number}\ue0f1"


class ChatFormat:
    """Prompts by a Hugging Face tokenizer's chat template. Implements `PromptFormat`."""

    def __init__(self, engine: str, tokenizer: Any) -> None:
        """Raises `EngineError` when the tokenizer has no chat template."""
        if not getattr(tokenizer, "chat_template", None):
            raise EngineError(
                engine,
                "the model has no chat template, so nobody knows how it is spoken to.",
                "Use a model for conversations, or put its chat_template.jinja into the folder.",
            )
        self._engine = engine
        self._tokenizer = tokenizer
        marks = sorted({str(mark) for mark in tokenizer.get_added_vocab()}, key=len, reverse=True)
        self._mark_ids = frozenset(tokenizer.get_added_vocab().values())
        # Overlapping ones as well, so each is only looked ahead at.
        self._marks = re.compile("|".join(f"(?={re.escape(mark)})" for mark in marks)) if marks else None

    @property
    def settings(self) -> Mapping[str, Setting]:
        """That it is the model's own template; which one it is, is a part of the tokenizer's digest."""
        return {"format": "chat-template"}

    @property
    def stop_ids(self) -> tuple[int, ...]:
        """None beside the model's own."""
        return ()

    def prompt(self, messages: Sequence[Message]) -> list[int]:
        """The ids that ask for an answer. Raises `UnicodeEncodeError` for text with half a character."""
        for message in messages:
            message.content.encode("utf-8")
        if not any(self._marked(message.content) for message in messages):
            return self._encoded(self._written([message.to_json() for message in messages]))
        return list(self._apart(messages))

    def read(self, ids: Sequence[int]) -> Said:
        """The words without the marks that ended them; a mark within them stays, so no label is read."""
        ends = self._mark_ids
        kept = list(ids)
        while kept and kept[-1] in ends:
            kept.pop()
        text = self._tokenizer.decode(kept, skip_special_tokens=False, clean_up_tokenization_spaces=False)
        return Said(text or None, None, None)

    def _marked(self, text: str) -> bool:
        return self._marks is not None and self._marks.search(text) is not None

    def _written(self, messages: list[dict[str, str]]) -> str:
        try:
            return str(
                self._tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
            )
        except Exception as error:  # a template is somebody's program and may raise anything
            raise EngineError(
                self._engine,
                f"the model's chat template refuses these messages: {str(error)[:200]}",
                "Use a prompt template with the roles that the model knows, such as cope@1.",
            ) from error

    def _encoded(self, text: str) -> list[int]:
        return list(self._tokenizer.encode(text, add_special_tokens=False))

    def _apart(self, messages: Sequence[Message]) -> Iterator[int]:
        """The template's own words as they are, and every message's cut within its marks."""
        places = [_PLACE.format(number=number) for number in range(len(messages))]
        if any("\ue0f0" in message.content for message in messages):
            raise EngineError(self._engine, "a text holds a character kept for our use.", "Leave it out.")
        written = self._written(
            [{**message.to_json(), "content": place} for message, place in zip(messages, places, strict=True)]
        )
        pieces = re.split("\ue0f0(\\d+)\ue0f1", written)
        for number, piece in enumerate(pieces):
            if number % 2 == 0:
                yield from self._encoded(piece)
                continue
            ids = [id_ for part in self._cut(messages[int(piece)].content) for id_ in self._encoded(part)]
            if not self._mark_ids.isdisjoint(ids):
                raise EngineError(
                    self._engine, "a text cannot be kept from becoming a mark.", "Leave it out."
                )
            yield from ids

    def _cut(self, text: str) -> Iterator[str]:
        """The text in pieces, none of which holds a whole mark."""
        assert self._marks is not None
        begun = 0
        for found in self._marks.finditer(text):
            yield text[begun : found.start() + 1]
            begun = found.start() + 1
        yield text[begun:]
