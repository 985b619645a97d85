"""What each preset means for a founder: what one alone can live by, how many it takes. Touches nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from governance.charter.amendment import amend
from governance.charter.codec import CharterFile, read_charter
from governance.charter.directions import looser_keys
from governance.charter.errors import KeyFinding
from governance.charter.first_file import first_file
from governance.charter.model import ChangeClass, Charter, Mode
from governance.charter.presets import PRESETS
from governance.charter.resolve import plain_value, resolve
from governance.charter.sentences import Section
from governance.charter.values import Plain
from governance.charter.words import WordsChange, change_words, charter_words
from governance.membership.state import Member
from governance.proposals.amending import findings_on
from governance.rules import RulesInForce

_MOST_TRIED = 64
_LONG_AGO, _NOW = 0, 10**9


class PresetChoice(NamedTuple):
    """A preset for one founder; `members` is how few could live by it, `hours` how long they belong first.

    `in_the_way` is what keeps the founder alone from it, `taken` what it takes over from a parent.
    """

    preset: str
    words: tuple[Section, ...]
    members: int
    hours: int
    in_the_way: tuple[KeyFinding, ...]
    taken: tuple[WordsChange, ...]

    @property
    def is_open(self) -> bool:
        """Whether a commons can begin with it."""
        return not self.in_the_way


def preset_choices(parent: RulesInForce | None = None) -> tuple[PresetChoice, ...]:
    """Every preset, in a commons of its own or within one whose rules are `parent`'s.

    It is tried by the very checks that a founding is held to, with members who belong to no organisation.
    """
    return tuple(_choice(preset, parent) for preset in PRESETS)


def first_charter(preset: str, parent: RulesInForce | None) -> CharterFile:
    """The charter that a commons begins with: the preset's, with what its parent locks taken over.

    A class whose votes one founder could not reach is decided by everyone, which is stricter than any vote.
    Where nothing of this helps, it is the preset as it is, and founding says what is in the way.
    """
    file = read_charter(first_file(preset))
    if parent is None:
        return file
    for changes in _fittings(file, parent.charter):
        fitted = amend(file, changes) if changes else file
        if not findings_on(fitted.charter, parent, _people(1, _NOW), _NOW):
            return fitted
    return file


def _fittings(file: CharterFile, parent: Charter) -> Iterator[dict[str, Plain | None]]:
    yield {}
    kept = _kept(file, parent, {})
    yield kept
    modes = {f"class.{one}.mode" for one in ChangeClass if f"class.{one}.mode" in kept}
    yield _kept(file, parent, dict.fromkeys(sorted(modes), Mode.ALL_APPROVE.value))


def _kept(file: CharterFile, parent: Charter, changes: dict[str, Plain | None]) -> dict[str, Plain | None]:
    """The changes, with the parent's value of every locked key that would be looser with them."""
    changed = amend(file, changes) if changes else file
    looser = looser_keys(parent, changed.charter)
    return {**{one.key: plain_value(parent, one.key) for one in looser}, **changes}


def _choice(preset: str, parent: RulesInForce | None) -> PresetChoice:
    charter = resolve(preset, {})
    fitted = first_charter(preset, parent).charter
    tried = range(1, _MOST_TRIED + 1)
    fewest = next((count for count in tried if not findings_on(charter, None, _people(count), _NOW)), 0)
    return PresetChoice(
        preset,
        charter_words(charter),
        fewest,
        charter.membership.tenure_before_vote_hours,
        findings_on(fitted, parent, _people(1, _NOW), _NOW),
        () if parent is None else change_words(charter, fitted),
    )


def _people(count: int, joined_at: int = _LONG_AGO) -> dict[str, Member]:
    handles = [f"member-{number}" for number in range(count)]
    return {handle: Member(handle=handle, joined_at=joined_at, active_at=_NOW) for handle in handles}
