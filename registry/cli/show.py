"""`commons show`: what a commons holds, or one policy of it. Changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from registry.cli.command import Command, Panel
from registry.cli.console import Output, moment, plural
from registry.cli.documents import case_document, licence_words, policy_document, run_document, said_of
from registry.cli.opening import opened
from registry.cli.options import CommonsPath, Json
from registry.cli.scores import UNTESTED, short

if TYPE_CHECKING:
    from registry.store.repository import Repository

HIDDEN = "(sensitive; --reveal shows it)"


def show(
    repository: CommonsPath,
    policy: Annotated[
        str | None,
        typer.Argument(
            metavar="SLUG[@VERSION]", help="A policy, such as spam or spam@1.0.0.", show_default=False
        ),
    ] = None,
    cases: Annotated[bool, typer.Option("--cases", help="List its cases.")] = False,
    runs: Annotated[bool, typer.Option("--runs", help="List its recorded runs.")] = False,
    text: Annotated[bool, typer.Option("--text", help="Print policy.md as it stands.")] = False,
    reveal: Annotated[bool, typer.Option("--reveal", help="Show the content of sensitive cases.")] = False,
    json: Json = False,
) -> None:
    """Show what a commons holds, or one policy: facts, cases, runs, text."""
    output = Output(json=json)
    with opened(repository) as commons:
        if policy is None:
            if cases or runs or text or reveal:
                raise typer.BadParameter("these go with a policy: name one, such as spam.")
            _show_commons(output, commons)
        else:
            slug, _, version = policy.partition("@")
            _show_policy(
                output, commons, slug, version or None, cases=cases, runs=runs, text=text, reveal=reveal
            )


def _show_commons(output: Output, commons: Repository) -> None:
    from registry.services.reading import release_folder, runs_of

    state = commons.state()
    rows: list[dict[str, Any]] = []
    for slug, policy in sorted(state.policies.items()):
        folder = release_folder(commons, policy.latest)
        meta = folder.document.policy.meta
        rows.append(
            {
                "slug": slug,
                "version": policy.latest.version,
                "status": meta.status.value,
                "language": meta.language,
                "cases": len(folder.cases),
                "runs": len(runs_of(state, slug)),
                "title": meta.title,
            }
        )
    document = {
        "name": state.name,
        "founder": state.founder,
        "mode": state.mode,
        "preset": state.preset,
        "events": state.seq,
        "last_event_at": state.at,
        "parent": state.parent,
        "children": list(state.children),
        "redactions": len(state.redactions),
        "policies": rows,
    }

    def show() -> None:
        nested = f", within {state.parent}" if state.parent else ""
        output.line(f"{state.name}{nested}: founded by {state.founder}, mode {state.mode} ({state.preset})")
        output.line(f"{plural(state.seq, 'event')}, the last on {moment(state.at)} UTC")
        if state.children:
            output.line(f"Nested commons: {', '.join(state.children)}")
        if state.redactions:
            output.line(f"Complete but for {plural(len(state.redactions), 'redaction')}")
        output.line()
        if rows:
            columns = tuple(rows[0])
            output.table(columns, [list(row.values()) for row in rows], right=("cases", "runs"))
        else:
            output.line("No policy yet. `commons publish` releases one.")

    output.answer(document, show)


def _show_policy(
    output: Output,
    commons: Repository,
    slug: str,
    version: str | None,
    *,
    cases: bool,
    runs: bool,
    text: bool,
    reveal: bool,
) -> None:
    from evaluations.records import read_record
    from registry.services.reading import read_policy, run_files, runs_of

    state = commons.state()
    view = read_policy(commons, slug, version)
    document = policy_document(state, view)
    if cases:
        document["cases"] = [case_document(case, reveal=reveal) for case in view.folder.cases]
    if runs:
        document["runs"] = [
            run_document(run, read_record(run_files(commons, run))) for run in runs_of(state, slug)
        ]
    if text:
        document["text"] = view.folder.document.raw.decode("utf-8")

    def show() -> None:
        if text:
            output.line(document["text"].rstrip("\n"))
        if cases:
            listed = document["cases"]
            output.table(
                ("id", "label", "content"),
                [
                    (case["id"], said_of(case), case["content"] if case["content"] is not None else HIDDEN)
                    for case in listed
                ],
            )
            hidden = sum(case["hidden"] for case in listed)
            if hidden:
                output.note(
                    f"{plural(hidden, 'case')} hidden as sensitive. --reveal shows them.", style="yellow"
                )
        if runs:
            _show_runs(output, document["runs"])
        if not (text or cases or runs):
            _show_facts(output, document)

    output.answer(document, show)


def _show_facts(output: Output, document: dict[str, Any]) -> None:
    licenses = document["licenses"]
    output.line(f"{document['title']}  ({document['address']}, {document['status']})")
    output.line(document["summary"])
    output.line()
    output.facts(
        {
            "owner": document["owner"],
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
    if not document["tested_with_shared_model"]:
        output.line()
        output.line(UNTESTED)
    if document["run_count"]:
        output.note("--runs lists what was run.", style="dim")


def _show_runs(output: Output, runs: list[dict[str, Any]]) -> None:
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


COMMAND = Command(
    "show",
    show,
    Panel.USE,
    (
        "commons show demo.git",
        "commons show demo.git spam",
        "commons show demo.git spam@1.0.0 --text",
        "commons show demo.git spam --cases --reveal",
    ),
)
