"""Votes in sentences. Pure."""

from __future__ import annotations

from governance import payloads
from governance.minutes.wording import Sentence, moment, plural

_OUTCOMES = {"accepted": "accepted", "rejected": "rejected", "no_quorum": "not decided for want of a quorum"}


def _voting_opened(_actor: str, said: payloads.VotingOpened) -> str:
    kind = "sealed" if said.box is not None else "open"
    return (
        f"an {kind} vote on proposal {said.number} began, until {moment(said.closes)}, "
        f"with {plural(said.voters, 'voter')}"
    ).replace("an sealed", "a sealed")


def _ballot_cast(actor: str, said: payloads.BallotCast) -> str:
    choice = "a sealed ballot" if said.choice is None else said.choice
    return f"{actor} voted {choice} on proposal {said.number}".replace("voted a", "cast a")


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
