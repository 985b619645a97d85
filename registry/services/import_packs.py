"""Puts what the importers read into a commons: policies, scores that came along, recorded answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from evaluations.engines.base import EngineSettings
from evaluations.engines.replay import ReplayEngine, recordings_of_answers
from evaluations.keys import ModelManifest
from policies.digest import content_digest
from policies.errors import PolicyError
from policies.folder import load_folder
from policies.importers.importing import import_files
from policies.importers.model import ImportResult, Pack
from registry.services.bench import bench_folder, record_run
from registry.services.errors import NothingChangedError
from registry.services.found import found_child
from registry.services.import_history import import_history
from registry.services.importing import import_folders, note_reported_scores
from registry.services.reading import find_policy
from registry.store.foreign import folder_at_head, handle_of, top_folders
from registry.store.repository import Repository

_FIGURE = re.compile(r"-?\d{1,12}(?:\.\d{1,20})?%?")


class PackedIn(NamedTuple):
    """What entered a commons: releases, policies that were there already, runs by key, scores not kept."""

    commons: str
    result: ImportResult
    releases: tuple[tuple[str, str], ...]
    unchanged: tuple[str, ...]
    runs: tuple[str, ...]
    unkept: tuple[str, ...]
    revisions: int = 0
    authors: tuple[str, ...] = ()


def import_packs(repository: Repository, name: str, files: Mapping[str, bytes], *, actor: str) -> PackedIn:
    """Imports files into one commons. Run again on the same files it changes nothing.

    Raises `ImportRefusedError` when nothing can be read, and what the rules refuse.
    """
    result = import_files(name, files)
    folders = {pack.slug: pack.files for pack in result.packs}
    try:
        imported = import_folders(repository, folders, actor=actor, kind="folder")
        releases, unchanged = imported.releases, imported.unchanged
    except NothingChangedError:
        releases, unchanged = (), tuple(folders)
    fresh = {slug for slug, _ in releases}
    unkept: list[str] = []
    runs: list[str] = []
    for pack in result.packs:
        if pack.slug in fresh:
            unkept += _note_scores(repository, pack, files, actor)
        if pack.answers:
            runs += _replay(repository, pack, actor)
    return PackedIn(repository.state().name, result, releases, unchanged, tuple(runs), tuple(unkept))


def import_clone(
    parent: Repository,
    git_dir: Path,
    *,
    actor: str,
    progress: Callable[[str, int], None] = lambda _folder, _done: None,
) -> tuple[list[PackedIn], list[tuple[str, str]]]:
    """Imports a community's repository: one nested commons per first-level folder, history included.

    Gives what came in, and the folders that held nothing to import with the reason. Run again, folders
    that are here already are left as they are.
    """
    done: list[PackedIn] = []
    left: list[tuple[str, str]] = []
    taken: dict[str, str] = {}
    for folder in top_folders(git_dir):
        if (namesake := taken.setdefault(handle_of(folder), folder)) != folder:
            left.append(
                (folder, f"{folder}: its name comes to the same as {namesake}'s. Rename one of them.")
            )
            continue
        try:
            # Read before anything is founded: a folder of pictures is no reason for an empty commons.
            files = folder_at_head(git_dir, folder)
            import_files(folder, files)
            done.append(_import_submitter(parent, git_dir, folder, files, actor, progress))
        except (NothingChangedError, PolicyError) as error:
            left.append((folder, str(error)))
    return done, left


def _import_submitter(
    parent: Repository,
    git_dir: Path,
    folder: str,
    files: Mapping[str, bytes],
    actor: str,
    progress: Callable[[str, int], None],
) -> PackedIn:
    slug = handle_of(folder)
    path = parent.path.with_suffix("") / f"{slug}.git"
    with found_child(parent, path, name=slug, founder=actor, actor=actor, clock=parent.clock) as child:

        def told(revisions: int) -> None:
            progress(folder, revisions)

        history = import_history(child, git_dir, folder, actor=actor, progress=told)
        runs: list[str] = []
        unkept: list[str] = []
        for pack in history.result.packs:
            unkept += _note_scores(child, pack, files, actor)
            runs += _replay(child, pack, actor) if pack.answers else []
        state = child.state()
        return PackedIn(
            state.name,
            history.result,
            tuple((policy.slug, policy.latest.version) for policy in state.policies.values()),
            (),
            tuple(runs),
            tuple(unkept),
            history.revisions,
            history.authors,
        )


def _note_scores(repository: Repository, pack: Pack, files: Mapping[str, bytes], actor: str) -> list[str]:
    """Keeps the scores that are figures; gives those that are not, with their place."""
    kept: dict[str, list[tuple[str, str]]] = {}
    unkept: list[str] = []
    for score in pack.reported:
        value = score.value.strip()
        metric = re.sub(r"[^a-z0-9_.@-]+", "-", score.metric.lower()).strip("-.")[:64]
        if metric and _FIGURE.fullmatch(value):
            kept.setdefault(score.source.rpartition(":")[0], []).append((metric, value))
        else:
            unkept.append(f"{score.source}: {score.metric} {score.value}: not a figure")
    for file, scores in kept.items():
        note_reported_scores(repository, pack.slug, scores, source=files.get(file, b""), actor=actor)
    return unkept


def _replay(repository: Repository, pack: Pack, actor: str) -> list[str]:
    """Records the answers that came along as replay runs, one for each model that gave them."""
    state = repository.state()
    folder = load_folder(pack.slug, pack.files)
    content = content_digest(folder)
    # The answers are to the cases as they came, whatever was published since.
    release = next(item for item in find_policy(state, pack.slug).releases if item.content == content)
    known = {run.key for run in state.runs.values()}
    keys: list[str] = []
    for name in dict.fromkeys(answer.engine for answer in pack.answers):
        answers = [answer for answer in pack.answers if answer.engine == name]
        settings = EngineSettings(model=ModelManifest(id=name, revision="as-reported"))
        run = bench_folder(
            folder,
            ReplayEngine(recordings_of_answers(answers), settings),
            address=f"{state.name}/{pack.slug}",
            version_=release.version,
            commit=release.commit,
        )
        if run.record.key not in known:
            record_run(repository, pack.slug, run, actor=actor)
            keys.append(run.record.key)
    return keys
