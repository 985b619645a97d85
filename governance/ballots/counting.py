"""Counting a vote: `approval-quorum@1`, in integers only, with one canonical form (principle 3). Pure.

Accepted when the yes votes reach the quorum, and their share among yes and no passes the threshold. The
quorum counts approvals, as Debian's does, and not turnout: so another No never helps, and neither does
staying away. Abstentions count toward nothing. An affected group has its gate once three of it have voted;
with a gate above a third their third ballot may harm even as a Yes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from governance.charter.formulas import GROUP_BALLOTS, passes, quorum_of
from governance.charter.model import ChangeClass, ClassRules, Mode
from governance.payloads import GroupCount, Requirement, Tally

METHOD = "approval-quorum@1"
CHOICES = ("yes", "no", "abstain")
ACCEPTED, REJECTED, NO_QUORUM = "accepted", "rejected", "no_quorum"


class Held(NamedTuple):
    """What a vote is held to, by which charter (its blob id)."""

    charter: str
    rules: ClassRules
    kind: ChangeClass


def tally(
    choices: Mapping[str, str | None],
    *,
    roll: frozenset[str],
    groups: Iterable[tuple[str, frozenset[str]]],
    held_to: Sequence[Held],
    late: int = 0,
) -> Tally:
    """The count of each member's last valid ballot, None where it was spoilt.

    A change of thresholds passes only under each of the charters in `held_to`.
    """
    counts = Counter(choices.values())
    yes, no = counts["yes"], counts["no"]
    requirements = tuple(_required(held, len(roll), yes, no) for held in held_to)
    counted = tuple(
        _of_group(name, members, choices, gates=[held.rules.group_gate for held in held_to])
        for name, members in groups
    )
    if not all(one.quorum_met for one in requirements):
        outcome = NO_QUORUM
    elif all(one.threshold_met for one in requirements) and all(group.passed for group in counted):
        outcome = ACCEPTED
    else:
        outcome = REJECTED
    return Tally(
        kind=held_to[0].kind,
        voters=len(roll),
        yes=yes,
        no=no,
        abstain=counts["abstain"],
        spoilt=counts[None],
        late=late,
        requirements=requirements,
        groups=counted,
        outcome=outcome,
    )


def _required(held: Held, voters: int, yes: int, no: int) -> Requirement:
    rules = held.rules
    if rules.mode is Mode.ALL_APPROVE:
        quorum, threshold = voters, Fraction(1, 1)
    else:
        assert rules.quorum is not None
        assert rules.threshold is not None
        quorum, threshold = quorum_of(rules.quorum, voters), rules.threshold
    return Requirement(
        charter=held.charter,
        quorum=quorum,
        threshold=f"{threshold.numerator}/{threshold.denominator}",
        quorum_met=yes >= quorum,
        threshold_met=passes(yes, no, threshold),
    )


def _of_group(
    name: str, members: frozenset[str], choices: Mapping[str, str | None], gates: list[Fraction | None]
) -> GroupCount:
    counts = Counter(choices[member] for member in members if member in choices)
    yes, no = counts["yes"], counts["no"]
    enough = yes + no + counts["abstain"] >= GROUP_BALLOTS
    passed = not enough or all(
        gate is None or (yes + no == 0) or Fraction(yes, yes + no) >= gate for gate in gates
    )
    return GroupCount(group=name, yes=yes, no=no, abstain=counts["abstain"], passed=passed)
