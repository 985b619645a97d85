"""Votes in sentences. Pure."""

from __future__ import annotations

from governance import payloads
from governance.minutes.wording import Sentence, moment, plural

_OUTCOMES = {"accepted": "accepted", "rejected": "rejected", "no_quorum": "not decided for want of a quorum"}


_BALLOTS = {"yes": "voted yes", "no": "voted no", "abstain": "abstained", None: "cast a sealed ballot"}


def _voting_opened(_actor: str, said: payloads.VotingOpened) -> str:
    kind = "a sealed" if said.box is not None else "an open"
    return (
        f"{kind} vote on proposal {said.number} began, until {moment(said.closes)}, "
        f"with {plural(said.voters, 'voter')}"
    )


def _ballot_cast(actor: str, said: payloads.BallotCast) -> str:
    return f"{actor} {_BALLOTS[said.choice]} on proposal {said.number}"


def _voting_closed(_actor: str, said: payloads.VotingClosed) -> str:
    tally = said.tally
    return (
        f"the vote on proposal {said.number} ended: {tally.yes} yes, {tally.no} no, "
        f"{tally.abstain} abstained; it is {_OUTCOMES[tally.outcome]}"
    )


def _voting_voided(_actor: str, said: payloads.VotingVoided) -> str:
    return f"the sealed vote on proposal {said.number} is void, since its boxes were not opened in time"


SENTENCES: dict[str, Sentence] = {
    "voting_opened": _voting_opened,
    "ballot_cast": _ballot_cast,
    "voting_closed": _voting_closed,
    "voting_voided": _voting_voided,
}
