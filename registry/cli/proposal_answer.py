"""What every command about a proposal says in the end: where it stands now, and what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from registry.cli.console import Output, moment
from registry.cli.seats import Left, Seat
from registry.services.stage_words import STAGES


def answer_proposal(
    output: Output,
    seat: Seat,
    left: Left,
    said: str,
    *,
    facts: dict[str, Any] | None = None,
    lines: Sequence[str] = (),
) -> None:
    """Says what was done and where the proposal stands after it."""
    document = {
        "number": left.number,
        "stage": left.stage,
        "content": left.content,
        "due": left.due,
        **(facts or {}),
        "findings": [finding.to_json() for finding in left.findings],
    }

    def show() -> None:
        output.line(said)
        for line in lines:
            output.line(line)
        until = f"; the next step is due {moment(left.due)}" if left.due is not None else ""
        output.line(f"It is {STAGES.get(left.stage, left.stage)}{until}.")
        for finding in left.findings:
            output.note(str(finding), style="yellow")
        output.note(seat.reading_on(left.number), style="dim")

    output.answer(document, show)
