"""Whether the rules of a charter go together, whoever its members are. Pure.

Each check refuses with the arithmetic and the remedy: a rule that cannot work, or that nothing reads,
would be believed in until the day on which it is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import pairwise

from governance.charter.errors import KeyFinding
from governance.charter.formulas import dominates
from governance.charter.model import (
    ChangeClass,
    Charter,
    ClassRules,
    Consequence,
    EvidenceMode,
    Join,
    Mode,
)
from governance.charter.modes import (
    CAN_VOTE,
    DISCUSSED,
    OBJECTED,
    READS,
    TALLIED,
    any_mode,
    idle_keys,
    rules_in_use,
    shortest,
    shortest_parts,
)
from governance.charter.presets import PRESETS
from governance.charter.resolve import finding, plain_value
from governance.charter.schema import GROUPS, TABLES, group_key, kind_of
from governance.charter.written import written


def check_coherent(charter: Charter) -> tuple[KeyFinding, ...]:
    """Everything in the charter that cannot work; nothing for one that can."""
    return tuple(found for check in _CHECKS for found in check(charter))


def _modes_have_what_they_need(charter: Charter) -> Iterator[KeyFinding]:
    for table, rules in rules_in_use(charter):
        for field in _NEEDED[rules.mode]:
            if not getattr(rules, field):
                why = f"Mode {rules.mode} cannot work without {field}."
                yield finding(charter, f"{table}.{field}", why, _GIVE[field])


_GIVE = {
    "undo": "Give the hours within which it can be undone, such as 168.",
    "objection": "Give the hours in which members may object, such as 24.",
    "voting": "Give the hours for which a vote is open, such as 72.",
    "quorum": 'Give one, such as {share = "1/4", floor = 3}.',
    "threshold": 'Give one, such as "1/2" or "2/3".',
}

_NEEDED: dict[Mode, tuple[str, ...]] = {
    Mode.OWNER: (),
    Mode.DIRECT: ("undo",),
    Mode.CONSENT: ("objection",),
    Mode.CONSENT_THEN_VOTE: ("objection", "voting", "quorum", "threshold"),
    Mode.VOTE: ("voting", "quorum", "threshold"),
    Mode.ALL_APPROVE: ("voting",),
}


def _nothing_is_idle(charter: Charter) -> Iterator[KeyFinding]:
    """A key that was changed from the preset and that nothing reads."""
    preset = PRESETS[charter.preset]
    for key, reason in idle_keys(charter).items():
        if plain_value(charter, key) != preset.get(key):
            yield finding(charter, key, f"Nothing reads it, since {reason}.", "Take it out.")


def _stricter_is_not_looser(charter: Charter) -> Iterator[KeyFinding]:
    """Whoever may change the rules could otherwise take away what a stricter rule protects."""
    order = (ChangeClass.ROUTINE, ChangeClass.POLICY, ChangeClass.CHARTER, ChangeClass.ENTRENCHED)
    ranks = list(Mode)
    for milder, stricter in pairwise(order):
        below, above = charter.rules(milder), charter.rules(stricter)
        if ranks.index(above.mode) < ranks.index(below.mode):
            why = (
                f"Changes of class {stricter} would need less agreement than those of class {milder}, "
                f"which are decided by {below.mode}."
            )
            remedy = f"Make it at least {below.mode}, or class.{milder}.mode at most {above.mode}."
            yield finding(charter, f"class.{stricter}.mode", why, remedy)
    yield from _protected_more(charter, charter.classes.charter, charter.classes.entrenched)


def _protected_more(charter: Charter, below: ClassRules, above: ClassRules) -> Iterator[KeyFinding]:
    """Protected rules stand at least as fast as the others."""
    if below.mode not in TALLIED or above.mode not in TALLIED:
        return
    remedy = "Protect it at least as much as class.charter."
    for field in ("voting", "notice", "threshold"):
        mild, strict = getattr(below, field), getattr(above, field)
        if field in READS[above.mode] and mild is not None and strict is not None and strict < mild:
            why = f"Protected rules would be easier to change: {strict} is below class.charter's {mild}."
            yield finding(charter, f"class.entrenched.{field}", why, remedy)
    if below.quorum and above.quorum and not dominates(above.quorum, below.quorum):
        mild_quorum = written(plain_value(charter, "class.charter.quorum"))
        why = f"It is not at least as high as class.charter's {mild_quorum} for every number of voters."
        remedy = "Use the same formula, with a factor and a floor that are no lower."
        yield finding(charter, "class.entrenched.quorum", why, remedy)


def _consent_leads_somewhere(charter: Charter) -> Iterator[KeyFinding]:
    for table, rules in rules_in_use(charter):
        if rules.mode is Mode.CONSENT and table != "class.routine":
            why = "An objection that stands leads nowhere: only class routine turns into a stricter one."
            yield finding(charter, f"{table}.mode", why, "Use consent_then_vote.")
    if charter.classes.routine.mode is Mode.CONSENT and charter.classes.policy.mode not in CAN_VOTE:
        why = "An objection makes the change one of class policy, which nobody votes on."
        remedy = "Let class.policy.mode be consent_then_vote, vote or all_approve."
        yield finding(charter, "class.routine.mode", why, remedy)


def _times_fit(charter: Charter) -> Iterator[KeyFinding]:
    for table, rules in rules_in_use(charter):
        reads = READS[rules.mode]
        if "edit_freeze" in reads and rules.edit_freeze > rules.review_min:
            why = f"It is the last part of review_min, which takes only {rules.review_min} hours."
            remedy = f"Freeze for at most {rules.review_min} hours, or discuss for longer."
            yield finding(charter, f"{table}.edit_freeze", why, remedy)
        waits = max(rules.review_min, rules.notice if "notice" in reads else 0)
        if rules.mode in DISCUSSED and charter.objections.lapse <= waits:
            why = f"{table} waits {waits} hours, and after {charter.objections.lapse} the proposal lapses."
            yield finding(charter, "objections.lapse", why, f"Give more than {waits} hours.")
        if "challenge" in reads and bool(rules.challenge) != (rules.stay is not None):
            field = "stay" if rules.challenge else "challenge"
            why = f"challenge is {rules.challenge} hours, stay {_or_none(rules.stay)}: one needs the other."
            remedy = "Give both, or neither (0 and none)."
            yield finding(charter, f"{table}.{field}", why, remedy)
    yield from _members_get_to_vote(charter)
    yield from _emergencies_can_be_ratified(charter)
    if any_mode(charter, OBJECTED) and charter.objections.hold_expiry >= charter.objections.lapse:
        why = f"A proposal on hold would lapse first, after {charter.objections.lapse} hours."
        remedy = f"Let a hold end before {charter.objections.lapse} hours."
        yield finding(charter, "objections.hold_expiry", why, remedy)


def _members_get_to_vote(charter: Charter) -> Iterator[KeyFinding]:
    tenure = charter.membership.tenure_before_vote_hours
    inactive = charter.membership.inactive_after_hours
    if tenure >= inactive:
        why = f"Whoever does nothing would be inactive after {inactive} hours and never come to vote."
        remedy = f"Give less than {inactive} hours."
        yield finding(charter, "membership.tenure_before_vote_hours", why, remedy)


def _emergencies_can_be_ratified(charter: Charter) -> Iterator[KeyFinding]:
    """An emergency act reverts itself unless it is ratified, which is a decision of class policy."""
    rules, expires = charter.classes.policy, charter.emergency.expires_hours
    least = shortest(rules)
    if least >= expires:
        parts = " + ".join(f"{name} {hours}" for name, hours in shortest_parts(rules))
        why = f"A decision of class policy takes at least {parts} = {least} hours, so none could ratify it."
        yield finding(charter, "emergency.expires_hours", why, f"Give more than {least} hours.")


def _panel_can_rule(charter: Charter) -> Iterator[KeyFinding]:
    size, quorum = charter.panel.size, charter.panel.quorum
    if quorum > size:
        why = f"A panel has {size} members, and {quorum} of them would have to take part."
        yield finding(charter, "panel.quorum", why, f"Give at most {size}.")
    elif 2 * quorum <= size:
        why = f"{quorum} of {size} is no majority: two halves could rule otherwise."
        yield finding(charter, "panel.quorum", why, f"Give at least {size // 2 + 1}.")


def _joining_works(charter: Charter) -> Iterator[KeyFinding]:
    membership = charter.membership
    if membership.join is Join.VOUCHED and membership.vouches_required == 0:
        why = "Nobody would have to vouch, which is joining freely."
        yield finding(charter, "membership.vouches_required", why, "Give at least 1, or let join be open.")
    if membership.join is Join.BY_VOTE and charter.classes.membership.mode not in CAN_VOTE:
        why = f"Members would be voted on in mode {charter.classes.membership.mode}, which has no vote."
        remedy = "Use vote, consent_then_vote or all_approve."
        yield finding(charter, "class.membership.mode", why, remedy)


def _evidence_can_decide(charter: Charter) -> Iterator[KeyFinding]:
    evidence = charter.evidence
    if evidence.mode is not EvidenceMode.OFF and not evidence.suites:
        why = f"With evidence.mode {evidence.mode} a change is tested, and no suite is named."
        yield finding(charter, "evidence.suites", why, 'Name one, such as ["public"].')
    if evidence.mode is not EvidenceMode.GATE:
        return
    gated = [charter.classes.routine.mode, charter.classes.policy.mode]
    if not DISCUSSED.intersection(gated):
        why = f"No change of a policy waits for anything: they are decided in mode {gated[1]}."
        yield finding(charter, "evidence.mode", why, "Use advisory or off.")
    for key, consequence in (
        ("evidence.on_inconclusive", evidence.on_inconclusive),
        ("evidence.on_missing", evidence.on_missing),
    ):
        if consequence is Consequence.VOTE and gated[1] not in CAN_VOTE:
            why = f"Changes of policies are decided in mode {gated[1]}, which has no vote."
            yield finding(charter, key, why, "Use warn or block.")


def _groups_speak_for_themselves(charter: Charter) -> Iterator[KeyFinding]:
    for group, delegates in sorted(charter.groups.items()):
        if "independent" in delegates:
            why = "Independent members belong to no organisation that could speak for a group."
            yield finding(charter, group_key(group), why, "Name organisations.")


def _locked_keys_exist(charter: Charter) -> Iterator[KeyFinding]:
    locked = charter.nesting.locked
    for name in locked:
        if name not in {*TABLES, GROUPS} and kind_of(name) is None:
            why = f"{name} is no key and no table."
            yield finding(charter, "nesting.locked", why, "Name one that exists.")
        within = next((table for table in locked if name.startswith(f"{table}.")), None)
        if within is not None:
            yield finding(charter, "nesting.locked", f"{within} locks {name} already.", f"Leave out {name}.")


def _or_none(value: int | Fraction | None) -> str:
    return "none" if value is None else str(value)


_CHECKS: tuple[Callable[[Charter], Iterator[KeyFinding]], ...] = (
    _modes_have_what_they_need,
    _nothing_is_idle,
    _stricter_is_not_looser,
    _consent_leads_somewhere,
    _times_fit,
    _panel_can_rule,
    _joining_works,
    _evidence_can_decide,
    _groups_speak_for_themselves,
    _locked_keys_exist,
)
