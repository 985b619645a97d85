"""`commons explain`: why a proposal stands where it stands. Records what is due, where it may write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from registry.cli.command import Command, Panel
from registry.cli.console import Output, moment, one_line
from registry.cli.explaining_text import explained_document, show_explained
from registry.cli.opening import opened, up_to_date
from registry.cli.options import CommonsPath, Json
from registry.services.stage_words import STAGES

if TYPE_CHECKING:
    from registry.store.repository import Repository

Number = Annotated[
    int | None, typer.Argument(metavar="NUMBER", min=1, help="The proposal; without it, all that are open.")
]


def explain(
    repository: CommonsPath,
    number: Number = None,
    everything: Annotated[bool, typer.Option("--all", help="List those that are over as well.")] = False,
    json: Json = False,
) -> None:
    """Say where a proposal stands, what it waits for and why: every condition with the charter's line.

    Of one that is over, how it ended, and how its vote was counted, ballot by ballot.
    """
    from registry.services.explaining import explain_proposal

    output = Output(json=json)
    with opened(repository) as commons:
        up_to_date(commons, output)
        if number is None:
            _list(commons, output, everything=everything)
            return
        explained = explain_proposal(commons, number)
        output.answer(explained_document(explained), lambda: show_explained(output, explained))


def _list(commons: Repository, output: Output, *, everything: bool) -> None:
    from registry.services.proposals import title_of

    state = commons.state()
    found = [*state.proposals.values(), *(state.ended.values() if everything else ())]
    rows: list[dict[str, Any]] = [
        {
            "number": one.number,
            "stage": str(one.stage),
            "author": one.author,
            "due": getattr(one, "due", None),
            "title": title_of(commons, state, one),
        }
        for one in sorted(found, key=lambda proposal: -proposal.number)
    ]

    def show() -> None:
        if not rows:
            output.line("No proposal is open." if not everything else "There is no proposal yet.")
            return
        output.table(
            ("number", "stage", "next step", "by", "title"),
            [
                (
                    row["number"],
                    STAGES[row["stage"]],
                    moment(row["due"]) if row["due"] else "",
                    row["author"],
                    one_line(row["title"] or "(redacted)", 60),
                )
                for row in rows
            ],
            right=("number",),
        )

    output.answer({"commons": state.name, "proposals": rows}, show)


COMMAND = Command(
    "explain",
    explain,
    Panel.DECIDE,
    (
        "commons explain demo.git",
        "commons explain demo.git 3",
        "commons explain demo.git 3 --json | jq '.ways[].guards'",
    ),
)
