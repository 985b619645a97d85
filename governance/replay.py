"""The fold: from events to the state of a commons. Pure.

`apply` is the only place that says what an event does. The web server, the command line, the verifier
and the property tests all use it; a state built step by step equals one built from scratch. It refuses
an event that its actor had no authority for, so a forged log stops at the first line that cheats.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from immutables import Map
from msgspec.structs import replace

from governance import payloads
from governance.commons import (
    Commons,
    PolicyState,
    ReportedState,
    RunState,
)
from governance.errors import RefusedError
from governance.events import Event, encode_event, event_digest
from governance.guards import MAIN, RUNS, TAGS, TEXTS, no_other_tags, owner_only, refuse_unless, tag_of
from governance.redactions import redacted

MOVABLE: dict[str, tuple[str, ...]] = {
    "founded": (MAIN,),
    "published": (MAIN, TAGS),
    "imported": (MAIN, TAGS),
    "run_recorded": (RUNS,),
    "scores_reported": (),
    "redacted": (MAIN, RUNS, TEXTS, TAGS),
    "clock_confirmed": (),
    "child_founded": (),
}
"""Which refs an event of each type may move: an act has authority over its own and no others."""


def fold(events: Iterable[Event]) -> Commons | None:
    """The state after all events; None for a log without any."""
    state: Commons | None = None
    for event in events:
        state = apply(state, event, event_digest(encode_event(event)))
    return state


def apply(state: Commons | None, event: Event, digest: str) -> Commons:
    """The state after one more event, whose bytes have SHA-256 `digest`.

    Raises `RefusedError` naming the event, the rule it breaks and what would be allowed.
    """
    try:
        if state is None:
            return _found(event, digest)
        _check_place(state, event)
        refs = _moved(state.refs, event)
        after = _APPLY[event.type](state, event, event.payload)
    except RefusedError as error:
        raise RefusedError(error.rule, error.remedy, seq=event.seq) from None
    reason = getattr(event.payload, "reason", None)
    texts = after.texts if reason is None else after.texts.set(reason, event.seq)
    return replace(after, seq=event.seq, at=event.at, prev=digest, refs=refs, texts=texts)


def _found(event: Event, digest: str) -> Commons:
    said = event.payload
    if not isinstance(said, payloads.Founded) or event.seq != 1 or event.prev is not None:
        raise RefusedError("a log begins with the founding.", "Start from the first event.", seq=event.seq)
    refuse_unless(event.actor == said.founder, "only the founder founds.", "Name the actor as founder.")
    refuse_unless(
        said.parent is None or said.name.rpartition("/")[0] == said.parent,
        f"{said.name} is not within {said.parent}.",
        "Nest it by name.",
    )
    refuse_unless(
        [move.ref for move in event.moves] == [MAIN], "a founding begins main.", "Move main and no other."
    )
    return Commons(
        name=said.name,
        founder=said.founder,
        preset=said.preset,
        charter=event.charter,
        parent=said.parent,
        seq=1,
        at=event.at,
        prev=digest,
        refs=_moved(Map(), event),
        policies=Map(),
        runs=Map(),
        reported=Map(),
        children=Map(),
        texts=Map(),
        redactions=(),
        erased_texts=frozenset(),
        rewritten=Map(),
        replaced=Map(),
    )


def _check_place(state: Commons, event: Event) -> None:
    refuse_unless(
        event.seq == state.seq + 1, f"number {event.seq} does not follow {state.seq}.", "Keep the order."
    )
    refuse_unless(
        event.prev == state.prev, "`prev` is not the digest of the event before.", "Restore the log."
    )
    refuse_unless(event.at >= state.at, "time goes backwards.", f"Use a time from {state.at} on.")
    refuse_unless(
        event.charter == state.charter, "the charter is not the one in force.", f"It is {state.charter}."
    )


def _moved(refs: Map[str, str], event: Event) -> Map[str, str]:
    allowed = MOVABLE.get(event.type, ())
    after = refs.mutate()
    seen: set[str] = set()
    for move in event.moves:
        permitted = any(
            move.ref == name or (name.endswith("/") and move.ref.startswith(name)) for name in allowed
        )
        refuse_unless(permitted, f"{event.type} may not move {move.ref}.", "It moves its own refs only.")
        refuse_unless(move.ref not in seen, f"{move.ref} is moved twice.", "Move each ref once.")
        seen.add(move.ref)
        stands = after.get(move.ref)
        refuse_unless(stands == move.old, f"{move.ref} stands at {stands}.", "Move it from there.")
        if move.ref.startswith(TAGS) and event.type != "redacted":
            refuse_unless(move.old is None, f"{move.ref} was released.", "Release a new version.")
        refuse_unless(move.new is not None, f"{move.ref} may not be deleted.", "Move it elsewhere.")
        assert move.new is not None
        after[move.ref] = move.new
    return after.finish()


def _releases(state: Commons, event: Event, releases: Iterable[payloads.Release]) -> Map[str, PolicyState]:
    after = state.policies.mutate()
    tags = {move.ref: move.new for move in event.moves}
    for release in releases:
        policy = after.get(release.slug)
        if policy is not None:
            last = policy.latest.version
            refuse_unless(
                version_key(release.version) > version_key(last),
                f"{release.slug} {release.version} does not come after {last}.",
                "Give a higher version.",
            )
        refuse_unless(
            f"{state.name}/{release.slug}" not in state.children,
            f"the name {release.slug} is taken by a nested commons.",
            "Policies and nested commons share one set of names; choose another.",
        )
        refuse_unless(
            tags.get(tag_of(release)) == release.tag,
            f"{release.slug} {release.version} is released without its tag.",
            "Move the tag in the same act.",
        )
        before = policy.releases if policy else ()
        after[release.slug] = PolicyState(slug=release.slug, releases=(*before, release), owner=event.actor)
        del tags[tag_of(release)]
    no_other_tags(tags)
    return after.finish()


def version_key(version: str) -> tuple[int, int, int]:
    """A version as numbers, for comparing; releases carry no pre-release part."""
    major, minor, patch = version.split(".")
    return int(major), int(minor), int(patch)


def _head_is(event: Event, commit: str) -> None:
    moves = [move.new for move in event.moves if move.ref == MAIN]
    refuse_unless(moves == [commit], "main does not move to the released commit.", "Release what main holds.")


def _published(state: Commons, event: Event, said: payloads.Published) -> Commons:
    owner_only(state, event)
    _head_is(event, said.release.commit)
    policies = _releases(state, event, (said.release,))
    refuse_unless(
        (said.change == "first") == (said.release.slug not in state.policies),
        f"{said.release.slug} was {'' if said.change == 'first' else 'not '}released before.",
        "A first release is `first`; later ones say major, minor or patch.",
    )
    return replace(state, policies=policies)


def _imported(state: Commons, event: Event, said: payloads.Imported) -> Commons:
    owner_only(state, event)
    refuse_unless(bool(said.commits), "an import without a commit.", "Import something.")
    _head_is(event, said.commits[-1])
    known = set(said.commits)
    refuse_unless(
        all(release.commit in known for release in said.releases),
        "a release stands on a commit that the import did not make.",
        "Release imported commits only.",
    )
    return replace(state, policies=_releases(state, event, said.releases))


def _run_recorded(state: Commons, event: Event, said: payloads.RunRecorded) -> Commons:
    _refuse_unreleased(state, said.slug, said.content)
    refuse_unless(
        [move.new for move in event.moves] == [said.commit],
        "the runs chain does not move to the run.",
        "Record one run at a time.",
    )
    run = RunState(
        key=said.key,
        slug=said.slug,
        content=said.content,
        engine=said.engine,
        commit=said.commit,
        record=said.record,
        predictions=said.predictions,
        seq=event.seq,
        at=event.at,
    )
    return replace(state, runs=state.runs.set(said.commit, run))


def _scores_reported(state: Commons, event: Event, said: payloads.ScoresReported) -> Commons:
    _refuse_unreleased(state, said.slug, said.content)
    noted = ReportedState(
        slug=said.slug, content=said.content, source=said.source, scores=said.scores, seq=event.seq
    )
    return replace(state, reported=state.reported.set(state.seq + 1, noted))


def _refuse_unreleased(state: Commons, slug: str, content: str) -> None:
    """A measurement stands for a text that was released here, and for no other."""
    policy = state.policies.get(slug)
    releases = policy.releases if policy else ()
    refuse_unless(policy is not None, f"no policy {slug} is here.", "Import or publish it first.")
    refuse_unless(
        any(release.content == content for release in releases),
        f"no release of {slug} has the content {content[:12]}.",
        "Measure a released version.",
    )


def _clock_confirmed(state: Commons, event: Event, said: payloads.ClockConfirmed) -> Commons:
    owner_only(state, event)
    refuse_unless(said.now >= said.last, "the confirmed clock stands before the last.", "Set the clock.")
    return state


def _child_founded(state: Commons, event: Event, said: payloads.ChildFounded) -> Commons:
    owner_only(state, event)
    name = said.name.rpartition("/")
    refuse_unless(name[0] == state.name, f"{said.name} is not within {state.name}.", "Nest it by name.")
    refuse_unless(
        name[2] not in state.policies and said.name not in state.children,
        f"the name {said.name} is taken.",
        "Policies and nested commons share one set of names; choose another.",
    )
    return replace(state, children=state.children.set(said.name, state.seq + 1))


_APPLY: dict[str, Callable[[Commons, Event, Any], Commons]] = {
    "founded": lambda _state, _event, _said: _already(),
    "published": _published,
    "imported": _imported,
    "run_recorded": _run_recorded,
    "scores_reported": _scores_reported,
    "redacted": redacted,
    "clock_confirmed": _clock_confirmed,
    "child_founded": _child_founded,
}


def _already() -> Commons:
    raise RefusedError("a commons is founded once.", "Found another one.")
