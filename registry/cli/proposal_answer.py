"""What every command about a proposal says in the end: where it stands now, and what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from registry.cli.console import Output, moment
from registry.services.stage_words import STAGES

if TYPE_CHECKING:
    from policies.findings import Finding
    from registry.store.repository import Repository


def answer_proposal(
    output: Output,
    commons: Repository,
    number: int,
    said: str,
    *,
    findings: Sequence[Finding] = (),
    facts: dict[str, Any] | None = None,
    lines: Sequence[str] = (),
) -> None:
    """Says what was done and where the proposal stands after it."""
    from registry.services.proposals import find_proposal

    found = find_proposal(commons.state(), number)
    due = getattr(found, "due", None)
    document = {
        "number": number,
        "stage": str(found.stage),
        "content": found.content,
        "due": due,
        **(facts or {}),
        "findings": [finding.to_json() for finding in findings],
    }

    def show() -> None:
        output.line(said)
        for line in lines:
            output.line(line)
        until = f"; the next step is due {moment(due)}" if due is not None else ""
        output.line(f"It is {STAGES[found.stage]}{until}.")
        for finding in findings:
            output.note(str(finding), style="yellow")
        output.note(f"commons explain {commons.path.name} {number} says what it waits for.", style="dim")

    output.answer(document, show)
