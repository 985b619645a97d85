"""Words as data: a section of sentences, each with the keys that it is about. Pure."""

from __future__ import annotations

import msgspec


class Sentence(msgspec.Struct, frozen=True, kw_only=True):
    """One sentence. `topic` is stable within its section, so that two charters can be compared."""

    topic: str
    text: str
    keys: tuple[str, ...]


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """Sentences under a title. `name` is stable; the title may change with what it is about."""

    name: str
    title: str
    sentences: tuple[Sentence, ...]
