"""What can go wrong in a repository, each with the place and the remedy."""

from __future__ import annotations

from pathlib import Path


class StoreError(Exception):
    """Root of every error this package raises on purpose."""


class NotACommonsError(StoreError):
    """The path holds no commons."""

    def __init__(self, path: Path, why: str) -> None:
        self.path = path
        super().__init__(f"{path}: {why} `commons init {path}` makes a new one.")


class AlreadyExistsError(StoreError):
    """The path is taken."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(f"{path}: something is there already. Name a folder that does not exist yet.")


class MissingObjectError(StoreError):
    """An object that the repository should hold and does not (`oid` as asked for)."""

    def __init__(self, oid: str) -> None:
        self.oid = oid
        super().__init__(f"object {oid} is not in the repository; restore it from a clone or a backup.")


class CorruptObjectError(StoreError):
    """An object whose bytes do not give its id."""

    def __init__(self, oid: str, why: str) -> None:
        self.oid = oid
        super().__init__(f"object {oid} is corrupt: {why} Restore it from a clone or a backup.")


class OversizedError(StoreError):
    """An object or folder that no commons holds: it is not read (`size` against `limit`)."""

    def __init__(self, oid: str, size: str, limit: str) -> None:
        self.oid = oid
        super().__init__(
            f"object {oid}: {size}, over the limit of {limit}. Nothing of a commons is so large."
        )


class BusyError(StoreError):
    """Another writer held the commons for longer than we were told to wait (`seconds`)."""

    def __init__(self, path: Path, seconds: float) -> None:
        self.path = path
        self.seconds = seconds
        super().__init__(f"{path}: another writer has held the lock for {seconds:g} s. Try again.")


class ConflictError(StoreError):
    """A ref did not stand where it should: somebody moved it outside the one write path."""

    def __init__(self, detail: str) -> None:
        super().__init__(f"the refs moved under us: {detail} Run `commons verify` on the repository.")


class WriteError(StoreError):
    """The disk refused a write (full, read-only); nothing was changed."""

    def __init__(self, place: str, error: OSError) -> None:
        self.errno = error.errno
        super().__init__(
            f"{place}: {error.strerror or error}. Nothing was changed; free space and try again."
        )


class ClockError(StoreError):
    """The host's clock stands where it cannot be trusted (`last`, `now`: UTC seconds)."""

    def __init__(self, last: int, now: int, why: str) -> None:
        self.last = last
        self.now = now
        super().__init__(why)


class LogError(StoreError):
    """The log's chain is broken at one commit."""

    def __init__(self, commit: str, why: str) -> None:
        self.commit = commit
        self.why = why
        super().__init__(f"log commit {commit}: {why}")


class GitFailedError(StoreError):
    """git itself failed; `detail` is the end of what it said."""

    def __init__(self, command: str, detail: str) -> None:
        self.command = command
        self.detail = detail
        super().__init__(f"git {command} failed: {detail}")
