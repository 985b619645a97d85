"""`commons vote`: casts a ballot, or asks for a vote. Writes the repository."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from registry.cli.command import Command, Panel
from registry.cli.console import Output
from registry.cli.opening import acting, opened
from registry.cli.options import As, CommonsPath, Json
from registry.cli.proposal_answer import answer_proposal
from registry.cli.proposal_options import ProposalNumber
from registry.cli.signing_options import Sign, signer_of


class Choice(StrEnum):
    """What a ballot may say."""

    YES = "yes"
    NO = "no"
    ABSTAIN = "abstain"


def vote(
    repository: CommonsPath,
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
    from registry.services.vote import vote as cast

    output = Output(json=json)
    if call == (choice is not None):
        raise InputRefusedError("vote", "one thing at a time.", "Give yes, no or abstain, or --call.")
    with opened(repository) as commons:
        actor, signer = acting(commons, handle), signer_of(sign)
        if choice is None:
            deliberation.call_vote(commons, number, actor=actor, signer=signer)
            answer_proposal(output, commons, number, f"{actor} asked for a vote on proposal {number}.")
            return
        receipt = cast(commons, number, choice.value, actor=actor, signer=signer)
        kind = "a sealed ballot" if receipt.sealed else choice.value
        said = (
            f"{actor} voted {kind} on proposal {number}.\n"
            f"Receipt: event {receipt.seq}, {receipt.digest}, in log commit {receipt.commit}"
        )
        answer_proposal(output, commons, number, said, facts={"receipt": receipt._asdict()})


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
