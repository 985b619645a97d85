"""Bundles: refs and every object they reach in one file of git's own format.

Format: git documentation, "gitformat-bundle" (version 2, without prerequisites). The header is written
here and not by `git bundle create`, because that reads the refs itself: a reader of refs can see half an
act, while the refs given to us are those of one state.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from registry.store.errors import GitFailedError, StoreError
from registry.store.process import git_command, git_environment, refused
from registry.store.refs import LOG
from registry.store.transaction import RefMove, RefTransactions

_SIGNATURE = b"# v2 git bundle\n"
_LINE = re.compile(rb"([0-9a-f]{40}) (refs/[A-Za-z0-9/._~-]{1,200})\n")
_MAX_REFS = 1_000_000


class BundleError(StoreError):
    """A file that is not a bundle of a commons (`why`)."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(f"the bundle cannot be used: {why} Take another copy of it.")


def write_bundle(repository: Path, refs: Mapping[str, str], to: BinaryIO) -> None:
    """Writes the refs, the log first, and all that they reach.

    Raises `GitFailedError` (an object is missing or corrupt) or `WriteError`.
    """
    to.write(_SIGNATURE)
    to.writelines(
        f"{refs[ref]} {ref}\n".encode() for ref in sorted(refs, key=lambda name: (name != LOG, name))
    )
    to.write(b"\n")
    to.flush()
    # One thread: the same objects give the same bytes.
    _run(
        git_command(
            repository, "pack-objects", "--revs", "--stdout", "--delta-base-offset", "--threads=1", "-q"
        ),
        f"{repository.name}: writing the bundle",
        "".join(f"{oid}\n" for oid in sorted(set(refs.values()))).encode(),
        to,
    )


def read_bundle(repository: Path, bundle: BinaryIO) -> dict[str, str]:
    """Puts a bundle's objects and refs into an empty repository; gives the refs.

    git checks every object and that none is missing before the first ref moves. Raises `BundleError`,
    `GitFailedError` or `WriteError`.
    """
    refs = _header(bundle)
    # git goes on from the descriptor's own position, which reading ahead has moved past the header.
    os.lseek(bundle.fileno(), bundle.tell(), os.SEEK_SET)
    _run(
        git_command(repository, "-c", "core.fsync=all", "index-pack", "--stdin", "--strict"),
        f"{repository.name}: reading the bundle",
        bundle,
        subprocess.DEVNULL,
    )
    transactions = RefTransactions(repository)
    try:
        transactions.move(RefMove(ref, None, oid) for ref, oid in refs.items())
    finally:
        transactions.close()
    return refs


def _header(bundle: BinaryIO) -> dict[str, str]:
    if bundle.readline(len(_SIGNATURE) + 1) != _SIGNATURE:
        raise BundleError("it does not begin as one.")
    refs: dict[str, str] = {}
    while (line := bundle.readline(400)) != b"\n":
        found = _LINE.fullmatch(line)
        if found is None:
            raise BundleError(f"{line[:60]!r} is no line of its header.")
        ref = found[2].decode()
        if ref in refs or len(refs) >= _MAX_REFS:
            raise BundleError(f"it names {ref} twice, or too many refs.")
        refs[ref] = found[1].decode()
    if next(iter(refs), None) != LOG:
        raise BundleError(f"it does not begin with {LOG}.")
    return refs


def _run(command: list[str], place: str, stdin: bytes | BinaryIO, stdout: BinaryIO | int) -> None:
    done = subprocess.run(
        command,
        input=stdin if isinstance(stdin, bytes) else None,
        stdin=None if isinstance(stdin, bytes) else stdin,
        stdout=stdout,
        stderr=subprocess.PIPE,
        env=git_environment(),
        check=False,
    )
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip()[-500:]
        error = GitFailedError("pack", said or f"exit code {done.returncode}")
        raise refused(place, error) from error
