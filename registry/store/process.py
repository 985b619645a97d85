"""How git is called: by absolute path, with argument lists, in an environment of our own."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from registry.store.errors import GitFailedError, StoreError, WriteError

# What a host's or user's configuration could otherwise change under us: hooks, filters, signing,
# credential helpers, replaced objects, grafted parents. See `security.md`, "Smart HTTP". A repository that
# somebody hands over brings its own configuration: one that calls itself a partial clone would have git
# fetch what is missing, by a command of its choice (tried: `remote.origin.uploadpack` ran).
_FIXED = {
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_GRAFT_FILE": "/nonexistent/grafts",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "HOME": "/nonexistent",
    "XDG_CONFIG_HOME": "/nonexistent",
    "LC_ALL": "C.UTF-8",
    "TZ": "UTC",
}


_DISK = (
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EFBIG,
    errno.EROFS,
    errno.EACCES,
    errno.EPERM,
    errno.EIO,
)


@cache
def git_path() -> str:
    """The git program, by absolute path. Raises `StoreError` where there is none."""
    found = shutil.which("git")
    if found is None:
        raise StoreError("git is not installed; install it with the system's package manager.")
    return str(Path(found).resolve())


def git_environment(*transports: str) -> dict[str, str]:
    """The whole environment git runs in: nothing of ours but the search path and the temp folder.

    `transports` are those that git may use (`http`, `https`, `file`), whatever a repository's own
    configuration allows: by default none.
    """
    passed = {name: os.environ[name] for name in ("PATH", "TMPDIR", "SYSTEMROOT") if name in os.environ}
    return passed | _FIXED | {"GIT_ALLOW_PROTOCOL": ":".join(transports)}


def git_command(repository: Path, *arguments: str) -> list[str]:
    """The argument list for a command on one bare repository."""
    # safe.directory: a volume may belong to another user than the server's; the path is ours, not a
    # visitor's, so the question git asks there is already answered.
    return [
        git_path(),
        "-c",
        f"safe.directory={repository}",
        "-c",
        "core.hooksPath=/dev/null",
        "--git-dir",
        str(repository),
        *arguments,
    ]


def run_git(
    repository: Path, *arguments: str, stdin: bytes | None = None, accept: Sequence[int] = (0,)
) -> bytes:
    """Runs one command to its end and gives its output.

    Raises `GitFailedError` with the end of what git said when it exits with a code not in `accept`.
    """
    done = subprocess.run(
        git_command(repository, *arguments),
        input=stdin,
        stdin=subprocess.DEVNULL if stdin is None else None,
        capture_output=True,
        env=git_environment(),
        check=False,
    )
    if done.returncode not in accept:
        detail = done.stderr.decode("utf-8", "replace").strip()[-500:]
        command = next(word for word in arguments if not word.startswith("-") and "=" not in word)
        raise GitFailedError(command, detail or f"exit code {done.returncode}")
    return done.stdout


def refused(place: str, error: GitFailedError) -> StoreError:
    """git's failure as a `WriteError` where the disk is what refused; itself otherwise."""
    cause = disk_error(error.detail)
    return error if cause is None else WriteError(place, cause)


def disk_error(detail: str) -> OSError | None:
    """What the disk refused, where that is what git's words (in the C locale) report."""
    for code in _DISK:
        if os.strerror(code) in detail:
            return OSError(code, os.strerror(code))
    return None
