"""`commons suite agreement`: how far a suite's annotators agree, and where they do not. Reads a folder."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from registry.cli.command import Command, Panel
from registry.cli.console import Output, one_line, plural
from registry.cli.options import Json
from registry.cli.scores import short

if TYPE_CHECKING:
    from evaluations.contested import Contested, SuiteAgreement, ViewAgreement
    from policies.model import Case

HIDDEN = "(sensitive; --reveal shows it)"


def agreement(
    suite: Annotated[Path, typer.Argument(metavar="SUITE", help="A suite's folder, or a policy folder.")],
    listed: Annotated[bool, typer.Option("--list", help="List the contested cases.")] = False,
    reveal: Annotated[bool, typer.Option("--reveal", help="Show the content of sensitive cases.")] = False,
    json: Json = False,
) -> None:
    """Show how far a suite's annotators agree: Krippendorff's alpha, Gwet's AC1, and what people reach.

    A case is contested when fewer than two thirds of its annotators give one answer, or when most of
    them give another than its gold label.
    """
    from evaluations.contested import agreement_in
    from registry.services.suites import suite_at

    output = Output(json=json)
    read = suite_at(suite)
    found = agreement_in(read)
    cases = {case.id: case for case in read.cases}
    contested = [_contested(entry, cases[entry.case], reveal=reveal) for entry in found.contested]
    document = {
        "suite": f"{read.id}@{read.version}",
        "cases": found.cases,
        "annotated": found.annotated,
        "annotations": found.annotations,
        "raters": found.raters,
        "views": [view_document(view) for view in views_of(found)],
        "contested": contested,
    }

    def show() -> None:
        if not found.annotated:
            output.line(
                f"{read.id}@{read.version}: no case has two annotators. Columns such as label_1, label_2 or "
                "annotator_1 are read as annotations."
            )
            return
        output.line(
            f"{read.id}@{read.version}: {plural(found.annotations, 'annotation')} by "
            f"{plural(found.raters, 'annotator')} of {found.annotated:,} of {plural(found.cases, 'case')}"
        )
        output.line()
        columns = ("question", "cases", "alpha", "AC1", "pairs agreeing", "ceiling", "as gold")
        rows = [
            (
                view.view,
                f"{view.agreement.cases:,}",
                short(view.agreement.alpha),
                short(view.agreement.ac1),
                short(view.agreement.observed),
                short(view.agreement.ceiling),
                short(view.gold),
            )
            for view in views_of(found)
        ]
        output.table(columns, rows, right=columns[1:])
        output.line()
        count = len({entry.case for entry in found.contested})
        output.line(f"Contested: {count:,} of {plural(found.annotated, 'annotated case')}.")
        if listed:
            _list(output, contested)
        elif count:
            output.note("--list shows them.", style="dim")

    output.answer(document, show)


def views_of(found: SuiteAgreement) -> tuple[ViewAgreement, ...]:
    """The questions in the order they are shown: the label, whether it violates, each label or flag."""
    exact = () if found.exact is None else (found.exact,)
    return (*exact, found.violating, *found.views)


def view_document(view: ViewAgreement) -> dict[str, Any]:
    """The figures of one question."""
    figures = asdict(view.agreement)
    figures.pop("contested")  # by another rule than ours; ours is listed once for the suite
    return {"view": view.view, **figures, "as_gold": view.gold}


def _contested(entry: Contested, case: Case, *, reveal: bool) -> dict[str, Any]:
    hidden = case.sensitive and not reveal
    return {
        "case": entry.case,
        "flag": entry.flag,
        "why": entry.why.value,
        "gold": entry.gold,
        "votes": dict(entry.votes),
        "content": None if hidden else case.content,
        "hidden": hidden,
    }


def _list(output: Output, contested: list[dict[str, Any]]) -> None:
    if not contested:
        return
    output.line()
    output.table(
        ("case", "flag", "why", "gold", "votes", "content"),
        [
            (
                entry["case"],
                entry["flag"],
                entry["why"],
                entry["gold"],
                ", ".join(f"{said} {count}" for said, count in entry["votes"].items()),
                HIDDEN if entry["hidden"] else one_line(entry["content"], 80),
            )
            for entry in contested
        ],
    )
    hidden = len({entry["case"] for entry in contested if entry["hidden"]})
    if hidden:
        output.note(f"{plural(hidden, 'case')} hidden as sensitive. --reveal shows them.", style="yellow")


AGREEMENT = Command(
    "agreement",
    agreement,
    Panel.WRITE,
    (
        "commons suite agreement my-suite@1",
        "commons suite agreement my-suite@1 --list --reveal",
    ),
)
