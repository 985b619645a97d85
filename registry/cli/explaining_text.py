"""A proposal in words for a terminal, and as a document: what it waits for, or how it ended."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from registry.cli.console import Output, moment, one_line, plural
from registry.services.stage_words import LEADS, STAGES

if TYPE_CHECKING:
    from governance.explain import Line, Way
    from registry.services.explaining import Counted, Explained


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
        output.line(f"{LEADS.get(way.to, way.to)}{when}")
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
