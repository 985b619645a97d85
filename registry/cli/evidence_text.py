"""Recorded evidence in words for a terminal, and as a document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from registry.cli.console import Output, plural
from registry.cli.scores import SCRIPTED

if TYPE_CHECKING:
    from governance.charter.model import Evidence as EvidenceRules
    from governance.payloads import Endpoint
    from registry.cli.seats import Left, Seat
    from registry.services.comparing import Compared
    from registry.services.evidence import (
        Shown,
    )

_JUDGED = {
    "pass": "not worse by the margin",
    "block": "worse by more than the margin",
    "inconclusive": "these cases cannot tell",
}


def show_evidence(
    output: Output,
    seat: Seat,
    left: Left,
    recorded: Sequence[tuple[Shown, Compared]],
    rules: EvidenceRules,
) -> None:
    """What was recorded of each policy, whether it counts, and how to look closer."""
    from registry.cli.proposal_answer import answer_proposal

    fresh = any(shown.fresh for shown, _ in recorded)
    policies = plural(len(recorded), "policy")
    answer_proposal(
        output,
        seat,
        left,
        f"Evidence on {policies} is recorded{'' if fresh else ', as it was before'}.",
        facts={"evidence": [_document(shown) for shown, _ in recorded]},
        lines=[line for shown, compared in recorded for line in _lines(shown, compared, rules)],
    )


def _lines(shown: Shown, compared: Compared, rules: EvidenceRules) -> list[str]:
    from evaluations.comparing.telling import sentence

    margin = float(rules.margin * 100)
    runs = f"run {shown.base[:12]} of what is in force, {shown.head[:12]} of what is proposed"
    return [
        f"{shown.slug}, event {shown.seq}: {runs}",
        f"  Violations caught: {_counts(shown.missed)}",
        f"  Harmless left alone: {_counts(shown.flagged)}",
        f"  The charter's margin is {margin:g} points. {sentence(compared.comparison)}",
        f"  {_standing(shown, compared, rules)}",
    ]


def _counts(end: Endpoint) -> str:
    return (
        f"{end.cases} cases, {end.mended} for the better, {end.broken} for the worse: "
        f"{_JUDGED[end.judgement]}."
    )


def _standing(shown: Shown, compared: Compared, rules: EvidenceRules) -> str:
    if compared.scripted:
        return SCRIPTED + (" The charter names this model, so it counts." if shown.counts else "")
    if compared.baseline:
        return "Made by a baseline, which cannot follow rules: it informs, and decides nothing."
    if not shown.counts:
        return (
            f"The charter asks for {rules.model.id}, {rules.model.template}, effort {rules.model.effort}: "
            "this informs, and decides nothing."
        )
    if rules.mode == "gate":
        return "It is what the charter asks for, and it counts. All evidence does; the worst decides."
    return "It is what the charter asks for; evidence informs here, and decides nothing."


def _document(shown: Shown) -> dict[str, Any]:
    return {
        "policy": shown.slug,
        "event": shown.seq,
        "base": shown.base,
        "head": shown.head,
        "missed": _endpoint(shown.missed),
        "flagged": _endpoint(shown.flagged),
        "counts": shown.counts,
        "recorded_now": shown.fresh,
    }


def _endpoint(end: Endpoint) -> dict[str, Any]:
    return {
        "cases": end.cases,
        "mended": end.mended,
        "broken": end.broken,
        "judgement": end.judgement,
    }
