"""What the page of founding shows: presets in plain words, and where to nest one. Reads visits."""

from __future__ import annotations

import secrets
from typing import NamedTuple

from governance.charter.presets import CIRCLE, COMMONS, SOLO
from registry.services.founding_choices import PresetChoice, preset_choices
from registry.services.standing import standing_in
from registry.web.forms import Form
from registry.web.visit import Visits

_ABOUT = {
    SOLO: ("You decide", "For one person, or to begin with: what you publish is in force at once."),
    CIRCLE: (
        "A few who know each other",
        "One other approves a change, and unless somebody objects it is in force within a day.",
    ),
    COMMONS: (
        "An open community",
        "Two others approve a change, everybody has a week to object, and votes settle what is disputed.",
    ),
}
_HOURS_A_DAY = 24
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


class Way(NamedTuple):
    """A preset in plain words; `takes` says what keeps one founder from it, None where nothing does."""

    choice: PresetChoice
    title: str
    about: str
    takes: str | None

    @property
    def name(self) -> str:
        """The preset without its version."""
        return self.choice.preset.partition("@")[0]


class Within(NamedTuple):
    """A commons that somebody may nest others in; `refusal` says what of its rules keeps them from it now.

    `taken` are the rules that one within it takes over, in sentences.
    """

    name: str
    refusal: str | None
    taken: tuple[str, ...] = ()


class FoundView(NamedTuple):
    """The page: presets, places, how many a day, and what was typed. `key` makes sending it twice one act."""

    key: str
    ways: tuple[Way, ...]
    within: tuple[Within, ...]
    quota: int
    typed: Form


def found_view(visits: Visits, handle: str, quota: int, typed: Form) -> FoundView:
    """For somebody, as things stand."""
    places = tuple(_within(visits, name) for name in _looked_after(visits, handle))
    return FoundView(secrets.token_hex(16), tuple(map(_way, preset_choices())), places, quota, typed)


def _looked_after(visits: Visits, handle: str) -> list[str]:
    names = [name for name in visits.index.acted_in(handle) if name in visits.catalogue]
    found = ((name, standing_in(visits.to(name).state, handle)) for name in sorted(names))
    return [name for name, stands in found if stands is not None and stands.steward]


def _within(visits: Visits, name: str) -> Within:
    choices = preset_choices(visits.to(name).state.rules)
    for choice in choices:
        if choice.is_open:
            # That its rules differ from the preset's says nothing more.
            taken = (f"{one.title}: {one.after}" for one in choice.taken if one.after and one.keys)
            return Within(name, None, tuple(taken))
    first = choices[0].in_the_way[0]
    return Within(name, f"{first.key}: {first.why} {first.remedy}")


def _way(choice: PresetChoice) -> Way:
    title, about = _ABOUT[choice.preset]
    if choice.is_open:
        return Way(choice, title, about, None)
    count = _NUMBERS[choice.members] if choice.members < len(_NUMBERS) else str(choice.members)
    days = choice.hours // _HOURS_A_DAY
    since = f" who have belonged for {days} days" if days else ""
    takes = f"Takes {count} members{since}, so nobody can begin with it alone."
    return Way(choice, title, about, f"{takes} Found it as solo, invite them, and change the charter then.")
