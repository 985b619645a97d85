"""`commons show`: what a registry or a commons holds, or one policy of it. Changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from registry.cli.command import Command, Panel
from registry.cli.console import Output, moment, one_line, plural
from registry.cli.documents import (
    case_document,
    licence_words,
    policy_document,
    run_document,
    said_of,
)
from registry.cli.options import Json
from registry.cli.scores import UNTESTED, short
from registry.cli.show_commons import show_commons, show_registry
from registry.cli.where import Registry, Where, Within, asked

if TYPE_CHECKING:
    from policies.names import Address
    from registry.services.origin import CommonsFacts, Origin
    from registry.services.taking import Taken

HIDDEN = "(sensitive; --reveal shows it)"


def show(
    context: typer.Context,
    where: Where = None,
    policy: Within = None,
    registry: Registry = None,
    cases: Annotated[bool, typer.Option("--cases", help="List its cases.")] = False,
    runs: Annotated[bool, typer.Option("--runs", help="List its recorded runs.")] = False,
    text: Annotated[bool, typer.Option("--text", help="Print policy.md as it stands.")] = False,
    reveal: Annotated[bool, typer.Option("--reveal", help="Show the content of sensitive cases.")] = False,
    json: Json = False,
) -> None:
    """Show what a registry or a commons holds, or one policy: facts, cases, runs, text.

    What is shown of a policy was held against the digests of its release first.
    """
    from registry.services.errors import UnknownPolicyError
    from registry.services.taking import take

    output = Output(json=json)
    with asked(output, context, where, policy, registry) as (origin, address):
        wanted = _as_commons(origin, address)
        if wanted is None and address is not None:
            try:
                taken = take(origin, address)
            except UnknownPolicyError:
                # `roost/teens` may be a commons within another: they share their names with policies.
                wanted = next((one for one in origin.commons() if one.name == str(address)), None)
                if wanted is None:
                    raise
            else:
                _show_policy(output, origin, taken, cases=cases, runs=runs, text=text, reveal=reveal)
                return
        if cases or runs or text or reveal:
            raise typer.BadParameter("these go with a policy: name one, such as starter/spam.")
        if wanted is None:
            show_registry(output, origin)
        else:
            show_commons(output, wanted, origin.policies(wanted.name), repository=address is None)


def _as_commons(origin: Origin, address: Address | None) -> CommonsFacts | None:
    """The commons that is asked for, if it is one as a whole; the only one there stands for its place."""
    from registry.services.origin import NotHereError

    if address is not None and address.slug is not None:
        return None
    known = origin.commons()
    if address is None:
        return known[0] if len(known) == 1 else None
    found = next((one for one in known if one.name == address.commons), None)
    if found is None:
        have = ", ".join(one.name for one in known[:12])
        raise NotHereError(address.commons, origin.place, f"There are: {have}.")
    return found


def _show_policy(
    output: Output,
    origin: Origin,
    taken: Taken,
    *,
    cases: bool,
    runs: bool,
    text: bool,
    reveal: bool,
) -> None:
    recorded = origin.runs(taken.facts.commons, taken.facts.slug)
    document = policy_document(taken, recorded)
    if cases:
        document["cases"] = [case_document(case, reveal=reveal) for case in taken.folder.cases]
    if runs:
        document["runs"] = None if recorded is None else [run_document(run) for run in recorded]
    if text:
        document["text"] = taken.folder.document.raw.decode("utf-8")

    def show() -> None:
        if text:
            output.line(document["text"].rstrip("\n"))
        if cases:
            _show_cases(output, document["cases"])
        if runs:
            _show_runs(output, document["runs"])
        if not (text or cases or runs):
            _show_facts(output, document)

    output.answer(document, show)


def _show_cases(output: Output, listed: list[dict[str, Any]]) -> None:
    output.table(
        ("id", "label", "content"),
        [
            (case["id"], said_of(case), case["content"] if case["content"] is not None else HIDDEN)
            for case in listed
        ],
    )
    hidden = sum(case["hidden"] for case in listed)
    if hidden:
        output.note(f"{plural(hidden, 'case')} hidden as sensitive. --reveal shows them.", style="yellow")


def _show_facts(output: Output, document: dict[str, Any]) -> None:
    licenses, support = document["licenses"], document["support"] or {}
    output.line(one_line(f"{document['title']}  ({document['address']}, {document['status']})"))
    output.line(one_line(document["summary"]))
    output.line()
    if document["tested_with_shared_model"] is False:
        output.line(UNTESTED)
        output.line()
    output.facts(
        {
            "deprecated": support.get("reason") if document["status"] == "deprecated" else None,
            "use instead": support.get("superseded_by"),
            "owner": document["owner"],
            "maintainers": None if document["owner"] else ", ".join(document["maintainers"]),
            "language": document["language"],
            "licences": licence_words(licenses["text"], licenses["cases"]),
            "versions": ", ".join(document["versions"]),
            "cases": document["case_count"],
            "runs": document["run_count"],
            "warnings": ", ".join(document["content_warnings"]),
            "reported": ", ".join(f"{score['metric']} {score['value']}" for score in document["reported"]),
            "commit": document["commit"],
            "content": document["content_digest"],
        }
    )
    output.line()
    output.table(
        ("label", "violates", "handling", "cases", "title"),
        [
            (
                label["code"],
                "yes" if label["violates"] else "no",
                label["handling"],
                label["cases"],
                label["title"],
            )
            for label in document["labels"]
        ],
        right=("cases",),
    )
    if document["run_count"]:
        output.note("--runs lists what was run.", style="dim")


def _show_runs(output: Output, runs: list[dict[str, Any]] | None) -> None:
    if runs is None:
        output.line("This place carries no runs; the registry that it was made from may have some.")
        return
    if not runs:
        output.line("No run is recorded. `commons bench FOLDER --record-to REPOSITORY` records one.")
        return
    columns = ("run", "engine", "model", "recorded (UTC)", "cases", "exact", "caught", "wrongly flagged")
    rows = [
        (
            run["key"][:12],
            run["engine"],
            run["model"],
            moment(run["at"]),
            run["cases"],
            short(run["exact"]),
            short(run["violations_caught"]),
            short(run["wrongly_flagged"]),
        )
        for run in runs
    ]
    output.table(columns, rows, right=columns[4:])
    for note in dict.fromkeys(run["note"] for run in runs if run["note"]):
        output.line(note)


COMMAND = Command(
    "show",
    show,
    Panel.USE,
    (
        "commons show starter/spam --registry http://127.0.0.1:8000",
        "commons show starter/spam@1.0.0 --cases --reveal --registry policies.bundle",
        "commons show --registry data/",
        "commons show demo.git",
        "commons show demo.git spam@1.0.0 --text",
    ),
)
