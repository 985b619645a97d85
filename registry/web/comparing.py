"""Two runs of a policy compared: made once, and kept by what they are. Reads through a visit.

Only what is counted is kept, and the flips; the rows of both runs are let go of again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from evaluations.comparing.comparison import MARGIN, Comparison, Side
from evaluations.comparing.endpoints import Question
from evaluations.comparing.pairing import Unequal, UnequalItemsError
from evaluations.flips import Flip
from evaluations.records import PREDICTIONS_FILE, read_rows
from evaluations.rows import Row
from evaluations.run_record import RunRecord
from evaluations.standing import RunClass, class_of
from evaluations.statistics.margins import Judgement
from evaluations.suites import Visibility, input_digest
from governance.commons import RunState
from policies.model import Case
from registry.services.comparing import Terms, compare_sides
from registry.services.comparison_flips import KINDS
from registry.services.errors import UnknownRunError
from registry.services.reading import find_run
from registry.store.errors import MissingObjectError
from registry.web.refusals import BadQueryError
from registry.web.run_parts import file_of, record_of
from registry.web.visit import Visit

_WEIGHT, _FLIP_WEIGHT, _GROUP_WEIGHT, _ID_WEIGHT = 20_000, 350, 2_500, 100


class FlipAt(NamedTuple):
    """A flip, and the numbers of its rows in both runs."""

    flip: Flip
    old_row: int
    new_row: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A comparison with the records of both runs. `flips` are in the order to read: broken ones first."""

    old: RunRecord
    new: RunRecord
    comparison: Comparison
    flips: tuple[FlipAt, ...]

    @property
    def baseline(self) -> bool:
        """Whether a run is of an engine that cannot follow rules: such a comparison decides nothing."""
        return RunClass.BASELINE in (class_of(self.old), class_of(self.new))

    @property
    def blocks(self) -> bool:
        """Whether either endpoint is worse by more than the margin, by an engine that may say so."""
        ends = self.comparison.endpoints
        return not self.baseline and Judgement.BLOCK in (ends.caught.judgement, ends.spared.judgement)


class _Refused(NamedTuple):
    """Why two runs cannot be compared as they are; finding out costs as much as comparing, so it is kept."""

    unequal: Unequal
    shared: int


def read_terms(margin: str | None, primary: str | None) -> Terms:
    """What a visitor settled. Raises `BadQueryError`."""
    try:
        value = Decimal(margin.replace(",", ".").strip() if margin else MARGIN)
    except InvalidOperation:
        value = Decimal(0)
    if not value.is_finite() or not Decimal("0.001") <= value <= Decimal("0.5"):
        raise BadQueryError(
            "`margin` is the share of cases that is too large a loss.", "Give 0.001 to 0.5, such as 0.03."
        )
    try:
        question = Question(primary or Question.MISSED)
    except ValueError:
        known = ", ".join(Question)
        raise BadQueryError("`primary` is none of the questions.", f"Use one of: {known}.") from None
    return Terms(margin=f"{value.normalize():f}", primary=question)


def run_of(visit: Visit, slug: str, key: str) -> RunState:
    """A run of this policy by its key. Raises `UnknownRunError`."""
    run = find_run(visit.state, key)
    if run.slug != slug:
        raise UnknownRunError(key, f"it is a run of {run.slug}, not of {slug}.")
    return run


def held_comparison(visit: Visit, old: RunState, new: RunState, terms: Terms, *, shared_only: bool) -> Held:
    """The comparison. Raises `UnequalItemsError` unless `shared_only`, `BadQueryError` for one run twice."""
    if old.commit == new.commit:
        raise BadQueryError("`old` and `new` are one run, so nothing can differ.", "Name two runs.")
    earlier = _earlier(visit, old)

    def make() -> tuple[Held | _Refused, int]:
        before, after = _side(visit, old), _side(visit, new)
        try:
            comparison = compare_sides(
                before,
                after,
                terms,
                shared_only=shared_only,
                again=None if earlier is None else _side(visit, earlier),
                clusters=_clusters(visit, new, after.rows),
            )
        except UnequalItemsError as error:
            count = error.unequal.count
            return _Refused(error.unequal, error.shared), _WEIGHT + _ID_WEIGHT * count
        held = Held(
            old=before.record,
            new=after.record,
            comparison=comparison,
            flips=_placed(comparison, before.rows, after.rows),
        )
        groups = len(comparison.endpoints.groups)
        weight = _WEIGHT + _FLIP_WEIGHT * len(held.flips) + _GROUP_WEIGHT * groups
        return held, weight + _ID_WEIGHT * comparison.unequal.count

    key = (old.commit, new.commit, earlier.commit if earlier else "", terms.margin, terms.primary.value)
    made = visit.made(("compared", *key, "shared" if shared_only else "all"), make)
    if isinstance(made, _Refused):
        raise UnequalItemsError(made.unequal, made.shared)
    return made


def cases_of(visit: Visit, run: RunState) -> tuple[Case, ...]:
    """The cases of the policy as it was run; none when that content is gone, or nobody may read it."""
    if record_of(visit, run).suite.visibility is Visibility.SEALED:
        return ()
    releases = visit.releases_of(run.slug, run.content)
    return visit.folder(releases[-1]).cases if releases else ()


def _earlier(visit: Visit, run: RunState) -> RunState | None:
    """The run before this one under the same key: what nothing changes between."""
    found = [known for known in visit.state.runs.values() if known.key == run.key and known.seq < run.seq]
    return max(found, key=lambda known: known.seq, default=None)


def _side(visit: Visit, run: RunState) -> Side:
    raw = file_of(visit, run, PREDICTIONS_FILE)
    if raw is None:
        raise MissingObjectError(f"{run.commit}:{PREDICTIONS_FILE}")
    return Side(record=record_of(visit, run), rows=read_rows({PREDICTIONS_FILE: raw}))


def _clusters(visit: Visit, run: RunState, rows: Sequence[Row]) -> Mapping[str, str]:
    """The contrast pair of each case that is in one, and was run as it stands in the policy."""
    paired = [case for case in cases_of(visit, run) if case.pair is not None]
    if not paired:
        return {}
    inputs = {row.item.id: row.item.input for row in rows}
    return {case.id: case.pair or "" for case in paired if input_digest(case) == inputs.get(case.id)}


def _placed(comparison: Comparison, old: Sequence[Row], new: Sequence[Row]) -> tuple[FlipAt, ...]:
    flips = sorted(comparison.flips.flips, key=lambda flip: (KINDS.index(flip.kind), flip.case))
    wanted = {flip.case for flip in flips}
    before, after = (
        {row.item.id: at for at, row in enumerate(rows) if row.repeat == 1 and row.item.id in wanted}
        for rows in (old, new)
    )
    return tuple(FlipAt(flip, before[flip.case], after[flip.case]) for flip in flips)
