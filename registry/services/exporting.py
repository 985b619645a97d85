"""Runs on their way out of a commons: found, checked against their own rows, and written as files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from evaluations.records import (
    FILES,
    PREDICTIONS_FILE,
    REASONING_FILE,
    RECORD_FILE,
    Row,
    RunRecord,
    checked_run,
)
from governance.commons import RunState
from policies.limits import MIB
from policies.model import Case
from registry.services.errors import InputRefusedError, UnknownRunError
from registry.services.folders import read_plain_file, unusable, write_file
from registry.services.reading import release_folder, run_files
from registry.store.repository import Repository

LEAST_DIGITS = 4
RUN_LIMITS = {RECORD_FILE: 64 * MIB, PREDICTIONS_FILE: 512 * MIB, REASONING_FILE: 1024 * MIB}


class StoredRun(NamedTuple):
    """A run that was found and checked. `cases` are those of its policy's release, where that is here."""

    record: RunRecord
    rows: tuple[Row, ...]
    files: Mapping[str, bytes]
    cases: tuple[Case, ...]


def run_in_folder(folder: Path) -> StoredRun:
    """The run whose files lie in `folder`.

    Raises `InputRefusedError` when they do not, and `RecordError` when they are no sound record.
    """
    if not (folder / RECORD_FILE).is_file():
        raise InputRefusedError(
            str(folder),
            f"no {RECORD_FILE} is here.",
            "Name a run's folder; `commons bench --out` writes one.",
        )
    files = {
        name: read_plain_file(folder / name, limit)
        for name, limit in RUN_LIMITS.items()
        if name != REASONING_FILE or (folder / name).exists()
    }
    return StoredRun(*checked_run(files), files, ())


def run_in_commons(repository: Repository, key: str) -> StoredRun:
    """The run whose key begins with `key` (4 hex digits at least); of repeats, the newest.

    Raises `UnknownRunError`, `InputRefusedError` when several runs' keys begin so, and `RecordError`.
    """
    state = repository.state()
    found = [run for run in state.runs.values() if run.key.startswith(key)]
    if len(key) < LEAST_DIGITS or not found:
        raise UnknownRunError(key)
    keys = sorted({run.key for run in found})
    if len(keys) > 1:
        shown = ", ".join(known[:12] for known in keys[:5])
        raise InputRefusedError(f"run:{key}", f"{len(keys)} runs begin so: {shown}.", "Give more digits.")
    return run_at(repository, max(found, key=lambda run: run.seq))


def run_at(repository: Repository, run: RunState) -> StoredRun:
    """One run of the log. Raises `RecordError` when its files do not follow from its rows."""
    state = repository.state()
    files = run_files(repository, run)
    policy = state.policies.get(run.slug)
    releases = policy.releases if policy is not None else ()
    wanted = state.current_content(run.content)
    cases: tuple[Case, ...] = ()
    for release in releases:
        if state.current_content(release.content) == wanted:
            cases = release_folder(repository, release).cases
            break
    return StoredRun(*checked_run(files), files, cases)


def refuse_taken(folder: Path) -> None:
    """Raises `InputRefusedError` for a folder that holds a run: said before hours are spent on another."""
    taken = [name for name in FILES if (folder / name).exists()]
    if taken:
        raise InputRefusedError(
            str(folder / taken[0]), "a run is there already.", "Choose another folder with --out."
        )


def write_export(folder: Path, files: Mapping[str, bytes]) -> tuple[Path, ...]:
    """Writes files below `folder` and gives their paths.

    Raises `InputRefusedError`, before anything is written, where another file stands in the way.
    """
    places = {folder / name: raw for name, raw in files.items()}
    for place, raw in places.items():
        if (place.is_symlink() or place.exists()) and _differs(place, raw):
            raise InputRefusedError(
                str(place), "another file is there.", "Choose another folder with --out, or move it away."
            )
    for place, raw in places.items():
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise unusable(place.parent, error) from error
        write_file(place, raw)
    return tuple(places)


def _differs(place: Path, raw: bytes) -> bool:
    return place.is_symlink() or not place.is_file() or read_plain_file(place, len(raw) + 1) != raw
