"""A recorded run as the API says it. Touches nothing but what a visit reads."""

from __future__ import annotations

from typing import Annotated

import msgspec

from evaluations.engines.catalogue import ENGINES, engine_named
from evaluations.intervals import Proportion
from evaluations.rows import Row, row_to_json
from evaluations.standing import MODEL_ENGINES, RunClass, class_of
from governance.commons import Commons, RunState
from governance.payloads import Release
from registry.web.run_parts import record_of
from registry.web.shapes.base import Address, Commit, Digest, Moment, Shape, moment
from registry.web.visit import Visit

REPLAY = "replay"
"""The engine of recorded answers; importing its module would load every importer."""

_REPLAYED = "Answers that were recorded elsewhere, scored here. No model was run."

Figure = Annotated[str, msgspec.Meta(description="Six decimals, 0 to 1.", examples=["0.863636"])]


class ProportionShape(Shape, frozen=True):
    """`count` of `n` with its Wilson 95 % interval; null when `n` is 0: undefined, not zero."""

    count: int
    n: int
    value: Figure | None
    low: Figure | None
    high: Figure | None


class RunSummary(Shape, frozen=True):
    """A run in a list, with its headline figures."""

    key: Annotated[str, msgspec.Meta(description="Run key, 64 hex digits.", examples=["3b5d5c37" * 8])]
    policy: Address
    versions: Annotated[
        tuple[str, ...],
        msgspec.Meta(description="Released versions with this content.", examples=[["1.2.0"]]),
    ]
    content: Digest
    engine: Annotated[str, msgspec.Meta(examples=["lexical"])]
    model: Annotated[str, msgspec.Meta(examples=["openai/gpt-oss-safeguard-20b"])]
    template: Annotated[str | None, msgspec.Meta(description="The prompt's.", examples=["safeguard-label@2"])]
    effort: Annotated[str | None, msgspec.Meta(description="How long it may reason.", examples=["low"])]
    stands_for: Annotated[
        RunClass,
        msgspec.Meta(description="A baseline predicts nothing about the model.", examples=["baseline"]),
    ]
    note: Annotated[str | None, msgspec.Meta(description="What the engine says of its own figures.")]
    recorded_at: Moment
    n: Annotated[int, msgspec.Meta(description="Cases counted.")]
    accuracy: ProportionShape
    caught: Annotated[ProportionShape, msgspec.Meta(description="Recall of violations.")]
    wrongly_flagged: Annotated[
        ProportionShape, msgspec.Meta(description="False positive rate of violations.")
    ]
    precision: Annotated[ProportionShape, msgspec.Meta(description="Of those flagged, rightly.")]
    url: Annotated[str, msgspec.Meta(examples=["/api/v1/commons/starter/runs/3b5d5c375d53"])]
    page: Annotated[str, msgspec.Meta(examples=["/starter/runs/3b5d5c375d53"])]


class RunDetail(RunSummary, frozen=True):
    """A run with its whole record, as `record.json` has it."""

    commit: Commit
    record: Annotated[dict[str, object], msgspec.Meta(description="`record.json` as stored.")]


class RowShape(Shape, frozen=True):
    """One answer: the row as stored, and whether the model's words about it still exist."""

    row: Annotated[dict[str, object], msgspec.Meta(description="A line of `predictions.jsonl`.")]
    reasoning: Annotated[
        str | None,
        msgspec.Meta(description="What the model wrote. May be wrong or harmful; not for end users."),
    ]
    output: str | None


class ReportedShape(Shape, frozen=True):
    """A figure that came along with imported material; nobody here measured it."""

    metric: Annotated[str, msgspec.Meta(examples=["recall"])]
    value: Annotated[str, msgspec.Meta(examples=["0.8"])]
    source: Digest


def is_tested(visit: Visit, slug: str, release: Release) -> bool:
    """Whether this content was run on the shared model here."""
    content = visit.state.current_content(release.content)
    return any(
        run.engine in MODEL_ENGINES and class_of(record_of(visit, run)) is RunClass.SHARED
        for run in visit.state.runs.values()
        if run.slug == slug and visit.state.current_content(run.content) == content
    )


def run_summary(visit: Visit, run: RunState) -> RunSummary:
    """A run with its headline."""
    record = record_of(visit, run)
    scores = record.metrics.headline
    engine = record.parts.engine
    return RunSummary(
        key=run.key,
        policy=f"{visit.name}/{run.slug}",
        versions=tuple(item.version for item in visit.releases_of(run.slug, run.content)),
        content=run.content,
        engine=engine,
        model=record.parts.model.id,
        template=record.parts.template,
        effort=record.parts.effort,
        stands_for=class_of(record),
        note=engine_note(engine),
        recorded_at=moment(run.at),
        n=scores.n,
        accuracy=proportion_shape(scores.accuracy),
        caught=proportion_shape(scores.binary.recall),
        wrongly_flagged=proportion_shape(scores.binary.false_positive_rate),
        precision=proportion_shape(scores.binary.precision),
        url=f"/api/v1/commons/{visit.name}/runs/{run.key[:12]}",
        page=f"/{visit.name}/runs/{run.key[:12]}",
    )


def run_detail(visit: Visit, run: RunState) -> RunDetail:
    """A run with its record."""
    record = msgspec.to_builtins(record_of(visit, run))
    summary = msgspec.structs.asdict(run_summary(visit, run))
    return RunDetail(**summary, commit=run.commit, record=record)


def row_shape(row: Row, reasoning: str | None, output: str | None) -> RowShape:
    """A row with its words."""
    return RowShape(row=dict(row_to_json(row)), reasoning=reasoning, output=output)


def reported_shapes(state: Commons, slug: str) -> tuple[ReportedShape, ...]:
    """The figures that came along with a policy, in the order in which they were noted."""
    noted = sorted((item for item in state.reported.values() if item.slug == slug), key=lambda item: item.seq)
    return tuple(
        ReportedShape(metric=score.metric, value=score.value, source=item.source)
        for item in noted
        for score in item.scores
    )


def proportion_shape(figure: Proportion) -> ProportionShape:
    """A proportion with its bounds."""
    interval = figure.interval
    return ProportionShape(
        count=figure.count,
        n=figure.n,
        value=figure.value,
        low=interval.low if interval else None,
        high=interval.high if interval else None,
    )


def engine_note(engine: str) -> str | None:
    """What is to be known before reading an engine's figures."""
    if engine == REPLAY:
        return _REPLAYED
    return engine_named(engine).info.summary if engine in ENGINES else None
