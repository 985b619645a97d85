"""What a proposal's next step waits for, as data: the fold obeys it and `explain` shows it. Pure.

A guard holds by time (from a known second on), or by what people did (it holds or it does not). Its facts
are integers and words, so that whoever reads them can do the arithmetic again.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from governance.charter.model import ChangeClass, Charter, ClassRules, Mode
from governance.membership.roll import HOUR
from governance.proposals.evidence import Says, says
from governance.proposals.kinds import hours
from governance.proposals.reviews import counted_approvals, standing_behind
from governance.proposals.state import Proposal


class Guard(NamedTuple):
    """One condition: whether it holds, and for one that time meets, from which second on.

    `facts` are what it looked at; `key` is the charter's, or None where no charter can change it.
    """

    code: str
    holds: bool
    key: str | None
    facts: tuple[tuple[str, int | str], ...] = ()
    time: int | None = None


def sponsored(proposal: Proposal) -> Guard:
    """A member stands behind it."""
    return Guard("sponsor", proposal.sponsor is not None, None, (("sponsor", proposal.sponsor or ""),))


def approved_by_owner(proposal: Proposal, stewards: tuple[str, ...], key: str) -> Guard:
    """An owner approved this very content, or made it."""
    approving = {
        review.by
        for review in proposal.reviews
        if review.verdict == "approve" and review.content == proposal.content
    }
    decided = [handle for handle in stewards if handle in approving or handle == proposal.maker]
    return Guard("owner", bool(decided), key, (("owners", ", ".join(stewards)),))


def reviewed(proposal: Proposal, rules: Charter, kind: ChangeClass) -> Guard:
    """Enough people without a conflict approved this content."""
    needed = rules.rules(kind).reviews
    counted = counted_approvals(proposal, rules, needed)
    facts = (("approvals", counted), ("needed", needed))
    return Guard("reviews", counted >= needed, f"class.{kind}.reviews", facts)


def discussed(proposal: Proposal, rules: ClassRules, kind: ChangeClass) -> Guard:
    """It was open for the shortest time that the charter gives a discussion."""
    time = proposal.opened_at + rules.review_min * HOUR
    return Guard("discussion", True, f"class.{kind}.review_min", (("hours", rules.review_min),), time)


def unedited(proposal: Proposal, rules: ClassRules, kind: ChangeClass) -> Guard:
    """Nothing changed lately, so that people decide on what they have read."""
    time = proposal.revised_at + rules.edit_freeze * HOUR
    return Guard("edit_freeze", True, f"class.{kind}.edit_freeze", (("hours", rules.edit_freeze),), time)


def announced(proposal: Proposal, rules: ClassRules, kind: ChangeClass) -> Guard:
    """What is voted on was announced long enough before its vote."""
    time = proposal.revised_at + rules.notice * HOUR
    return Guard("notice", True, f"class.{kind}.notice", (("hours", rules.notice),), time)


def answered(proposal: Proposal) -> Guard:
    """Everybody from outside who commented was answered (principle 3: anyone affected is heard).

    Comments cannot stall: one answer may be to all of them, and what waits for it follows in that second.
    """
    waiting = len(proposal.unanswered)
    return Guard("answers", waiting == 0, None, (("unanswered", waiting),))


def not_held(proposal: Proposal) -> Guard:
    """No request for time is running; each ends by itself."""
    ends = [one.expires for one in proposal.objections if one.expires is not None and not one.resolved]
    return Guard("holds", True, "objections.hold_expiry", (("holds", len(ends)),), max(ends, default=None))


def shown(proposal: Proposal, rules: Charter) -> Guard:
    """The evidence does not stop it."""
    meaning = says(proposal, rules)
    facts = (("mode", rules.evidence.mode), ("says", meaning.name.lower()))
    return Guard("evidence", meaning is not Says.STOP, "evidence.mode", facts)


def called(proposal: Proposal, needed: int, kind: ChangeClass) -> Guard:
    """Enough members ask for a vote."""
    facts = (("calls", len(proposal.callers)), ("needed", needed))
    return Guard("calls", len(proposal.callers) >= needed, f"class.{kind}.call_vote", facts)


def unopposed(proposal: Proposal) -> Guard:
    """No objection stands."""
    return Guard("objections", proposal.opposed == 0, None, (("standing", proposal.opposed),))


def on_its_base(moved: tuple[str, ...]) -> Guard:
    """What it changes still stands on main as it was when this began."""
    return Guard("base", not moved, None, (("moved", ", ".join(moved)),))


def off_its_base(moved: tuple[str, ...]) -> Guard:
    """What it changes stands on main otherwise by now."""
    return Guard("moved", bool(moved), None, (("moved", ", ".join(moved)),))


def not_returned(proposal: Proposal) -> Guard:
    """It did not come back from acceptance, or was revised since."""
    return Guard("returned", proposal.returned is None, None, (("why", proposal.returned or ""),))


def unanimous(proposal: Proposal, roll: frozenset[str], kind: ChangeClass) -> Guard:
    """Everybody on the frozen roll approved, which is the only thing that ends a period early."""
    approving = len(standing_behind(proposal) & roll)
    facts = (("approving", approving), ("voters", len(roll)))
    return Guard("unanimous", 0 < approving == len(roll), f"class.{kind}.mode", facts)


def discussion(proposal: Proposal, rules: Charter, kind: ChangeClass) -> Iterator[Guard]:
    """What a proposal that is decided together goes through, reviews apart, before it can be decided."""
    of_kind = rules.rules(kind)
    yield sponsored(proposal)
    if of_kind.review_min:
        yield discussed(proposal, of_kind, kind)
    if of_kind.edit_freeze:
        yield unedited(proposal, of_kind, kind)
    if hours(of_kind, "notice"):
        yield announced(proposal, of_kind, kind)
    yield answered(proposal)
    yield not_held(proposal)
    yield shown(proposal, rules)


def closing(proposal: Proposal) -> Iterator[Guard]:
    """What the end of a comment period waits for: time that was asked for, and answers to outsiders."""
    yield not_held(proposal)
    yield answered(proposal)


def needs_vote(proposal: Proposal, rules: Charter, kind: ChangeClass) -> bool:
    """Whether this kind of change is voted on in any case."""
    return rules.rules(kind).mode in (Mode.VOTE, Mode.ALL_APPROVE) or says(proposal, rules) is Says.VOTE


def due_of(guards: tuple[Guard, ...], changed_at: int) -> int | None:
    """The second from which all of them hold, if nothing else happens; None while people are waited for."""
    due = changed_at
    for guard in guards:
        if not guard.holds:
            return None
        if guard.time is not None and guard.time > due:
            due = guard.time
    return due
