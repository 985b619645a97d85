"""Two versions side by side as a visit sees them: each made once and kept by the digests of both."""

from __future__ import annotations

from typing import NamedTuple

from governance.payloads import Release
from policies.comparison import Comparison, compare_folders
from policies.folder import PolicyFolder
from policies.notice import Notice
from registry.services.differences import (
    UNREADABLE,
    Behaviour,
    Chosen,
    Side,
    behaviour_of,
    choose,
    is_backwards,
    read_side,
)
from registry.services.notices import notice_between, previous_release
from registry.web.visit import Visit

_NOTICE_WEIGHT = 2_000


class Difference(NamedTuple):
    """Two versions: what each is, what differs where both can be read, and the runs that can be compared.

    `old` and `behaviour` are None where there is no version before `new`.
    """

    old: Side | None
    new: Side
    backwards: bool
    same_version: bool
    comparison: Comparison | None
    behaviour: Behaviour | None


def difference_of(visit: Visit, slug: str, old: str | None, new: str | None) -> Difference:
    """The two versions that an address names. Raises `UnknownPolicyError`."""
    chosen = choose(visit.state, slug, old, new)
    after = read_side(visit, chosen.new)
    before = read_side(visit, chosen.old) if chosen.old else None
    return Difference(
        old=before,
        new=after,
        backwards=is_backwards(visit.state, chosen),
        same_version=chosen.same,
        comparison=_comparison(visit, before, after),
        behaviour=_behaviour(visit, chosen),
    )


def notice_of_release(visit: Visit, release: Release) -> Notice:
    """What a release says to those who use the one before it; raises what reading either raises."""
    before = previous_release(visit.state, release)

    def make() -> tuple[Notice, int]:
        old = visit.folder(before) if before else None
        return notice_between(old, visit.folder(release)), _NOTICE_WEIGHT

    return visit.made(("notice", before.folder if before else "", release.folder), make)


def readable_notice(visit: Visit, release: Release) -> Notice | None:
    """The same, or None where this version or the one before it cannot be read."""
    try:
        return notice_of_release(visit, release)
    except UNREADABLE:
        return None


def _comparison(visit: Visit, old: Side | None, new: Side) -> Comparison | None:
    after = new.folder
    if after is None:
        return None
    if old is None:
        return compare_folders(None, after)
    before = old.folder
    if before is None:
        return None

    def make() -> tuple[Comparison, int]:
        return compare_folders(before, after), 4 * (_size(before) + _size(after))

    return visit.made(("comparison", old.release.folder, new.release.folder), make)


def _behaviour(visit: Visit, chosen: Chosen) -> Behaviour | None:
    old = chosen.old
    if old is None:
        return None

    def make() -> tuple[Behaviour, int]:
        found = behaviour_of(visit, old, chosen.new)
        return found, 1_000 + sum(400 * len(item.flips.flips) for item in found.compared)

    # Which runs there are follows from the log alone, so its number stands for them.
    seq = max((run.seq for run in visit.state.runs.values() if run.slug == old.slug), default=0)
    return visit.made(("behaviour", old.content, chosen.new.content, old.slug, str(seq)), make)


def _size(folder: PolicyFolder) -> int:
    return sum(map(len, folder.files.values()))
