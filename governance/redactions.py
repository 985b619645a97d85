"""What a redaction does to the state, and what it is held to. Pure."""

from __future__ import annotations

from immutables import Map
from msgspec.structs import replace

from governance import payloads
from governance.authority import MAIN, RUNS, no_other_tags, refuse_unless, stewards_only, tag_of
from governance.charter.model import Mode
from governance.commons import Commons, RedactionState
from governance.events import Event
from governance.proposals.erasing import refuse_stray_moves, with_erased


def redacted(state: Commons, event: Event, said: payloads.Redacted) -> Commons:
    """The state after an erasure: releases and runs stand elsewhere, and words are gone.

    Raises `RefusedError`.
    """
    stewards_only(state, event)
    word = "owner" if state.mode is Mode.OWNER else "steward"
    refuse_unless(
        said.authority == word,
        f"{said.authority} has no authority under the charter's mode {state.mode}.",
        f"Act as the {word}.",
    )
    policies, replaced, runs = state.policies, state.replaced, state.runs
    rewritten = _rewritten(state, event, said)
    tags = {move.ref: move.new for move in event.moves}
    for release in said.releases:
        policy = policies.get(release.slug)
        old = policy.release(release.version) if policy else None
        refuse_unless(
            old is not None, f"{release.slug} {release.version} was never released.", "Name a release."
        )
        assert policy is not None
        assert old is not None
        refuse_unless(
            release.commit == rewritten.get(old.commit, old.commit)
            and release.tag == tags.pop(tag_of(release), old.tag),
            f"{release.slug} {release.version} does not stand where the redaction moved it.",
            "Move its commit and its tag in the same act.",
        )
        if old.content != release.content:
            # Readers follow the map to its end, so it must have one.
            refuse_unless(
                _end(replaced, release.content) != old.content,
                f"{release.slug} {release.version} gets a content that was redacted.",
                "Erase, and bring nothing back.",
            )
            replaced = replaced.set(old.content, release.content)
        releases = tuple(release if item.version == release.version else item for item in policy.releases)
        policies = policies.set(release.slug, replace(policy, releases=releases))
    no_other_tags(tags)
    refuse_unless(
        tags.get(RUNS) == (said.runs[-1].commit if said.runs else None),
        "the runs chain does not move to the last rewritten run.",
        "Move it there.",
    )
    refuse_unless(
        all(text in state.texts for text in said.texts), "words that no event named.", "Name those it has."
    )
    for erased in said.runs:
        run = runs.get(erased.old)
        refuse_unless(run is not None, f"no run stands at {erased.old}.", "Name a recorded run.")
        assert run is not None
        runs = runs.delete(erased.old).set(
            erased.commit,
            replace(
                run,
                key=erased.key,
                commit=erased.commit,
                record=erased.record,
                predictions=erased.predictions,
            ),
        )
    refuse_stray_moves(state, event, rewritten)
    contents = dict(said.contents)
    for old_content, new_content in said.contents:
        refuse_unless(
            new_content not in contents and _end(replaced, new_content) != old_content,
            f"the content {new_content[:12]} was redacted itself.",
            "Erase, and bring nothing back.",
        )
        if replaced.get(old_content) is None:
            replaced = replaced.set(old_content, new_content)
    noted = RedactionState(seq=event.seq, ground=said.ground, authority=said.authority, kinds=said.kinds)
    return replace(
        state,
        policies=policies,
        proposals=with_erased(state.proposals, rewritten, contents),
        replaced=replaced,
        runs=runs,
        rewritten=state.rewritten.update(rewritten),
        erased_texts=state.erased_texts | set(said.texts),
        redactions=(*state.redactions, noted),
    )


def _rewritten(state: Commons, event: Event, said: payloads.Redacted) -> dict[str, str]:
    """Old commits of main and the new ones; main goes from one to the other."""
    rewritten = dict(said.rewritten)
    for new in rewritten.values():
        # Readers follow the map to its end, so it must have one.
        refuse_unless(
            new not in rewritten and new not in state.rewritten,
            f"commit {new} is old and new at once.",
            "Rewrite each commit once.",
        )
    main = state.refs[MAIN]
    moved = {move.ref: move.new for move in event.moves}.get(MAIN)
    refuse_unless(
        rewritten.get(main) == moved,
        "main does not move to its rewritten head.",
        "Rewrite every commit from the first affected one on.",
    )
    return rewritten


def _end(chain: Map[str, str], name: str) -> str:
    while (newer := chain.get(name)) is not None:
        name = newer
    return name
