"""Whether the members there are can do what a charter asks of them. Pure.

A threshold that nobody can reach blocks a commons for good, so a charter is held against the roll (and
against what the suites can tell apart) before it comes into force.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction

import msgspec

from governance.charter.errors import KeyFinding
from governance.charter.formulas import GROUP_BALLOTS, affiliation_cap, quorum_of
from governance.charter.model import Charter, EvidenceMode, Formula, Join, Mode, Quorum
from governance.charter.modes import READS, TALLIED, challenged, gated_groups, rules_in_use
from governance.charter.resolve import finding
from governance.charter.schema import group_key

INDEPENDENT = "independent"
"""The affiliation of those who have none; each of them counts as an affiliation of their own."""


class RollFacts(msgspec.Struct, frozen=True, kw_only=True):
    """Who could act under a charter.

    `voters` maps the handle of each member who can vote to the affiliation; `members` are all in good
    standing, and `parent_voters` says how many the parent has, who sit on panels where a commons has too
    few of its own.
    """

    voters: Mapping[str, str]
    members: frozenset[str]
    parent_voters: int = 0


def check_against_roll(charter: Charter, roll: RollFacts) -> tuple[KeyFinding, ...]:
    """Everything that these members could not reach; nothing for a charter that they can live by."""
    return tuple(found for check in _CHECKS for found in check(charter, roll))


def check_margin(charter: Charter, resolvable: Mapping[str, Fraction]) -> tuple[KeyFinding, ...]:
    """Suites of a gate that are not there, or that can never tell a difference of the margin.

    `resolvable` has for each suite the smallest difference that it can resolve when nothing flips.
    Tests that only inform may be as coarse as they are.
    """
    evidence = charter.evidence
    if evidence.mode is not EvidenceMode.GATE:
        return ()
    return tuple(_suites_resolve(charter, resolvable))


def _suites_resolve(charter: Charter, resolvable: Mapping[str, Fraction]) -> Iterator[KeyFinding]:
    margin = charter.evidence.margin
    for suite in charter.evidence.suites:
        finest = resolvable.get(suite)
        if finest is None:
            yield finding(charter, "evidence.suites", f"There is no suite {suite}.", "Name one that exists.")
        elif finest > margin:
            why = f"Suite {suite} can tell no difference below {finest}, and the margin is {margin}."
            remedy = f"Give a margin of {finest} or more, or add cases to the suite."
            yield finding(charter, "evidence.margin", why, remedy)


def _quorums(charter: Charter, roll: RollFacts) -> Iterator[KeyFinding]:
    voters = len(roll.voters)
    for table, rules in rules_in_use(charter):
        if rules.mode not in TALLIED or rules.quorum is None:
            continue
        needed = quorum_of(rules.quorum, voters)
        if needed > voters:
            why = f"{arithmetic(rules.quorum, voters)}, and {_people(voters)} can vote."
            part = "floor" if rules.quorum.floor > voters else "factor"
            remedy = f"Let more members join first, or give a lower {part}."
            yield finding(charter, f"{table}.quorum", why, remedy)


def arithmetic(quorum: Quorum, voters: int) -> str:
    """How a quorum comes about, in words and numbers."""
    if quorum.formula is Formula.SQRT:
        what = f"{quorum.factor} x the square root of {voters}"
    else:
        what = f"{quorum.factor} of {voters}"
    return f"The larger of {what}, rounded up, and {quorum.floor} is {quorum_of(quorum, voters)}"


def _reviews(charter: Charter, roll: RollFacts) -> Iterator[KeyFinding]:
    for table, rules in rules_in_use(charter):
        if "reviews" not in READS[rules.mode] or not rules.reviews:
            continue
        cap = affiliation_cap(charter.membership.max_affiliation_share, rules.reviews)
        found = [_available(roll, author, cap) for author in roll.voters]
        least = min(found, default=0)
        if least < rules.reviews:
            short = sum(count < rules.reviews for count in found)
            why = (
                f"{_people(short)} of {len(found)} would find {least} reviewers for their own proposals: "
                f"others, of another affiliation, at most {cap} from one."
                if found
                else "Nobody can vote, so that nobody could review."
            )
            remedy = f"Let more members join first, or ask for {_at_most(least)}."
            yield finding(charter, f"{table}.reviews", why, remedy)


def _available(roll: RollFacts, author: str, cap: int) -> int:
    """How many others could review for an author, or sit on a panel about the author's proposal."""
    own = roll.voters[author]
    others = Counter(
        affiliation for handle, affiliation in roll.voters.items() if handle != author and affiliation != own
    )
    independent = sum(
        affiliation == INDEPENDENT for handle, affiliation in roll.voters.items() if handle != author
    )
    others.pop(INDEPENDENT, None)
    return independent + sum(min(count, cap) for count in others.values())


def _counts(charter: Charter, roll: RollFacts) -> Iterator[KeyFinding]:
    """Acts that some number of members do together."""
    voters = len(roll.voters)
    for table, rules in rules_in_use(charter):
        for field in ("call_vote", "stay"):
            needed = getattr(rules, field)
            if field in READS[rules.mode] and needed is not None and needed > voters:
                why = f"It takes {needed} members, and {_people(voters)} can vote."
                yield finding(charter, f"{table}.{field}", why, f"Give {_at_most(voters)}.")
    if charter.classes.policy.mode is not Mode.OWNER and charter.emergency.actors > voters:
        why = f"It takes {charter.emergency.actors} members, and {_people(voters)} can vote."
        yield finding(charter, "emergency.actors", why, f"Give at most {max(voters, 1)}.")


def _vouches(charter: Charter, roll: RollFacts) -> Iterator[KeyFinding]:
    if charter.membership.join is not Join.VOUCHED:
        return
    voters = Counter(roll.voters.values())
    affiliations = voters.pop(INDEPENDENT, 0) + len(voters)
    needed = charter.membership.vouches_required
    if needed > affiliations:
        why = f"It takes {needed} members of different affiliations, and there are {affiliations}."
        remedy = f"Let members be invited first, or ask for {_at_most(affiliations)}."
        yield finding(charter, "membership.vouches_required", why, remedy)


def _panels(charter: Charter, roll: RollFacts) -> Iterator[KeyFinding]:
    if not challenged(charter) or roll.parent_voters >= charter.panel.size:
        return
    size, voters = charter.panel.size, len(roll.voters)
    stay = max(
        rules.stay or 0
        for _, rules in rules_in_use(charter)
        if rules.challenge and "challenge" in READS[rules.mode]
    )
    eligible = max(0, voters - 1 - stay)
    cap = affiliation_cap(charter.membership.max_affiliation_share, size)
    spread = min((_available(roll, author, cap) for author in roll.voters), default=0)
    if size > eligible:
        why = f"Of {_people(voters)}, an author and {stay} challengers are parties: {eligible} are left."
        remedy = f"Let more members join first, draw {_at_most(eligible)}, or drop the challenges."
        yield finding(charter, "panel.size", why, remedy)
    elif size > spread:
        why = f"With at most {cap} from one affiliation, and none from the author's, {spread} can be drawn."
        remedy = f"Draw {_at_most(spread)}, or raise membership.max_affiliation_share."
        yield finding(charter, "panel.size", why, remedy)


def _groups(charter: Charter, roll: RollFacts) -> Iterator[KeyFinding]:
    if not gated_groups(charter):
        return
    for group, delegates in sorted(charter.groups.items()):
        speaking = sum(affiliation in delegates for affiliation in roll.voters.values())
        if speaking < GROUP_BALLOTS:
            why = f"Its gate holds from {GROUP_BALLOTS} votes on, and {_people(speaking)} can vote for it."
            remedy = "Let members of these organisations join first, or leave out the group."
            yield finding(charter, group_key(group), why, remedy)


def _stewards(charter: Charter, roll: RollFacts) -> Iterator[KeyFinding]:
    for steward in charter.membership.stewards:
        if steward not in roll.members:
            yield finding(charter, "membership.stewards", f"{steward} is no member.", "Name members only.")


def _at_most(count: int) -> str:
    return f"at most {count}" if count else "none"


def _people(count: int) -> str:
    return "1 member" if count == 1 else f"{count} members"


_CHECKS: tuple[Callable[[Charter, RollFacts], Iterator[KeyFinding]], ...] = (
    _quorums,
    _reviews,
    _counts,
    _vouches,
    _panels,
    _groups,
    _stewards,
)
