"""Brings a folder of somebody else's repository in with its history, under one `imported` event.

Each of its revisions becomes a commit of ours that holds what the importers make of it, authored by a
handle made from the author's name, at the time it was made; the event names the original commits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from governance.commons import Commons
from governance.events import Draft
from governance.payloads import Imported, Move, Release
from policies.canonical import sha256_hex
from policies.errors import PolicyError
from policies.folder import load_folder
from policies.importers.importing import import_files
from policies.importers.model import ImportResult
from registry.services.acting import act
from registry.services.errors import NothingChangedError
from registry.services.releasing import Incoming, make_release, refuse_blocked
from registry.store.blocklist import read_blocked
from registry.store.foreign import Revision, revisions_of
from registry.store.objects import Change
from registry.store.refs import MAIN, policy_dir, tag_ref
from registry.store.repository import Repository
from registry.store.staged import Staged
from registry.store.trees import TreeEditor


class ImportedHistory(NamedTuple):
    """What came in: the last revision's result, how many revisions, and whose."""

    result: ImportResult
    revisions: int
    authors: tuple[str, ...]


class _Step(NamedTuple):
    """A revision as it will stand in our history."""

    revision: Revision
    folders: Mapping[str, Mapping[str, bytes]]


def import_history(
    repository: Repository,
    git_dir: Path,
    folder: str,
    *,
    actor: str,
    progress: Callable[[int], None] = lambda _done: None,
) -> ImportedHistory:
    """Imports one folder of a foreign repository into a commons that does not hold its policies yet.

    Revisions that change nothing for the importers are left out. Raises `NothingChangedError` when all
    policies are here already, `ImportRefusedError` when the folder holds nothing to import.
    """
    revisions = list(revisions_of(git_dir, folder))
    last = import_files(folder, revisions[-1].files if revisions else {})
    slugs = {pack.slug for pack in last.packs}
    if slugs <= set(repository.state().policies):
        raise NothingChangedError(folder, "the last import")
    steps = _steps(folder, revisions, slugs, progress)
    source = sha256_hex("\n".join(step.revision.commit for step in steps).encode())
    authors = tuple(dict.fromkeys(step.revision.author for step in steps))

    def decide(state: Commons | None, change: Change, at: int) -> Draft:
        assert state is not None
        # Looked up here, since a redaction may be recorded until the lock is ours.
        blocked = read_blocked(repository.paths.blocked)
        for step in steps:
            for slug, files in step.folders.items():
                refuse_blocked(slug, files, blocked)
        commits = _commits(repository, change, state, folder, steps)
        releases, moves = _releases(change, state, steps, commits, actor=actor, at=at)
        payload = Imported(
            kind="git",
            source=source,
            commits=tuple(commits),
            releases=releases,
            original=tuple(step.revision.commit for step in steps),
            authors=authors,
        )
        return Draft(type="imported", actor=actor, payload=payload, moves=moves)

    act(repository, decide)
    return ImportedHistory(last, len(steps), authors)


def _steps(
    folder: str, revisions: Sequence[Revision], slugs: set[str], progress: Callable[[int], None]
) -> list[_Step]:
    steps: list[_Step] = []
    standing: dict[str, Mapping[str, bytes]] = {}
    for done, revision in enumerate(revisions, 1):
        try:
            result = import_files(folder, revision.files)
        except PolicyError:
            continue  # a revision in which there was nothing to read yet
        changed = {
            pack.slug: pack.files
            for pack in result.packs
            if pack.slug in slugs and standing.get(pack.slug) != pack.files
        }
        if changed:
            standing |= changed
            steps.append(_Step(revision, changed))
        progress(done)
    return steps


def _commits(
    repository: Repository, change: Change, state: Commons, folder: str, steps: Sequence[_Step]
) -> list[str]:
    parent = state.refs[MAIN]
    staged = Staged(repository.reader, change)
    commits: list[str] = []
    for step in steps:
        editor = TreeEditor(staged, change, staged.commit(parent).tree)
        for slug, files in step.folders.items():
            editor.put_folder(policy_dir(slug), files)
        revision = step.revision
        parent = change.commit(
            tree=editor.write(),
            parents=[parent],
            handle=revision.author,
            at=revision.at,
            message=f"Import {folder} as of {revision.commit[:12]}",
        )
        commits.append(parent)
    return commits


def _releases(
    change: Change, state: Commons, steps: Sequence[_Step], commits: Sequence[str], *, actor: str, at: int
) -> tuple[tuple[Release, ...], tuple[Move, ...]]:
    """One release of each policy, on the commit that last changed it."""
    placed: dict[str, tuple[str, Mapping[str, bytes]]] = {}
    for step, commit in zip(steps, commits, strict=True):
        for slug, files in step.folders.items():
            placed[slug] = (commit, files)
    releases: list[Release] = []
    moves = [Move(ref=MAIN, old=state.refs[MAIN], new=commits[-1])]
    for slug, (commit, files) in placed.items():
        item = Incoming(load_folder(slug, files))
        release = make_release(change, item, commit=commit, actor=actor, at=at)
        releases.append(release)
        moves.append(Move(ref=tag_ref(slug, item.version), old=None, new=release.tag))
    return tuple(releases), tuple(moves)
