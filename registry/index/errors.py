"""What can go wrong with the index. It can always be built again; no commons is ever at risk."""

from __future__ import annotations

from pathlib import Path


class IndexingError(Exception):
    """Root of what goes wrong with the index."""


class IndexWriteError(IndexingError):
    """The index could not take in what a log says: the disk is full, or the file is not writable."""

    def __init__(self, path: Path, detail: str) -> None:
        self.path = path
        self.detail = detail
        super().__init__(
            f"{path}: the index could not be written ({detail}). Nothing is lost: make room, and it goes on."
        )


class DamagedIndexError(IndexingError):
    """The file is not readable as an index any more. It is set aside when it is noticed."""

    def __init__(self, path: Path, detail: str) -> None:
        self.path = path
        self.detail = detail
        super().__init__(f"{path}: the index is damaged ({detail}). It is set aside and built anew.")


class BadPositionError(IndexingError):
    """A place to go on from that no page of results gave out."""

    def __init__(self) -> None:
        super().__init__("This place in the results cannot be gone on from. Start from the first page.")
