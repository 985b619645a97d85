"""`commons review`: what one thinks of a proposal, and answers to those who asked. Writes the repository."""

from __future__ import annotations

from typing import Annotated

import typer

from registry.cli.command import Command, Panel
from registry.cli.console import Output
from registry.cli.options import As, Json
from registry.cli.proposal_answer import answer_proposal
from registry.cli.proposal_options import ProposalNumber
from registry.cli.seats import Act, CommonsPlace, seated
from registry.cli.signing_options import Sign


def review(
    repository: CommonsPlace,
    number: ProposalNumber,
    approve: Annotated[bool, typer.Option("--approve", help="Approve what is proposed now.")] = False,
    request_changes: Annotated[
        bool, typer.Option("--request-changes", help="Ask for changes; say which with --reason.")
    ] = False,
    comment: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Only say something; anybody may.")
    ] = None,
    answer: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Answer those from outside who wait for it.")
    ] = None,
    to: Annotated[
        list[int] | None, typer.Option("--to", metavar="EVENT", help="With --answer: which comments.")
    ] = None,
    reason: Annotated[str | None, typer.Option(metavar="TEXT", help="Why.")] = None,
    handle: As = None,
    sign: Sign = None,
    json: Json = False,
) -> None:
    """Review a proposal, comment on it, or answer comments.

    A review is of exactly the content at hand: a new revision asks for another one. Whoever made a part of
    it, or acts for the same organisation as an author, may vote but not review.
    """
    from registry.services import deliberation
    from registry.services.errors import InputRefusedError

    output = Output(json=json)
    if sum((approve, request_changes, comment is not None, answer is not None)) != 1:
        raise InputRefusedError(
            "review",
            "one thing at a time.",
            "Give one of --approve, --request-changes, --comment and --answer.",
        )
    if request_changes and not reason:
        raise InputRefusedError("--reason", "which changes is not said.", "Say them with --reason.")
    with seated(repository, handle, sign, output) as seat:
        actor = seat.actor
        if comment is not None:
            act = Act(
                path="comments",
                body={"text": comment},
                here=lambda commons, **who: deliberation.comment(commons, number, comment, **who),
            )
            said = f"{actor} commented on proposal {number}."
        elif answer is not None:
            act = Act(
                path="answers",
                body={"text": answer, "comments": to or []},
                here=lambda commons, **who: deliberation.answer(commons, number, to or (), answer, **who),
            )
            said = f"{actor} answered on proposal {number}."
        else:
            verdict = deliberation.APPROVE if approve else deliberation.REQUEST_CHANGES
            act = Act(
                path="reviews",
                body={"verdict": verdict, "reason": reason},
                here=lambda commons, **who: deliberation.review(
                    commons, number, verdict, reason=reason, **who
                ),
            )
            said = f"{actor} {'approved' if approve else 'asked for changes in'} proposal {number}."
        answer_proposal(output, seat, seat.on(number, act), said)


COMMAND = Command(
    "review",
    review,
    Panel.DECIDE,
    (
        "commons review demo.git 3 --approve --as cleo",
        'commons review demo.git 3 --request-changes --reason "SP2 has no example"',
        'commons review demo.git 3 --comment "How does this treat raffles?"',
    ),
)
