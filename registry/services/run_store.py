"""The runs that one user made on this machine, kept so that none is made twice. Reads and writes one folder.

A run lies under its key, each repeat of it in a folder of its own, with the cases that it was asked. The
folder is its owner's alone: it holds what a model wrote.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from evaluations.errors import RecordError
from evaluations.records import RECORD_FILE, RunRecord, read_record
from policies.cases import CASES_FILE, read_cases, render_cases
from policies.limits import LIMITS
from policies.model import Case
from registry.services.errors import InputRefusedError, UnknownRunError
from registry.services.exporting import LEAST_DIGITS, RUN_LIMITS, StoredRun, run_in_folder
from registry.services.folders import read_plain_file, replacing, unusable, write_files

_KEY = re.compile(r"[0-9a-f]{64}")


class KeptRun(NamedTuple):
    """A kept run by its place and its record, unchecked; `repeat` counts from 1."""

    path: Path
    record: RunRecord
    repeat: int


class RunStore:
    """The runs below `folder`, which need not exist."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, files: Mapping[str, bytes], cases: Iterable[Case] = ()) -> Path:
        """Keeps a run, as a further repeat where its key is known. Raises `InputRefusedError`."""
        key = read_record(files).key
        repeats = self._repeats(key)
        place = self.folder / key / str(int(repeats[-1].name) + 1 if repeats else 1)
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with replacing(place) as fresh:
                fresh.chmod(0o700)
                write_files(fresh, {**files, CASES_FILE: render_cases(tuple(cases))})
        except OSError as error:
            raise unusable(self.folder, error) from error
        return place

    def has(self, key: str) -> bool:
        """Whether a run of this key is kept."""
        return bool(self._repeats(key))

    def find(self, prefix: str) -> StoredRun | None:
        """The newest run whose key begins so, checked; None where there is none.

        Raises `InputRefusedError` for several keys, and `RecordError` for a run that is not sound.
        """
        keys = [key for key in self._keys() if key.startswith(prefix)]
        if len(prefix) < LEAST_DIGITS or not keys:
            return None
        if len(keys) > 1:
            shown = ", ".join(key[:12] for key in keys[:5])
            raise InputRefusedError(
                f"run:{prefix}", f"{len(keys)} runs begin so: {shown}.", "Give more digits."
            )
        return self._read(self._repeats(keys[0])[-1])

    def repeated(self, key: str) -> StoredRun | None:
        """The run under this key before the newest one: what nothing changes between."""
        repeats = self._repeats(key)
        return self._read(repeats[-2]) if len(repeats) > 1 else None

    def runs(self) -> Iterator[KeptRun]:
        """Every kept run, newest first; what cannot be read is passed over."""
        found = []
        for key in self._keys():
            for place in self._repeats(key):
                try:
                    raw = read_plain_file(place / RECORD_FILE, RUN_LIMITS[RECORD_FILE])
                    found.append(KeptRun(place, read_record({RECORD_FILE: raw}), int(place.name)))
                except (InputRefusedError, RecordError):
                    continue
        yield from sorted(found, key=lambda run: (-run.record.started, run.record.key, -run.repeat))

    def forget(self, prefix: str) -> int:
        """Deletes the runs whose key begins so, and says how many repeats went. Raises `UnknownRunError`."""
        keys = [key for key in self._keys() if key.startswith(prefix)]
        if len(prefix) < LEAST_DIGITS or not keys:
            raise UnknownRunError(prefix)
        gone = 0
        for key in keys:
            gone += len(self._repeats(key))
            shutil.rmtree(self.folder / key)
        return gone

    def _keys(self) -> list[str]:
        if not self.folder.is_dir():
            return []
        return sorted(path.name for path in self.folder.iterdir() if _KEY.fullmatch(path.name))

    def _repeats(self, key: str) -> list[Path]:
        """The places of a key's runs, oldest first."""
        place = self.folder / key
        if not place.is_dir():
            return []
        found = (path for path in place.iterdir() if path.name.isdigit())
        return sorted(found, key=lambda path: int(path.name))

    def _read(self, place: Path) -> StoredRun:
        found = run_in_folder(place)
        cases = place / CASES_FILE
        if not cases.is_file():
            return found
        return found._replace(cases=read_cases(read_plain_file(cases, LIMITS.cases_bytes)).cases)
