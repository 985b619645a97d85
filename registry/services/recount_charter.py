"""Holds a charter's file against the facts that an event states of it. Part of `commons verify`."""

from __future__ import annotations

from governance.charter.codec import read_charter
from governance.charter.errors import MalformedCharterError
from governance.commons import Commons
from governance.payloads import CharterText
from registry.services.errors import BrokenError
from registry.store.errors import StoreError
from registry.store.refs import CHARTER_PATH
from registry.store.repository import Repository


def check_charter(repository: Repository, place: str, text: CharterText) -> None:
    """Raises `BrokenError` unless the file says exactly what the event says of it."""
    try:
        read = read_charter(repository.reader.blob(text.blob))
    except StoreError as error:
        raise BrokenError(place, f"its charter {text.blob} cannot be read ({error}).") from error
    except MalformedCharterError as error:
        raise BrokenError(place, f"its charter is none: {error.findings[0]}") from error
    if (read.preset, dict(read.overrides)) != (text.preset, dict(text.overrides)):
        raise BrokenError(place, "its charter says something else than the event.")


def check_brought(repository: Repository, state: Commons, place: str, commit: str, blob: str) -> None:
    """Raises `BrokenError` unless the commit of main that brought a charter holds just that one."""
    reader = repository.reader
    tree = reader.commit(state.current_commit(commit)).tree
    entry = reader.entry(tree, CHARTER_PATH)
    if entry is None or entry.oid != blob:
        raise BrokenError(place, "main holds another charter after it than it put in force.")
