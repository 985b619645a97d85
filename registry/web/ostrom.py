"""Elinor Ostrom's principles in one commons: what enforces each here, and how often it was used.

The principles are those of *Governing the Commons* (1990); the halves follow Cox, Arnold and Villamayor-Tomás
(2010). What is counted are events of the log. Touches nothing but the counts that it is given.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Principle(NamedTuple):
    """A principle, or half of one. `types` are the events that exercise it; `one` and `many` name them.

    `here` says what enforces it today (empty where nothing does), `later` what is still to come, `elsewhere`
    how it is in a repository that its maintainers run.
    """

    key: str
    title: str
    here: str
    types: tuple[str, ...]
    one: str
    many: str
    later: str
    elsewhere: str


class Exercised(NamedTuple):
    """A principle with how often it was used, in words."""

    principle: Principle
    used: str


PRINCIPLES = (
    Principle(
        "1A",
        "Who belongs is settled",
        "A roll that people join as the charter says; who decides is frozen when a decision opens.",
        ("admitted", "left"),
        "coming or going",
        "comings and goings",
        "Suspension, for a time.",
        "Whoever the owner gives write access.",
    ),
    Principle(
        "1B",
        "What belongs is settled",
        "Each change on main belongs to one event that had the authority for it.",
        ("published", "imported", "enacted"),
        "change in force",
        "changes in force",
        "A budget of compute.",
        "Whatever is merged.",
    ),
    Principle(
        "2A",
        "Rules fit the place",
        "A charter of this commons' own, which its members can change and live by.",
        ("charter_amended",),
        "charter set by its owner",
        "charters set by its owner",
        "Evidence for each affected group.",
        "The platform's settings, the same for all.",
    ),
    Principle(
        "2B",
        "Give and take are in proportion",
        "Open proposals are limited, and each after the first is paid for in reviews.",
        ("reviewed",),
        "review given",
        "reviews given",
        "A ledger of what was given and drawn.",
        "Nobody counts.",
    ),
    Principle(
        "3",
        "Those affected decide",
        "Any member proposes, voters vote, and outsiders have to be answered.",
        ("proposed", "ballot_cast", "commented", "answered", "objected"),
        "contribution to a decision",
        "contributions to decisions",
        "Groups of affected people with slices of their own.",
        "The maintainers decide; others may ask.",
    ),
    Principle(
        "4A",
        "People watch each other",
        "An unbroken log, signed or vouched for, that anybody recounts from a clone.",
        ("witnessed",),
        "member's witness",
        "witnesses of members",
        "Flags, and auditors in turn.",
        "Merges are visible; who was asked, and why, is not.",
    ),
    Principle(
        "4B",
        "The resource is watched",
        "Runs bound to exact texts, and evidence on what is proposed; the worst counts.",
        ("run_recorded", "evidence_recorded"),
        "measurement",
        "measurements",
        "Runs repeated by others, and drift.",
        "Tests of the code, seldom of the effect.",
    ),
    Principle(
        "5",
        "Sanctions are graduated",
        "",
        (),
        "",
        "",
        "A ladder of levels that end by themselves.",
        "Blocked or not.",
    ),
    Principle(
        "6",
        "Disputes are settled near and cheaply",
        "Members drawn by lot rule on a challenged decision, within a deadline.",
        ("challenged", "ruled"),
        "challenge or ruling",
        "challenges and rulings",
        "Disputes of other kinds, and appeals.",
        "The maintainer has the last word.",
    ),
    Principle(
        "7",
        "The right to organise is respected",
        "Anybody founds a commons, takes a copy of all of this one along, or forks a policy.",
        ("child_founded",),
        "nested commons founded",
        "nested commons founded",
        "Rulings that a parent has to keep to.",
        "Forks begin without the history of decisions.",
    ),
    Principle(
        "8",
        "Commons nest within commons",
        "A parent lists its nested commons, whose charters keep what it locked.",
        ("parent_quoted",),
        "parent's charter taken over",
        "parents' charters taken over",
        "Appeals that go up one level.",
        "Organisations own; repositories have no say.",
    ),
)


def exercised(counts: Mapping[str, int]) -> list[Exercised]:
    """Each principle with how often the events that exercise it happened; `counts` are those of one log."""
    return [Exercised(one, _used(one, counts)) for one in PRINCIPLES]


def _used(one: Principle, counts: Mapping[str, int]) -> str:
    if not one.types:
        return "Not there yet."
    count = sum(counts.get(type_, 0) for type_ in one.types)
    if not count:
        return "Never exercised."
    return f"{count:,} {one.one if count == 1 else one.many}."
