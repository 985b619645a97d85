"""What changed from one revision of a proposal to another, as a visit sees it: kept by the trees of both."""

from __future__ import annotations

import re
from typing import NamedTuple

from governance.charter.words import WordsChange
from policies.comparison import Comparison, compare_folders
from policies.prompt import text_line
from registry.services.proposals import find_proposal, title_of
from registry.services.revisions_made import (
    UNREADABLE,
    Made,
    Side,
    charter_between,
    revisions_made,
    side_of,
)
from registry.web.proposals import REDACTED, talk_of
from registry.web.refusals import NoSuchPageError
from registry.web.visit import Visit, Visits

_SPAN = re.compile(r"([1-9][0-9]{0,4})\.\.([1-9][0-9]{0,4})", re.ASCII)


class Revised(NamedTuple):
    """A policy from one revision to the other; `made` is None where a side cannot be read or is not there.

    `old_line` and `new_line` are the lines of `policy.md` on which its text begins.
    """

    slug: str
    title: str
    language: str
    made: Comparison | None
    trouble: str | None
    old_line: int = 1
    new_line: int = 1


class Between(NamedTuple):
    """Two revisions of a proposal side by side; `policies` are those that differ, `all` its revisions.

    `moved`: they begin from different states of main, so what came into force between shows here, too.
    """

    visit: Visit
    number: int
    title: str
    old: Made
    new: Made
    all: tuple[Made, ...]
    policies: tuple[Revised, ...]
    charter: tuple[WordsChange, ...] | None
    moved: bool

    @property
    def span(self) -> str:
        """Both numbers, as the address names them."""
        return f"{self.old.number}..{self.new.number}"

    @property
    def is_same(self) -> bool:
        """Whether nothing that counts differs."""
        return not self.policies and not self.charter


def between(visits: Visits, name: str, number: int, span: str) -> Between:
    """What `1..2` names. Raises `UnknownCommonsError`, `UnknownProposalError`, `NoSuchPageError`."""
    visit = visits.to(name)
    found = find_proposal(visit.state, number)
    made = revisions_made(talk_of(visits, name, number))
    match = _SPAN.fullmatch(span)
    wanted = (int(match[1]), int(match[2])) if match else (0, 0)
    if not all(1 <= one <= len(made) for one in wanted):
        there = f"It has revisions 1 to {len(made)}" if made else "It has none"
        raise NoSuchPageError(
            f"Proposal {number} has no revisions {span[:40]}.", f"{there}: name two of them, such as 1..2."
        )
    old, new = (made[one - 1] for one in wanted)
    policies = (_policy(visit, old, new, slug) for slug in sorted(old.slugs | new.slugs))
    return Between(
        visit=visit,
        number=number,
        title=title_of(visit.repository, visit.state, found) or REDACTED,
        old=old,
        new=new,
        all=made,
        policies=tuple(one for one in policies if one.trouble or (one.made and not one.made.is_same)),
        charter=charter_between(visit.repository, visit.state, old, new),
        moved=old.revision.base != new.revision.base,
    )


def _policy(visit: Visit, old: Made, new: Made, slug: str) -> Revised:
    try:
        before, after = (side_of(visit.repository, visit.state, one, slug) for one in (old, new))
    except UNREADABLE:
        return Revised(slug, slug, "en", None, "It cannot be read any more.")
    if after.folder is None:
        gone = "It is not proposed any more." if before.folder else "It is in neither of them."
        return Revised(slug, slug, "en", None, gone)
    meta = after.folder.document.policy.meta
    old_line = text_line(before.folder.document.policy) if before.folder else 1
    new_line = text_line(after.folder.document.policy)
    made = _comparison(visit, before, after)
    return Revised(slug, meta.title, meta.language, made, None, old_line, new_line)


def _comparison(visit: Visit, before: Side, after: Side) -> Comparison:
    folder, old = after.folder, before.folder
    assert folder is not None
    assert after.tree is not None

    def make() -> tuple[Comparison, int]:
        sizes = (sum(map(len, one.files.values())) for one in (old, folder) if one is not None)
        return compare_folders(old, folder), 4 * sum(sizes)

    return visit.made(("comparison of trees", folder.slug, before.tree or "", after.tree), make)
