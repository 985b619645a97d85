"""Fetches every ref of a commons over HTTP, and settles them by the log that came along."""

from __future__ import annotations

import subprocess
from pathlib import Path

from registry.store.errors import ConflictError, GitFailedError, StoreError
from registry.store.process import git_command, git_environment, refused, run_git
from registry.store.recovery import lagging_refs, standing_refs
from registry.store.refs import LOG
from registry.store.repository import Repository
from registry.store.transaction import RefMove, RefTransactions

_SPECS = tuple(f"+refs/{part}/*:refs/{part}/*" for part in ("heads", "tags", "commons", "proposals"))
_ATTEMPTS = 5
_SETTINGS = (
    "protocol.allow=never",
    "protocol.http.allow=always",
    "protocol.https.allow=always",
    "http.lowSpeedLimit=1",
    "http.lowSpeedTime=60",
    "core.fsync=all",
    "fetch.fsckObjects=true",
    "fetch.writeCommitGraph=false",
)


def fetch_mirror(repository: Path, url: str) -> None:
    """Fetches from an address that was checked, into a repository of ours.

    Raises `StoreError` when no event log is there, `GitFailedError`, `WriteError`.
    """
    for _ in range(_ATTEMPTS):
        _fetch(repository, url)
        if _settle(repository):
            return
    raise ConflictError(f"{url} is written to so fast that no two answers agree.")


def remember_origin(repository: Path, url: str) -> None:
    """Notes where a copy came from, so that `git remote update` brings it up to date."""
    for name, value in (("url", url), ("mirror", "true")):
        run_git(repository, "config", f"remote.origin.{name}", value)
    for spec in _SPECS:
        run_git(repository, "config", "--add", "remote.origin.fetch", spec)


def _fetch(repository: Path, url: str) -> None:
    settings = [word for setting in _SETTINGS for word in ("-c", setting)]
    options = ("--quiet", "--prune", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance")
    done = subprocess.run(
        git_command(repository, *settings, "fetch", *options, "--", url, *_SPECS),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=git_environment("http", "https"),
        check=False,
    )
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip()[-500:]
        error = GitFailedError("fetch", said or f"exit code {done.returncode}")
        raise refused(f"{repository.name}: fetching", error) from error


def _settle(repository: Path) -> bool:
    """Moves every ref to where the log says; False when an object of the log's head did not come yet."""
    with Repository(repository) as opened:
        head, state = opened.view()
    if head is None or state is None:
        raise StoreError("no event log came from that address: it is not a commons.")
    standing = standing_refs(repository)
    standing.pop(LOG)
    moves = lagging_refs(state, standing)
    moves += [RefMove(ref, oid, None) for ref, oid in standing.items() if ref not in state.refs]
    wanted = "".join(f"{move.new}\n" for move in moves if move.new)
    if " missing\n" in run_git(repository, "cat-file", "--batch-check", stdin=wanted.encode()).decode():
        return False
    transactions = RefTransactions(repository)
    try:
        transactions.move(moves)
    finally:
        transactions.close()
    return True
