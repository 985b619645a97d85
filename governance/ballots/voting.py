"""A vote from its opening to its count: all that decides it is frozen at the opening (principle 3). Pure."""

from __future__ import annotations

from immutables import Map
from msgspec.structs import replace

from governance import payloads
from governance.authority import refuse_unless
from governance.ballots.counting import ACCEPTED, METHOD, Held, tally
from governance.charter.modes import CAN_VOTE
from governance.commons import Commons
from governance.events import Event
from governance.membership.roll import HOUR
from governance.proposals.access import acted_on, changed, ended, open_in
from governance.proposals.deciding import accepted_by, frozen_at
from governance.proposals.kinds import effective_kind
from governance.proposals.state import Ballot, Frozen, Proposal, Stage
from governance.proposals.steps import SEALED_OPENING_HOURS, is_sealed, rules_for
from governance.rules import rules_of

LATE_HOURS = 168
"""How long a ballot that comes too late is still noted as such."""


def voting_opened(state: Commons, _event: Event, said: payloads.VotingOpened) -> Commons:
    """A vote begins, on this content, under these rules, with these voters."""
    proposal = open_in(state, said.number, Stage.REVIEW, Stage.COMMENT)
    kept = rules_for(state, proposal)
    sealed = is_sealed(kept, proposal)
    refuse_unless(
        (said.box is not None) == sealed,
        f"ballots are {'sealed' if sealed else 'open'} here (ballot.visibility).",
        "Open the vote with a box." if sealed else "Open the vote without a box.",
    )
    frozen = vote_frozen(state, proposal, said.due, said.box)
    stated = (said.content, said.charter, said.roll, said.voters, said.method, said.suites, said.closes)
    follows = (
        frozen.content,
        frozen.rules.blob,
        frozen.digest,
        len(frozen.roll),
        METHOD,
        kept.evidence.suites,
        frozen.ends,
    )
    refuse_unless(
        stated == follows, "the opening does not state what follows from the log.", "State what does."
    )
    refuse_unless(
        said.base == (proposal.revision.base if proposal.revision else None),
        "the opening names another base than the revision has.",
        "Name the revision's.",
    )
    proposal = replace(
        proposal, stage=Stage.VOTING, since=said.due, frozen=frozen, ballots=Map(), yes=0, late=0
    )
    return changed(state, proposal, said.due)


def vote_frozen(state: Commons, proposal: Proposal, due: int, box: str | None) -> Frozen:
    """What is frozen when a vote opens at this second."""
    rules = rules_for(state, proposal)
    frozen = frozen_at(state, proposal, due, rules.rules(effective_kind(proposal, rules)).voting)
    return replace(frozen, method=METHOD, box=box)


def ballot_cast(state: Commons, event: Event, said: payloads.BallotCast) -> Commons:
    """A ballot from somebody on the frozen roll; the last before the close counts.

    Whoever left meanwhile may vote: the roll is frozen, nobody is added to it and nobody taken off.
    """
    if said.number in state.ended:
        return _late_after_the_end(state, event, said)
    proposal = open_in(state, said.number, Stage.VOTING, Stage.ACCEPTED, Stage.STAYED)
    frozen = proposal.frozen
    refuse_unless(frozen is not None and frozen.method is not None, "it was not voted on.", "Nothing to do.")
    assert frozen is not None
    refuse_unless(
        event.actor in frozen.roll,
        f"{event.actor} was not on the roll when the vote on proposal {said.number} opened.",
        "Only those on it vote; joining later changes no vote that is open.",
    )
    refuse_unless(
        said.content == frozen.content, "the ballot is for another content.", "Vote on what is voted on."
    )
    if not in_time(proposal, event.at):
        return changed(state, replace(proposal, late=proposal.late + 1), event.at)
    sealed = frozen.box is not None
    refuse_unless(
        (said.choice is None, said.box is not None) == (sealed, sealed),
        f"ballots are {'sealed' if sealed else 'open'} in this vote.",
        "Cast a sealed ballot." if sealed else "Cast an open ballot.",
    )
    rules = frozen.rules.charter
    refuse_unless(
        rules.ballot.change_allowed or event.actor not in proposal.ballots,
        f"{event.actor} has voted, and a ballot is not changed here (ballot.change_allowed).",
        "It stands.",
    )
    ballot = Ballot(event.seq, state.people.members[event.actor].signed + 1, said.choice, said.box)
    before = proposal.ballots.get(event.actor)
    yes = proposal.yes + (said.choice == "yes") - (before is not None and before.choice == "yes")
    ballots = proposal.ballots.set(event.actor, ballot)
    return acted_on(state, replace(proposal, ballots=ballots, yes=yes), event.at)


def in_time(proposal: Proposal, at: int) -> bool:
    """Whether a ballot of this second counts: the vote is open, and not at its end."""
    frozen = proposal.frozen
    return proposal.stage is Stage.VOTING and frozen is not None and at < frozen.ends


def voting_closed(state: Commons, event: Event, said: payloads.VotingClosed) -> Commons:
    """The count, which must be the one that the ballots in the log give."""
    proposal = open_in(state, said.number, Stage.VOTING)
    frozen = proposal.frozen
    assert frozen is not None
    if frozen.box is not None:
        refuse_unless(
            said.due == frozen.ends <= event.at < frozen.ends + SEALED_OPENING_HOURS * HOUR,
            "sealed ballots are opened after the close, and in time.",
            f"That is from {frozen.ends} on.",
        )
        choices = _opened(proposal, said)
    else:
        refuse_unless(said.key is None and not said.opened, "open ballots need no key.", "Leave out the key.")
        choices = {member: ballot.choice for member, ballot in proposal.ballots.items()}
    counted = count(proposal, choices)
    refuse_unless(
        said.tally == counted,
        "the tally is not the one that the ballots give.",
        "Count them again; `commons explain` shows the arithmetic.",
    )
    if counted.outcome == ACCEPTED:
        # A sealed count is known from its event on, and the time to challenge it begins when it is.
        return accepted_by(state, proposal, "vote", said.due if frozen.box is None else event.at)
    return ended(state, proposal, Stage(counted.outcome), said.due)


def voting_voided(state: Commons, _event: Event, said: payloads.VotingVoided) -> Commons:
    """The boxes stayed shut: the vote is held again, openly."""
    proposal = open_in(state, said.number, Stage.VOTING)
    proposal = replace(
        proposal,
        stage=Stage.REVIEW,
        since=said.due,
        frozen=None,
        ballots=Map(),
        yes=0,
        late=0,
        round=proposal.round + 1,
    )
    return changed(state, proposal, said.due)


def count(proposal: Proposal, choices: dict[str, str | None]) -> payloads.Tally:
    """The tally of these choices under everything that a proposal is held to."""
    frozen = proposal.frozen
    assert frozen is not None
    return tally(
        choices,
        roll=frozen.roll,
        groups=frozen.groups,
        held_to=held_to(proposal),
        late=proposal.late,
    )


def held_to(proposal: Proposal) -> tuple[Held, ...]:
    """The charter that was frozen; for a change of the charter also the one that it would bring."""
    frozen = proposal.frozen
    assert frozen is not None
    rules, kind = frozen.rules.charter, frozen.kind
    held = (Held(frozen.rules.blob, rules.rules(kind), kind),)
    text = proposal.revision.charter if proposal.revision else None
    if text is None:
        return held
    after = rules_of(text).charter
    if after.rules(kind).mode not in CAN_VOTE:
        return held
    return (*held, Held(text.blob, after.rules(kind), kind))


def _opened(proposal: Proposal, said: payloads.VotingClosed) -> dict[str, str | None]:
    """What the boxes held, as stated: one for each ballot. The verifier opens them with the key."""
    refuse_unless(said.key is not None, "sealed ballots are opened with their key.", "Publish the key.")
    members = [ballot.member for ballot in said.opened]
    refuse_unless(
        members == sorted(proposal.ballots),
        "not every ballot was opened, or one that is none.",
        "Open each member's last one, in order of their handles.",
    )
    for ballot in said.opened:
        refuse_unless(
            (ballot.choice is None) == (ballot.spoilt is not None),
            f"{ballot.member}'s ballot is neither a choice nor spoilt.",
            "State one of the two.",
        )
    return {ballot.member: ballot.choice for ballot in said.opened}


def _late_after_the_end(state: Commons, event: Event, said: payloads.BallotCast) -> Commons:
    """Noted in the log, counted nowhere; for a time only, and from people who are known here."""
    refuse_unless(event.actor in state.people.members, f"{event.actor} was never a member.", "Members vote.")
    closed = state.ended[said.number].closed_at
    refuse_unless(
        closed is not None and event.at < closed + LATE_HOURS * HOUR,
        f"the vote on proposal {said.number} is over.",
        "It is decided, and is not opened again.",
    )
    return state
