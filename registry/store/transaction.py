"""Moves the refs of one act in one git transaction, through a git process that stays open.

`git update-ref --stdin` locks every ref, checks every expected old value and then renames. It renames
in the order it was given (measured), so the log goes first: a crash half-way leaves the log ahead of
the refs it names, and recovery rolls those forward (`recovery.py`).
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import IO, NamedTuple

from registry.store.errors import ConflictError, GitFailedError, WriteError
from registry.store.process import git_command, git_environment, refused
from registry.store.writer import sync_folder

ZERO = "0" * 40


class RefMove(NamedTuple):
    """A ref, where it must stand now and where it goes; None is "does not exist"."""

    ref: str
    old: str | None
    new: str | None


class RefTransactions:
    """One open `git update-ref --stdin`; used under the commons' lock by one thread at a time."""

    def __init__(self, repository: Path) -> None:
        self._repository = repository
        self._process: subprocess.Popen[bytes] | None = None

    def move(self, moves: Iterable[RefMove]) -> None:
        """Moves all or none.

        Raises `ConflictError` when a ref does not stand where expected, `WriteError` when the disk
        refuses, `GitFailedError` when git dies: only then may some have moved, the log first.
        """
        asked = list(moves)
        lines = ["start"]
        for ref, old, new in asked:
            if new is None:
                lines.append(f"delete {ref} {old or ZERO}")
            else:
                lines.append(f"update {ref} {new} {old or ZERO}")
        try:
            for line in (*lines, "prepare", "commit"):
                self._send(line)
            for step in ("start", "prepare", "commit"):
                self._expect(step)
        except BaseException:
            # An answer that nobody read would be taken for the next transaction's.
            self.close()
            raise
        self._sync_names(asked)

    def _sync_names(self, moved: list[RefMove]) -> None:
        """git syncs what stands in a ref and not its name (2.39, traced): a power cut could take it back.

        Raises `WriteError` when the disk refuses; the refs have moved then.
        """
        for folder in dict.fromkeys((self._repository / move.ref).parent for move in moved):
            try:
                sync_folder(folder)
            except FileNotFoundError:
                # git takes away the folder of a last ref that it deletes; the log has been synced by then.
                continue
            except OSError as error:
                raise WriteError(f"{self._repository.name}: moving the refs", error) from error

    def close(self) -> None:
        """Ends the process."""
        process, self._process = self._process, None
        if process is not None:
            for stream in (process.stdin, process.stdout, process.stderr):
                if stream is not None:
                    # It may have died with unread input; what it said was reported already.
                    with suppress(BrokenPipeError):
                        stream.close()
            process.wait()

    def _open(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._process = subprocess.Popen(
                git_command(self._repository, "-c", "core.fsync=all", "update-ref", "--stdin"),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=git_environment(),
            )
        return self._process

    def _send(self, line: str) -> None:
        process = self._open() if line == "start" else self._process
        assert process is not None
        stdin: IO[bytes] | None = process.stdin
        assert stdin is not None
        try:
            stdin.write(line.encode() + b"\n")
            stdin.flush()
        except BrokenPipeError:
            self._fail(line)

    def _expect(self, step: str) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        if self._process.stdout.readline().strip() != f"{step}: ok".encode():
            self._fail(step)

    def _fail(self, step: str) -> None:
        """git exits at the first refusal and says why on its error stream."""
        assert self._process is not None
        assert self._process.stderr is not None
        if self._process.stdin is not None:
            with suppress(BrokenPipeError):
                self._process.stdin.close()
        detail = self._process.stderr.read().decode("utf-8", "replace").strip()
        self.close()
        error = GitFailedError(f"update-ref ({step})", detail or "it ended without a word")
        cause = refused(f"{self._repository.name}: moving the refs", error)
        if cause is not error:
            raise cause
        if "cannot lock ref" in detail or "but expected" in detail or "reference already exists" in detail:
            raise ConflictError(detail)
        raise error
