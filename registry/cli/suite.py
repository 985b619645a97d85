"""`commons suite`: builds and looks at suites of labelled cases. Reads folders; `build` writes one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from registry.cli.command import Command, Family, Panel
from registry.cli.console import Output, plural
from registry.cli.exit_codes import ExitCode
from registry.cli.options import Json
from registry.cli.scores import short
from registry.cli.suite_agreement import AGREEMENT

if TYPE_CHECKING:
    from evaluations.suite_files import SuiteFile

SHOWN = 20
"""How many findings are listed for people; `--json` and `--all` give every one."""


def build(
    source: Annotated[
        Path, typer.Argument(metavar="SOURCE", help="A table, JSON lines, a policy folder or a suite.")
    ],
    name: Annotated[str, typer.Option("--as", metavar="NAME@VERSION", help="Such as my-suite@1.")],
    labels_of: Annotated[
        Path | None,
        typer.Option(metavar="POLICY", help="Read the labels of a table as those of this policy folder."),
    ] = None,
    license_: Annotated[
        str | None, typer.Option("--license", metavar="SPDX", help="The licence of the cases as a whole.")
    ] = None,
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="Where the suite's folder is made.")] = Path(),
    json: Json = False,
) -> None:
    """Make a suite of labelled cases: a folder with suite.json and cases.jsonl, the same bytes each time.

    Annotators' columns, flags with gaps, slices, sources and licences are kept. A version is never
    overwritten with other cases.
    """
    from evaluations.suite_files import parse_suite_name
    from registry.services.suites import build_suite

    output = Output(json=json)
    wanted = parse_suite_name(name)
    with output.progress("Reading") as progress:
        built = build_suite(source, wanted, out, labels_of=labels_of, license_=license_, progress=progress)
    document = {
        **suite_document(built.made),
        "path": str(built.path),
        "fresh": built.fresh,
        "notices": [str(notice) for notice in built.notices],
    }

    def show_() -> None:
        for notice in built.notices:
            output.note(str(notice))
        facts = built.made.facts
        output.line(f"{'Wrote' if built.fresh else 'Already there:'} {built.path}")
        output.line(f"{plural(facts.n, 'case')} count, digest {facts.digest[:12]}")
        if facts.license is None:
            output.note("No licence is stated: give --license before handing it on.", style="yellow")
        output.note(f"commons suite check {built.path} says what may be wrong with it.", style="dim")

    output.answer(document, show_)


def show(
    suite: Annotated[Path, typer.Argument(metavar="SUITE", help="A suite's folder.")], json: Json = False
) -> None:
    """Show what a suite holds: labels, counts, slices, licence and sources, once its digests were checked."""
    from registry.services.suites import read_suite_file

    output = Output(json=json)
    made = read_suite_file(suite)
    document = suite_document(made)

    def show_() -> None:
        facts = made.facts
        output.line(f"{made.name}: {plural(facts.n, 'case')} count in runs")
        output.line()
        output.facts(
            {
                "digest": facts.digest,
                "cases": facts.cases,
                "labelling": facts.labelling.value,
                "violating": short(facts.prevalence) if facts.prevalence is not None else "not known",
                "known failures": facts.todo or None,
                "unlabelled": facts.unlabelled or None,
                "annotated": f"{facts.annotated:,} by two people or more" if facts.annotated else None,
                "licence": facts.license or "not stated",
                "own licences": _counted(facts.licenses),
                "sources": _counted(facts.sources),
            }
        )
        output.line()
        output.table(
            ("label", "violates", "cases", "title"),
            [
                (label["code"], "yes" if label["violates"] else "no", label["cases"], label["title"])
                for label in document["labels"]
            ],
            right=("cases",),
        )
        if facts.slices:
            output.line()
            output.table(("slice", "cases"), list(facts.slices.items()), right=("cases",))

    output.answer(document, show_)


def check(
    suite: Annotated[Path, typer.Argument(metavar="SUITE", help="A suite's folder, or a policy folder.")],
    policy: Annotated[
        Path | None,
        typer.Option("--against", metavar="POLICY", help="Also look for cases that this policy holds."),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="List every finding, not the first 20.")] = False,
    json: Json = False,
) -> None:
    """Look for what would make figures on a suite mislead: repeats, leaks, one class only, odd annotations.

    Exits 1 when there is an error; a warning is for a person to judge.
    """
    from evaluations.suite_check import check_suite
    from policies.findings import errors_in
    from registry.services.suites import against, suite_at

    output = Output(json=json)
    read = suite_at(suite)
    with output.progress("Checking"):
        findings = check_suite(read, against(policy) if policy is not None else None)
    errors = len(errors_in(findings))

    def show_() -> None:
        shown = findings if everything else findings[:SHOWN]
        for finding in shown:
            output.line(str(finding))
        if len(findings) > len(shown):
            output.line(f"... and {plural(len(findings) - len(shown), 'finding')} more. --all lists them.")
        output.line(
            f"{read.id}@{read.version}: {plural(errors, 'error')}, "
            f"{plural(len(findings) - errors, 'warning')} in {plural(len(read.cases), 'case')}."
        )

    output.answer(
        {
            "suite": f"{read.id}@{read.version}",
            "cases": len(read.cases),
            "errors": errors,
            "findings": [finding.to_json() for finding in findings],
        },
        show_,
    )
    if errors:
        raise typer.Exit(ExitCode.CHECK_FAILED)


def suite_document(made: SuiteFile) -> dict[str, Any]:
    """A suite's facts as plain JSON values, each label with the number of counted cases that have it."""
    import msgspec

    from evaluations.suites import is_labelled

    facts: dict[str, Any] = msgspec.to_builtins(made.facts)
    counted = [item.gold for item in made.suite.items if is_labelled(item) and not item.todo]
    for label in facts["labels"]:
        code = label["code"]
        label["cases"] = sum(
            gold == code if isinstance(gold, str) else bool(gold and gold.get(code)) for gold in counted
        )
    return facts


def _counted(counts: Any) -> str:
    named = [f"{name} ({count:,})" for name, count in counts.items()]
    more = f" and {len(named) - 3:,} more" if len(named) > 3 else ""
    return f"{', '.join(named[:3])}{more}"


COMMAND = Family(
    "suite",
    "Build, show and check suites: versioned sets of labelled cases to run policies on.",
    Panel.WRITE,
    (
        Command(
            "build",
            build,
            Panel.WRITE,
            (
                "commons suite build cases.csv --as my-suite@1",
                "commons suite build cases.csv --as my-suite@1 --labels-of my-policy --license CC-BY-4.0",
                "commons suite build my-policy --as my-suite@1",
            ),
        ),
        Command("show", show, Panel.WRITE, ("commons suite show my-suite@1 --json",)),
        AGREEMENT,
        Command(
            "check",
            check,
            Panel.WRITE,
            ("commons suite check my-suite@1", "commons suite check my-suite@1 --against my-policy"),
        ),
    ),
)
