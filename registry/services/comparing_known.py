"""The runs that need not be made, because a commons or the user has them. Reads both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from evaluations.records import RunRecord
from evaluations.rows import Row
from evaluations.running import Run
from registry.services.comparing_plan import Asked
from registry.services.errors import UnknownRunError
from registry.services.exporting import StoredRun, run_at, run_in_commons
from registry.services.run_store import RunStore
from registry.store.repository import Repository


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """A run as it went into a comparison. `fresh`: it was made for it. `called` is what was asked for, where
    the same text was run under another name."""

    record: RunRecord
    rows: tuple[Row, ...]
    files: Mapping[str, bytes]
    fresh: bool
    called: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """Where runs are looked for: a commons first, then one's own."""

    commons: Repository | None = None
    own: RunStore | None = None

    def run(self, asked: Asked) -> Ran | None:
        """The newest run of exactly this."""
        if self.commons is not None:
            try:
                return _called(run_in_commons(self.commons, asked.key), asked)
            except UnknownRunError:
                pass
        found = self.own.find(asked.key) if self.own is not None else None
        return None if found is None else _called(found, asked)

    def repeat(self, asked: Asked) -> Ran | None:
        """The run of exactly this before the newest one: what nothing changes between."""
        found = repeated(self.commons, asked.key) if self.commons is not None else None
        if found is None and self.own is not None:
            found = self.own.repeated(asked.key)
        return None if found is None else stored_run(found)


def _called(run: StoredRun, asked: Asked) -> Ran:
    return replace(stored_run(run), called=asked.version.named)


def repeated(repository: Repository, key: str) -> StoredRun | None:
    """The run under this key before the newest one, where a repository keeps one."""
    found = [known for known in repository.state().runs.values() if known.key == key]
    earlier = sorted(found, key=lambda known: known.seq)[:-1]
    return run_at(repository, earlier[-1]) if earlier else None


def fresh_run(run: Run) -> Ran:
    """A run that was just made."""
    return Ran(record=run.record, rows=run.rows, files=run.files, fresh=True)


def stored_run(run: StoredRun) -> Ran:
    """A run that was there."""
    return Ran(record=run.record, rows=run.rows, files=run.files, fresh=False)
