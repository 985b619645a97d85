"""Fetches one branch of somebody else's repository into one of ours that nobody is served. Runs git, bounded.

The address comes from the operator. Size and time have limits, redirects are not followed, nothing of the
repository's configuration is obeyed, and no ref moves but the one that says what came last.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from registry.store.bare import lay_out
from registry.store.errors import GitFailedError, StoreError
from registry.store.process import git_command, git_environment, refused, run_git

CAME = "refs/followed/came"
_MIB = 1024 * 1024
_LOOK_SECONDS = 0.2
_SETTINGS = (
    "protocol.allow=never",
    "http.followRedirects=false",
    "http.lowSpeedLimit=1",
    "http.lowSpeedTime=60",
    "fetch.fsckObjects=true",
    # Packs, whatever the number of objects: what came is then measured while it comes.
    "fetch.unpackLimit=1",
    "fetch.writeCommitGraph=false",
    "core.fsync=all",
)
_SSH = "ssh -oBatchMode=yes -oConnectTimeout=20"


class FetchLimits(NamedTuple):
    """What one fetch may take."""

    seconds: float = 300.0
    bytes: int = 512 * _MIB


class FetchEndedError(StoreError):
    """A fetch took too much, or was ended."""


def never() -> bool:
    """Nobody asks for an end."""
    return False


def fetch_branch(
    into: Path,
    url: str,
    transport: str,
    branch: str | None,
    limits: FetchLimits,
    ended: Callable[[], bool] = never,
) -> str:
    """The commit at a branch of a repository, by default where its HEAD is; its history is in `into` then.

    `ended` is asked a few times a second. Raises `GitFailedError`, `FetchEndedError`, `WriteError`.
    """
    if not (into / "config").is_file():
        shutil.rmtree(into, ignore_errors=True)
        lay_out(into)
    settings = [
        word for setting in (*_SETTINGS, f"protocol.{transport}.allow=always") for word in ("-c", setting)
    ]
    options = (
        "--quiet",
        "--no-tags",
        "--no-write-fetch-head",
        "--no-auto-maintenance",
        "--no-recurse-submodules",
    )
    wanted = "HEAD" if branch is None else f"refs/heads/{branch}"
    command = git_command(into, *settings, "fetch", *options, "--", url, f"+{wanted}:{CAME}")
    environment = {**git_environment(transport), "GIT_SSH_COMMAND": _SSH}
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=said,
            env=environment,
            start_new_session=True,
        )
        try:
            _wait(process, into, limits, ended)
        finally:
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                _clear(into)
        if process.returncode:
            said.seek(0)
            words = said.read(4_000).decode("utf-8", "replace").strip()[-500:]
            error = GitFailedError("fetch", words or f"exit code {process.returncode}")
            raise refused("following: fetching", error) from error
    return run_git(into, "rev-parse", "--verify", f"{CAME}^{{commit}}").decode().strip()


def is_part_of(repository: Path, commit: str, history: str) -> bool:
    """Whether a commit is in the history of another one; one that is not there at all is not."""
    try:
        run_git(repository, "merge-base", "--is-ancestor", commit, history)
    except GitFailedError:
        return False
    return True


def _wait(
    process: subprocess.Popen[bytes], into: Path, limits: FetchLimits, ended: Callable[[], bool]
) -> None:
    before, began = _packed(into), time.monotonic()
    while True:
        with suppress(subprocess.TimeoutExpired):
            process.wait(_LOOK_SECONDS)
            return
        if ended():
            raise FetchEndedError("the server is being stopped.")
        if time.monotonic() - began > limits.seconds:
            raise FetchEndedError(f"it took longer than {limits.seconds:g} seconds.")
        if _packed(into) - before > limits.bytes:
            raise FetchEndedError(f"more than {limits.bytes // _MIB} MiB came.")


def _packed(repository: Path) -> int:
    total = 0
    with suppress(OSError), os.scandir(repository / "objects" / "pack") as listed:
        for entry in listed:
            with suppress(OSError):
                total += entry.stat(follow_symlinks=False).st_size
    return total


def _clear(repository: Path) -> None:
    """Takes away what a git that was ended left half-written."""
    for left in (repository / "objects" / "pack").glob("tmp_*"):
        left.unlink(missing_ok=True)
