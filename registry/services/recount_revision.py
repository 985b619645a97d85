"""Holds a proposal's revision against its commit: contents, what differs, nothing beside. Part of verify."""

from __future__ import annotations

from governance.commons import Commons
from governance.events import Event
from governance.payloads import PolicyChange, Revision
from policies.aspects import aspects_of
from policies.diff import diff_folders
from policies.digest import content_digest
from policies.errors import PolicyError
from policies.folder import PolicyFolder, load_folder
from policies.versions import Change as VersionChange
from registry.services.errors import BrokenError
from registry.services.revisions import FIRST, METADATA
from registry.services.shape import Maker, as_made, exactly
from registry.store.errors import StoreError
from registry.store.objects import Change, Entry
from registry.store.refs import CHARTER_PATH, POLICIES_DIR, policy_dir
from registry.store.repository import Repository
from registry.store.trees import TreeEditor


def check_revision(
    repository: Repository, state: Commons, event: Event, revision: Revision, replaced: tuple[str, ...]
) -> None:
    """Raises `BrokenError` for a revision that is not what its event says; `replaced` is that before it."""
    place = f"event {event.seq}, revision {revision.head[:12]}"
    reader = repository.reader
    try:
        head = state.current_commit(revision.head)
        base = reader.commit(state.current_commit(revision.base)).tree
        maker = Maker(frozenset({event.actor}), event.at)
        parents = tuple(state.current_commit(commit) for commit in (revision.base, *replaced))
        facts = as_made(place, reader.read(head).data, maker, parents)
        change = Change()
        editor = TreeEditor(reader, change, base)
        for stated in revision.changes:
            entry = reader.entry(facts.tree, policy_dir(stated.slug))
            if entry is None:
                raise BrokenError(place, f"it holds no {stated.slug}.")
            files = reader.files(entry.oid)
            exactly(place, entry.oid, files)
            _check_change(repository, state, place, base, stated, load_folder(stated.slug, files))
            editor.put(policy_dir(stated.slug), entry)
        if revision.charter is not None:
            editor.put(CHARTER_PATH, Entry(b"100644", CHARTER_PATH.rpartition("/")[2], revision.charter.blob))
        if editor.write() != facts.tree:
            raise BrokenError(place, "it changes more on main than its event says, or something else.")
    except (StoreError, PolicyError) as error:
        raise BrokenError(place, str(error)) from error


def _check_change(
    repository: Repository, state: Commons, place: str, base: str, stated: PolicyChange, head: PolicyFolder
) -> None:
    if content_digest(head) != state.current_content(stated.head):
        raise BrokenError(place, f"{stated.slug} does not have the content that its event says.")
    if state.redactions and _was_redacted(state, stated):
        # What it was is gone for good, and with it what it touched.
        return
    entry = repository.reader.entry(base, f"{POLICIES_DIR}/{stated.slug}")
    if entry is None:
        touches, declared = aspects_of(diff_folders(None, head), is_new=True), FIRST
        if (stated.touches, stated.declared) != (touches, declared):
            raise BrokenError(place, f"{stated.slug} is new, and its event says otherwise.")
        return
    diff = diff_folders(load_folder(stated.slug, repository.reader.files(entry.oid)), head)
    touches = aspects_of(diff, is_new=False) or (METADATA,)
    if stated.touches != touches:
        raise BrokenError(
            place,
            f"{stated.slug}: it touches {', '.join(touches)}; its event says {', '.join(stated.touches)}.",
        )
    if VersionChange(stated.declared).weight < diff.least_change.weight:
        raise BrokenError(place, f"{stated.slug} is declared {stated.declared}, less than it changes.")


def _was_redacted(state: Commons, stated: PolicyChange) -> bool:
    return any(
        content is not None and state.current_content(content) != content
        for content in (stated.head, stated.base)
    )
