"""`commons object`: objects to a proposal, asks for time, or challenges its acceptance. Writes."""

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


class Ruling(StrEnum):
    """What a panel may rule."""

    UPHOLD = "uphold"
    VOID = "void"
    RETURN = "return"


def object_(
    repository: CommonsPlace,
    number: ProposalNumber,
    reason: Annotated[str | None, typer.Option(metavar="TEXT", help="Why.")] = None,
    remedy: Annotated[str | None, typer.Option(metavar="TEXT", help="What would resolve it.")] = None,
    hold: Annotated[bool, typer.Option("--hold", help="Only ask for time; it ends by itself.")] = False,
    resolve: Annotated[
        bool, typer.Option("--resolve", help="Take your objection, or hold, as resolved.")
    ] = False,
    challenge: Annotated[
        bool, typer.Option("--challenge", help="Challenge an acceptance before it comes into force.")
    ] = False,
    rule: Annotated[
        Ruling | None, typer.Option(help="As a member of the panel: what becomes of a challenge.")
    ] = None,
    handle: As = None,
    sign: Sign = None,
    json: Json = False,
) -> None:
    """Object to a proposal with a reason and a remedy, ask for time, or challenge its acceptance.

    An objection that still stands when the comment period ends puts the change to a vote, or makes it one of
    policy. Nobody has a permanent veto.
    """
    from registry.services import deliberation
    from registry.services.errors import InputRefusedError

    output = Output(json=json)
    if sum((hold, resolve, challenge, rule is not None)) > 1:
        raise InputRefusedError("object", "one thing at a time.", "Give one of the options.")
    if not resolve and not reason:
        raise InputRefusedError("--reason", "no reason is given.", "Say why with --reason.")
    why = reason or ""
    with seated(repository, handle, sign, output) as seat:
        actor = seat.actor
        if resolve:
            act = Act(
                path="resolutions",
                body={"objection": None},
                here=lambda commons, **who: deliberation.resolve(commons, number, **who),
            )
            said = f"{actor} takes the objection to proposal {number} as resolved."
        elif hold:
            act = Act(
                path="holds",
                body={"reason": why},
                here=lambda commons, **who: deliberation.hold(commons, number, why, **who),
            )
            said = f"{actor} asked for time on proposal {number}."
        elif challenge:
            act = Act(
                path="challenges",
                body={"reason": why},
                here=lambda commons, **who: deliberation.challenge(commons, number, why, **who),
            )
            said = f"{actor} challenged the acceptance of proposal {number}."
        elif rule is not None:
            ruling = rule.value
            act = Act(
                path="rulings",
                body={"ruling": ruling, "reason": why},
                here=lambda commons, **who: deliberation.rule(commons, number, ruling, why, **who),
            )
            said = f"{actor} ruled on proposal {number}: {ruling}."
        else:
            if not remedy:
                raise InputRefusedError(
                    "--remedy", "what would resolve it is not said.", "Say it with --remedy, or use --hold."
                )
            act = Act(
                path="objections",
                body={"reason": why, "remedy": remedy},
                here=lambda commons, **who: deliberation.object_to(commons, number, why, remedy, **who),
            )
            said = f"{actor} objected to proposal {number}."
        answer_proposal(output, seat, seat.on(number, act), said)


COMMAND = Command(
    "object",
    object_,
    Panel.DECIDE,
    (
        'commons object demo.git 3 --reason "It covers raffles too" --remedy "Name what is meant" --as bo',
        'commons object demo.git 3 --hold --reason "I am away until Monday"',
        "commons object demo.git 3 --resolve",
        'commons object demo.git 3 --challenge --reason "The count left out two members"',
    ),
)
