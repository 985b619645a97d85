"""Opens a proposal, revises it, or gives it up."""

from __future__ import annotations

from typing import NamedTuple

from governance.authority import head_ref
from governance.commons import Commons
from governance.events import Draft as EventDraft
from governance.payloads import Move, ProposalWithdrawn, Proposed, Revised, Revision, Withdrawal
from policies.findings import Finding
from registry.services.acting import Guard, Signer, act, whatever
from registry.services.clearing import clearing
from registry.services.proposals import open_proposal
from registry.services.revisions import Draft, check_draft, make_revision
from registry.services.topics import mark_in, mark_of, marked
from registry.services.words import Words
from registry.store.objects import Change
from registry.store.repository import Acted, Decide, Repository


class Opened(NamedTuple):
    """A proposal as it was opened or revised, with what lint still says of it (warnings do not block).

    `revision` is None where it proposes a withdrawal or an admission.
    """

    number: int
    revision: Revision | None
    findings: tuple[Finding, ...]
    acted: Acted


def propose(
    repository: Repository,
    draft: Draft,
    *,
    title: str,
    actor: str,
    reason: str | None = None,
    lineage: tuple[str, ...] = (),
    signer: Signer | None = None,
    topic: str | None = None,
    guard: Guard = whatever,
) -> Opened:
    """Opens a proposal with this revision. By `topic` its author finds it again.

    Raises what `check_draft`, `make_revision`, the rules and `guard` raise.
    """
    checked = check_draft(repository, draft)
    mark = None if topic is None else mark_of(repository, actor, topic)
    made: list[Revision] = []

    def decide(state: Commons | None, change: Change, at: int) -> EventDraft:
        assert state is not None
        guard(state)
        number = state.proposed + 1
        said = marked(f"Proposal {number}", mark)
        revision = make_revision(repository, state, change, checked, actor=actor, at=at, message=said)
        words = Words(repository)
        payload = Proposed(
            number=number,
            title=words.add(title, "the title"),
            reason=words.optional(reason, "the reason"),
            revision=revision,
            lineage=lineage,
        )
        made[:] = [revision]
        head = Move(ref=head_ref(number), old=None, new=revision.head)
        moves = (head, *words.moves(change, state, actor, at))
        return EventDraft(type="proposed", actor=actor, payload=payload, moves=moves)

    acted = act(repository, decide, signer=signer)
    return Opened(_number(acted), made[0], checked.findings, acted)


def propose_withdrawal(
    repository: Repository,
    slug: str,
    version: str,
    *,
    title: str,
    actor: str,
    reason: str | None = None,
    signer: Signer | None = None,
) -> Opened:
    """Opens a proposal that a release is not to be used any more."""
    return _propose_other(
        repository,
        title,
        reason,
        actor=actor,
        signer=signer,
        withdrawal=Withdrawal(slug=slug, version=version),
    )


def propose_admission(
    repository: Repository,
    member: str,
    *,
    title: str,
    actor: str,
    reason: str | None = None,
    signer: Signer | None = None,
) -> Opened:
    """Opens a proposal to admit an applicant."""
    return _propose_other(repository, title, reason, actor=actor, signer=signer, admission=member)


def revise(
    repository: Repository,
    number: int,
    draft: Draft,
    *,
    actor: str,
    lineage: tuple[str, ...] = (),
    content: str | None = None,
    signer: Signer | None = None,
    guard: Guard = whatever,
) -> Opened:
    """Puts another revision in the place of the one at hand; with `content`, only of that one.

    Raises what `guard` raises, too.
    """
    checked = check_draft(repository, draft)
    made: list[Revision] = []

    def decide(state: Commons | None, change: Change, at: int) -> EventDraft:
        assert state is not None
        guard(state)
        proposal = open_proposal(state, number, content)
        round_ = len(proposal.revisions) + 1
        said = marked(f"Proposal {number}, revision {round_}", mark_in(repository, proposal))
        revision = make_revision(
            repository,
            state,
            change,
            checked,
            actor=actor,
            at=at,
            message=said,
            previous=proposal.revisions[-1] if proposal.revisions else None,
        )
        made[:] = [revision]
        move = Move(ref=head_ref(number), old=state.refs.get(head_ref(number)), new=revision.head)
        payload = Revised(number=number, revision=revision, lineage=lineage)
        return EventDraft(type="revised", actor=actor, payload=payload, moves=(move,))

    acted = act(repository, decide, signer=signer)
    return Opened(number, made[0], checked.findings, acted)


def give_up(repository: Repository, number: int, *, actor: str, signer: Signer | None = None) -> Acted:
    """Gives a proposal up; where somebody else stands behind it, it goes on as theirs."""
    return act(repository, giving_up(number, actor), signer=signer)


def giving_up(number: int, actor: str) -> Decide:
    """The act itself."""

    def decide(state: Commons | None, change: Change, at: int) -> EventDraft:
        assert state is not None
        proposal = open_proposal(state, number)
        others = {proposal.author, proposal.sponsor} - {actor, None}
        moves = () if others or proposal.revision is None else clearing(change, at, actor)(state, proposal)
        payload = ProposalWithdrawn(number=number)
        return EventDraft(type="proposal_withdrawn", actor=actor, payload=payload, moves=moves)

    return decide


def _propose_other(
    repository: Repository,
    title: str,
    reason: str | None,
    *,
    actor: str,
    signer: Signer | None,
    withdrawal: Withdrawal | None = None,
    admission: str | None = None,
) -> Opened:
    def decide(state: Commons | None, change: Change, at: int) -> EventDraft:
        assert state is not None
        words = Words(repository)
        payload = Proposed(
            number=state.proposed + 1,
            title=words.add(title, "the title"),
            reason=words.optional(reason, "the reason"),
            withdrawal=withdrawal,
            admission=admission,
        )
        moves = words.moves(change, state, actor, at)
        return EventDraft(type="proposed", actor=actor, payload=payload, moves=moves)

    acted = act(repository, decide, signer=signer)
    return Opened(_number(acted), None, (), acted)


def _number(acted: Acted) -> int:
    payload = acted.entry.event.payload
    assert isinstance(payload, Proposed)
    return payload.number
