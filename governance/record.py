"""What the record holds: releases, imports, runs, scores that came along, nested commons. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from immutables import Map
from msgspec.structs import replace

from governance import payloads
from governance.authority import MAIN, no_other_tags, owner_only, refuse_unless, stewards_only, tag_of
from governance.commons import Commons, PolicyState, ReportedState, RunState
from governance.events import Event
from governance.proposals.access import settled_anew
from governance.proposals.state import Proposal


def released(
    state: Commons, event: Event, releases: Iterable[payloads.Release], owner: str
) -> Map[str, PolicyState]:
    """The policies with these releases added, each with its tag. Raises `RefusedError`."""
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
        after[release.slug] = PolicyState(slug=release.slug, releases=(*before, release), owner=owner)
        del tags[tag_of(release)]
    no_other_tags(tags)
    return after.finish()


def version_key(version: str) -> tuple[int, int, int]:
    """A version as numbers, for comparing; releases carry no pre-release part."""
    major, minor, patch = version.split(".")
    return int(major), int(minor), int(patch)


def head_is(event: Event, commit: str) -> None:
    """Refuses an act that does not move main to the commit that it releases."""
    moves = [move.new for move in event.moves if move.ref == MAIN]
    refuse_unless(moves == [commit], "main does not move to the released commit.", "Release what main holds.")


def published(state: Commons, event: Event, said: payloads.Published) -> Commons:
    """The owner releases a version. Raises `RefusedError`."""
    owner_only(state, event)
    head_is(event, said.release.commit)
    policies = released(state, event, (said.release,), event.actor)
    refuse_unless(
        (said.change == "first") == (said.release.slug not in state.policies),
        f"{said.release.slug} was {'' if said.change == 'first' else 'not '}released before.",
        "A first release is `first`; later ones say major, minor or patch.",
    )
    return settled_anew(replace(state, policies=policies), event.at)


def imported(state: Commons, event: Event, said: payloads.Imported) -> Commons:
    """The owner brings in policies from elsewhere. Raises `RefusedError`."""
    owner_only(state, event)
    refuse_unless(bool(said.commits), "an import without a commit.", "Import something.")
    head_is(event, said.commits[-1])
    known = set(said.commits)
    refuse_unless(
        all(release.commit in known for release in said.releases),
        "a release stands on a commit that the import did not make.",
        "Release imported commits only.",
    )
    policies = released(state, event, said.releases, event.actor)
    return settled_anew(replace(state, policies=policies), event.at)


def run_recorded(state: Commons, event: Event, said: payloads.RunRecorded) -> Commons:
    """A run was added to the chain. Raises `RefusedError`."""
    _refuse_unknown(state, said.slug, said.content, proposed=True)
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


def scores_reported(state: Commons, event: Event, said: payloads.ScoresReported) -> Commons:
    """Scores came along. Raises `RefusedError`."""
    _refuse_unknown(state, said.slug, said.content, proposed=False)
    noted = ReportedState(
        slug=said.slug, content=said.content, source=said.source, scores=said.scores, seq=event.seq
    )
    return replace(state, reported=state.reported.set(state.seq + 1, noted))


def _refuse_unknown(state: Commons, slug: str, content: str, *, proposed: bool) -> None:
    """A measurement stands for a text that was released here, or with `proposed` for one that is proposed."""
    if proposed and any(_would_be(proposal, slug, content) for proposal in state.proposals.values()):
        return
    policy = state.policies.get(slug)
    # The newest first: there may be hundreds, and it is most often what was measured.
    releases = reversed(policy.releases) if policy else ()
    refuse_unless(policy is not None, f"no policy {slug} is here.", "Import or publish it first.")
    refuse_unless(
        any(release.content == content for release in releases),
        f"no release of {slug} has the content {content[:12]}.",
        "Measure a released version, or what an open proposal would make of it.",
    )


def _would_be(proposal: Proposal, slug: str, content: str) -> bool:
    changes = proposal.revision.changes if proposal.revision else ()
    return any((change.slug, change.head) == (slug, content) for change in changes)


def clock_confirmed(state: Commons, event: Event, said: payloads.ClockConfirmed) -> Commons:
    """Somebody vouches for the clock. Raises `RefusedError`."""
    stewards_only(state, event)
    refuse_unless(said.now >= said.last, "the confirmed clock stands before the last.", "Set the clock.")
    return state


def child_founded(state: Commons, event: Event, said: payloads.ChildFounded) -> Commons:
    """A nested commons was let in. Raises `RefusedError`."""
    stewards_only(state, event)
    name = said.name.rpartition("/")
    refuse_unless(name[0] == state.name, f"{said.name} is not within {state.name}.", "Nest it by name.")
    refuse_unless(
        name[2] not in state.policies and said.name not in state.children,
        f"the name {said.name} is taken.",
        "Policies and nested commons share one set of names; choose another.",
    )
    children = state.children.set(said.name, state.seq + 1)
    return settled_anew(replace(state, children=children), event.at)
