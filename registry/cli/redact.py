"""`commons redact`: erases content from a commons for good. Writes the repository."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from typing import Annotated

import typer

from registry.cli.command import Command, Panel
from registry.cli.console import Output, plural
from registry.cli.opening import acting, opened
from registry.cli.options import As, CommonsPath, Json


class Ground(StrEnum):
    """On what ground; the log says it."""

    PERSONAL_DATA = "personal-data"
    ILLEGAL = "illegal"
    LICENCE = "licence"
    SAFETY = "safety"
    MISTAKE = "mistake"


def redact(
    repository: CommonsPath,
    ground: Annotated[Ground, typer.Option(help="On what ground; the log says it.", show_default=False)],
    policy: Annotated[
        str | None, typer.Argument(metavar="SLUG", help="The policy it stands in.", show_default=False)
    ] = None,
    case: Annotated[list[str] | None, typer.Option(metavar="ID", help="A case; may be given again.")] = None,
    file: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="An attachment; may be given again.")
    ] = None,
    words: Annotated[
        str | None,
        typer.Option(help="These words, wherever the policy has them; - reads them from standard input."),
    ] = None,
    text: Annotated[
        list[str] | None, typer.Option(metavar="DIGEST", help="Words of an event, by the digest in the log.")
    ] = None,
    reason: Annotated[
        str | None, typer.Option(help="Why, in words that can themselves be erased later.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask: it cannot be undone.")] = False,
    handle: As = None,
    json: Json = False,
) -> None:
    """Erase cases, attachments or words from every revision, for good.

    The log keeps who, when, on what ground and how much, never the thing itself; `verify` then says
    "complete but for 1 redaction". Clones made before still hold it: tell those who have one.
    """
    from governance.texts import SALT_BYTES
    from registry.services.erasure import Target
    from registry.services.redact import redact as erase

    output = Output(json=json)
    if policy is None and (case or file or words):
        raise typer.BadParameter("name the policy that the cases, files or words stand in.")
    if words == "-":
        # Read from there so that what must go does not stay behind in the shell's history.
        words = sys.stdin.read().strip("\n")
    target = None
    if policy is not None:
        if not (case or file or words):
            raise typer.BadParameter("say what of the policy: --case, --file or --words.")
        target = Target(slug=policy, cases=frozenset(case or ()), files=frozenset(file or ()), words=words)
    with opened(repository) as commons:
        actor = acting(commons, handle)
        _confirm(yes=yes)
        with output.progress("Erasing"):
            made = erase(
                commons,
                actor=actor,
                ground=ground.value,
                salt=lambda: os.urandom(SALT_BYTES),
                target=target,
                texts=tuple(text or ()),
                reason=reason,
            )

    def show() -> None:
        counts = [
            plural(count, noun)
            for count, noun in ((made.revisions, "revision"), (made.runs, "run"), (made.texts, "text"))
            if count
        ]
        output.line(
            f"{actor} redacted on the ground of {ground.value} (event {made.seq}): {', '.join(counts)}."
        )
        output.line("Clones and backups made before still hold it. Tell those who have one.")

    output.answer(
        {
            "event": made.seq,
            "actor": actor,
            "ground": ground.value,
            "revisions": made.revisions,
            "runs": made.runs,
            "texts": made.texts,
        },
        show,
    )


def _confirm(*, yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise typer.BadParameter("this cannot be undone: say --yes.")
    typer.confirm("This erases history and cannot be undone. Go on?", abort=True, err=True)


COMMAND = Command(
    "redact",
    redact,
    Panel.CARE,
    (
        "commons redact demo.git spam --case SP-007 --ground personal-data",
        "commons redact demo.git spam --words - --ground safety --yes < words.txt",
        "commons redact demo.git --text 9f2c... --ground illegal --reason 'court order 12/3'",
    ),
)
