"""What happened as entries of a feed, in plain words. Reads the index, and notices and runs by a visit.

No text of a case is in any of it, and a figure only where the shared model made it: a feed is shown by
programs that know nothing of either.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from evaluations.errors import EvaluationError
from evaluations.standing import MODEL_ENGINES, RunClass
from governance.commons import RunState
from policies.model import Status
from registry.index.entries import EventEntry
from registry.services.proposals import title_of
from registry.store.errors import StoreError
from registry.web.changes import page_of, released, runs_by_event
from registry.web.differences import readable_notice
from registry.web.feeds import Entry, Feed, lasting_id
from registry.web.refusals import NoSuchPageError
from registry.web.shapes.runs import engine_note, run_summary
from registry.web.templating import percent
from registry.web.visit import Visit, Visits

MOST = 50
"""Entries of a feed. Who was away for longer asks for changes by number."""

NOT_TOLD = ("ballot_cast", "clock_confirmed")
"""What the log has and no feed: a vote of a thousand would push everything else out. Its count is told."""

_DEPRECATED = "deprecated"
_UNREADABLE = (StoreError, EvaluationError)


def site_feed(visits: Visits) -> Feed:
    """What happened last in all commons."""
    return Feed(
        id=None,
        title="Policy Commons",
        subtitle="Releases, runs and decisions of all commons on this site.",
        page="/",
        folder="",
        entries=_entries(visits, visits.index.events(without=NOT_TOLD, limit=MOST)),
    )


def commons_feed(visits: Visits, commons: str) -> Feed:
    """What happened last in one commons. Raises `UnknownCommonsError`."""
    visits.to(commons)
    return Feed(
        id=lasting_id("commons", _founding(visits, commons)),
        title=f"{commons} · Policy Commons",
        subtitle=f"Releases, runs and decisions of the commons {commons}.",
        page=f"/{commons}",
        folder=f"/{commons}",
        entries=_entries(visits, visits.index.events(commons=commons, without=NOT_TOLD, limit=MOST)),
    )


def policy_feed(visits: Visits, commons: str, slug: str) -> Feed:
    """What happened last to a policy. The caller has looked that there is one."""
    address = f"{commons}/{slug}"
    return Feed(
        id=lasting_id("policy", f"{_founding(visits, commons)}/{slug}"),
        title=f"{address} · Policy Commons",
        subtitle=f"Releases, runs and decisions of the policy {address}.",
        page=f"/{address}",
        folder=f"/{address}",
        entries=_entries(
            visits, visits.index.events(commons=commons, slug=slug, without=NOT_TOLD, limit=MOST)
        ),
    )


def person_feed(visits: Visits, handle: str) -> Feed:
    """What somebody did last, in all commons. Raises `NoSuchPageError` for whom no log names as acting."""
    return Feed(
        id=None,
        title=f"{handle} · Policy Commons",
        subtitle=f"What {handle} did in the commons of this site.",
        page=person_page(handle),
        folder=person_page(handle),
        entries=_entries(visits, deeds_of(visits, handle)),
    )


def deeds_of(visits: Visits, handle: str) -> tuple[EventEntry, ...]:
    """What somebody did last, ballots left out. Raises `NoSuchPageError`."""
    if not visits.index.acted_in(handle):
        raise NoSuchPageError(
            "Nobody of this handle did anything here.", "The members' pages list who belongs."
        )
    return visits.index.events(actor=handle, without=NOT_TOLD, limit=MOST)


def person_page(handle: str) -> str:
    """Where it is shown what somebody did. No commons can be called `members`."""
    return f"/members/{handle}"


def _founding(visits: Visits, commons: str) -> str:
    """The commit of a commons' first event: what tells it from any other of the same name."""
    first = visits.index.events(commons=commons, after=0, limit=1, newest_first=False)
    return first[0].commit if first else commons


def _entries(visits: Visits, events: Sequence[EventEntry]) -> list[Entry]:
    told = [event for event in events if event.commons in visits.catalogue]
    runs: dict[tuple[str, int], RunState] = {}
    for name, found in groupby(sorted(told, key=lambda event: event.commons), lambda event: event.commons):
        runs |= {(name, seq): run for seq, run in runs_by_event(visits.to(name), found).items()}
    return [_entry(visits.to(event.commons), event, runs.get((event.commons, event.seq))) for event in told]


def _entry(visit: Visit, event: EventEntry, run: RunState | None) -> Entry:
    address = f"{event.commons}/{event.slug}" if event.slug else event.commons
    title, sentences, tags = event.sentence, [f"{event.sentence}."], [event.type]
    if event.proposal is not None:
        sentences += _said_of_proposal(visit, event.proposal)
    release = released(event)
    if release is not None:
        policy = visit.state.policies.get(release[0])
        found = policy.release(release[1]) if policy else None
        notice = readable_notice(visit, found) if found else None
        if notice is not None and found is not None:
            title = f"{address} {release[1]}: {notice.headline}"
            sentences += notice.sentences
            if visit.meta(found).status is Status.DEPRECATED:
                tags.append(_DEPRECATED)
    elif run is not None:
        title = f"{address}: run of {run.engine}"
        sentences += _said_of_run(visit, run)
    return Entry(
        id=lasting_id("event", event.commit),
        title=title,
        page=page_of(event, run),
        at=event.at,
        author=event.actor,
        sentences=sentences,
        tags=tags,
    )


def _said_of_proposal(visit: Visit, number: int) -> Iterator[str]:
    """Its title as it is now: it goes from here too when it is redacted."""
    found = visit.state.proposals.get(number) or visit.state.ended.get(number)
    title = title_of(visit.repository, visit.state, found) if found else None
    yield f"Proposal {number}: {title}" if title else f"Proposal {number}, whose title was redacted."


def _said_of_run(visit: Visit, run: RunState) -> Iterator[str]:
    """Figures of the shared model; of anything else what it is, and that its figures stand on its page."""
    if run.engine not in MODEL_ENGINES:
        note = engine_note(run.engine)
        if note:
            yield note
        yield "Its figures stand on its page."
        return
    try:
        summary = run_summary(visit, run)
    except _UNREADABLE:
        yield "Its record cannot be read."
        return
    yield f"Model: {summary.model}."
    if summary.stands_for is not RunClass.SHARED:
        yield "This is not the shared model; its figures stand on its page."
        return
    yield (
        f"Caught {percent(summary.caught.value)} of what violates, wrongly flagged "
        f"{percent(summary.wrongly_flagged.value)} of what does not, in {summary.n} answers."
    )
