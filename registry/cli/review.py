"""`commons review`: what one thinks of a proposal, and answers to those who asked. Writes the repository."""

from __future__ import annotations

from typing import Annotated

import typer

from registry.cli.command import Command, Panel
from registry.cli.console import Output
from registry.cli.opening import acting, opened
from registry.cli.options import As, CommonsPath, Json
from registry.cli.proposal_answer import answer_proposal
from registry.cli.proposal_options import ProposalNumber
from registry.cli.signing_options import Sign, signer_of


def review(
    repository: CommonsPath,
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
    with opened(repository) as commons:
        actor, signer = acting(commons, handle), signer_of(sign)
        if comment is not None:
            spot = None if at is None else read_spot(at)
            acted = commenting.comment(
                commons, number, comment, actor=actor, spot=spot, suggestion=suggest, signer=signer
            )
            what = "suggested an edit of" if suggest is not None else "commented on"
            where = f"{spot} in proposal {number}" if spot else f"proposal {number}"
            said = f"{actor} {what} {where}, in event {acted.entry.event.seq}."
        elif answer is not None:
            commenting.answer(commons, number, to or (), answer, actor=actor, signer=signer)
            said = f"{actor} answered on proposal {number}."
        else:
            verdict = deliberation.APPROVE if approve else deliberation.REQUEST_CHANGES
            deliberation.review(commons, number, verdict, actor=actor, reason=reason, signer=signer)
            said = f"{actor} {'approved' if approve else 'asked for changes in'} proposal {number}."
        answer_proposal(output, commons, number, said)


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
