"""What each preset means for a founder: what one alone can live by, how many it takes. Touches nothing."""

from __future__ import annotations

from typing import NamedTuple

from governance.charter.errors import KeyFinding
from governance.charter.presets import PRESETS
from governance.charter.resolve import resolve
from governance.charter.sentences import Section
from governance.charter.words import charter_words
from governance.membership.state import Member
from governance.proposals.amending import findings_on
from governance.rules import RulesInForce

_MOST_TRIED = 64
_LONG_AGO, _NOW = 0, 10**9


class PresetChoice(NamedTuple):
    """A preset for one founder; `members` is how few could live by it, `hours` how long they belong first.

    `in_the_way` is what keeps the founder alone from it.
    """

    preset: str
    words: tuple[Section, ...]
    members: int
    hours: int
    in_the_way: tuple[KeyFinding, ...]

    @property
    def is_open(self) -> bool:
        """Whether a commons can begin with it."""
        return not self.in_the_way


def preset_choices(parent: RulesInForce | None = None) -> tuple[PresetChoice, ...]:
    """Every preset, in a commons of its own or within one whose rules are `parent`'s.

    It is tried by the very checks that a founding is held to, with members who belong to no organisation.
    """
    return tuple(_choice(preset, parent) for preset in PRESETS)


def _choice(preset: str, parent: RulesInForce | None) -> PresetChoice:
    charter = resolve(preset, {})
    tried = range(1, _MOST_TRIED + 1)
    fewest = next((count for count in tried if not findings_on(charter, None, _people(count), _NOW)), 0)
    return PresetChoice(
        preset,
        charter_words(charter),
        fewest,
        charter.membership.tenure_before_vote_hours,
        findings_on(charter, parent, _people(1, _NOW), _NOW),
    )


def _people(count: int, joined_at: int = _LONG_AGO) -> dict[str, Member]:
    handles = [f"member-{number}" for number in range(count)]
    return {handle: Member(handle=handle, joined_at=joined_at, active_at=_NOW) for handle in handles}
