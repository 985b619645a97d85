"""Another charter for a commons: made of the one in force, looked at, and put in force or proposed.

What `commons charter check` and `amend` do, in one piece for pages and the API.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from governance.charter.amendment import amend
from governance.charter.codec import CharterFile, read_charter
from governance.charter.directions import DIRECTIONS, GROUP_DIRECTION, Direction, locked_keys
from governance.charter.model import ChildMay
from governance.charter.resolve import plain_value
from governance.charter.sentences import Sentence
from governance.charter.values import Plain
from governance.charter.words import charter_words
from governance.charter.written import written
from governance.commons import Commons
from governance.errors import RefusedError
from registry.services.acting import Guard
from registry.services.amend import amending
from registry.services.charters import CheckedCharter, charter_file, check_charter
from registry.services.errors import InputRefusedError, OtherCharterError
from registry.store.repository import Repository


class Locked(NamedTuple):
    """A key that the commons above binds: its value there, and what is stricter (None: it has to stay)."""

    key: str
    value: str
    stricter: str | None


class LookedAt(NamedTuple):
    """Another charter and what it would mean.

    `rules` says how such a change is decided here, where more than its owner decides; `refusal` why
    whoever asks may not put it in force at once, None where they may.
    """

    checked: CheckedCharter
    rules: tuple[Sentence, ...]
    refusal: RefusedError | None


def wanted_charter(
    repository: Repository, *, changes: Mapping[str, Plain | None] | None = None, text: str | None = None
) -> CharterFile:
    """A whole charter, or the one in force with some keys set (`preset` too) or, with None, taken out.

    Raises `MalformedCharterError`, `InvalidCharterError`, and `InputRefusedError` for both at once.
    """
    now = charter_file(repository)
    if (text is None) == (changes is None):
        raise InputRefusedError("charter", "it is one or the other.", "Give a whole charter, or changes.")
    return read_charter(text.encode(), now.file) if text is not None else amend(now, changes or {})


def look_at_charter(repository: Repository, wanted: CharterFile, handle: str | None) -> LookedAt:
    """What it would mean, and whether this person may put it in force at once. Records nothing."""
    checked = check_charter(repository, wanted)
    sections = charter_words(repository.state().charter_rules)
    rules = next((one.sentences for one in sections if one.name == f"class.{checked.kind}"), ())
    # The first sentence says what changes of the kind are, which is known here.
    return LookedAt(checked, rules[1:], _refusal(repository, wanted, handle))


def locked_here(state: Commons) -> tuple[Locked, ...]:
    """The keys that a nested commons may not loosen."""
    if state.parent_rules is None:
        return ()
    parent = state.parent_rules.charter
    may_tighten = parent.nesting.child_may is ChildMay.TIGHTEN
    return tuple(
        Locked(key, written(plain_value(parent, key)), _stricter(key) if may_tighten else None)
        for key in locked_keys(parent)
    )


def of_charter(blob: str | None) -> Guard:
    """Holds an act to the charter that somebody read; None for whichever is in force."""

    def guard(state: Commons) -> None:
        if blob is not None and state.charter != blob:
            raise OtherCharterError(state.charter)

    return guard


def _refusal(repository: Repository, wanted: CharterFile, handle: str | None) -> RefusedError | None:
    if handle is None:
        return RefusedError("nobody is signed in.", "Sign in.")
    try:
        repository.rehearse(amending(repository, wanted.text.encode(), actor=handle))
    except RefusedError as error:
        return error
    return None


def _stricter(key: str) -> str | None:
    direction = DIRECTIONS.get(key, GROUP_DIRECTION)
    return None if direction is Direction.EQUAL else str(direction)
