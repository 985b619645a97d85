"""Brings what was accepted into force: releases on main, or another charter; byte for byte."""

from __future__ import annotations

from typing import Any

from governance.authority import MAIN
from governance.commons import Commons
from governance.events import Draft
from governance.payloads import Enacted, Move, Release, Returned, Revision
from governance.proposals.amending import unfit_charter
from governance.proposals.line import first_in_line
from governance.proposals.state import Proposal, Stage
from governance.proposals.steps import enactable_at
from governance.registrar import REGISTRAR
from policies.codec import with_front_matter
from policies.errors import MalformedDocumentError
from policies.folder import POLICY_FILE, PolicyFolder, load_folder
from policies.versions import Change as VersionChange
from policies.versions import next_version
from registry.services.clearing import clearing
from registry.services.errors import BlockedContentError
from registry.services.reading import release_folder
from registry.services.releasing import Incoming, make_release, refuse_blocked, renumbered
from registry.store.blocklist import read_blocked
from registry.store.errors import CorruptObjectError, MissingObjectError
from registry.store.objects import Change
from registry.store.refs import CHARTER_PATH, policy_dir, tag_ref
from registry.store.repository import Repository
from registry.store.trees import TreeEditor


def next_to_enact(state: Commons, at: int) -> Proposal | None:
    """The accepted proposal whose turn it is to come into force at this second; None when there is none."""
    ready = [
        proposal
        for proposal in state.proposals.values()
        if proposal.stage is Stage.ACCEPTED
        and enactable_at(state, proposal) <= at
        and first_in_line(state, proposal).number == proposal.number
    ]
    return min(ready, key=lambda one: (one.accepted_at, one.number), default=None)


def enacting_draft(
    repository: Repository, state: Commons, change: Change, at: int, proposal: Proposal
) -> Draft:
    """The act that brings a proposal into force, or sends it back where that is not possible any more."""
    number = proposal.number
    if proposal.revision is None:
        return Draft(type="enacted", actor=REGISTRAR, payload=Enacted(number=number))
    reason = _in_the_way(repository, state, proposal.revision, at)
    if reason is not None:
        returned = Returned(number=number, why=reason, due=at)
        return Draft(type="returned", actor=REGISTRAR, payload=returned)
    payload, moves = _on_main(repository, state, change, at, proposal)
    moves += clearing(change, at)(state, proposal)
    return Draft(type="enacted", actor=REGISTRAR, payload=payload, moves=moves)


def _in_the_way(repository: Repository, state: Commons, revision: Revision, at: int) -> str | None:
    blocked = read_blocked(repository.paths.blocked)
    try:
        for policy in revision.changes:
            refuse_blocked(policy.slug, _files(repository, revision, policy.slug), blocked)
    except BlockedContentError:
        # It was redacted after it had been proposed.
        return "blocked"
    if revision.charter is not None and unfit_charter(state, revision.charter, at) is not None:
        return "charter-unreachable"
    return None


def _on_main(
    repository: Repository, state: Commons, change: Change, at: int, proposal: Proposal
) -> tuple[Enacted, tuple[Move, ...]]:
    revision = proposal.revision
    assert revision is not None
    main = state.refs[MAIN]
    editor = TreeEditor(repository.reader, change, repository.reader.commit(main).tree)
    incoming: list[Incoming] = []
    for policy in revision.changes:
        files = _files(repository, revision, policy.slug)
        item = _numbered(repository, state, policy.slug, policy.declared, files)
        editor.put_folder(policy_dir(policy.slug), item.files)
        incoming.append(item)
    if revision.charter is not None:
        head = repository.reader.commit(revision.head).tree
        entry = repository.reader.entry(head, CHARTER_PATH)
        assert entry is not None
        editor.put(CHARTER_PATH, entry)
    commit = change.commit(
        tree=editor.write(),
        parents=[main],
        handle=proposal.author,
        at=at,
        message=f"Enact proposal {proposal.number}",
    )
    releases = tuple(
        make_release(change, item, commit=commit, actor=proposal.author, at=at) for item in incoming
    )
    moves = [Move(ref=MAIN, old=main, new=commit)]
    moves += [Move(ref=tag_ref(one.slug, one.version), old=None, new=one.tag) for one in releases]
    return Enacted(number=proposal.number, releases=releases, commit=commit), tuple(moves)


def _numbered(
    repository: Repository, state: Commons, slug: str, declared: str, files: dict[str, bytes]
) -> Incoming:
    """The folder under the number that it gets here; what a fork wrote of its origin stays behind.

    Where the policy here is itself a fork, it stays one of the same origin, which the proposal may take over
    more of.
    """
    folder = load_folder(slug, files)
    policy = state.policies.get(slug)
    kept = None if policy is None else _origin(repository, policy.latest, folder)
    if kept != folder.document.front_matter.values.get("upstream"):
        document = with_front_matter(folder.document, {"upstream": kept})
        folder = load_folder(slug, {**files, POLICY_FILE: document.raw})
    if policy is None:
        return renumbered(folder, folder.document.policy.meta.version)
    return renumbered(folder, next_version(policy.latest.version, VersionChange(declared)))


def _origin(repository: Repository, latest: Release, proposed: PolicyFolder) -> Any:
    """What a policy says of its origin once this is in force: its own, in the version that was proposed."""
    try:
        standing = release_folder(repository, latest)
    except (MalformedDocumentError, MissingObjectError, CorruptObjectError):
        # What was erased says nothing any more.
        return None
    ours, theirs = (one.document.policy.meta.upstream for one in (standing, proposed))
    is_same = ours is not None and theirs is not None and ours.policy == theirs.policy
    return (proposed if is_same else standing).document.front_matter.values.get("upstream")


def _files(repository: Repository, revision: Revision, slug: str) -> dict[str, bytes]:
    tree = repository.reader.commit(revision.head).tree
    entry = repository.reader.entry(tree, policy_dir(slug))
    assert entry is not None
    return repository.reader.files(entry.oid)
