"""A proposal in words for a terminal, and as a document: what it waits for, or how it ended."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from registry.cli.console import Output, moment, one_line, plural

if TYPE_CHECKING:
    from governance.explain import Line, Way
    from registry.services.explaining import Counted, Explained

STAGES = {
    "review": "in review",
    "comment": "in its final comment period",
    "voting": "being voted on",
    "accepted": "accepted, and not in force yet",
    "stayed": "paused, until a panel rules",
    "enacted": "in force",
    "rejected": "rejected",
    "no_quorum": "not decided: too few approved",
    "voided": "voided by a panel",
    "withdrawn": "given up",
    "lapsed": "timed out",
    "undone": "taken back",
}
"""Stages in the words of the pages."""

_LEADS = {
    "comment_opened": "It goes into its final comment period",
    "voting_opened": "A vote on it begins",
    "voting_closed": "The vote ends and is counted",
    "voting_voided": "The vote is void, and is held again openly",
    "accepted:owner": "It is accepted by its owner",
    "accepted:direct": "It is accepted at once",
    "accepted:consent": "It is accepted without an objection",
    "accepted:unanimous": "It is accepted by everybody, before the period ends",
    "escalated:policy": "It becomes a change of policy, and goes the longer way",
    "returned:evidence": "It goes back to review, since the evidence stops it",
    "returned:base-moved": "It goes back to review, since what it changes has changed",
    "lapsed": "It times out",
    "panel_drawn": "A panel is drawn by lot",
    "stay_ended:uphold": "The pause ends, and it stands",
    "stay_ended:void": "The pause ends, and it is void",
    "stay_ended:return": "The pause ends, and it goes back to review",
    "stay_ended:lapse": "The pause ends without a ruling, and it stands",
    "stay_ended": "The panel has ruled",
    "enacted": "It comes into force",
}


def show_explained(output: Output, explained: Explained) -> None:
    """For people: where it stands, every way on with its conditions, and the count of its vote."""
    proposal = explained.proposal
    title = one_line(explained.title) if explained.title else "(its title was redacted)"
    output.line(f"Proposal {explained.number}: {title}")
    output.line(f"By {proposal.author}; {STAGES[proposal.stage]}; a change of the kind {_kind(explained)}.")
    if explained.how:
        output.line(explained.how)
    if explained.counted:
        _show_count(output, explained.counted, explained.source)
    for way in explained.now.ways if explained.now else ():
        output.line()
        when = f": from {moment(way.due)} on" if way.due is not None else ", once all of this holds"
        output.line(f"{_LEADS.get(way.to, way.to)}{when}")
        _show_lines(output, way.lines, explained.source)


def explained_document(explained: Explained) -> dict[str, Any]:
    """The same for programs."""
    proposal = explained.proposal
    return {
        "number": explained.number,
        "title": explained.title,
        "author": proposal.author,
        "stage": proposal.stage,
        "kind": _kind(explained),
        "content": proposal.content,
        "ended": explained.how,
        "ways": [_way(way, explained.source) for way in explained.now.ways] if explained.now else [],
        "vote": _count_document(explained.counted, explained.source) if explained.counted else None,
    }


def _kind(explained: Explained) -> str:
    return str(explained.now.kind if explained.now else explained.proposal.kind)


def _show_lines(output: Output, lines: tuple[Line, ...], source: Callable[[str], str]) -> None:
    for line in lines:
        mark = "yes" if line.holds else " no"
        where = f"  [{line.key}, {source(line.key)}]" if line.key else ""
        output.line(f"  {mark}  {line.says}{where}")


def _show_count(output: Output, counted: Counted, source: Callable[[str], str]) -> None:
    tally = counted.tally
    output.line(
        f"{tally.yes} yes, {tally.no} no, {tally.abstain} abstained, of {plural(tally.voters, 'voter')}."
    )
    _show_lines(output, counted.lines, source)
    if counted.ballots:
        output.line()
        rows = [(one.member, one.choice or f"spoilt ({one.spoilt})", one.seq) for one in counted.ballots]
        output.table(("member", "ballot", "event"), rows, right=("event",))


def _way(way: Way, source: Callable[[str], str]) -> dict[str, Any]:
    return {"to": way.to, "due": way.due, "guards": [_line(line, source) for line in way.lines]}


def _line(line: Line, source: Callable[[str], str]) -> dict[str, Any]:
    return {
        "guard": line.code,
        "holds": line.holds,
        "says": line.says,
        "since": line.since,
        "key": line.key,
        "source": source(line.key) if line.key else None,
    }


def _count_document(counted: Counted, source: Callable[[str], str]) -> dict[str, Any]:
    import msgspec

    tally: dict[str, Any] = msgspec.to_builtins(counted.tally)
    return {
        **tally,
        "ballots": [one._asdict() for one in counted.ballots],
        "arithmetic": [_line(line, source) for line in counted.lines],
    }
