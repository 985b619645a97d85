"""Which releases of a commons are withdrawn, and why, in words. Changes nothing."""

from __future__ import annotations

from governance.commons import Commons
from registry.services.origin import Withdrawn
from registry.store.reader import Reader
from registry.store.texts import read_text

GONE = "The reason was redacted."


def withdrawn(reader: Reader, state: Commons, slug: str, version: str) -> Withdrawn | None:
    """That a release is not to be used; None where it is. An emergency that few have called is none yet."""
    found = state.withdrawn.get(f"{slug}@{version}")
    if found is None or found.since is None:
        return None
    text = read_text(reader, state, found.reason)
    return Withdrawn(text.words if text else GONE, found.since, found.until)
