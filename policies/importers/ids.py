"""Case ids that stay the same from one import to the next. Pure.

A source's own id is kept. A case without one is named after its words, so that adding or removing
rows elsewhere in the file changes no other id.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from policies.canonical import sha256_hex
from policies.importers.reading import CaseDraft

MAX_KEY = 160
_HASH_DIGITS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Ids:
    """One id a draft, in order. `repeated` are places whose own id was used before, and the id given."""

    ids: tuple[str, ...]
    repeated: tuple[tuple[CaseDraft, str], ...]


def assign_ids(drafts: Sequence[CaseDraft]) -> Ids:
    """Ids for the drafts of one pack, in their order.

    An id that a second file uses again gets that file's name in front; one that is used again in
    the same file, or a repeated text without an id, gets a number behind it.
    """
    taken: dict[str, str] = {}
    numbers: dict[str, int] = {}
    ids: list[str] = []
    repeated: list[tuple[CaseDraft, str]] = []
    for draft in drafts:
        key = _clean(draft.key)
        wanted = key or _hashed(draft)
        given = wanted
        if key and taken.get(given, draft.file) != draft.file:
            given = f"{_stem(draft.file)}-{wanted}"[: MAX_KEY + 20]
        base = given
        while given in taken:
            # Counting on from the last number keeps a file of one repeated row linear.
            numbers[base] = numbers.get(base, 1) + 1
            given = f"{base}-{numbers[base]}"
        taken[given] = draft.file
        ids.append(given)
        if key and given != wanted:
            repeated.append((draft, given))
    return Ids(ids=tuple(ids), repeated=tuple(repeated))


def _clean(key: str | None) -> str:
    """The source's id as one printable word; blank when nothing printable is left."""
    if key is None:
        return ""
    if key.isprintable() and len(key) <= MAX_KEY:
        return " ".join(key.split())
    text = "".join(character if character.isprintable() else " " for character in key)
    return " ".join(text.split())[:MAX_KEY].strip()


def _hashed(draft: CaseDraft) -> str:
    parts = (draft.content, draft.context or "", draft.subject or "")
    return "c" + sha256_hex("\x00".join(parts).encode("utf-8", errors="surrogatepass"))[:_HASH_DIGITS]


def _stem(file: str) -> str:
    stem = file.rsplit("/", 1)[-1].split(".", 1)[0].lower()
    return re.sub(r"[^a-z0-9]+", "-", stem).strip("-")[:40] or "file"
