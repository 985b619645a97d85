"""A run's figures as a flat list, each with its count and its interval where it has them. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from evaluations.intervals import Interval, Proportion
from evaluations.metrics import Averages, Metrics
from evaluations.rates import Rates


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One figure. `id` is unique in a run (`recall[SP2]`); `value` is None where it is undefined.

    `of` is the label, flag or slice it is about, None for the whole. Averages and F1 have neither count
    nor interval.
    """

    id: str
    kind: str
    title: str
    of: str | None
    value: str | None
    count: int | None = None
    n: int | None = None
    interval: Interval | None = None
    lower_is_better: bool = False


def measures_of(metrics: Metrics) -> tuple[Measure, ...]:
    """The headline first, then averages, labels or flags, slices, and the figures beside the headline."""
    scores = metrics.headline
    exact = "exact label" if metrics.confusion is not None else "every known flag right"
    found = [_share("accuracy", "accuracy", exact, None, scores.accuracy)]
    found += _rates("violating", "violating or not", scores.binary, prefix=True)
    found += _averages("macro", scores.macro)
    if scores.micro is not None:
        found += _averages("micro", scores.micro)
    for label in scores.labels:
        found += _rates(label.code, f"label {label.code}", label.rates, prefix=False)
    found += [
        _share(
            f"accuracy[slice {one.name}]", "accuracy", f"{exact}, slice {one.name}", one.name, one.accuracy
        )
        for one in metrics.slices
    ]
    readable = f"{exact}, without answers that could not be read"
    found.append(_share("accuracy[readable]", "accuracy", readable, None, metrics.excluded.accuracy))
    if metrics.self_agreement is not None:
        repeats = "cases on which all repeats agree"
        found.append(_share("self_agreement", "self_agreement", repeats, None, metrics.self_agreement))
    return tuple(found)


def measure_named(metrics: Metrics, name: str) -> Measure | None:
    """The figure with this id, or None."""
    return next((measure for measure in measures_of(metrics) if measure.id == name), None)


def _rates(of: str, title: str, rates: Rates, *, prefix: bool) -> Iterator[Measure]:
    about = None if prefix else of

    def name(kind: str) -> str:
        return f"{of}_{kind}" if prefix else f"{kind}[{of}]"

    shares = (
        ("accuracy", "accuracy", rates.accuracy, False),
        ("precision", "precision", rates.precision, False),
        ("recall", "recall", rates.recall, False),
        ("false_positive_rate", "wrongly flagged", rates.false_positive_rate, True),
        ("false_negative_rate", "missed", rates.false_negative_rate, True),
    )
    for kind, said, share, lower in shares:
        yield _share(name(kind), kind, f"{title}: {said}", about, share, lower_is_better=lower)
    yield Measure(id=name("f1"), kind="f1", title=f"{title}: F1", of=about, value=rates.f1)


def _averages(name: str, averages: Averages) -> Iterator[Measure]:
    for kind, average in (
        ("precision", averages.precision),
        ("recall", averages.recall),
        ("f1", averages.f1),
    ):
        yield Measure(
            id=f"{name}_{kind}",
            kind=kind,
            title=f"{name} average of {kind} over {average.labels} labels",
            of=None,
            value=average.value,
        )


def _share(
    name: str, kind: str, title: str, of: str | None, share: Proportion, *, lower_is_better: bool = False
) -> Measure:
    return Measure(
        id=name,
        kind=kind,
        title=title,
        of=of,
        value=share.value,
        count=share.count,
        n=share.n,
        interval=share.interval,
        lower_is_better=lower_is_better,
    )
