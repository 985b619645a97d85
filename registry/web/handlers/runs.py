"""The page of a run: its figures, its confusion matrix and every case with its verdict."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from evaluations.metrics import Metrics
from evaluations.outcomes import is_right, outcome_of
from evaluations.rows import Row
from evaluations.verdicts import Failed, FlagsVerdict, LabelVerdict, Unparsed
from governance.commons import RunState
from policies.model import Case
from registry.services.reading import find_run
from registry.web.paging import part_of
from registry.web.rendered import Rendered
from registry.web.shapes.cases import CaseShape, case_shape
from registry.web.shapes.runs import ProportionShape, proportion_shape, run_summary
from registry.web.site import Asked, Site, commons_name
from registry.web.visit import Recorded, Visit, Visits

ROWS = 50
Show = Literal["all", "wrong"]


class _LabelFigures(NamedTuple):
    code: str
    title: str
    precision: ProportionShape
    recall: ProportionShape
    f1: str | None


class _SliceFigures(NamedTuple):
    name: str
    n: int
    accuracy: ProportionShape


class _Answered(NamedTuple):
    """A row with the case that it answers, as far as the case still stands in the policy."""

    id: str
    repeat: int
    gold: str
    said: str
    right: bool
    todo: bool
    case: CaseShape | None
    reasoning: str | None
    output: str | None


@get("/{commons:str}/runs/{key:str}", sync_to_thread=True, include_in_schema=False)
def run_page(
    request: Asked,
    site: NamedDependency[Site],
    commons: FromPath[str],
    key: FromPath[str],
    show: FromQuery[Show] = "all",
    cursor: FromQuery[str | None] = None,
) -> Response[Any]:
    """One run."""
    name = commons_name(commons)

    def make(visits: Visits) -> Rendered:
        visit = visits.to(name)
        run = find_run(visit.state, key)
        recorded = visit.recorded(run)
        cases = _cases(visit, run)
        titles = _titles(visit, run)
        rows = [row for row in recorded.rows if show == "all" or not _right(row, recorded)]
        part = part_of(len(rows), cursor, ROWS, f"rows {run.commit} {show}")
        return site.html(
            "run.html",
            sensitive=any(case.sensitive for case in cases.values()),
            commons=visit.name,
            slug=run.slug,
            run=run_summary(visit, run),
            record=recorded.record,
            metrics=recorded.record.metrics,
            labels=_label_figures(recorded.record.metrics, titles),
            slices=_slice_figures(recorded.record.metrics),
            titles=titles,
            rows=[_answered(row, recorded, cases) for row in rows[part.start : part.end]],
            part=part,
            total=len(rows),
            show=show,
        )

    return site.page(request, make)


def _cases(visit: Visit, run: RunState) -> dict[str, Case]:
    """The cases of the policy as it was run, by id; empty when that content is no longer there."""
    releases = visit.releases_of(run.slug, run.content)
    return {case.id: case for case in visit.folder(releases[-1]).cases} if releases else {}


def _titles(visit: Visit, run: RunState) -> dict[str, str]:
    releases = visit.releases_of(run.slug, run.content)
    return {label.code: label.title for label in visit.meta(releases[-1]).labels} if releases else {}


def _right(row: Row, recorded: Recorded) -> bool:
    codes = tuple(label.code for label in recorded.record.suite.labels)
    return is_right(outcome_of(row, codes)) is True


def _answered(row: Row, recorded: Recorded, cases: dict[str, Case]) -> _Answered:
    words = recorded.words.get((row.item.id, row.repeat))
    case = cases.get(row.item.id)
    return _Answered(
        id=row.item.id,
        repeat=row.repeat,
        gold=_flags(row.item.gold) if not isinstance(row.item.gold, str) else row.item.gold,
        said=_said(row),
        right=_right(row, recorded),
        todo=row.item.todo,
        case=case_shape(case) if case else None,
        reasoning=words.reasoning if words else None,
        output=words.output if words else None,
    )


def _said(row: Row) -> str:
    match row.verdict:
        case LabelVerdict(code=code):
            return code
        case FlagsVerdict(flags=flags):
            return _flags(flags)
        case Unparsed(reason=reason):
            return f"not readable ({reason.value.replace('-', ' ')})"
        case Failed(error=error):
            return f"no answer ({error.replace('-', ' ')})"


def _flags(flags: Any) -> str:
    return ", ".join(code for code, raised in (flags or {}).items() if raised) or "no flag"


def _label_figures(metrics: Metrics, titles: dict[str, str]) -> list[_LabelFigures]:
    return [
        _LabelFigures(
            label.code,
            titles.get(label.code, ""),
            proportion_shape(label.rates.precision),
            proportion_shape(label.rates.recall),
            label.rates.f1,
        )
        for label in metrics.headline.labels
    ]


def _slice_figures(metrics: Metrics) -> list[_SliceFigures]:
    return [_SliceFigures(part.name, part.n, proportion_shape(part.accuracy)) for part in metrics.slices]
