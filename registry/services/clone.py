"""Copies a whole commons, log and runs included: what `commons clone` does.

The refs of a commons that is written to can be seen half-way through an act. So a copy takes them from
the log at its head: a local one at once, and one over HTTP by asking again until both agree.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from registry.services.errors import InputRefusedError, UnknownCommonsError
from registry.store.building import building
from registry.store.bundle import read_bundle, write_bundle
from registry.store.errors import GitFailedError
from registry.store.fetching import fetch_mirror, remember_origin
from registry.store.refs import LOG
from registry.store.repository import Repository

_REMOTE = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_PLAIN = re.compile(r"[!-~]+")


class Cloned(NamedTuple):
    """What the copy holds: the commons' name, its log's head, how many events and when the last was."""

    name: str
    head: str
    events: int
    last_at: int


def clone(source: str, to: Path) -> Cloned:
    """Copies the commons at a local path or an `http(s)` address to `to`, where nothing is yet.

    The host's own files stay behind. Raises `InputRefusedError` for any other kind of address,
    `UnknownCommonsError`, `NotACommonsError`, `AlreadyExistsError`, `GitFailedError`, `WriteError`; then
    nothing stands at `to`.
    """
    remote = _REMOTE.match(source) is not None
    with building(to) as place:
        if remote:
            _fetch(place, _address(source))
        else:
            _copy(Path(source), place)
        remember_origin(place, source if remote else str(Path(source).absolute()))
        with Repository(place) as repository:
            state, head = repository.state(), repository.head() or ""
    return Cloned(state.name, head, state.seq, state.at)


def _fetch(place: Path, address: str) -> None:
    try:
        fetch_mirror(place, address)
    except GitFailedError as error:
        # git's words in the C locale, for a server that answers and has nothing there.
        if "not found" in error.detail:
            raise UnknownCommonsError(address) from error
        raise


def _copy(source: Path, place: Path) -> None:
    with Repository(source) as repository, tempfile.TemporaryFile(dir=place) as bundle:
        head, state = repository.view()
        refs = {LOG: head, **state.refs} if head and state else {}
        if not refs:
            repository.state()
        write_bundle(source, refs, bundle)
        bundle.seek(0)
        read_bundle(place, bundle)


def _address(source: str) -> str:
    try:
        parts = urlsplit(source)
        plain = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        parts, plain = urlsplit(""), False
    if not plain or not _PLAIN.fullmatch(source):
        raise InputRefusedError(
            source[:200], "a commons is cloned from a path or an http(s) address.", "Give one of these."
        )
    if parts.username is not None or parts.password is not None:
        # They would stay in the copy's configuration, and show in the list of processes.
        raise InputRefusedError(
            parts.hostname or "", "the address holds a name or password.", "Leave it out."
        )
    return source
