"""`commons lint`: says what is wrong with policy folders. Reads them, changes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from registry.cli.command import Command, Panel
from registry.cli.console import Output, plural
from registry.cli.exit_codes import ExitCode
from registry.cli.options import Json

if TYPE_CHECKING:
    from registry.services.lint import LintReport

_STYLES = {"error": "red", "warning": "yellow", "info": "dim"}


def lint(
    folders: Annotated[
        list[Path], typer.Argument(metavar="FOLDER", help="Policy folders, or folders of policy folders.")
    ],
    strict: Annotated[bool, typer.Option("--strict", help="Count warnings as errors.")] = False,
    json: Json = False,
) -> None:
    """Check policy folders: text, labels, cases, licences. Exits 1 on errors."""
    from policies.findings import Severity
    from registry.services.lint import lint as lint_folders

    output = Output(json=json)
    with output.progress("Linting") as progress:
        report = lint_folders(folders, progress)
    failed = report.count(Severity.ERROR) or (strict and report.count(Severity.WARNING))
    output.answer(
        {"ok": not failed, **_counts(report), "folders": [_document(folder) for folder in report.folders]},
        lambda: _show(output, report),
    )
    if failed:
        raise typer.Exit(ExitCode.CHECK_FAILED)


def _show(output: Output, report: LintReport) -> None:
    for folder in report.folders:
        for finding in folder.findings:
            place = str(folder.path / finding.file) + (f":{finding.line}" if finding.line else "")
            output.line(
                f"{place}: {finding.severity} {finding.rule}: {finding.message}",
                style=_STYLES[finding.severity],
            )
            output.line(f"    {finding.fix}")
    counts = _counts(report)
    said = [plural(counts[f"{name}s"], name) for name in ("error", "warning") if counts[f"{name}s"]]
    verdict = " and ".join(said) or (
        "nothing to correct" if not counts["notes"] else plural(counts["notes"], "note")
    )
    output.line(f"{plural(len(report.folders), 'policy')}: {verdict}.")


def _counts(report: LintReport) -> dict[str, int]:
    from policies.findings import Severity

    return {
        "errors": report.count(Severity.ERROR),
        "warnings": report.count(Severity.WARNING),
        "notes": report.count(Severity.INFO),
    }


def _document(folder: Any) -> dict[str, Any]:
    return {
        "path": str(folder.path),
        "slug": folder.slug,
        "findings": [finding.to_json() for finding in folder.findings],
    }


COMMAND = Command(
    "lint",
    lint,
    Panel.WRITE,
    ("commons lint my-policy", "commons lint policies/library", "commons lint my-policy --json | jq .errors"),
)
