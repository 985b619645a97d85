"""`commons emergency`: withdraws a release at once, for a time, because it does harm. Writes."""

from __future__ import annotations

from typing import Annotated

import typer

from registry.cli.command import Command, Panel
from registry.cli.console import Output, moment
from registry.cli.options import As, Json
from registry.cli.seats import Act, CommonsPlace, seated
from registry.cli.signing_options import Sign


def emergency(
    repository: CommonsPlace,
    release: Annotated[str, typer.Argument(metavar="SLUG@VERSION", help="The release that does harm.")],
    reason: Annotated[str, typer.Option(metavar="TEXT", help="What harm.")],
    handle: As = None,
    sign: Sign = None,
    json: Json = False,
) -> None:
    """Say that a release does harm now. With as many members as the charter asks, it is withdrawn at once.

    It ends by itself unless the withdrawal is proposed and accepted (`commons propose --withdraw`).
    """
    from registry.services.deliberation import call_emergency

    output = Output(json=json)
    slug, _, version = release.partition("@")
    with seated(repository, handle, sign, output) as seat:
        act = Act(
            path="emergencies",
            body={"slug": slug, "version": version, "reason": reason},
            here=lambda commons, **who: call_emergency(commons, slug, version, reason, **who),
        )
        gone = seat.calling(f"{slug}@{version}", act)
        document = {
            "release": f"{seat.commons}/{slug}@{version}",
            "withdrawn": gone.withdrawn,
            "callers": list(gone.callers),
            "needed": gone.needed,
            "until": gone.until,
        }

        def show() -> None:
            output.line(f"{seat.actor} called an emergency on {slug} {version}.")
            if not gone.withdrawn:
                have = f"{len(gone.callers)} of {gone.needed} members have"
                output.line(f"{have}; from {gone.needed} on it is withdrawn.")
            else:
                until = moment(gone.until) if gone.until is not None else "for good"
                output.line(f"It is withdrawn until {until}, unless a proposal ratifies that.")

        output.answer(document, show)


COMMAND = Command(
    "emergency",
    emergency,
    Panel.DECIDE,
    ('commons emergency demo.git spam@1.2.0 --reason "It flags calls for help" --as bo',),
)
