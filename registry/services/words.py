"""The words that go with an act: sealed with a salt, added beside the log. Adds to a change."""

from __future__ import annotations

import os
from collections.abc import Callable

from governance.commons import Commons
from governance.payloads import Move
from governance.texts import MAX_TEXT_BYTES, SALT_BYTES, Text, seal_text
from registry.services.errors import BlockedContentError, InputRefusedError
from registry.store.blocklist import line_digest, read_blocked
from registry.store.objects import Change
from registry.store.repository import Repository
from registry.store.texts import move_texts

Salt = Callable[[], bytes]


def fresh_salt() -> bytes:
    """Random bytes of the right length."""
    return os.urandom(SALT_BYTES)


def plain_ends(words: str) -> str:
    """The words with line feeds alone for line ends, as no browser sends them."""
    return words.replace("\r\n", "\n").replace("\r", "\n")


class Words:
    """The words of one act, each named in its event by what `add` gives."""

    def __init__(self, repository: Repository, salt: Salt = fresh_salt) -> None:
        self._repository = repository
        self._salt = salt
        self._texts: list[Text] = []

    def add(self, words: str, what: str) -> str:
        """Takes words in, and gives the digest that names them.

        Raises `InputRefusedError` for none at all or too many, `BlockedContentError` for redacted ones.
        """
        said = words.strip()
        if not said:
            raise InputRefusedError(what, "no words were given.", "Say it in a sentence at least.")
        return self._taken(said, what)

    def lines(self, words: str, what: str) -> str:
        """Takes in lines as they are, none at all included: what would stand in the place of others.

        Raises what `add` raises but for that.
        """
        return self._taken(plain_ends(words).removesuffix("\n"), what)

    def optional(self, words: str | None, what: str) -> str | None:
        """The same for words that may be left out."""
        return None if words is None or not words.strip() else self.add(words, what)

    def moves(self, change: Change, state: Commons, actor: str, at: int) -> tuple[Move, ...]:
        """The move of the ref that holds words, when there are any."""
        move = move_texts(self._repository.reader, change, state, add=self._texts, actor=actor, at=at)
        return () if move is None else (move,)

    def _taken(self, said: str, what: str) -> str:
        size = len(said.encode())
        if size > MAX_TEXT_BYTES // 2:
            limit = MAX_TEXT_BYTES // 2
            raise InputRefusedError(
                what, f"{size} bytes is over the limit of {limit}.", "Say it in fewer words."
            )
        blocked = read_blocked(self._repository.paths.blocked)
        for number, line in enumerate(said.splitlines(), 1):
            if blocked and line_digest(line) in blocked:
                raise BlockedContentError(f"{what}, line {number}")
        text = seal_text(said, self._salt())
        self._texts.append(text)
        return text.id
