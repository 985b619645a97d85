"""Reads what is searched of a policy: its front matter and its text, many policies in one pass. Reads Git."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from governance.payloads import Release
from policies.folder import POLICY_FILE
from policies.front_matter import read_front_matter
from policies.model import Meta
from registry.store.errors import StoreError
from registry.store.objects import decode_tree
from registry.store.reader import Reader
from registry.store.refs import POLICIES_DIR

AT_ONCE = 500
"""Policies whose files are held in memory together."""


class PolicyText(NamedTuple):
    """A release as it is put into the index. A file that cannot be read leaves `meta` empty and says why."""

    release: Release
    meta: Meta
    body: str
    trouble: str | None = None


def policy_texts(reader: Reader, releases: Sequence[Release]) -> Iterator[PolicyText]:
    """Each release's front matter and text, attachments that the model reads included, in order.

    A release whose objects are missing is given with its trouble: one damaged policy must not keep a
    commons out of the index.
    """
    for start in range(0, len(releases), AT_ONCE):
        part = releases[start : start + AT_ONCE]
        blobs = _files(reader, part)
        for release in part:
            yield _text(release, blobs.get(release.commit + release.slug, {}))


def _files(reader: Reader, releases: Sequence[Release]) -> dict[str, dict[str, bytes]]:
    """The Markdown files of each release; releases of one commit share the look at its folders."""
    by_commit: defaultdict[str, list[Release]] = defaultdict(list)
    for release in releases:
        by_commit[release.commit].append(release)
    folders: dict[str, str] = {}
    for commit, inside in by_commit.items():
        try:
            entry = reader.entry(reader.commit(commit).tree, POLICIES_DIR)
            slugs = reader.entries(entry.oid) if entry else {}
        except StoreError:
            continue
        for release in inside:
            if release.slug in slugs:
                folders[commit + release.slug] = slugs[release.slug].oid
    return _read(reader, folders)


def _read(reader: Reader, folders: dict[str, str]) -> dict[str, dict[str, bytes]]:
    trees = dict(zip(folders, _objects(reader, list(folders.values())), strict=True))
    wanted = [
        (key, line.name, line.oid)
        for key, tree in trees.items()
        if tree is not None
        for line in decode_tree(tree)
        if line.name.endswith(".md")
    ]
    contents = _objects(reader, [oid for _, _, oid in wanted])
    found: dict[str, dict[str, bytes]] = defaultdict(dict)
    for (key, name, _), content in zip(wanted, contents, strict=True):
        if content is not None:
            found[key][name] = content
    return found


def _objects(reader: Reader, oids: Sequence[str]) -> list[bytes | None]:
    """Their bytes in one pass; one by one, with None for those missing, when the pass breaks off."""
    try:
        return [stored.data for stored in reader.read_many(oids)]
    except StoreError:
        return [_object(reader, oid) for oid in oids]


def _object(reader: Reader, oid: str) -> bytes | None:
    try:
        return reader.read(oid).data
    except StoreError:
        return None


def _text(release: Release, files: dict[str, bytes]) -> PolicyText:
    raw = files.get(POLICY_FILE)
    if raw is None:
        return PolicyText(release, Meta(title=release.slug), "", "its policy.md is missing")
    front = read_front_matter(raw, POLICY_FILE)
    annexes = [
        files[annex.file].decode("utf-8", "replace")
        for annex in front.meta.attachments
        if annex.in_prompt and annex.file in files
    ]
    return PolicyText(release, front.meta, "\n".join([front.body, *annexes]))
