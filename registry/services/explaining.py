"""Why a proposal stands where it stands, with the lines of the charter file, and how a vote was counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from governance import payloads
from governance.charter.codec import CharterFile, read_charter
from governance.charter.errors import MalformedCharterError
from governance.explain import Explanation, Line, explain, explain_end, explain_tally
from governance.proposals.state import Ended, Proposal
from registry.services.proposals import find_proposal, title_of
from registry.store.errors import StoreError
from registry.store.log import LogEntry, newest_first
from registry.store.repository import Repository


class CastBallot(NamedTuple):
    """A ballot as it was counted: whose, what it said (None where it was spoilt, and why), and its event."""

    member: str
    choice: str | None
    spoilt: str | None
    seq: int


class Counted(NamedTuple):
    """A vote that is over: what was counted, each ballot, and the arithmetic."""

    tally: payloads.Tally
    ballots: tuple[CastBallot, ...]
    lines: tuple[Line, ...]
    charters: tuple[str, ...]


class Explained(NamedTuple):
    """A proposal with everything there is to say about it.

    `now` is set for an open one and `ended` for one that is over; `source` says where a charter key comes
    from, as `governance/charter.toml:14` or the preset's name.
    """

    number: int
    title: str | None
    proposal: Proposal | Ended
    now: Explanation | None
    how: str | None
    counted: Counted | None
    source: Callable[[str], str]


def explain_proposal(
    repository: Repository, number: int, events: Iterable[LogEntry] | None = None
) -> Explained:
    """A proposal, open or over. Raises `UnknownProposalError`.

    `events` are its own, newest first, where somebody has them at hand; else the log is read for them.
    """
    state = repository.state()
    found = find_proposal(state, number)
    words = title_of(repository, state, found)
    counted = _counted(repository, found, events)
    if isinstance(found, Ended):
        source = _sources(repository, counted.charters[0] if counted else state.charter)
        return Explained(number, words, found, None, explain_end(found), counted, source)
    now = explain(state, found)
    return Explained(number, words, found, now, None, counted, _sources(repository, now.charter))


def _sources(repository: Repository, blob: str) -> Callable[[str], str]:
    """Where the keys of a charter come from; of one that cannot be read, its id."""
    try:
        file: CharterFile = read_charter(repository.reader.blob(blob))
    except (StoreError, MalformedCharterError):
        return lambda _key: f"charter {blob[:12]}"
    return file.source


def _counted(
    repository: Repository, found: Proposal | Ended, events: Iterable[LogEntry] | None
) -> Counted | None:
    """The last vote on a proposal, read back from the log; None when none was held or is over."""
    closed_at = found.closed_at if isinstance(found, Ended) else _closed_at(found)
    head = repository.head()
    if closed_at is None or head is None:
        return None
    closing: payloads.VotingClosed | None = None
    closes = 0
    cast: list[tuple[int, CastBallot]] = []
    for entry in newest_first(repository.reader, head) if events is None else events:
        event, said = entry.event, entry.event.payload
        if getattr(said, "number", None) != found.number:
            continue
        if isinstance(said, payloads.VotingClosed):
            closing = said
        elif isinstance(said, payloads.BallotCast) and closing is not None:
            cast.append((event.at, CastBallot(event.actor, said.choice, None, event.seq)))
        elif isinstance(said, payloads.VotingOpened) and closing is not None:
            closes = said.closes
            break
    if closing is None:
        return None
    opened = {ballot.member: ballot for ballot in closing.opened}
    last: dict[str, CastBallot] = {}
    for at, ballot in cast:
        # A vote that everybody ended early closed in the very second of its last ballot.
        if at < closes:
            last.setdefault(ballot.member, ballot)
    ballots = tuple(
        one._replace(choice=opened[member].choice, spoilt=opened[member].spoilt) if member in opened else one
        for member, one in sorted(last.items())
    )
    charters = tuple(required.charter for required in closing.tally.requirements)
    rules = {blob: read_charter(repository.reader.blob(blob)).charter for blob in charters}
    lines = explain_tally(closing.tally, rules)
    return Counted(closing.tally, ballots, lines, charters)


def _closed_at(proposal: Proposal) -> int | None:
    frozen = proposal.frozen
    return frozen.ends if frozen is not None and frozen.method and proposal.way == "vote" else None
