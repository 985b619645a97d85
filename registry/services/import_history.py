"""Brings a folder of somebody else's repository in with its history, under one `imported` event.

Each of its revisions becomes a commit of ours that holds what the importers make of it, authored by a
handle made from the author's name, at the time it was made; the event names the original commits.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from governance.commons import Commons
from governance.events import Draft
from governance.payloads import Imported, Move, Release
from governance.record import version_key
from policies.canonical import sha256_hex
from policies.diff import diff_folders
from policies.digest import content_digest
from policies.errors import PolicyError
from policies.folder import load_folder
from policies.importers.importing import import_files
from policies.importers.model import ImportResult, Pack
from policies.versions import next_version
from registry.services.acting import act
from registry.services.errors import NothingChangedError
from registry.services.reading import release_folder
from registry.services.releasing import Incoming, make_release, refuse_blocked, renumbered
from registry.store.blocklist import read_blocked
from registry.store.foreign import Revision, files_at, revision_at, revisions_of
from registry.store.objects import Change
from registry.store.refs import MAIN, policy_dir, tag_ref
from registry.store.repository import Repository
from registry.store.staged import Staged
from registry.store.trees import TreeEditor

_RELEASED = re.compile(r"(?:\d{1,9}\.){2}\d{1,9}")


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
    return ImportedHistory(last, len(steps), _recorded(repository, folder, steps, actor, _any))


def import_revisions(
    repository: Repository,
    git_dir: Path,
    folder: str,
    *,
    tip: str,
    since: str | None,
    actor: str,
    check: Check,
    anew: bool = False,
) -> ImportedHistory | None:
    """Imports what a foreign repository changed in a folder (or, with "", anywhere) from `since` to `tip`.

    A policy that is here already gets its next version, and one that is gone there stays. With `anew` only
    `tip` itself counts, for what differs here. `check` looks at the state and at the policies that change.
    Gives None where nothing changed; raises `ImportRefusedError` when there is nothing to import at all, and
    what `check` raises.
    """
    name = folder or repository.state().name.rpartition("/")[2].lstrip("~")
    last = import_files(name, files_at(git_dir, tip, folder))
    standing: dict[str, Mapping[str, bytes]] = {}
    if anew:
        standing = {pack.slug: pack.files for pack in last.packs if _is_here(repository, pack)}
    elif since is not None:
        with suppress(PolicyError):
            before = import_files(name, files_at(git_dir, since, folder))
            standing = {pack.slug: pack.files for pack in before.packs}
    if anew:
        only = revision_at(git_dir, tip, folder)
        revisions = [] if only is None else [only]
    else:
        revisions = list(revisions_of(git_dir, folder, tip=tip, since=since))
    slugs = {pack.slug for pack in last.packs}
    steps = _steps(name, revisions, slugs, lambda _done: None, standing)
    if not steps:
        return None
    return ImportedHistory(last, len(steps), _recorded(repository, name, steps, actor, check))


def _is_here(repository: Repository, pack: Pack) -> bool:
    """Whether the newest release here says what a pack says."""
    state = repository.state()
    policy = state.policies.get(pack.slug)
    return policy is not None and state.current_content(policy.latest.content) == content_digest(
        load_folder(pack.slug, pack.files)
    )


Check = Callable[[Commons, set[str]], None]
"""Looks at the state and at the policies that an import changes, and raises where it is not to be."""


def _any(_state: Commons, _slugs: set[str]) -> None:
    """Every state will do."""


def _recorded(
    repository: Repository, folder: str, steps: Sequence[_Step], actor: str, check: Check
) -> tuple[str, ...]:
    """Records the steps as one act; gives whose they are."""
    source = sha256_hex("\n".join(step.revision.commit for step in steps).encode())
    authors = tuple(dict.fromkeys(step.revision.author for step in steps))
    slugs = {slug for step in steps for slug in step.folders}

    def decide(state: Commons | None, change: Change, at: int) -> Draft:
        assert state is not None
        check(state, slugs)
        # Looked up here, since a redaction may be recorded until the lock is ours.
        blocked = read_blocked(repository.paths.blocked)
        for step in steps:
            for slug, files in step.folders.items():
                refuse_blocked(slug, files, blocked)
        numbered = _numbered(repository, state, steps)
        commits = _commits(repository, change, state, folder, numbered)
        releases, moves = _releases(change, state, numbered, commits, actor=actor, at=at)
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
    return authors


def _steps(
    folder: str,
    revisions: Sequence[Revision],
    slugs: set[str],
    progress: Callable[[int], None],
    before: Mapping[str, Mapping[str, bytes]] = MappingProxyType({}),
) -> list[_Step]:
    steps: list[_Step] = []
    standing = dict(before)
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


def _numbered(repository: Repository, state: Commons, steps: Sequence[_Step]) -> list[_Step]:
    """The steps with the version in which each policy is released in the last one that changes it.

    A first release keeps its number, and so does a later one that comes after the last here.
    """
    last = {slug: at for at, step in enumerate(steps) for slug in step.folders}
    numbered = list(steps)
    for slug, at in last.items():
        policy = state.policies.get(slug)
        if policy is None:
            continue
        folder = load_folder(slug, steps[at].folders[slug])
        stated = folder.document.policy.meta.version
        if not _RELEASED.fullmatch(stated) or version_key(stated) <= version_key(policy.latest.version):
            least = diff_folders(release_folder(repository, policy.latest), folder).least_change
            files = renumbered(folder, next_version(policy.latest.version, least)).files
            numbered[at] = numbered[at]._replace(folders={**numbered[at].folders, slug: files})
    return numbered


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
