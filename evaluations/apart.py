"""A run's figures on contested cases and on the others, with what people reach on them. Pure.

Worked out when they are shown, from the run's rows and the suite's annotations; a record does not hold
them, since annotations change no score.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from evaluations.contested import SuiteAgreement, agreement_in, annotated_in
from evaluations.metrics import Scores, metrics_of
from evaluations.rows import Row
from evaluations.suites import Suite


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """Scores of three groups that share no case; None for a group without one.

    `agreed` are the cases on which annotators agree, `contested` those on which they do not,
    `unannotated` those that fewer than two have looked at. `people` is the annotators' own agreement on
    the cases that were run.
    """

    contested: Scores | None
    agreed: Scores | None
    unannotated: Scores | None
    people: SuiteAgreement


def figures_apart(rows: Iterable[Row], suite: Suite) -> Apart | None:
    """The figures by group; None when no case of the run has two annotators or more.

    Only rows whose case the suite holds with the same input are looked at: what annotators said of
    another text says nothing about this one.
    """
    inputs = {item.id: item.input for item in suite.items}
    held = [row for row in rows if inputs.get(row.item.id) == row.item.input]
    run = {row.item.id for row in held if not row.item.todo}
    cases = tuple(case for case in suite.cases if case.id in run)
    annotated = annotated_in(cases, suite.labels, suite.labelling)
    if not annotated:
        return None
    items = tuple(item for item in suite.items if item.id in run)
    people = agreement_in(replace(suite, cases=cases, items=items))
    contested = frozenset(entry.case for entry in people.contested)
    return Apart(
        contested=_scores([row for row in held if row.item.id in contested], suite),
        agreed=_scores([row for row in held if row.item.id in annotated - contested], suite),
        unannotated=_scores([row for row in held if row.item.id not in annotated], suite),
        people=people,
    )


def _scores(rows: Sequence[Row], suite: Suite) -> Scores | None:
    if not any(row.repeat == 1 and not row.item.todo for row in rows):
        return None
    return metrics_of(rows, suite.labels, suite.labelling).headline
