"""What in a commons waits for somebody: a vote, a review, an answer, another revision. Records nothing.

Who could be asked at all is told from the state, which is cheap; whether it is open to them is then tried on
the rules themselves (`possible.py`), for a bounded number.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from governance import payloads
from governance.charter.model import Join
from governance.commons import Commons
from governance.membership.roll import belongs, can_act
from governance.payloads import Payload
from governance.proposals.kinds import effective_kind
from governance.proposals.state import Proposal, Stage
from registry.services.possible import refusal_of_payload
from registry.services.proposals import title_of
from registry.store.repository import Repository

_WORDS = "0" * 64
_APPROVE, _ASK = "approve", "request_changes"
_FOREVER = 2**53


class Wait(StrEnum):
    """What somebody is waited for with, the most pressing first."""

    VOTE = "vote"
    RULE = "rule"
    REVISE = "revise"
    RESOLVE = "resolve"
    ANSWER = "answer"
    REVIEW = "review"
    ADOPT = "adopt"
    JOIN = "join"
    VOUCH = "vouch"
    ADMIT = "admit"


class Waiting(NamedTuple):
    """One thing that waits: where, about which proposal or whom, why, and until when if it ends."""

    commons: str
    wait: Wait
    number: int | None
    title: str | None
    whom: str | None
    why: str | None
    until: int | None


class Waits(NamedTuple):
    """What waits in a commons; `tried` says how many acts were tried, `more` whether some were left out."""

    items: tuple[Waiting, ...]
    tried: int
    more: bool


class _Asked(NamedTuple):
    """Something that somebody may be asked for; `payload` is tried, None where nothing has to be."""

    wait: Wait
    payload: Payload | None
    whom: str | None = None
    why: str | None = None
    until: int | None = None


def waiting_for(repository: Repository, handle: str, *, most: int) -> Waits:
    """Everything that waits for somebody in a commons, what ends first before the rest.

    At most `most` acts are tried. What the clock owes is recorded before: else nothing is open.
    """
    state = repository.state()
    asked = sorted(
        ((proposal, one) for proposal, one in _asked(state, handle)),
        key=lambda pair: (pair[1].until or _FOREVER, list(Wait).index(pair[1].wait)),
    )
    items: list[Waiting] = []
    tried = 0
    for proposal, one in asked:
        if one.payload is not None:
            if tried == most:
                return Waits(tuple(items), tried, more=True)
            tried += 1
            if refusal_of_payload(repository, handle, one.payload) is not None:
                continue
        title = None if proposal is None else title_of(repository, state, proposal)
        number = None if proposal is None else proposal.number
        items.append(Waiting(state.name, one.wait, number, title, one.whom, one.why, one.until))
    return Waits(tuple(items), tried, more=False)


def _asked(state: Commons, handle: str) -> Iterator[tuple[Proposal | None, _Asked]]:
    member = state.people.members.get(handle)
    is_member = belongs(member)
    for proposal in state.proposals.values():
        yield from ((proposal, one) for one in _as_author(proposal, handle))
        if is_member:
            yield from ((proposal, one) for one in _as_member(state, proposal, handle))
    if is_member:
        yield from ((None, one) for one in _applicants(state, handle))
    elif handle in state.people.invited and handle not in state.people.applicants:
        yield None, _Asked(Wait.JOIN, payloads.Applied(), whom=state.people.invited[handle])


def _as_author(proposal: Proposal, handle: str) -> Iterator[_Asked]:
    """Another revision, where somebody asked for one; none is open once a decision is under way."""
    if proposal.author != handle or proposal.stage not in (Stage.REVIEW, Stage.COMMENT):
        return
    last = {one.by: one for one in proposal.reviews if one.content == proposal.content}
    asking = sorted(one.by for one in last.values() if one.verdict == _ASK)
    objecting = sorted({one.by for one in proposal.objections if one.expires is None and not one.resolved})
    if asking:
        yield _Asked(Wait.REVISE, None, why=f"{', '.join(asking)} asked for changes")
    elif objecting:
        yield _Asked(Wait.REVISE, None, why=f"an objection by {', '.join(objecting)} stands")
    elif proposal.returned is not None:
        yield _Asked(Wait.REVISE, None, why="it came back to review")


def _as_member(state: Commons, proposal: Proposal, handle: str) -> Iterator[_Asked]:
    number, content, frozen = proposal.number, proposal.content, proposal.frozen
    if proposal.stage is Stage.VOTING and frozen is not None:
        if handle in frozen.roll and handle not in proposal.ballots:
            said = {"choice": "yes"} if frozen.box is None else {"box": "0"}
            ballot = payloads.BallotCast(number=number, content=frozen.content, **said)
            yield _Asked(Wait.VOTE, ballot, until=frozen.ends)
    elif proposal.stage is Stage.STAYED:
        if handle in proposal.panel and handle not in dict(proposal.rulings):
            ruling = payloads.Ruled(number=number, ruling="uphold", reason=_WORDS)
            yield _Asked(Wait.RULE, ruling, until=proposal.due)
    elif proposal.stage in (Stage.REVIEW, Stage.COMMENT):
        mine = [one for one in proposal.objections if one.by == handle and not one.resolved]
        if mine and proposal.revised_seq > mine[-1].seq:
            resolved = payloads.ObjectionResolved(number=number, objection=mine[-1].seq)
            yield _Asked(Wait.RESOLVE, resolved, why="it was revised since you objected")
        if proposal.sponsor is None:
            yield _Asked(Wait.ADOPT, payloads.Adopted(number=number), whom=proposal.author)
        elif proposal.stage is Stage.REVIEW and _needs_review(state, proposal, handle):
            yield _Asked(Wait.REVIEW, payloads.Reviewed(number=number, content=content, verdict=_APPROVE))
    if proposal.unanswered:
        answer = payloads.Answered(number=number, comments=proposal.unanswered, text=_WORDS)
        yield _Asked(Wait.ANSWER, answer, until=proposal.due)


def _needs_review(state: Commons, proposal: Proposal, handle: str) -> bool:
    """Whether approvals are missing, and somebody has not said yet what they think of this content."""
    said = {one.by: one.verdict for one in proposal.reviews if one.content == proposal.content}
    rules = state.charter_rules
    needed = rules.rules(effective_kind(proposal, rules)).reviews
    approvals = sum(verdict == _APPROVE for verdict in said.values())
    return handle not in said and handle not in proposal.authors and approvals < needed


def _applicants(state: Commons, handle: str) -> Iterator[_Asked]:
    join = state.charter_rules.membership.join
    if join is Join.VOUCHED:
        for applicant in state.people.applicants.values():
            if all(one.handle != handle for one in applicant.vouchers):
                yield _Asked(Wait.VOUCH, payloads.Vouched(member=applicant.handle), whom=applicant.handle)
    elif join is Join.BY_VOTE:
        member = state.people.members.get(handle)
        proposed = {proposal.admission for proposal in state.proposals.values()}
        if can_act(member, state.charter_rules.membership, state.at):
            for whom in sorted(state.people.applicants):
                if whom not in proposed:
                    yield _Asked(Wait.ADMIT, None, whom=whom)
