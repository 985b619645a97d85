"""Made-up facts for tests of the rules: ids, releases, revisions, charters, keys. Real in shape only."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from typing import Any

from governance.authority import MAIN, tag_of
from governance.commons import Commons
from governance.payloads import CharterText, Endpoint, Move, PolicyChange, Release, Revision
from governance.proposals.line import standing_content
from policies.versions import Change, next_version

START = 1_767_225_600
"""2026-01-01 00:00 UTC."""
HOUR = 3_600
DAY = 24 * HOUR


def oid(number: int) -> str:
    """A made-up Git id."""
    return f"{number:040x}"


def sha(number: int) -> str:
    """A made-up SHA-256."""
    return f"{number:064x}"


def named_oid(*words: object) -> str:
    """A Git id that follows from these words."""
    return hashlib.sha256(" ".join(map(str, words)).encode()).hexdigest()[:40]


def public_key(name: str) -> str:
    """A public key in shape: what somebody of this name would register."""
    kind = b"ssh-ed25519"
    body = hashlib.sha256(name.encode()).digest()
    blob = len(kind).to_bytes(4, "big") + kind + len(body).to_bytes(4, "big") + body
    return base64.b64encode(blob).decode()


def endpoint(cases: int = 100, *, mended: int = 0, broken: int = 0, judgement: str = "pass") -> Endpoint:
    """One way of being wrong."""
    return Endpoint(cases=cases, mended=mended, broken=broken, judgement=judgement)


class Made:
    """Makes facts about a commons; ids are counted up, so that the same steps give the same ones."""

    state: Commons

    def __init__(self) -> None:
        self._ids = 1_000

    def oid(self) -> str:
        """A Git id that was not used yet."""
        self._ids += 1
        return oid(self._ids)

    def sha(self) -> str:
        """A SHA-256 that was not used yet."""
        self._ids += 1
        return sha(self._ids)

    def charter(self, preset: str, overrides: Mapping[str, Any] | None = None) -> CharterText:
        """A charter's facts."""
        return CharterText(blob=self.oid(), preset=preset, overrides=dict(overrides or {}))

    def release(self, slug: str, version: str, content: str | None = None) -> Release:
        """A release's facts."""
        return Release(
            slug=slug,
            version=version,
            content=content or self.sha(),
            folder=self.sha(),
            commit=self.oid(),
            tag=self.oid(),
        )

    def change(self, slug: str = "spam", *touches: str, head: str | None = None) -> PolicyChange:
        """A change of what main holds now; by default one of labels and wording."""
        base = standing_content(self.state, slug)
        return PolicyChange(
            slug=slug,
            base=base,
            head=head or self.sha(),
            touches=("created",) if base is None else touches or ("labels", "wording"),
            declared="first" if base is None else "minor",
        )

    def revision(self, *changes: PolicyChange, charter: CharterText | None = None) -> Revision:
        """A revision with these changes."""
        return Revision(head=self.oid(), base=self.state.refs[MAIN], changes=changes, charter=charter)

    def next_release(self, change: PolicyChange, commit: str) -> Release:
        """The release that brings a change into force."""
        policy = self.state.policies.get(change.slug)
        number = next_version(policy.latest.version, Change(change.declared)) if policy else "1.0.0"
        return _standing_on(self.release(change.slug, number, change.head), commit)

    def release_moves(self, releases: tuple[Release, ...], commit: str) -> tuple[Move, ...]:
        """Main and the tags, moved to these releases."""
        main = Move(ref=MAIN, old=self.state.refs[MAIN], new=commit)
        return (main, *(Move(ref=tag_of(release), old=None, new=release.tag) for release in releases))


def _standing_on(release: Release, commit: str) -> Release:
    return Release(
        slug=release.slug,
        version=release.version,
        content=release.content,
        folder=release.folder,
        commit=commit,
        tag=release.tag,
    )
