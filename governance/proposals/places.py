"""The place that a comment is about: lines of a file as the proposal at hand would make it. Pure.

Whether a file has these lines is not for the fold, which reads no files: whoever shows them looks.
"""

from __future__ import annotations

from governance import payloads
from governance.authority import refuse_unless
from governance.proposals.line import CHARTER
from governance.proposals.state import Proposal

CASES = "/cases.jsonl"


def refuse_other_place(proposal: Proposal, said: payloads.Commented) -> None:
    """Refuses lines of another revision or file, and an edit of nothing."""
    place = said.place
    if place is None:
        refuse_unless(
            said.suggestion is None,
            "a suggested edit does not say of which lines it is.",
            "Name their place, or only comment.",
        )
        return
    refuse_unless(
        place.content == proposal.content,
        f"the comment is on another content than proposal {said.number} has now.",
        "Read the revision at hand.",
    )
    refuse_unless(
        place.file in _files(proposal),
        f"proposal {said.number} does not change {place.file}.",
        "Name a file of it, or comment without a place.",
    )
    refuse_unless(
        place.first <= place.last,
        f"lines {place.first} to {place.last} of {place.file} are none.",
        "Name the first one first.",
    )
    refuse_unless(
        not place.file.endswith(CASES) or place.first == place.last,
        f"lines {place.first} to {place.last} of {place.file} are several cases.",
        "Comment on one case.",
    )


def _files(proposal: Proposal) -> frozenset[str]:
    """The files of a proposal that lines can be named of."""
    revision = proposal.revision
    if revision is None:
        return frozenset()
    files = {f"policies/{change.slug}/{name}" for change in revision.changes for name in _NAMES}
    return frozenset(files if revision.charter is None else files | {CHARTER})


_NAMES = ("policy.md", "cases.jsonl")
