"""Reads what happened, from the index, with where each event leads. Touches nothing but what a visit reads.

An event's number in the log is its serial: any clone counts the same, however often an index is rebuilt.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from governance.commons import RunState
from registry.index.entries import EventEntry
from registry.index.index import Index
from registry.services.reading import find_policy
from registry.web.refusals import AheadOfLogError
from registry.web.shapes.base import moment
from registry.web.shapes.changes import ChangeShape, ChangesShape
from registry.web.shapes.policies import policy_url
from registry.web.visit import Visit, Visits

RUN_RECORDED = "run_recorded"
_CHILD_FOUNDED = "child_founded"
_RELEASING = frozenset({"published", "imported", "enacted", "undone"})


def changes_since(
    visits: Visits, commons: str, since: int, *, slug: str | None, commit: str | None, limit: int
) -> ChangesShape:
    """The events after `since`, oldest first. Raises `AheadOfLogError`, `UnknownPolicyError`.

    `commit` is the log commit that the reader knows event `since` by.
    """
    index = visits.index
    visit = visits.to(commons)
    if slug is not None:
        find_policy(visit.state, slug)
    # Before the events are read: what comes in between is in them, or comes with the next question.
    last = index.serials().get(commons, 0)
    check_position(index, visit, since, commit)
    entries = index.events(commons=commons, slug=slug, after=since, limit=limit, newest_first=False)
    reached = max(since, entries[-1].seq if entries else 0)
    if len(entries) < limit:
        reached = max(reached, last)
    return ChangesShape(
        items=tuple(change_shapes(visit, entries)),
        next=reached,
        commit=_commit_of(index, commons, reached),
        last=max(last, reached),
    )


def check_position(index: Index, visit: Visit, since: int, commit: str | None = None) -> None:
    """Raises `AheadOfLogError` for an event that is not there, or is another than the reader knows."""
    if since > visit.state.seq:
        raise AheadOfLogError(visit.name, since, visit.state.seq)
    if commit is not None and _commit_of(index, visit.name, since) not in (commit, None):
        raise AheadOfLogError(visit.name, since, visit.state.seq, rewritten=True)


def change_shapes(visit: Visit, entries: Iterable[EventEntry]) -> list[ChangeShape]:
    """Events as the API says them."""
    listed = list(entries)
    runs = runs_by_event(visit, listed)
    return [_change(entry, runs) for entry in listed]


def runs_by_event(visit: Visit, entries: Iterable[EventEntry]) -> Mapping[int, RunState]:
    """The runs that these events recorded, as they stand now, by the events' numbers."""
    wanted = {entry.seq for entry in entries if entry.type == RUN_RECORDED}
    return {run.seq: run for run in visit.state.runs.values() if run.seq in wanted} if wanted else {}


def page_of(entry: EventEntry, run: RunState | None) -> str:
    """Where to see what an event is about; the commons itself where it is about nothing narrower."""
    if run is not None:
        return f"/{entry.commons}/runs/{run.key[:12]}"
    if entry.proposal is not None and entry.version is None:
        return proposal_page(entry.commons, entry.proposal)
    if entry.slug is None:
        return f"/{_child(entry) or entry.commons}"
    version = f"@{entry.version}" if entry.version else ""
    return f"/{entry.commons}/{entry.slug}{version}"


def proposal_page(commons: str, number: int) -> str:
    """Where a proposal is shown."""
    return f"/{commons}/proposals/{number}"


def proposal_url(commons: str, number: int) -> str:
    """A proposal as JSON."""
    return f"/api/v1/commons/{commons}/proposals/{number}"


def released(entry: EventEntry) -> tuple[str, str] | None:
    """The slug and version that an event released, where it is about one policy."""
    if entry.type in _RELEASING and entry.slug and entry.version:
        return entry.slug, entry.version
    return None


def _change(entry: EventEntry, runs: Mapping[int, RunState]) -> ChangeShape:
    run = runs.get(entry.seq)
    url = _url(entry, run)
    return ChangeShape(
        serial=entry.seq,
        commons=entry.commons,
        type=entry.type,
        policy=f"{entry.commons}/{entry.slug}" if entry.slug else None,
        version=entry.version,
        proposal=proposal_page(entry.commons, entry.proposal) if entry.proposal is not None else None,
        at=moment(entry.at),
        actor=entry.actor,
        sentence=entry.sentence,
        commit=entry.commit,
        page=page_of(entry, run),
        url=url,
        notice=f"{url}/notice" if released(entry) else None,
    )


def _url(entry: EventEntry, run: RunState | None) -> str:
    if run is not None:
        return f"/api/v1/commons/{entry.commons}/runs/{run.key[:12]}"
    if entry.proposal is not None and entry.version is None:
        return proposal_url(entry.commons, entry.proposal)
    if entry.slug is None:
        return f"/api/v1/commons/{_child(entry) or entry.commons}"
    version = f"/versions/{entry.version}" if entry.version else ""
    return policy_url(entry.commons, entry.slug) + version


def _child(entry: EventEntry) -> str | None:
    """The nested commons that an event founded: its sentence, whose wording is frozen, ends with the name."""
    return entry.sentence.rpartition(" ")[2] if entry.type == _CHILD_FOUNDED else None


def _commit_of(index: Index, commons: str, seq: int) -> str | None:
    found = index.events(commons=commons, after=seq - 1, limit=1, newest_first=False) if seq else ()
    return found[0].commit if found and found[0].seq == seq else None
