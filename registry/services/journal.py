"""A journal: every answer of a run on the disk as it comes, so that a run that was cut short goes on.

Writes one file, which its owner alone may read: it holds what a model wrote. The first line has the run's
key with its parts, and a journal of another key is never used. A line that was not written to its end is
dropped, so its case is asked again; so is one whose failure may have passed.
"""

from __future__ import annotations

import fcntl
import json
import os
import stat
import time
from collections.abc import Mapping
from dataclasses import replace
from io import FileIO
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec

from evaluations.errors import MalformedRecordError
from evaluations.keys import KeyParts, RunKey, run_key
from evaluations.records import PREDICTIONS_FILE, REASONING_FILE, record_files
from evaluations.rows import verdict_from_json
from evaluations.run_record import timing_of
from evaluations.running import Run
from evaluations.verdicts import LASTING_FAILURES, Answer, Failed, Tokens, verdict_to_json
from registry.services.errors import InputRefusedError, ServiceError
from registry.services.folders import unusable

FORMAT = 1
_SYNC_SECONDS = 1.0
_SYNC_ANSWERS = 256
_FIRST = b'{"journal":'
_MOST_HEADER = 64 * 1024
_FACTS = ("finish_reason", "output", "reasoning", "latency_ms", "prompt_hash")


class JournalError(ServiceError):
    """The journal cannot be written (`place`); the answers in it stay, and the run goes on from there."""

    def __init__(self, place: Path, why: str, kept: int) -> None:
        self.place = str(place)
        noun = "answer is" if kept == 1 else "answers are"
        super().__init__(
            f"{place}: {why}; {kept:,} {noun} kept. Put that right and run the same command: it goes on."
        )


class Journal:
    """The answers of one run, on the disk. A context: it holds the file while the block runs.

    `kept` are the answers that were there already, by repeat (from 1) and case; `started` is when the run
    first began, in whole UTC seconds.
    """

    def __init__(self, path: Path, parts: KeyParts, *, now: int) -> None:
        """Opens or begins the journal of a run with these `parts`.

        Raises `InputRefusedError` for a file that is no journal, one of another run, or one that another
        process is writing.
        """
        self.path = path
        self.kept: dict[tuple[int, str], Answer] = {}
        self.started = now
        self._spent_before = 0
        self._begun = self._synced = time.monotonic()
        self._unsynced = 0
        self._written = 0
        self._file: FileIO = _opened(path)
        try:
            self._begin(parts)
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def count(self) -> int:
        """How many answers are in it."""
        return len(self.kept) + self._written

    @property
    def spent_ms(self) -> int:
        """Milliseconds that the run has taken so far, without the time between its parts."""
        return self._spent_before + round((time.monotonic() - self._begun) * 1000)

    def append(self, repeat: int, answer: Answer) -> None:
        """Puts one answer on the disk, unless it is a failure that may pass. Raises `JournalError`.

        It is with the system when this returns, and on the disk about a second later: a process that is
        killed loses nothing, a machine that loses power a second.
        """
        if isinstance(answer.verdict, Failed) and answer.verdict.error not in LASTING_FAILURES:
            return
        line: dict[str, object] = {
            "case": answer.case_id,
            "repeat": repeat,
            "spent_ms": self.spent_ms,
            "verdict": verdict_to_json(answer.verdict),
        }
        line |= {name: told for name in _FACTS if (told := getattr(answer, name)) is not None}
        if answer.tokens is not None:
            line["tokens"] = msgspec.to_builtins(answer.tokens)
        self._write(line)
        self._written += 1
        self._unsynced += 1
        if self._unsynced >= _SYNC_ANSWERS or time.monotonic() - self._synced >= _SYNC_SECONDS:
            self._sync()

    def close(self) -> None:
        """Lets go of the file."""
        if not self._file.closed:
            self._file.close()

    def _begin(self, parts: KeyParts) -> None:
        key = run_key(parts)
        header = {"journal": FORMAT, "key": key, "parts": msgspec.to_builtins(parts), "started": self.started}
        if not stat.S_ISREG(os.fstat(self._file.fileno()).st_mode):
            raise _no_journal(self.path)
        raw = self._file.read()
        whole = raw[: raw.rfind(b"\n") + 1]
        if not whole:
            if raw and not (raw.startswith(_FIRST[: len(raw)]) and len(raw) < _MOST_HEADER):
                raise _no_journal(self.path)
            # Cut short in its first line, or new.
            self._file.truncate(0)
            self._write(header)
            self._sync()
            return
        if len(whole) < len(raw):
            self._file.truncate(len(whole))
        first, *lines = whole.splitlines()
        self._take_header(first, key, parts)
        for line in lines:
            self._take(line)

    def _take_header(self, raw: bytes, key: RunKey, parts: KeyParts) -> None:
        stated = _object(raw)
        if stated is None or stated.get("journal") != FORMAT:
            raise _no_journal(self.path)
        if stated.get("key") != key:
            raise InputRefusedError(
                str(self.path),
                f"this is the journal of another run; {_differing(stated.get('parts'), parts)}.",
                "Give another --journal, or remove the file if that run is no longer wanted.",
            )
        started = stated.get("started")
        if isinstance(started, int):
            self.started = min(started, self.started)

    def _take(self, raw: bytes) -> None:
        """One answer; a line that is damaged is passed over, and its case asked again."""
        stated = _object(raw)
        if stated is None:
            return
        try:
            tokens = stated.get("tokens")
            answer = Answer(
                case_id=str(stated["case"]),
                verdict=verdict_from_json(stated["verdict"], 0),
                tokens=None if tokens is None else msgspec.convert(tokens, Tokens, strict=True),
                **{name: stated.get(name) for name in _FACTS},
            )
            self.kept[int(stated["repeat"]), answer.case_id] = answer
            self._spent_before = max(self._spent_before, int(stated["spent_ms"]))
        except (KeyError, TypeError, ValueError, MalformedRecordError, msgspec.ValidationError):
            return

    def _write(self, line: Mapping[str, object]) -> None:
        # As ASCII escapes: a model may write half a character, and it must come back as it was.
        raw = json.dumps(line, sort_keys=True, separators=(",", ":")).encode("ascii") + b"\n"
        try:
            while raw:
                # A disk that fills up takes a part first.
                raw = raw[self._file.write(raw) :]
        except OSError as error:
            raise JournalError(self.path, _said(error), self.count) from error

    def _sync(self) -> None:
        try:
            os.fsync(self._file.fileno())
        except OSError as error:
            raise JournalError(self.path, _said(error), self.count) from error
        self._synced, self._unsynced = time.monotonic(), 0


def discard(path: Path) -> None:
    """Deletes a journal: its run is complete, and where it belongs."""
    path.unlink(missing_ok=True)


def whole_run(run: Run, journal: Journal) -> Run:
    """The run with the times of all its parts: when it first began, and how long answers took in all."""
    record = run.record
    if not journal.kept:
        return run
    timing = timing_of(record.timing.load_ms, journal.spent_ms, len(run.rows))
    made = replace(record, started=min(record.started, journal.started), timing=timing)
    files = record_files(made, run.files[PREDICTIONS_FILE], run.files[REASONING_FILE])
    return Run(record=made, rows=run.rows, files=files)


def _opened(path: Path) -> FileIO:
    """The file, unbuffered and held, so that no second process writes into it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(
            path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_NONBLOCK, 0o600
        )
    except OSError as error:
        refused = unusable(path, error)
        raise InputRefusedError(refused.place, refused.rule, "Name another place with --journal.") from error
    file = FileIO(descriptor, "r+")
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        raise InputRefusedError(
            str(path), "another process is writing this run's journal.", "Wait for it to end, or stop it."
        ) from error
    return file


def _object(raw: bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _no_journal(path: Path) -> InputRefusedError:
    return InputRefusedError(
        str(path), "this is no journal of a run, and it is not overwritten.", "Give another --journal."
    )


def _differing(stated: object, parts: KeyParts) -> str:
    """Which parts of the key differ, by name."""
    ours = msgspec.to_builtins(parts)
    theirs: Mapping[str, object] = stated if isinstance(stated, dict) else {}
    names = [name for name, value in ours.items() if theirs.get(name) != value]
    return (
        f"its {', '.join(names)} {'differs' if len(names) == 1 else 'differ'}" if names else "its key differs"
    )


def _said(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()
