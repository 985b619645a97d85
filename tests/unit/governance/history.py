"""A small log of the record, built by hand: what the tests of publishing and erasing start from."""

from __future__ import annotations

from collections.abc import Iterable

from governance import payloads
from governance.commons import Commons
from governance.events import Draft, Event, encode_event, event_digest, place
from governance.payloads import Move
from governance.replay import apply

MAIN, RUNS, TEXTS = "refs/heads/main", "refs/commons/runs", "refs/commons/texts"
START = 1_767_225_600  # 2026-01-01 00:00 UTC


def oid(number: int) -> str:
    """A made-up object id."""
    return f"{number:040x}"


def sha(number: int) -> str:
    """A made-up SHA-256."""
    return f"{number:064x}"


def release(slug: str, version: str, *, commit: int, tag: int, content: int = 1) -> payloads.Release:
    """A release of made-up bytes."""
    return payloads.Release(
        slug=slug,
        version=version,
        content=sha(content),
        folder=sha(content + 1000),
        commit=oid(commit),
        tag=oid(tag),
    )


def founding(**changes: object) -> Draft:
    """ana founds `roost`, main at commit 1; `changes` replace fields of the payload."""
    said = {"name": "roost", "founder": "ana", "preset": "solo@1"} | changes
    return Draft(
        type="founded",
        actor="ana",
        payload=payloads.Founded(**said),  # type: ignore[arg-type]
        moves=(Move(ref=MAIN, old=None, new=oid(1)),),
        charter=oid(900),
    )


def publishing(made: payloads.Release, *, main: int, actor: str = "ana", change: str | None = None) -> Draft:
    """A publication that moves main from commit `main` to the release's; 1.0.0 is taken for the first."""
    change = change or ("first" if made.version == "1.0.0" else "major")
    return Draft(
        type="published",
        actor=actor,
        payload=payloads.Published(release=made, change=change, mode="owner"),
        moves=(
            Move(ref=MAIN, old=oid(main), new=made.commit),
            Move(ref=f"refs/tags/{made.slug}/v{made.version}", old=None, new=made.tag),
        ),
    )


def importing(made: payloads.Release, *, main: int, commits: tuple[int, ...]) -> Draft:
    """An import of one release in several commits."""
    return Draft(
        type="imported",
        actor="ana",
        payload=payloads.Imported(
            kind="git",
            source=sha(77),
            commits=tuple(oid(commit) for commit in commits),
            releases=(made,),
            original=tuple(oid(commit + 500) for commit in commits),
            authors=("bo",),
        ),
        moves=(
            Move(ref=MAIN, old=oid(main), new=oid(commits[-1])),
            Move(ref=f"refs/tags/{made.slug}/v{made.version}", old=None, new=made.tag),
        ),
    )


def running(slug: str = "spam", *, old: int | None = None, commit: int = 50, content: int = 1) -> Draft:
    """A run recorded at `commit` of the runs chain."""
    return Draft(
        type="run_recorded",
        actor="ana",
        payload=payloads.RunRecorded(
            slug=slug,
            content=sha(content),
            key=sha(60),
            engine="lexical@1",
            commit=oid(commit),
            record=sha(61),
            predictions=sha(62),
        ),
        moves=(Move(ref=RUNS, old=None if old is None else oid(old), new=oid(commit)),),
    )


def reporting(slug: str = "spam", *, content: int = 1) -> Draft:
    """Two scores that came along."""
    scores = (
        payloads.ReportedScore(metric="recall", value="0.8"),
        payloads.ReportedScore(metric="accuracy", value="92.5%"),
    )
    said = payloads.ScoresReported(slug=slug, content=sha(content), source=sha(70), scores=scores)
    return Draft(type="scores_reported", actor="ana", payload=said)


def redacting(**changes: object) -> Draft:
    """Rewrites spam 1.0.0 (commit 2, tag 20) and the run at 50; `changes` replace fields."""
    said: dict[str, object] = {
        "ground": "personal-data",
        "authority": "owner",
        "kinds": ("cases",),
        "reason": sha(90),
        "rewritten": ((oid(2), oid(102)), (oid(4), oid(104))),
        "releases": (
            release("spam", "1.0.0", commit=102, tag=120, content=101),
            release("scams", "2.1.0", commit=104, tag=140, content=2),
        ),
        "runs": (
            payloads.ErasedRun(
                key=sha(160), old=oid(50), commit=oid(150), record=sha(161), predictions=sha(162)
            ),
        ),
        "texts": (),
    }
    moves = (
        Move(ref=MAIN, old=oid(4), new=oid(104)),
        Move(ref="refs/tags/spam/v1.0.0", old=oid(20), new=oid(120)),
        Move(ref="refs/tags/scams/v2.1.0", old=oid(40), new=oid(140)),
        Move(ref=RUNS, old=oid(50), new=oid(150)),
        Move(ref=TEXTS, old=None, new=oid(190)),
    )
    chosen = changes.pop("moves", moves)
    payload = payloads.Redacted(**(said | changes))  # type: ignore[arg-type]
    return Draft(type="redacted", actor="ana", payload=payload, moves=chosen)  # type: ignore[arg-type]


def confirming(*, last: int = START, now: int = START + 100 * 3600) -> Draft:
    """An operator's word on the clock."""
    payload = payloads.ClockConfirmed(last=last, now=now)
    return Draft(type="clock_confirmed", actor="ana", payload=payload)


def nesting(name: str = "roost/teens", *, actor: str = "ana") -> Draft:
    """A nested commons."""
    payload = payloads.ChildFounded(name=name, founding=sha(80))
    return Draft(type="child_founded", actor=actor, payload=payload)


ONE_OF_EACH: tuple[Draft, ...] = (
    founding(),
    publishing(release("spam", "1.0.0", commit=2, tag=20), main=1),
    importing(release("scams", "2.1.0", commit=4, tag=40, content=2), main=2, commits=(3, 4)),
    running(),
    reporting(),
    redacting(),
    confirming(),
    nesting(),
)
"""A draft of every type of the record, in an order in which each is allowed."""


def after(state: Commons | None, draft: Draft, *, at: int | None = None) -> tuple[Commons, Event]:
    """The state after one more draft, and its event."""
    event = place(
        draft,
        seq=state.seq + 1 if state else 1,
        at=(state.at + 60 if state else START) if at is None else at,
        charter=state.charter if state else draft.charter or "",
        prev=state.prev if state else None,
    )
    return apply(state, event, event_digest(encode_event(event))), event


def history(drafts: Iterable[Draft] = ONE_OF_EACH) -> list[Event]:
    """The log of these drafts."""
    state: Commons | None = None
    events: list[Event] = []
    for draft in drafts:
        state, event = after(state, draft)
        events.append(event)
    return events


def state_after(*drafts: Draft) -> Commons:
    """The state after these drafts."""
    state: Commons | None = None
    for draft in drafts:
        state, _ = after(state, draft)
    assert state is not None
    return state


FIRST = ONE_OF_EACH[:4]
"""Founded, published, imported and run: what a redaction needs."""
