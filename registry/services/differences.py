"""Two versions of a policy side by side, and the runs that can be compared. Reads; changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from evaluations.flips import Flips, comparable, flips_between
from evaluations.rows import Row
from evaluations.run_record import RunRecord
from evaluations.standing import RunClass, class_of
from governance.commons import Commons, RunState
from governance.payloads import Release
from policies.errors import MalformedDocumentError
from policies.folder import PolicyFolder
from registry.services.notices import previous_release
from registry.services.reading import find_policy, find_release, runs_of
from registry.store.errors import CorruptObjectError, MissingObjectError

UNREADABLE = (MalformedDocumentError, MissingObjectError, CorruptObjectError)
"""What reading a version raises that cannot be read any more."""

_ORDER = tuple(RunClass)


class ReadRun(Protocol):
    """A run's record and rows."""

    @property
    def record(self) -> RunRecord:
        """The record."""

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows."""


class Reading(Protocol):
    """Reads one commons at one head."""

    @property
    def state(self) -> Commons:
        """The commons at that head."""

    def folder(self, release: Release) -> PolicyFolder:
        """A release, read."""

    def recorded(self, run: RunState) -> ReadRun:
        """A run, read."""


class Chosen(NamedTuple):
    """Which two versions are compared. `old` is None where there is none before `new`."""

    old: Release | None
    new: Release

    @property
    def same(self) -> bool:
        """Whether both sides are one version."""
        return self.old is not None and self.old.version == self.new.version


class Side(NamedTuple):
    """One version: its folder, or why it cannot be read; `erased` if a redaction touched it."""

    release: Release
    folder: PolicyFolder | None
    trouble: str | None
    erased: bool


class Compared(NamedTuple):
    """The newest runs of both versions that were made under the same conditions."""

    old: RunState
    new: RunState
    record: RunRecord
    stands_for: RunClass
    flips: Flips


class Behaviour(NamedTuple):
    """Runs that can be compared, the shared model's first, and how many runs each version has."""

    compared: tuple[Compared, ...]
    old_runs: int
    new_runs: int

    def of(self, kind: RunClass) -> tuple[Compared, ...]:
        """Those whose figures stand for this."""
        return tuple(item for item in self.compared if item.stands_for is kind)


def choose(state: Commons, slug: str, old: str | None, new: str | None) -> Chosen:
    """The versions by number, commit or `latest`; left out, the latest and the one before `new`.

    Raises `UnknownPolicyError`.
    """
    after = find_release(state, slug, new)
    return Chosen(find_release(state, slug, old) if old else previous_release(state, after), after)


def is_backwards(state: Commons, chosen: Chosen) -> bool:
    """Whether `old` was released after `new`."""
    if chosen.old is None:
        return False
    versions = [release.version for release in find_policy(state, chosen.new.slug).releases]
    return versions.index(chosen.old.version) > versions.index(chosen.new.version)


def read_side(reading: Reading, release: Release) -> Side:
    """A version as far as it can be read."""
    erased = release.content in {after for _, after in reading.state.replaced.items()}
    try:
        return Side(release, reading.folder(release), None, erased)
    except MalformedDocumentError as error:
        return Side(release, None, str(error.findings[0]), erased)
    except UNREADABLE:
        # What is wrong inside a repository is for `commons verify` and its operator, not for a visitor.
        return Side(release, None, "part of its files is missing or damaged.", erased)


def behaviour_of(reading: Reading, old: Release, new: Release) -> Behaviour:
    """Runs of both versions under the same conditions, with the cases that flipped."""
    before, after = _runs(reading.state, old), _runs(reading.state, new)
    compared: list[Compared] = []
    taken: list[RunRecord] = []
    for run in after:
        read = reading.recorded(run)
        if any(comparable(record, read.record) for record in taken):
            continue
        other = next(
            (item for item in before if comparable(reading.recorded(item).record, read.record)), None
        )
        if other is not None:
            taken.append(read.record)
            codes = [label.code for label in read.record.suite.labels]
            flips = flips_between(reading.recorded(other).rows, read.rows, codes)
            compared.append(Compared(other, run, read.record, class_of(read.record), flips))
    compared.sort(key=lambda item: _ORDER.index(item.stands_for))
    return Behaviour(tuple(compared), len(before), len(after))


def _runs(state: Commons, release: Release) -> Sequence[RunState]:
    """The runs of exactly what this version says, newest first."""
    content = state.current_content(release.content)
    return [run for run in runs_of(state, release.slug) if state.current_content(run.content) == content]
