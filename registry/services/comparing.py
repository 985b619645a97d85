"""Compares two runs, or two versions of a policy by making the runs that are missing. Records nothing.

Where a repository is at hand, a run that it keeps under the same key is not made again.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from evaluations.comparing.comparison import MARGIN, Comparison, Side, compare
from evaluations.comparing.endpoints import Question
from evaluations.comparing.expectations import Followed, Line, followed
from evaluations.engines.base import Engine
from evaluations.engines.catalogue import INFOS
from evaluations.records import Words, read_words
from evaluations.rows import Row
from evaluations.run_record import RunRecord, latency_of, tokens_of
from evaluations.running import Run
from evaluations.standing import RunClass, class_of, is_scripted
from evaluations.statistics.margins import Judgement
from evaluations.suites import Visibility, input_digest
from evaluations.verdicts import LASTING_FAILURES, Answer, Failed
from policies.model import Case
from registry.services.bench import RunClock, bench_folder
from registry.services.comparing_known import Known, Ran, fresh_run, stored_run
from registry.services.comparing_plan import Asked, Trial
from registry.services.exporting import StoredRun
from registry.services.journal import Journal, whole_run
from registry.services.journalled import JournalledEngine

JournalAt = Callable[[str], Path]
"""Where the journal of a run lies, by the run's key and a mark for its repeat."""

_SEED = 20_260_101
"""The bootstrap's seed: the same comparison says the same twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What is settled before anything runs: how much worse is too much, which question comes first, and what
    the change is meant to do."""

    margin: str = MARGIN
    primary: Question = Question.MISSED
    expected: tuple[Line, ...] = ()


USUAL = Terms()
NOTHING_KNOWN = Known()


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Two runs with their comparison, and the words that belong to it. `again` is the old version once more.

    `cases` are those whose content is known and is what was run; `followed` is None where nothing was
    declared; `trial` is None when the runs were there already; `unanswered` counts answers of either run that
    never came and still may. `journals` are those of the runs made here: to be deleted once nothing is
    missing and all is where it belongs.
    """

    old: Ran
    new: Ran
    again: Ran | None
    comparison: Comparison
    cases: Mapping[str, Case]
    old_words: Mapping[str, Words]
    new_words: Mapping[str, Words]
    followed: Followed | None
    trial: Trial | None
    unanswered: int
    journals: tuple[Path, ...] = ()

    @property
    def baseline(self) -> bool:
        """Whether a run is of an engine that cannot follow rules: such a comparison decides nothing."""
        return RunClass.BASELINE in (class_of(self.old.record), class_of(self.new.record))

    @property
    def scripted(self) -> bool:
        """Whether a run is of a scripted server, behind which no model is."""
        return is_scripted(self.old.record) or is_scripted(self.new.record)

    @property
    def blocks(self) -> bool:
        """Whether either endpoint is worse by more than the margin, by an engine that may say so."""
        ends = self.comparison.endpoints
        return not self.baseline and Judgement.BLOCK in (ends.caught.judgement, ends.spared.judgement)


def compare_runs(
    old: StoredRun,
    new: StoredRun,
    terms: Terms = USUAL,
    *,
    shared_only: bool = False,
    again: StoredRun | None = None,
    cases: Iterable[Case] = (),
) -> Compared:
    """Two runs as they are. Raises `UnequalItemsError` unless `shared_only`."""
    return _compared(
        stored_run(old),
        stored_run(new),
        terms,
        again=None if again is None else stored_run(again),
        shared_only=shared_only,
        cases=(*cases, *old.cases, *new.cases),
        trial=None,
        outside=(),
    )


def compare_versions(
    trial: Trial,
    terms: Terms = USUAL,
    *,
    again: bool = False,
    known: Known = NOTHING_KNOWN,
    journal_at: JournalAt | None = None,
    on_answer: Callable[[Answer], None] | None = None,
) -> Compared:
    """Makes the runs that are not `known`, and compares. `again` takes a second run of the old version, too.

    With `journal_at` every run keeps a journal there, and goes on from it.
    """
    journals: list[Path] = []

    def ran(asked: Asked, mark: str = "") -> Ran:
        if journal_at is None:
            return fresh_run(_run(asked, trial, trial.engine, on_answer))
        path = journal_at(f"{asked.key}{mark}")
        journals.append(path)
        with Journal(path, asked.plan.parts, now=RunClock().now()) as journal:
            made = _run(asked, trial, JournalledEngine(trial.engine, journal), on_answer)
            return fresh_run(whole_run(made, journal))

    second = known.repeat(trial.old) if again else None
    old, new = (known.run(asked) or ran(asked) for asked in (trial.old, trial.new))
    if again and second is None:
        second = ran(trial.old, "-again")
    compared = _compared(
        old,
        new,
        terms,
        again=second,
        shared_only=False,
        cases=trial.joint.cases,
        trial=trial,
        outside={left.item.id for side in (trial.old, trial.new) for left in side.plan.left_out},
    )
    return replace(compared, journals=tuple(journals))


def _run(asked: Asked, trial: Trial, engine: Engine, on_answer: Callable[[Answer], None] | None) -> Run:
    version = asked.version
    return bench_folder(
        version.folder,
        engine,
        address=version.address.partition("@")[0],
        version_=version.folder.document.policy.meta.version,
        template=trial.template,
        suite=asked.suite,
        on_answer=on_answer,
        plan=asked.plan,
    )


def _compared(
    old: Ran,
    new: Ran,
    terms: Terms,
    *,
    again: Ran | None,
    shared_only: bool,
    cases: Iterable[Case],
    trial: Trial | None,
    outside: Iterable[str],
) -> Compared:
    skipped = frozenset(outside)
    before, after = _side(old, skipped), _side(new, skipped)
    held = _held(cases, after.rows)
    comparison = compare_sides(
        before,
        after,
        terms,
        shared_only=shared_only,
        again=None if again is None else _side(again, skipped),
        clusters={case.id: case.pair for case in held.values() if case.pair is not None},
    )
    sealed = Visibility.SEALED in (old.record.suite.visibility, new.record.suite.visibility)
    flipped = {flip.case for flip in comparison.flips.flips}
    return Compared(
        old=old,
        new=new,
        again=again,
        comparison=comparison,
        cases={} if sealed else held,
        old_words=_words(old, flipped),
        new_words=_words(new, flipped),
        followed=_followed(terms, before, after),
        trial=trial,
        unanswered=_unanswered((*before.rows, *after.rows)),
    )


def compare_sides(
    old: Side,
    new: Side,
    terms: Terms,
    *,
    shared_only: bool = False,
    again: Side | None = None,
    clusters: Mapping[str, str] | None = None,
) -> Comparison:
    """Two runs' rows compared; the same ones give the same to the last digit. Raises as `compare`."""
    return compare(
        old,
        new,
        np.random.Generator(np.random.PCG64(_SEED)),
        margin=terms.margin,
        primary=terms.primary,
        shared_only=shared_only,
        again=again,
        deterministic=_promises(old.record) and _promises(new.record),
        clusters=clusters,
    )


def _followed(terms: Terms, old: Side, new: Side) -> Followed | None:
    codes = [label.code for label in new.record.suite.labels]
    return followed(terms.expected, old.rows, new.rows, codes) if terms.expected else None


def _side(run: Ran, skipped: frozenset[str]) -> Side:
    """A run without the cases that do not count; what it cost is then worked out anew."""
    kept = tuple(row for row in run.rows if row.item.id not in skipped) if skipped else run.rows
    if len(kept) == len(run.rows):
        return Side(record=run.record, rows=run.rows)
    return Side(record=replace(run.record, tokens=tokens_of(kept), latency=latency_of(kept)), rows=kept)


def _promises(record: RunRecord) -> bool:
    info = INFOS.get(record.parts.engine)
    return info is not None and info.promises.deterministic


def _held(cases: Iterable[Case], rows: Iterable[Row]) -> dict[str, Case]:
    """The cases whose content is known and is the very input that was run, by id."""
    known = {case.id: case for case in cases}
    if not known:
        return {}
    inputs = {row.item.id: row.item.input for row in rows}
    return {case.id: case for case in known.values() if input_digest(case) == inputs.get(case.id)}


def _words(run: Ran, cases: Container[str]) -> dict[str, Words]:
    return {said.case: said for said in read_words(run.files, cases) if said.repeat == 1}


def _unanswered(rows: Sequence[Row]) -> int:
    errors = (row.verdict.error for row in rows if isinstance(row.verdict, Failed))
    return sum(error not in LASTING_FAILURES for error in errors)
