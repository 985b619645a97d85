"""Compares two runs, or two versions of a policy by making the runs that are missing. Records nothing.

Where a repository is at hand, a run that it keeps under the same key is not made again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from evaluations.comparing.comparison import MARGIN, Comparison, Side, compare
from evaluations.engines.base import Engine
from evaluations.engines.catalogue import INFOS
from evaluations.records import Words, read_rows, read_words
from evaluations.rows import Row
from evaluations.run_record import RunRecord, latency_of, tokens_of
from evaluations.running import Run
from evaluations.standing import RunClass, class_of
from evaluations.statistics.margins import Judgement
from evaluations.suites import Visibility, input_digest
from evaluations.verdicts import LASTING_FAILURES, Answer, Failed
from policies.model import Case
from registry.services.bench import RunClock, bench_folder
from registry.services.comparing_plan import Asked, Trial
from registry.services.errors import UnknownRunError
from registry.services.exporting import StoredRun, run_at, run_in_commons
from registry.services.journal import Journal, whole_run
from registry.services.journalled import JournalledEngine
from registry.store.repository import Repository

JournalAt = Callable[[str], Path]
"""Where the journal of a run lies, by the run's key and a mark for its repeat."""

_SEED = 20_260_101
"""The bootstrap's seed: the same comparison says the same twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """A run as it went into a comparison. `fresh`: it was made for it."""

    record: RunRecord
    files: Mapping[str, bytes]
    fresh: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Two runs with their comparison, and the words that belong to it.

    `cases` are those whose content is known and is what was run; `trial` is None when the runs were
    there already; `unanswered` counts answers of either run that never came and still may. `journals` are
    those of the runs made here: to be deleted once nothing is missing and all is where it belongs.
    """

    old: Ran
    new: Ran
    comparison: Comparison
    cases: Mapping[str, Case]
    old_words: Mapping[str, Words]
    new_words: Mapping[str, Words]
    trial: Trial | None
    unanswered: int
    journals: tuple[Path, ...] = ()

    @property
    def baseline(self) -> bool:
        """Whether a run is of an engine that cannot follow rules: such a comparison decides nothing."""
        return RunClass.BASELINE in (class_of(self.old.record), class_of(self.new.record))

    @property
    def blocks(self) -> bool:
        """Whether either endpoint is worse by more than the margin, by an engine that may say so."""
        ends = self.comparison.endpoints
        return not self.baseline and Judgement.BLOCK in (ends.caught.judgement, ends.spared.judgement)


def compare_runs(
    old: StoredRun,
    new: StoredRun,
    *,
    margin: str = MARGIN,
    shared_only: bool = False,
    again: StoredRun | None = None,
    cases: Iterable[Case] = (),
) -> Compared:
    """Two runs as they are. Raises `UnequalItemsError` unless `shared_only`."""
    known = (*cases, *old.cases, *new.cases)
    return _compared(
        Ran(record=old.record, files=old.files, fresh=False),
        Ran(record=new.record, files=new.files, fresh=False),
        again=None if again is None else Ran(record=again.record, files=again.files, fresh=False),
        margin=margin,
        shared_only=shared_only,
        cases=known,
        trial=None,
        outside=(),
    )


def compare_versions(
    trial: Trial,
    *,
    margin: str = MARGIN,
    again: bool = False,
    repository: Repository | None = None,
    journal_at: JournalAt | None = None,
    on_answer: Callable[[Answer], None] | None = None,
) -> Compared:
    """Makes the runs that `repository` has not, and compares. `again` runs the old version once more.

    With `journal_at` every run keeps a journal there, and goes on from it.
    """
    journals: list[Path] = []

    def ran(asked: Asked, mark: str = "") -> Ran:
        if journal_at is None:
            return _fresh(_run(asked, trial, trial.engine, on_answer))
        path = journal_at(f"{asked.key}{mark}")
        journals.append(path)
        with Journal(path, asked.plan.parts, now=RunClock().now()) as journal:
            made = _run(asked, trial, JournalledEngine(trial.engine, journal), on_answer)
            return _fresh(whole_run(made, journal))

    old, new = (known_run(asked, repository) or ran(asked) for asked in (trial.old, trial.new))
    compared = _compared(
        old,
        new,
        again=ran(trial.old, "-again") if again else None,
        margin=margin,
        shared_only=False,
        cases=trial.joint.cases,
        trial=trial,
        outside={left.item.id for side in (trial.old, trial.new) for left in side.plan.left_out},
    )
    return replace(compared, journals=tuple(journals))


def known_run(asked: Asked, repository: Repository | None) -> Ran | None:
    """The run of the same key that a repository keeps."""
    if repository is None:
        return None
    try:
        stored = run_in_commons(repository, asked.key)
    except UnknownRunError:
        return None
    return Ran(record=stored.record, files=stored.files, fresh=False)


def repeated(repository: Repository, run: StoredRun) -> StoredRun | None:
    """An earlier run under the same key, where a repository keeps one: what nothing changes between."""
    found = [known for known in repository.state().runs.values() if known.key == run.record.key]
    earlier = sorted(found, key=lambda known: known.seq)[:-1]
    return run_at(repository, earlier[-1]) if earlier else None


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
    )


def _fresh(run: Run) -> Ran:
    return Ran(record=run.record, files=run.files, fresh=True)


def _compared(
    old: Ran,
    new: Ran,
    *,
    again: Ran | None,
    margin: str,
    shared_only: bool,
    cases: Iterable[Case],
    trial: Trial | None,
    outside: Iterable[str],
) -> Compared:
    skipped = frozenset(outside)
    before, after = _side(old, skipped), _side(new, skipped)
    comparison = compare(
        before,
        after,
        np.random.Generator(np.random.PCG64(_SEED)),
        margin=margin,
        shared_only=shared_only,
        again=None if again is None else _side(again, skipped),
        deterministic=_promises(old.record) and _promises(new.record),
    )
    rows = {row.item.id: row for row in after.rows}
    sealed = Visibility.SEALED in (old.record.suite.visibility, new.record.suite.visibility)
    shown = {
        case.id: case
        for case in cases
        if not sealed and case.id in rows and input_digest(case) == rows[case.id].item.input
    }
    return Compared(
        old=old,
        new=new,
        comparison=comparison,
        cases=shown,
        old_words=_words(old),
        new_words=_words(new),
        trial=trial,
        unanswered=_unanswered((*before.rows, *after.rows)),
    )


def _side(run: Ran, skipped: frozenset[str]) -> Side:
    """A run without the cases that do not count; what it cost is then worked out anew."""
    rows = read_rows(run.files)
    kept = tuple(row for row in rows if row.item.id not in skipped)
    if len(kept) == len(rows):
        return Side(record=run.record, rows=rows)
    return Side(record=replace(run.record, tokens=tokens_of(kept), latency=latency_of(kept)), rows=kept)


def _promises(record: RunRecord) -> bool:
    info = INFOS.get(record.parts.engine)
    return info is not None and info.promises.deterministic


def _words(run: Ran) -> dict[str, Words]:
    return {said.case: said for said in read_words(run.files) if said.repeat == 1}


def _unanswered(rows: Sequence[Row]) -> int:
    errors = (row.verdict.error for row in rows if isinstance(row.verdict, Failed))
    return sum(error not in LASTING_FAILURES for error in errors)
