"""A whole comparison of two runs: whether it may be made, and everything it says. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from evaluations.comparing.endpoints import Endpoints, Question, Schemas, endpoints_of, truth_of
from evaluations.comparing.pairing import Both, Pairing, Unequal, pair_rows
from evaluations.flips import Flips, comparable, flips_between
from evaluations.outcomes import violation_of
from evaluations.rows import Row
from evaluations.run_record import RunRecord
from evaluations.statistics.bootstrap import CELLS, Cell, Change, Content, Multinomial, f1_change
from evaluations.suites import SuiteLabel
from evaluations.verdicts import Verdict
from policies.model import Labelling

MARGIN = "0.03"
"""How much worse a change may be, in shares, where no charter says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A run as it is compared: its record and its rows."""

    record: RunRecord
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """A/A: how many of `n` cases the old version answered differently when it was run again.

    `source` says where it comes from: `repeats` of the run, `again` (a second run under the same key), or
    `promised` by a deterministic engine, which has none.
    """

    discordant: int
    n: int
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What both runs took: tokens in and out, and median latency in milliseconds; None where unknown."""

    old_input: int | None
    new_input: int | None
    old_output: int | None
    new_output: int | None
    old_p50: int | None
    new_p50: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two runs compared on `n` cases. `same_conditions`: nothing but policy and cases differs.

    `labels` are those of the new version; `margin` what the judgements rest on; `repeats` how often the old
    run asked each case, and the new one. Flips are those of the first answers. `noise` is None when nobody
    ran the old version again.
    """

    n: int
    repeats: tuple[int, int]
    labels: tuple[SuiteLabel, ...]
    labelling: Labelling
    margin: str
    same_conditions: bool
    unequal: Unequal
    endpoints: Endpoints
    f1: Change
    flips: Flips
    noise: Noise | None
    cost: Cost


def compare(
    old: Side,
    new: Side,
    generator: Multinomial,
    *,
    margin: str = MARGIN,
    shared_only: bool = False,
    again: Side | None = None,
    deterministic: bool = False,
    clusters: Mapping[str, str] | None = None,
    primary: Question = Question.MISSED,
) -> Comparison:
    """Compares `new` with `old`. Raises `UnequalItemsError` unless `shared_only`.

    `again` is another run of the old version under the same key; `deterministic` says that the engine
    promises the same answers. `clusters` names the cluster of each case that was written together with
    others, `primary` the question that was declared to be it. `generator` draws the bootstrap of F1, which
    decides nothing.
    """
    schemas = Schemas(old=old.record.suite.labels, new=new.record.suite.labels)
    codes = tuple(label.code for label in schemas.new)
    old_codes = tuple(label.code for label in schemas.old)
    pairing = pair_rows(old.rows, new.rows, old_codes, codes, shared_only=shared_only)
    compared = {pair.new.item.id for pair in pairing.pairs}
    return Comparison(
        n=len(pairing.pairs),
        repeats=pairing.repeats,
        labels=schemas.new,
        labelling=new.record.suite.labelling,
        margin=margin,
        same_conditions=comparable(old.record, new.record),
        unequal=pairing.unequal,
        endpoints=endpoints_of(pairing, schemas, margin, clusters=clusters, primary=primary),
        f1=_f1(pairing, schemas, generator, clusters or {}),
        flips=_flips(pairing, codes),
        noise=_noise(old, again, compared, deterministic=deterministic),
        cost=_cost(old.record, new.record),
    )


def _flips(pairing: Pairing, codes: Sequence[str]) -> Flips:
    moved = [pair for pair in pairing.pairs if pair.both.before[0] != pair.both.after[0]]
    found = flips_between((pair.old for pair in moved), (pair.new for pair in moved), codes)
    return replace(found, compared=len(pairing.pairs))


def _f1(pairing: Pairing, schemas: Schemas, generator: Multinomial, clusters: Mapping[str, str]) -> Change:
    cells_of = {both: _cells(both, schemas) for both in pairing.counted}
    alone: Counter[Both] = Counter(pairing.counted)
    inside: defaultdict[str, Counter[Cell]] = defaultdict(Counter)
    for pair in pairing.pairs if clusters else ():
        cluster = clusters.get(pair.old.item.id)
        if cluster is not None:
            inside[cluster].update(cells_of[pair.both])
            alone[pair.both] -= 1
    cells: Counter[Cell] = Counter()
    contents: Counter[Content] = Counter()
    drawn = [(held, 1) for held in inside.values()]
    drawn += [(cells_of[both], count) for both, count in alone.items()]
    for held, count in drawn:
        if held.total() == 1:
            cells[next(iter(held))] += count
        elif held:
            contents[_content(held)] += count
    return f1_change(cells, generator, contents)


def _cells(both: Both, schemas: Schemas) -> Counter[Cell]:
    """A case's pairs of answers, by truth and by whether each flagged; one that cannot be read did not."""
    truth = truth_of(both, schemas)
    if truth is None:
        return Counter()
    flagged = [
        [violation_of(one, labels).said is True for one in outcomes]
        for outcomes, labels in ((both.before, schemas.old), (both.after, schemas.new))
    ]
    return Counter(Cell(truth, was, is_) for was, is_ in product(*flagged))


def _content(held: Mapping[Cell, int]) -> Content:
    return tuple(held.get(cell, 0) for cell in CELLS)


def _first(rows: Iterable[Row], cases: set[str]) -> dict[str, Verdict]:
    """The first answer to each of these cases."""
    return {row.item.id: row.verdict for row in rows if row.repeat == 1 and row.item.id in cases}


def _noise(old: Side, again: Side | None, compared: set[str], *, deterministic: bool) -> Noise | None:
    if again is not None:
        first, second = _first(old.rows, compared), _first(again.rows, compared)
        shared = first.keys() & second.keys()
        return Noise(
            discordant=sum(first[case] != second[case] for case in shared), n=len(shared), source="again"
        )
    repeated = {row.item.id: row.verdict for row in old.rows if row.repeat == 2 and row.item.id in compared}
    if repeated:
        first = _first(old.rows, compared)
        differing = sum(first[case] != verdict for case, verdict in repeated.items())
        return Noise(discordant=differing, n=len(repeated), source="repeats")
    return Noise(discordant=0, n=len(compared), source="promised") if deterministic else None


def _cost(old: RunRecord, new: RunRecord) -> Cost:
    return Cost(
        old_input=old.tokens.input if old.tokens else None,
        new_input=new.tokens.input if new.tokens else None,
        old_output=old.tokens.output if old.tokens else None,
        new_output=new.tokens.output if new.tokens else None,
        old_p50=old.latency.p50 if old.latency else None,
        new_p50=new.latency.p50 if new.latency else None,
    )
