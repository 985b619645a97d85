"""`commons review`: what one thinks of a proposal, and answers to those who asked. Writes the repository."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from registry.cli.command import Command, Panel
from registry.cli.console import Output
from registry.cli.options import As, Json
from registry.cli.proposal_answer import answer_proposal
from registry.cli.proposal_options import ProposalNumber
from registry.cli.seats import Act, CommonsPlace, seated
from registry.cli.signing_options import Sign

if TYPE_CHECKING:
    from registry.services.places import Spot


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
    at: Annotated[
        str | None,
        typer.Option(
            metavar="PLACE",
            help="With --comment: on which lines, as policies/spam/policy.md:12-14, or on which case, "
            "as policies/spam/cases.jsonl:ID.",
        ),
    ] = None,
    suggest: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="With --at: what should stand there instead; empty takes it out."),
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
    from registry.services import commenting, deliberation
    from registry.services.errors import InputRefusedError
    from registry.services.places import read_spot

    output = Output(json=json)
    if sum((approve, request_changes, comment is not None, answer is not None)) != 1:
        raise InputRefusedError(
            "review",
            "one thing at a time.",
            "Give one of --approve, --request-changes, --comment and --answer.",
        )
    if at is not None and comment is None:
        raise InputRefusedError("--at", "nothing is said about it.", 'Say it: --comment "...".')
    if suggest is not None and at is None:
        raise InputRefusedError(
            "--suggest", "it does not say of which lines.", "Name them: --at policies/spam/policy.md:12."
        )
    if request_changes and not reason:
        raise InputRefusedError("--reason", "which changes is not said.", "Say them with --reason.")
    with seated(repository, handle, sign, output) as seat:
        actor = seat.actor
        if comment is not None:
            spot = None if at is None else read_spot(at)
            act = Act(
                path="comments",
                body={"text": comment, "place": place_body(spot), "suggestion": suggest},
                here=lambda commons, **who: commenting.comment(
                    commons, number, comment, spot=spot, suggestion=suggest, **who
                ),
            )
            what = "suggested an edit of" if suggest is not None else "commented on"
            said = f"{actor} {what} {f'{spot} in proposal {number}' if spot else f'proposal {number}'}"
        elif answer is not None:
            act = Act(
                path="answers",
                body={"text": answer, "comments": to or []},
                here=lambda commons, **who: commenting.answer(commons, number, to or (), answer, **who),
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
        left = seat.on(number, act)
        if comment is not None:
            # The number by which its edit is taken.
            assert left.receipt is not None
            said += f", in event {left.receipt.seq}."
        answer_proposal(output, seat, left, said)


def place_body(spot: Spot | None) -> dict[str, Any] | None:
    """A place in what is proposed, as a site takes it."""
    if spot is None:
        return None
    if spot.span is None:
        return {"file": spot.file, "case": spot.case}
    return {"file": spot.file, "first": spot.span.first, "last": spot.span.last}


COMMAND = Command(
    "review",
    review,
    Panel.DECIDE,
    (
        "commons review demo.git 3 --approve --as cleo",
        'commons review demo.git 3 --request-changes --reason "SP2 has no example"',
        'commons review demo.git 3 --comment "How does this treat raffles?"',
        'commons review demo.git 3 --comment "Shorter" --at policies/spam/policy.md:12 --suggest "Twice."',
    ),
)
