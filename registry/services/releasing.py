"""Puts policy folders on `main` as releases: what publishing and importing share."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from governance.commons import Commons
from governance.payloads import Move, Release
from policies.codec import with_front_matter
from policies.digest import content_digest, folder_digest
from policies.folder import POLICY_FILE, PolicyFolder, load_folder
from registry.services.errors import BlockedContentError
from registry.store.blocklist import line_digest
from registry.store.objects import Change
from registry.store.refs import MAIN, policy_dir, tag_ref
from registry.store.staged import ObjectSource
from registry.store.trees import TreeEditor


class Incoming(NamedTuple):
    """A folder about to be released, its version already in its front matter."""

    folder: PolicyFolder

    @property
    def slug(self) -> str:
        """The policy's name."""
        return self.folder.slug

    @property
    def version(self) -> str:
        """The number it is released under."""
        return self.folder.document.policy.meta.version

    @property
    def files(self) -> Mapping[str, bytes]:
        """The exact bytes."""
        return self.folder.files


def renumbered(folder: PolicyFolder, version: str) -> Incoming:
    """The folder with another version number in its front matter, and no other byte changed."""
    if folder.document.front_matter.values.get("version") == version:
        return Incoming(folder)
    document = with_front_matter(folder.document, {"version": version})
    return Incoming(load_folder(folder.slug, {**folder.files, POLICY_FILE: document.raw}))


class Placed(NamedTuple):
    """Releases on one new commit of `main`, with the refs that this moves."""

    commit: str
    releases: tuple[Release, ...]
    moves: tuple[Move, ...]


def place_releases(
    source: ObjectSource,
    change: Change,
    state: Commons,
    incoming: Sequence[Incoming],
    *,
    actor: str,
    at: int,
    message: str,
    progress: Callable[[int], None] = lambda _done: None,
) -> Placed:
    """Adds one commit that replaces these folders, and an annotated tag for each release."""
    main = state.refs[MAIN]
    editor = TreeEditor(source, change, source.commit(main).tree)
    for item in incoming:
        editor.put_folder(policy_dir(item.slug), item.files)
    commit = change.commit(tree=editor.write(), parents=[main], handle=actor, at=at, message=message)
    releases: list[Release] = []
    moves = [Move(ref=MAIN, old=main, new=commit)]
    for done, item in enumerate(incoming, 1):
        release = make_release(change, item, commit=commit, actor=actor, at=at)
        releases.append(release)
        moves.append(Move(ref=tag_ref(item.slug, item.version), old=None, new=release.tag))
        progress(done)
    return Placed(commit, tuple(releases), tuple(moves))


def make_release(change: Change, item: Incoming, *, commit: str, actor: str, at: int) -> Release:
    """The facts of one release, its tag added to the change."""
    tag = change.tag(
        target=commit,
        name=f"{item.slug}/v{item.version}",
        handle=actor,
        at=at,
        message=f"{item.slug} {item.version}",
    )
    return Release(
        slug=item.slug,
        version=item.version,
        content=content_digest(item.folder),
        folder=folder_digest(item.files),
        commit=commit,
        tag=tag,
    )


def refuse_blocked(slug: str, files: Mapping[str, bytes], blocked: frozenset[str]) -> None:
    """Raises `BlockedContentError` naming file and line of anything that was redacted before."""
    if not blocked:
        return
    for name, raw in sorted(files.items()):
        for number, line in enumerate(raw.decode("utf-8", "replace").splitlines(), 1):
            if any(line_digest(text) in blocked for text in _texts_of(name, line)):
                raise BlockedContentError(f"{slug}/{name}:{number}")


_NO_WORDS = ("id", "label", "labels", "pair", "slices", "language", "subject", "status", "annotations")
"""Fields of a case that name and sort: an erased word may stand in them by right."""


def _texts_of(name: str, line: str) -> Iterator[str]:
    """The line, and every text that stands in it where it is a case."""
    yield line
    if name.endswith(".jsonl"):
        try:
            case = json.loads(line)
        except (ValueError, RecursionError):
            return
        if isinstance(case, dict):
            case = {key: value for key, value in case.items() if key not in _NO_WORDS}
        waiting = [case]
        while waiting:
            value = waiting.pop()
            if isinstance(value, str):
                yield value
            elif isinstance(value, dict):
                waiting += value.values()
            elif isinstance(value, list):
                waiting += value
