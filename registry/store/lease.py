"""One git process that hands out objects, leased to one thread at a time.

A GitPython `Git` (like its `Repo`) is not thread-safe: shared between threads it gave wrong objects
without an error (measured). Starts processes; `reader.py` keeps the pool.
"""

from __future__ import annotations

import os
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import git

from registry.store.errors import OversizedError
from registry.store.process import git_environment, git_path

MAX_OBJECT_BYTES = 64 * 1024 * 1024
"""A larger object is not read: no file of a commons may be, and zeros pack to almost nothing."""

_KINDS = {b"blob": "blob", b"tree": "tree", b"commit": "commit", b"tag": "tag"}


class Stored(NamedTuple):
    """An object as read."""

    oid: str
    kind: str
    data: bytes


class Lease:
    """One `git cat-file --batch`, started by GitPython; for one thread at a time.

    The protocol is spoken here and not through `Git.get_object_data`, whose attribute look-ups cost
    more than the rest of our side of a read (profiled; `make bench` compares with a bare process).
    """

    __slots__ = ("_process", "_read", "_readline", "_stdin", "epoch")

    def __init__(self, repository: Path, epoch: int = 0) -> None:
        self.epoch = epoch
        git.Git.GIT_PYTHON_GIT_EXECUTABLE = git_path()
        # GitPython starts git inside this folder, where a relative path would name another one.
        place = str(repository.absolute())
        runner = git.Git(place)
        runner.update_environment(**git_environment())
        runner.set_persistent_git_options(git_dir=place)
        self._process = runner.cat_file(batch=True, istream=subprocess.PIPE, as_process=True)
        self._stdin = self._process.stdin.fileno()
        self._readline, self._read = self._process.stdout.readline, self._process.stdout.read

    def read(self, oid: str) -> Stored | None:
        """The object, or None when git has none of that id; `EOFError` when the process has ended."""
        asked = oid.encode()
        os.write(self._stdin, asked + b"\n")
        header: bytes = self._readline()
        try:
            name, kind, size = header.split()
        except ValueError:
            if header.endswith(b" missing\n"):
                return None
            raise EOFError(header.decode("utf-8", "replace")) from None
        length = int(size)
        if name != asked:
            raise EOFError(f"asked for {oid}, the answer is {header.decode('utf-8', 'replace').strip()}")
        if length > MAX_OBJECT_BYTES:
            raise OversizedError(oid, f"{length} bytes", f"{MAX_OBJECT_BYTES} bytes")
        data: bytes = self._read(length + 1)
        if len(data) != length + 1:
            raise EOFError("the answer was cut off")
        return Stored(oid, _KINDS[kind], data[:-1])

    def close(self) -> None:
        """Ends the process."""
        process = self._process.proc
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        process.terminate()
        process.wait()
