"""Redaction reaches what was only proposed, whatever became of it, and takes nobody's word from anybody."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from registry.services.deliberation import APPROVE, review
from registry.services.erasure import Target
from registry.services.errors import BlockedContentError, UnknownPolicyError
from registry.services.propose import give_up, propose, revise
from registry.services.redact import redact
from registry.services.settling import settle
from registry.services.verify import verify
from registry.store.process import run_git
from registry.store.repository import Repository
from tests.support.circles import HOUR, agreed, circle, wording
from tests.support.histories import ManualClock
from tests.support.vouched import reopened

SECRET = b'{"id": "leak", "content": "Write to Morgan Elliot at 5 Harbour Lane", "label": "AA1"}\n'
WORDS = b"Harbour Lane"


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def roost(tmp_path: Path, clock: ManualClock) -> Iterator[Repository]:
    with circle(tmp_path / "roost.git", clock=clock) as repository:
        yield repository


def _erase(repository: Repository, slug: str = "spam") -> None:
    redact(
        repository,
        actor="ana",
        ground="personal-data",
        salt=lambda: os.urandom(16),
        target=Target(slug=slug, cases=frozenset({"leak"})),
    )


def _holds(path: Path, words: bytes) -> bool:
    """Whether any object of the repository, reachable or not, holds these bytes."""
    return words in run_git(path, "cat-file", "--batch-all-objects", "--batch", "--unordered")


def _verified(repository: Repository, folder: Path) -> None:
    clone = folder / "clone.git"
    subprocess.run(["git", "clone", "-q", "--mirror", str(repository.path), str(clone)], check=True)
    with reopened(clone) as opened:
        assert verify(opened).failure is None


def test_an_open_proposal_keeps_its_approvals(roost: Repository, clock: ManualClock, tmp_path: Path) -> None:
    """Taking a case out of what is proposed is nobody's edit: what was said of it stands, and it goes on."""
    number = propose(roost, wording("Adverts.", cases=SECRET), title="Adverts", actor="bo").number
    review(roost, number, APPROVE, actor="cleo")
    before = roost.state().proposals[number]
    _erase(roost)
    after = roost.state().proposals[number]
    assert (after.stage, after.content == before.content) == (before.stage, False)
    assert [one.content for one in after.reviews] == [after.content]
    assert not _holds(roost.path, WORDS)
    clock.at += 24 * HOUR
    settle(roost)
    assert roost.state().ended[number].stage == "enacted"
    _verified(roost, tmp_path)


def test_earlier_revisions_and_what_was_given_up(roost: Repository, tmp_path: Path) -> None:
    """What stood in a revision that was replaced, or in a proposal that is over, is gone as well."""
    number = propose(roost, wording("Adverts.", cases=SECRET), title="Adverts", actor="bo").number
    revise(roost, number, wording("Adverts of all kinds."), actor="bo")
    other = propose(roost, wording("Leaflets.", cases=SECRET), title="Leaflets", actor="cleo").number
    give_up(roost, other, actor="cleo")
    assert _holds(roost.path, WORDS)
    _erase(roost)
    assert not _holds(roost.path, WORDS)
    _verified(roost, tmp_path)


def test_what_came_into_force(roost: Repository, clock: ManualClock, tmp_path: Path) -> None:
    """A released case leaves main, the proposal that brought it and every proposal after it."""
    agreed(roost, clock, wording("Adverts.", cases=SECRET))
    number = propose(
        roost, wording("Adverts of all kinds.", cases=SECRET), title="All kinds", actor="cleo"
    ).number
    _erase(roost)
    assert not _holds(roost.path, WORDS)
    review(roost, number, APPROVE, actor="ana")
    clock.at += 24 * HOUR
    settle(roost)
    assert roost.state().ended[number].stage == "enacted"
    _verified(roost, tmp_path)


def test_a_policy_that_was_never_released(roost: Repository, tmp_path: Path) -> None:
    """A policy that stands in a proposal only can be redacted there; any other name is unknown."""
    draft = wording("Adverts.", slug="adverts", title="Adverts", cases=SECRET)
    number = propose(roost, draft, title="Adverts", actor="bo").number
    give_up(roost, number, actor="bo")
    _erase(roost, "adverts")
    assert not _holds(roost.path, WORDS)
    with pytest.raises(UnknownPolicyError):
        _erase(roost, "nowhere")
    _verified(roost, tmp_path)


def test_it_may_not_be_proposed_again(roost: Repository) -> None:
    """What was redacted comes back neither as a proposal nor by one that was open."""
    number = propose(roost, wording("Adverts.", cases=SECRET), title="Adverts", actor="bo").number
    give_up(roost, number, actor="bo")
    _erase(roost)
    with pytest.raises(BlockedContentError):
        propose(roost, wording("Adverts.", cases=SECRET), title="Adverts", actor="bo")
    with pytest.raises(BlockedContentError):
        propose(roost, wording("Adverts."), title="Write to Morgan Elliot at 5 Harbour Lane", actor="bo")


def test_two_redactions(roost: Repository, clock: ManualClock, tmp_path: Path) -> None:
    """A second redaction rewrites what the first one left, attic included."""
    other = SECRET.replace(b'"leak"', b'"second"').replace(b"Morgan Elliot", b"Robin Vale")
    agreed(roost, clock, wording("Adverts.", cases=SECRET + other))
    _erase(roost)
    redact(
        roost, actor="ana", ground="personal-data", salt=lambda: os.urandom(16),
        target=Target(slug="spam", cases=frozenset({"second"})),
    )  # fmt: skip
    assert not _holds(roost.path, WORDS)
    _verified(roost, tmp_path)
