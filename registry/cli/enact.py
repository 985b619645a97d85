"""`commons enact`: records what is due and brings into force what may; takes back what just was. Writes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from registry.cli.command import Command, Panel
from registry.cli.console import Output, plural
from registry.cli.opening import opened
from registry.cli.options import As, Json
from registry.cli.proposal_answer import answer_proposal
from registry.cli.seats import Act, CommonsPlace, seated
from registry.cli.signing_options import Sign


def enact(
    repository: CommonsPlace,
    undo: Annotated[
        int | None,
        typer.Option(metavar="NUMBER", help="Take back what came into force without a vote, in time."),
    ] = None,
    reason: Annotated[str | None, typer.Option(metavar="TEXT", help="With --undo: why.")] = None,
    handle: As = None,
    sign: Sign = None,
    json: Json = False,
) -> None:
    """Record every step that is due, and bring into force what was accepted.

    Other commands that write do the same first. Nothing here is anybody's decision: what is recorded follows
    from the log.
    """
    from governance.minutes import sentence
    from registry.client.site_address import is_site_address
    from registry.services.errors import InputRefusedError
    from registry.services.settling import settle
    from registry.services.undo import undo as take_back
    from registry.store.log import newest_first

    output = Output(json=json)
    if undo is not None:
        if not reason:
            raise InputRefusedError("--reason", "no reason is given.", "Say why with --reason.")
        with seated(repository, handle, sign, output) as seat:
            act = Act(
                path="undo",
                body={"reason": reason},
                here=lambda commons, **who: take_back(commons, undo, reason, **who),
            )
            left = seat.on(undo, act)
            answer_proposal(output, seat, left, f"{seat.actor} took back proposal {undo}.")
        return
    if is_site_address(repository):
        raise InputRefusedError(
            "REPOSITORY", "a site records by itself what is due.", "Only --undo is somebody's own act there."
        )
    with opened(Path(repository)) as commons:
        done = settle(commons)
        head = commons.head()
        assert head is not None
        entries = [entry for entry, _ in zip(newest_first(commons.reader, head), range(done), strict=False)]
        told = [sentence(entry.event) for entry in reversed(entries)]

        def show() -> None:
            output.line(f"{plural(done, 'step')} recorded." if done else "Nothing is due.")
            for line in told:
                output.line(f"  {line}")

        output.answer({"recorded": done, "steps": told}, show)


COMMAND = Command(
    "enact",
    enact,
    Panel.DECIDE,
    ("commons enact demo.git", 'commons enact demo.git --undo 3 --reason "It flags recipes" --as bo'),
)
