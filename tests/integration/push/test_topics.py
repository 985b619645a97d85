"""Which proposal a push means, also where two processes of one registry take it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from registry.accounts.place import PrivatePlace
from registry.services.opening import open_commons
from registry.services.verify import verify
from tests.integration.push.conftest import Roost
from tests.integration.web.conftest import running
from tests.support.people import account_settings
from tests.support.pushing import NAME, Clone, address, run_git

POLICY = "policies/scams/policy.md"
GOAL = b"# Goal\n"


def careful(roost: Roost, handle: str = "bo", text: bytes = b"Decide with care.\n") -> Clone:
    """A clone with a commit that changes a policy a little."""
    clone = roost.clone(handle)
    clone.replace(POLICY, GOAL, GOAL + text)
    clone.commit()
    return clone


def test_same_title_for_another_policy_is_another_proposal(roost: Roost, scams: dict[str, bytes]) -> None:
    """Many changes are called the same: none takes the place of what is about something else."""
    clone = careful(roost)
    clone.push("-o", "title=Fix a typo")
    clone.git("reset", "-q", "--hard", "origin/main")
    for name, data in scams.items():
        clone.write(f"policies/more-scams/{name}", data)
    clone.commit()
    assert "Proposal 2 was opened: Fix a typo" in clone.push("-o", "title=Fix a typo").said
    proposals = roost.state().proposals
    assert [(one.slugs, len(one.revisions)) for one in proposals.values()] == [
        (("scams",), 1),
        (("more-scams",), 1),
    ]


def test_topic_is_kept(roost: Roost, tmp_path: Path) -> None:
    """A word of one's own finds the proposal again under another title; Git does not tell the word."""
    clone = careful(roost)
    clone.push("-o", "title=Gift cards", "-o", "topic=gift-cards")
    for number, options in enumerate((("-o", "title=Vouchers"), ()), 2):
        clone.replace(POLICY, GOAL, GOAL + f"Read it {number} times.\n".encode())
        clone.commit()
        said = clone.push(*options, "-o", "topic=gift-cards").said
        assert f"Proposal 1 was revised, revision {number}: Gift cards" in said
    assert roost.state().proposed == 1
    mirror = tmp_path / "mirror.git"
    assert run_git("clone", "-q", "--mirror", f"{roost.base}/{NAME}.git", str(mirror)).returncode == 0
    with open_commons(mirror) as repository:
        assert verify(repository).failure is None
        head = repository.state().proposals[1].revisions[-1]
        assert b"gift-cards" not in repository.reader.read(head).data


def test_topic_is_of_its_author(roost: Roost) -> None:
    """Two people may use the same word for two proposals."""
    careful(roost, "bo").push("-o", "title=One", "-o", "topic=words")
    said = careful(roost, "cy", b"Decide slowly.\n").push("-o", "title=Two", "-o", "topic=words").said
    assert "Proposal 2 was opened: Two" in said


def test_two_processes_take_the_same_push_once(roost: Roost, tmp_path: Path) -> None:
    """A client whose push went to two processes of one registry has one proposal."""
    accounts = account_settings(PrivatePlace(path=tmp_path / "private.db"))
    clone, token = careful(roost), roost.token("bo")
    with running(tmp_path / "served", accounts=accounts) as other:
        remotes = [address(base, "bo", token) for base in (roost.base, other.base)] * 2
        with ThreadPoolExecutor(4) as threads:
            pushed = list(threads.map(lambda at: clone.push("-o", "title=One", remote=at), remotes))
    assert [one.code for one in pushed] == [0] * 4
    state = roost.state()
    assert (state.proposed, len(state.proposals[1].revisions)) == (1, 1)
