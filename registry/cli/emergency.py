"""`commons emergency`: withdraws a release at once, for a time, because it does harm. Writes."""

from __future__ import annotations

from typing import Annotated

import typer

from registry.cli.command import Command, Panel
from registry.cli.console import Output, moment
from registry.cli.opening import acting, opened
from registry.cli.options import As, CommonsPath, Json
from registry.cli.signing_options import Sign, signer_of


def emergency(
    repository: CommonsPath,
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
    with opened(repository) as commons:
        actor = acting(commons, handle)
        call_emergency(commons, slug, version, reason, actor=actor, signer=signer_of(sign))
        state = commons.state()
        gone = state.withdrawn[f"{slug}@{version}"]
        needed = state.charter_rules.emergency.actors
        document = {
            "release": f"{state.name}/{slug}@{version}",
            "withdrawn": gone.since is not None,
            "callers": list(gone.callers),
            "needed": needed,
            "until": gone.until,
        }

        def show() -> None:
            output.line(f"{actor} called an emergency on {slug} {version}.")
            if gone.since is None:
                output.line(
                    f"{len(gone.callers)} of {needed} members have; from {needed} on it is withdrawn."
                )
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
