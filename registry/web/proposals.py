"""A proposal as a visit sees it: where it stands, what it changes, what was said. Reads through the visit.

Its events are found by the index, so a page costs what its proposal holds, however long the log is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from governance.charter.words import WordsChange
from governance.payloads import Revision
from governance.proposals.evidence import as_asked
from governance.proposals.state import Ended, Evidence, Proposal
from governance.proposals.steps import rules_for
from registry.services.explaining import Explained, explain_proposal
from registry.services.line_comments import ABOUT, LineComment, Words, line_comments, words_of
from registry.services.proposal_reading import (
    Happening,
    ProposedChange,
    changes_of,
    charter_changes,
    happenings,
)
from registry.services.proposals import find_proposal, title_of
from registry.services.revisions_made import Made, revisions_made
from registry.services.stage_words import STAGES
from registry.store.log import LogEntry
from registry.web.visit import Visit, Visits

TOLD = 500
"""Happenings on a page, the newest; earlier ones are on pages of their own."""

MOST_WORDS = 256 * 1024
"""Characters that were said, on one page: of the newest happenings, and of the newest comments on lines. One
person may say a lot in a minute, and whoever reads should not wait for all of it."""

REDACTED = "(its title was redacted)"
_BALLOT = "ballot_cast"
_HAPPENING_WEIGHT = 2_000

Found = TypeVar("Found")
Read = TypeVar("Read")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A proposal with all that a page shows of it.

    `happened` are its events but for ballots, oldest first, `earlier` how many more there are before them and
    `later` how many after; `cast` counts the ballots that were cast, each change of one included. `comments`
    are those on lines, but for the oldest `unplaced` where there are too many; `made` its revisions.
    """

    visit: Visit
    number: int
    proposal: Proposal | Ended
    explained: Explained
    revision: Revision | None
    changes: tuple[ProposedChange, ...]
    charter: tuple[WordsChange, ...] | None
    happened: tuple[Happening, ...]
    earlier: int
    later: int
    cast: int
    comments: tuple[LineComment, ...]
    unplaced: int
    made: tuple[Made, ...]

    @property
    def open(self) -> Proposal | None:
        """The proposal while it is open."""
        return self.proposal if isinstance(self.proposal, Proposal) else None

    def is_as_asked(self, shown: Evidence) -> bool:
        """Whether evidence was made as the charter asks; other informs."""
        return self.open is not None and as_asked(shown, rules_for(self.visit.state, self.open))

    @property
    def title(self) -> str:
        """Its title, or that it was redacted."""
        return self.explained.title or REDACTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A proposal in a list. `due` is when its next step is due, `at` when it was opened or ended."""

    number: int
    title: str
    author: str
    kind: str
    stage: str
    words: str
    is_open: bool
    at: int
    due: int | None
    slugs: tuple[str, ...]


def proposal_seen(visits: Visits, name: str, number: int, upto: int | None = None) -> Seen:
    """A proposal, open or over, with what happened; only with its first `upto` events where that is said.

    Raises `UnknownCommonsError`, `UnknownProposalError`.
    """
    visit = visits.to(name)
    repository, state = visit.repository, visit.state
    proposal = find_proposal(state, number)
    known = visits.index.of_proposal(name, number)
    told = [commit for type_, commit in known if type_ != _BALLOT]
    talk = [visit.entry(commit) for type_, commit in known if type_ in ABOUT]
    until = len(told) if upto is None else min(upto, len(told))
    happened = _newest(told[:until], TOLD, lambda commit: _happening(visit, commit), _said)
    comments = line_comments(repository, state, talk, _kept_words(visit))
    placed = _newest(comments, TOLD, lambda one: one, _said_on_lines)
    made = revisions_made(talk)
    revision = made[-1].revision if made else None
    explained = explain_proposal(repository, number, _newest_first(visit, known))
    return Seen(
        visit=visit,
        number=number,
        proposal=proposal,
        explained=explained,
        revision=revision,
        changes=changes_of(repository, state, revision) if revision else (),
        charter=charter_changes(repository, state, revision) if revision else None,
        happened=happened,
        earlier=until - len(happened),
        later=len(told) - until,
        cast=sum(type_ == _BALLOT for type_, _ in known),
        comments=placed,
        unplaced=len(comments) - len(placed),
        made=made,
    )


def _newest(
    found: Sequence[Found], most: int, read: Callable[[Found], Read], size: Callable[[Read], int]
) -> tuple[Read, ...]:
    """The last of them, in their order: at most so many, and no more than a page should say, but for one."""
    taken: list[Read] = []
    said = 0
    for one in reversed(found[-most:]):
        made = read(one)
        said += size(made)
        if taken and said > MOST_WORDS:
            break
        taken.append(made)
    return tuple(reversed(taken))


def _said(one: Happening) -> int:
    return sum(len(saying.words or "") for saying in one.sayings)


def _said_on_lines(one: LineComment) -> int:
    return len(one.words or "") + len(one.suggestion or "") + sum(len(line) for line in one.quoted or ())


def talk_of(visits: Visits, name: str, number: int) -> list[LogEntry]:
    """The events of a proposal that comments on lines and its revisions are, oldest first."""
    visit = visits.to(name)
    known = visits.index.of_proposal(name, number)
    return [visit.entry(commit) for type_, commit in known if type_ in ABOUT]


def _kept_words(visit: Visit) -> Words:
    """Words, each read once for as long as nothing is redacted."""
    read = words_of(visit.repository, visit.state)

    def kept(text_id: str) -> str | None:
        def make() -> tuple[str | None, int]:
            words = read(text_id)
            return words, 200 + len(words or "")

        return visit.made(("words", text_id), make)

    return kept


def _newest_first(visit: Visit, known: tuple[tuple[str, str], ...]) -> list[LogEntry]:
    """All events of a proposal, ballots included: only a vote that is over needs them."""
    closed = any(type_ == "voting_closed" for type_, _ in known)
    return [visit.entry(commit) for _, commit in reversed(known)] if closed else []


def _happening(visit: Visit, commit: str) -> Happening:
    """An event with its words, read once for as long as nothing is redacted."""

    def make() -> tuple[Happening, int]:
        entry = visit.entry(commit)
        (told,) = happenings(visit.repository, visit.state, (entry,))
        return told, _HAPPENING_WEIGHT + sum(len(one.words or "") for one in told.sayings)

    return visit.made(("happening", commit), make)


def chosen_proposals(visit: Visit, chosen: str | None) -> list[Proposal | Ended]:
    """Open ones, the newest first, then those that are over. `chosen` is `open`, `over`, a stage or None."""
    state = visit.state
    open_ = sorted(state.proposals.values(), key=lambda one: one.number, reverse=True)
    over = sorted(state.ended.values(), key=lambda one: one.number, reverse=True)
    found: list[Proposal | Ended] = []
    if chosen != "over":
        found += open_
    if chosen != "open":
        found += over
    return [one for one in found if chosen in (None, "open", "over", one.stage)]


def open_on(visit: Visit, slug: str) -> list[Line]:
    """The open proposals that change a policy, the newest first."""
    lines = [proposal_line(visit, one) for one in chosen_proposals(visit, "open")]
    return [line for line in lines if slug in line.slugs]


def proposal_line(visit: Visit, proposal: Proposal | Ended) -> Line:
    """A proposal as a list shows it."""
    title = title_of(visit.repository, visit.state, proposal)
    is_open = isinstance(proposal, Proposal)
    if isinstance(proposal, Proposal):
        changes = proposal.revision.changes if proposal.revision else ()
        slugs = tuple(change.slug for change in changes)
        at, due = proposal.opened_at, proposal.due
    else:
        slugs, at, due = proposal.slugs, proposal.at, None
    return Line(
        number=proposal.number,
        title=title or REDACTED,
        author=proposal.author,
        kind=proposal.kind,
        stage=proposal.stage,
        words=STAGES[proposal.stage],
        is_open=is_open,
        at=at,
        due=due,
        slugs=slugs,
    )
