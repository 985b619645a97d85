"""A small community in a real repository: ana founded it, and bo and cleo are in it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from governance.charter.first_file import first_file
from registry.services.amend import amend_charter
from registry.services.deliberation import APPROVE, review
from registry.services.found import found
from registry.services.membership import invite, join
from registry.services.propose import propose
from registry.services.publish import publish
from registry.services.revisions import Draft
from registry.services.settling import settle
from registry.store.repository import Repository
from tests.support.histories import ManualClock, policy_files

HOUR = 3_600


def circle(
    path: Path,
    *,
    clock: ManualClock,
    overrides: dict[bytes, bytes] | None = None,
    files: Mapping[str, bytes] | None = None,
) -> Repository:
    """The commons `roost` under `circle@1` with spam 1.0.0; `overrides` replace lines of its charter.

    `files` are that policy's, where a test needs more than a few cases.
    """
    repository = found(path, founder="ana", name="roost", clock=clock)
    publish(repository, "spam", files or policy_files("Spam"), actor="ana")
    for handle in ("bo", "cleo"):
        invite(repository, handle, actor="ana")
        join(repository, actor=handle)
    raw = first_file("circle@1")
    for old, new in (overrides or {}).items():
        assert old in raw
        raw = raw.replace(old, new)
    amend_charter(repository, raw, actor="ana")
    return repository


def wording(text: str, *, slug: str = "spam", title: str = "Spam", cases: bytes = b"") -> Draft:
    """A draft that changes how a policy words its one violating label, and adds cases."""
    files = policy_files(title, text)
    files["cases.jsonl"] += cases
    return Draft(folders={slug: files})


def agreed(
    repository: Repository, clock: ManualClock, draft: Draft, *, author: str = "bo", reviewer: str = "cleo"
) -> int:
    """A proposal that is approved, that nobody objects to, and that is in force a day later; its number."""
    number = propose(repository, draft, title="A change", actor=author).number
    review(repository, number, APPROVE, actor=reviewer)
    clock.at += 24 * HOUR
    settle(repository)
    return number
