"""A run's figures on contested cases and on the others, for people and programs. Touches nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from registry.cli.console import Output
from registry.cli.scores import short

if TYPE_CHECKING:
    from evaluations.apart import Apart
    from evaluations.intervals import Proportion


def apart_document(apart: Apart | None) -> dict[str, Any] | None:
    """The figures by group, and the annotators' own; None where nobody annotated."""
    import msgspec

    from registry.cli.suite_agreement import view_document, views_of

    if apart is None:
        return None
    return {
        **{name: msgspec.to_builtins(scores) for name, scores in _groups(apart).items()},
        "people": [view_document(view) for view in views_of(apart.people)],
    }


def show_apart(output: Output, apart: Apart | None) -> None:
    """Prints the groups under each other, with what people reach; nothing where nobody annotated."""
    if apart is None:
        return
    exact = "exact label" if apart.people.exact is not None else "every flag right"
    columns = ("cases", "n", exact, "95 % interval", "violating or not", "95 % interval ")
    rows = [
        (
            name,
            f"{scores.n:,}",
            short(scores.accuracy.value),
            _interval(scores.accuracy),
            short(scores.binary.accuracy.value),
            _interval(scores.binary.accuracy),
        )
        for name, scores in _groups(apart).items()
        if scores is not None
    ]
    output.line()
    output.table(columns, rows, right=columns[1:])
    people = apart.people
    for view in (people.exact, people.violating):
        if view is not None and view.agreement.ceiling is not None:
            about = "the label" if view is people.exact else "whether it violates"
            output.line(
                f"People on {about}: {short(view.agreement.ceiling)} say what most of the others say, "
                f"{short(view.gold)} what the gold label says ({view.agreement.cases:,} cases)."
            )


def _groups(apart: Apart) -> dict[str, Any]:
    return {"contested": apart.contested, "agreed": apart.agreed, "unannotated": apart.unannotated}


def _interval(share: Proportion) -> str:
    return f"{short(share.interval.low)} to {short(share.interval.high)}" if share.interval else "-"
