"""`commons verify`: recounts a commons from its repository alone. Changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from registry.cli.command import Command, Panel
from registry.cli.console import Output, plural
from registry.cli.exit_codes import ExitCode
from registry.cli.options import CommonsPath, Json

if TYPE_CHECKING:
    from registry.services.verify import Report


def verify(repository: CommonsPath, json: Json = False) -> None:
    """Recompute every decision and every score of a commons, trusting no server. Exits 1 if one is wrong."""
    from registry.services.verify import verify as verify_commons
    from registry.store.repository import Repository

    output = Output(json=json)
    # Opened as it is: a verifier that put something right first would vouch for its own work.
    with Repository(repository, processes=1) as commons, output.progress("Verifying") as progress:
        report = verify_commons(commons, lambda _check, count: progress(count))
    failure = report.failure
    document = {
        "ok": report.ok,
        "head": report.head,
        "events": report.events,
        "checks": [{"check": check.name, "count": check.count} for check in report.checks],
        "failure": failure._asdict() if failure else None,
        "redactions": [
            {"event": item.seq, "ground": item.ground, "authority": item.authority, "kinds": list(item.kinds)}
            for item in report.redactions
        ],
    }
    output.answer(document, lambda: _show(output, report))
    if not report.ok:
        raise typer.Exit(ExitCode.CHECK_FAILED)


def _show(output: Output, report: Report) -> None:
    output.table(
        ("check", "looked at", ""),
        [(check.name, f"{check.count:,}", "right") for check in report.checks]
        + ([(report.failure.check, "", "WRONG")] if report.failure else []),
        right=("looked at",),
    )
    if report.failure:
        output.line(f"{report.failure.place}: {report.failure.rule}", style="red")
        return
    gone = plural(len(report.redactions), "redaction")
    complete = f"Complete but for {gone}" if report.redactions else "Complete"
    output.line(f"{complete}: {plural(report.events, 'event')}, up to log commit {report.head}.")


COMMAND = Command(
    "verify", verify, Panel.CARE, ("commons verify demo.git", "commons verify demo.git --json | jq .failure")
)
