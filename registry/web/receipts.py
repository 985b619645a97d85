"""What a page says of an act of somebody's that was taken in just now. Reads the log."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

from registry.store.log import newest_first
from registry.store.repository import Repository
from registry.web.proposal_forms import DONE

_LOOKED_AT = 200
ON_PROPOSALS: Mapping[str, str] = {
    **{str(name): said for name, said in DONE.items()},
    "propose": "Your suggestion is a proposal now.",
    "revise": "The proposal is revised.",
}
"""What is said of each act on a proposal."""


def receipt_words(
    repository: Repository, handle: str, done: str, event: str, said: Mapping[str, str] = ON_PROPOSALS
) -> str | None:
    """That it was done, and where it stands; None where nothing of theirs was, whatever an address says."""
    head = repository.head()
    if done not in said or not (event.isascii() and event.isdigit()) or head is None:
        return None
    for entry in islice(newest_first(repository.reader, head), _LOOKED_AT):
        if entry.event.seq == int(event[:18]):
            if entry.event.actor != handle:
                return None
            receipt = f"Receipt: event {entry.event.seq}, {entry.digest}, in log commit {entry.commit}."
            return f"{said[done]} {receipt}"
    return None
