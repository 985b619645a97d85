"""`commons vote`: casts a ballot, or asks for a vote. Writes the repository."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from registry.cli.command import Command, Panel
from registry.cli.console import Output
from registry.cli.options import As, Json
from registry.cli.proposal_answer import answer_proposal
from registry.cli.proposal_options import ProposalNumber
from registry.cli.seats import Act, CommonsPlace, seated
from registry.cli.signing_options import Sign


class Choice(StrEnum):
    """What a ballot may say."""

    YES = "yes"
    NO = "no"
    ABSTAIN = "abstain"


def vote(
    repository: CommonsPlace,
    number: ProposalNumber,
    choice: Annotated[Choice | None, typer.Argument(help="Your choice.", show_default=False)] = None,
    call: Annotated[
        bool, typer.Option("--call", help="Ask for a vote on what could be agreed on without one.")
    ] = False,
    handle: As = None,
    sign: Sign = None,
    json: Json = False,
) -> None:
    """Vote on a proposal. The last ballot before the close counts, and the receipt says where it stands.

    Where the charter says so, ballots are sealed until the close: everybody then can open and count them.
    The registry that holds the key could open them before.
    """
    from registry.services import deliberation
    from registry.services.errors import InputRefusedError

    output = Output(json=json)
    if call == (choice is not None):
        raise InputRefusedError("vote", "one thing at a time.", "Give yes, no or abstain, or --call.")
    with seated(repository, handle, sign, output) as seat:
        if choice is None:
            act = Act(
                path="calls", here=lambda commons, **who: deliberation.call_vote(commons, number, **who)
            )
            said = f"{seat.actor} asked for a vote on proposal {number}."
            answer_proposal(output, seat, seat.on(number, act), said)
            return
        left = seat.vote(number, choice.value)
        receipt = left.receipt
        assert receipt is not None
        kind = "a sealed ballot" if receipt.sealed else choice.value
        said = (
            f"{seat.actor} voted {kind} on proposal {number}.\n"
            f"Receipt: event {receipt.seq}, {receipt.digest}, in log commit {receipt.commit}"
        )
        facts = {"receipt": {**receipt._asdict(), "number": number, "signed": sign is not None}}
        answer_proposal(output, seat, left, said, facts=facts)


COMMAND = Command(
    "vote",
    vote,
    Panel.DECIDE,
    (
        "commons vote demo.git 3 yes --as bo",
        "commons vote demo.git 3 no --as cleo --sign ~/.ssh/id_ed25519",
        "commons vote demo.git 3 --call",
    ),
)
