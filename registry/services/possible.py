"""What somebody can do about a proposal right now, and why not the rest. Records nothing.

Each act is tried on the rules themselves, with words that stand for any: so a page cannot offer what would be
refused, nor hide what would be allowed. Only the words are not looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import NamedTuple

from governance import payloads
from governance.charter.model import Mode
from governance.commons import Commons
from governance.errors import RefusedError
from governance.events import Draft
from governance.payloads import TYPES, Payload
from governance.proposals.kinds import effective_kind
from governance.proposals.state import Ended, Proposal, Stage
from registry.services.errors import ServiceError
from registry.services.proposals import find_proposal
from registry.services.propose import giving_up
from registry.services.undo import undoing
from registry.store.objects import Change
from registry.store.repository import Decide, Repository

_WORDS = "0" * 64
_TYPE_OF = {schema: type_ for type_, schema in TYPES.items()}


class ActName(StrEnum):
    """What may be done about a proposal, in the order in which a page shows it."""

    VOTE = "vote"
    RULE = "rule"
    REVIEW = "review"
    ADOPT = "adopt"
    ANSWER = "answer"
    COMMENT = "comment"
    OBJECT = "object"
    RESOLVE = "resolve"
    HOLD = "hold"
    CALL = "call"
    CHALLENGE = "challenge"
    UNDO = "undo"
    GIVE_UP = "give-up"


class Possible(NamedTuple):
    """An act: `refusal` is None where it is open, and else says why it is not."""

    act: ActName
    refusal: RefusedError | None

    @property
    def is_open(self) -> bool:
        """Whether it would be taken in now."""
        return self.refusal is None


def possible_acts(repository: Repository, number: int, handle: str) -> tuple[Possible, ...]:
    """What could be done about a proposal at its stage by somebody, and what of it this one may.

    What nobody could do there is left out. Raises `UnknownProposalError`.
    """
    state = repository.state()
    found = find_proposal(state, number)
    tried = (
        Possible(name, _refusal(repository, decide))
        for name, decide in _at_stage(repository, state, found, handle)
    )
    return tuple(sorted(tried, key=lambda one: list(ActName).index(one.act)))


def refusal_of_payload(repository: Repository, handle: str, payload: Payload) -> RefusedError | None:
    """Why an act that says this would be refused; None where it would be taken in."""
    return _refusal(repository, _saying(handle, payload))


def _refusal(repository: Repository, decide: Decide) -> RefusedError | None:
    try:
        repository.rehearse(decide)
    except RefusedError as error:
        return error
    except ServiceError as error:
        return RefusedError(str(error), "")
    return None


def _at_stage(
    repository: Repository, state: Commons, found: Proposal | Ended, handle: str
) -> Iterator[tuple[ActName, Decide]]:
    number = found.number
    if isinstance(found, Ended):
        if found.undo_until is not None and max(repository.clock.now(), state.at) < found.undo_until:
            yield ActName.UNDO, undoing(repository, number, "Any.", handle)
        return
    if found.stage in (Stage.REVIEW, Stage.COMMENT) and handle in (found.author, found.sponsor):
        yield ActName.GIVE_UP, giving_up(number, handle)
    for name, payload in _payloads(state, found, handle):
        yield name, _saying(handle, payload)


def _saying(handle: str, payload: Payload) -> Decide:
    """An act that says this. Its words stand nowhere, which the rules cannot see."""

    def decide(_state: Commons | None, _change: Change, _at: int) -> Draft:
        return Draft(type=_TYPE_OF[type(payload)], actor=handle, payload=payload)

    return decide


def _payloads(state: Commons, proposal: Proposal, handle: str) -> Iterator[tuple[ActName, Payload]]:
    number = proposal.number
    yield ActName.COMMENT, payloads.Commented(number=number, text=_WORDS)
    if proposal.unanswered:
        answer = payloads.Answered(number=number, comments=proposal.unanswered, text=_WORDS)
        yield ActName.ANSWER, answer
    yield from _BY_STAGE.get(proposal.stage, _nothing)(state, proposal, handle)


_Stage = Callable[[Commons, Proposal, str], Iterator[tuple[ActName, Payload]]]


def _nothing(_state: Commons, _proposal: Proposal, _handle: str) -> Iterator[tuple[ActName, Payload]]:
    yield from ()


def _in_review(state: Commons, proposal: Proposal, handle: str) -> Iterator[tuple[ActName, Payload]]:
    number, content = proposal.number, proposal.content
    yield ActName.REVIEW, payloads.Reviewed(number=number, content=content, verdict="approve")
    yield ActName.HOLD, payloads.Held(number=number, reason=_WORDS)
    yield ActName.OBJECT, payloads.Objected(number=number, reason=_WORDS, remedy=_WORDS)
    mine = [one.seq for one in proposal.objections if one.by == handle and not one.resolved]
    if mine:
        yield ActName.RESOLVE, payloads.ObjectionResolved(number=number, objection=mine[-1])
    if proposal.sponsor is None:
        yield ActName.ADOPT, payloads.Adopted(number=number)
    rules = state.charter_rules
    asked = rules.rules(effective_kind(proposal, rules)).mode is Mode.CONSENT_THEN_VOTE
    if proposal.stage is Stage.REVIEW and asked:
        yield ActName.CALL, payloads.VoteCalled(number=number)


def _in_vote(_state: Commons, proposal: Proposal, _handle: str) -> Iterator[tuple[ActName, Payload]]:
    frozen = proposal.frozen
    assert frozen is not None
    said = {"choice": "yes"} if frozen.box is None else {"box": "0"}
    yield ActName.VOTE, payloads.BallotCast(number=proposal.number, content=frozen.content, **said)


def _accepted(_state: Commons, proposal: Proposal, _handle: str) -> Iterator[tuple[ActName, Payload]]:
    yield ActName.CHALLENGE, payloads.Challenged(number=proposal.number, reason=_WORDS)


def _stayed(_state: Commons, proposal: Proposal, _handle: str) -> Iterator[tuple[ActName, Payload]]:
    yield ActName.RULE, payloads.Ruled(number=proposal.number, ruling="uphold", reason=_WORDS)


_BY_STAGE: dict[Stage, _Stage] = {
    Stage.REVIEW: _in_review,
    Stage.COMMENT: _in_review,
    Stage.VOTING: _in_vote,
    Stage.ACCEPTED: _accepted,
    Stage.STAYED: _stayed,
}
