"""Which keys each mode of deciding reads, and which keys of a charter are idle. Pure.

A key that nothing reads changes nothing: the words leave it out, and setting it is refused
(`coherence.py`), so that nobody believes in a rule that is not there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from governance.charter.model import ChangeClass, Charter, ClassRules, EvidenceMode, Join, Mode
from governance.charter.schema import CLASS_FIELDS, KEYS, group_key

_REVIEW = ("reviews", "review_min", "edit_freeze")
_VOTE = ("voting", "quorum", "threshold", "group_gate")
_CHALLENGE = ("challenge", "stay")

READS: Mapping[Mode, frozenset[str]] = MappingProxyType(
    {
        Mode.OWNER: frozenset(),
        Mode.DIRECT: frozenset({"undo"}),
        Mode.CONSENT: frozenset({*_REVIEW, "objection", "undo", *_CHALLENGE}),
        Mode.CONSENT_THEN_VOTE: frozenset({*_REVIEW, "objection", "call_vote", "undo", *_VOTE, *_CHALLENGE}),
        Mode.VOTE: frozenset({*_REVIEW, "notice", *_VOTE, *_CHALLENGE}),
        Mode.ALL_APPROVE: frozenset({*_REVIEW, "notice", "voting"}),
    }
)
"""What each mode reads beside `mode` itself."""

CAN_VOTE = frozenset({Mode.CONSENT_THEN_VOTE, Mode.VOTE, Mode.ALL_APPROVE})
"""Modes in which the members may come to vote."""

TALLIED = frozenset({Mode.CONSENT_THEN_VOTE, Mode.VOTE})
"""Modes whose votes are counted against a quorum and a threshold."""

DISCUSSED = frozenset({Mode.CONSENT, Mode.CONSENT_THEN_VOTE, Mode.VOTE, Mode.ALL_APPROVE})
"""Modes in which a change is a proposal that others see before it is in force."""

OBJECTED = frozenset({Mode.CONSENT, Mode.CONSENT_THEN_VOTE})
"""Modes in which members may object."""


def classes_in_use(charter: Charter) -> tuple[ChangeClass, ...]:
    """The classes that something can fall in: members are voted on only where one joins by vote."""
    by_vote = charter.membership.join is Join.BY_VOTE
    return tuple(
        change_class for change_class in ChangeClass if by_vote or change_class is not ChangeClass.MEMBERSHIP
    )


def rules_in_use(charter: Charter) -> Iterator[tuple[str, ClassRules]]:
    """The rules of these classes, each by the name of its table, as `class.policy`."""
    for change_class in classes_in_use(charter):
        yield f"class.{change_class}", charter.rules(change_class)


def any_mode(charter: Charter, modes: frozenset[Mode]) -> bool:
    """Whether a class in use is decided in one of these modes."""
    return any(rules.mode in modes for _, rules in rules_in_use(charter))


def challenged(charter: Charter) -> bool:
    """Whether an acceptance can be challenged somewhere, so that a panel may have to rule."""
    return any(rules.challenge and "challenge" in READS[rules.mode] for _, rules in rules_in_use(charter))


def gated_groups(charter: Charter) -> bool:
    """Whether a vote somewhere asks groups of affected people apart."""
    return any(rules.group_gate is not None and rules.mode in TALLIED for _, rules in rules_in_use(charter))


def idle_keys(charter: Charter) -> dict[str, str]:
    """The keys that change nothing in this charter, each with why, as "members join by invitation"."""
    idle: dict[str, str] = {}
    in_use = classes_in_use(charter)
    for change_class in ChangeClass:
        mode = charter.rules(change_class).mode
        fields = ("mode", *READS[mode]) if change_class in in_use else ()
        why = f"changes of class {change_class} are decided in mode {mode}" if fields else _NOT_BY_VOTE
        idle |= {f"class.{change_class}.{field}": why for field in CLASS_FIELDS if field not in fields}
    for applies, why, tables in _conditions(charter):
        if not applies:
            idle |= {key: why for key in KEYS if key.startswith(tables)}
    if not gated_groups(charter):
        idle |= {group_key(group): "no class has a group_gate" for group in charter.groups}
    return {key: idle[key] for key in (*KEYS, *map(group_key, charter.groups)) if key in idle}


_NOT_BY_VOTE = "nobody joins by vote"


def _conditions(charter: Charter) -> Iterator[tuple[bool, str, tuple[str, ...]]]:
    """What has to hold for keys outside the classes to be read."""
    join, evidence = charter.membership.join, charter.evidence.mode
    discussed = any_mode(charter, DISCUSSED)
    shared = any_mode(charter, frozenset(Mode) - {Mode.OWNER})
    voting = ("membership.tenure_before_vote_hours", "membership.inactive_after_hours")
    yield shared, "the owner decides everything", voting
    owned = charter.classes.policy.mode is Mode.OWNER
    yield not owned, "the owner acts at once in any case", ("emergency.",)
    yield join is Join.VOUCHED, f"join is {join}", ("membership.vouches_required",)
    yield discussed, "nothing is reviewed", ("membership.max_affiliation_share", "attention.")
    yield discussed, "there are no proposals", ("objections.lapse",)
    yield any_mode(charter, CAN_VOTE), "nothing is voted on", ("ballot.",)
    yield any_mode(charter, OBJECTED), "no class takes objections", ("objections.hold_expiry",)
    asked = ("evidence.suites", "evidence.margin", "evidence.model.")
    yield evidence is not EvidenceMode.OFF, "no tests are asked for", asked
    yield evidence is EvidenceMode.GATE, f"evidence.mode is {evidence}", ("evidence.on_",)
    yield challenged(charter), "no acceptance can be challenged", ("panel.",)
    yield bool(charter.nesting.locked), "no key is locked", ("nesting.child_may",)


def shortest_parts(rules: ClassRules) -> tuple[tuple[str, int], ...]:
    """The waits on the quickest way through a mode, in hours; an early end by everyone is left out."""
    reads = READS[rules.mode]
    discussed = ("review_min", rules.review_min)
    if "notice" in reads and rules.notice > rules.review_min:
        discussed = ("notice", rules.notice)
    ways = [(field, getattr(rules, field)) for field in ("objection", "voting") if field in reads]
    if rules.mode is Mode.CONSENT_THEN_VOTE and rules.call_vote is None:
        ways = ways[:1]
    parts = [discussed] if rules.mode in DISCUSSED else []
    parts += [min(ways, key=lambda way: way[1])] if ways else []
    parts += [("challenge", rules.challenge)] if "challenge" in reads else []
    return tuple(part for part in parts if part[1])


def shortest(rules: ClassRules) -> int:
    """How many hours the quickest way through a mode takes."""
    return sum(hours for _, hours in shortest_parts(rules))
