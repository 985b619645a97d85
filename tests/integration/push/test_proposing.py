"""The good path: what is pushed becomes a proposal, and what is pushed again its next revision."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from governance.proposals.state import Proposal
from registry.services.opening import open_commons
from registry.services.publish import publish
from registry.services.verify import verify
from tests.integration.push.conftest import STRANGER, Roost
from tests.support.pushing import NAME, Clone, run_git

POLICY = "policies/scams/policy.md"
CHARTER = "governance/charter.toml"
GOAL = b"# Goal\n"
CARE = GOAL + b"Decide with care.\n"


def proposal(roost: Roost, number: int = 1) -> Proposal:
    return roost.state().proposals[number]


def careful(roost: Roost, handle: str = "bo", *options: str) -> Clone:
    """A clone with a commit that changes a policy a little."""
    clone = roost.clone(handle, *options)
    clone.replace(POLICY, GOAL, CARE)
    clone.commit()
    return clone


def test_push_opens_a_proposal(roost: Roost) -> None:
    """Its author is whose token it was; git shows its number, address, stage and what comes next."""
    pushed = careful(roost).push("-o", "title=Decide with care", "-o", "reason=It helps")
    assert pushed.code == 0
    opened = proposal(roost)
    assert (opened.author, opened.slugs, opened.stage) == ("bo", ("scams",), "review")
    for words in (
        "remote: Proposal 1 was opened: Decide with care",
        f"remote:   {roost.base}/{NAME}/proposals/1 ",
        "remote: It is in review.",
        "remote: It goes into its final comment period once all of this holds:",
        "0 of 1 approval by people without a stake in it.",
        "* [new reference]   HEAD -> refs/proposals/1/head",
    ):
        assert words in pushed.said


def test_proposal_holds_exactly_what_was_pushed(roost: Roost) -> None:
    """The files of the commit, on top of main as it stands, in a commit of the registry's own."""
    clone = careful(roost)
    clone.push("-o", "title=Decide with care")
    clone.git("fetch", "-q", "origin", "refs/proposals/1/head")
    assert clone.git("diff", "HEAD", "FETCH_HEAD") == ""
    assert clone.git("rev-parse", "FETCH_HEAD^").strip() == clone.git("rev-parse", "origin/main").strip()
    assert clone.git("log", "-1", "--format=%an <%ae>", "FETCH_HEAD").strip() == "bo <bo@invalid>"


def test_fresh_mirror_agrees(roost: Roost, tmp_path: Path) -> None:
    """`commons verify` finds nothing wrong in a mirror clone that was made after a push and a revision."""
    clone = careful(roost)
    clone.push("-o", "title=Decide with care")
    clone.replace(POLICY, CARE, CARE + b"And calmly.\n")
    clone.commit()
    clone.push()
    mirror = tmp_path / "mirror.git"
    assert run_git("clone", "-q", "--mirror", f"{roost.base}/{NAME}.git", str(mirror)).returncode == 0
    with open_commons(mirror) as repository:
        assert verify(repository).failure is None
        assert len(repository.state().proposals[1].revisions) == 2


@pytest.mark.parametrize(
    "options",
    [("title=Decide with care",), ("topic=Decide with care",), ("topic=1",), ()],
    ids=["same title", "topic by title", "topic by number", "neither"],
)
def test_second_push_is_a_new_revision(roost: Roost, options: tuple[str, ...]) -> None:
    """By its title, by a topic, or by what it changes, where nothing was said."""
    clone = careful(roost)
    clone.push("-o", "title=Decide with care")
    first = proposal(roost)
    clone.replace(POLICY, CARE, CARE + b"And calmly.\n")
    clone.commit()
    pushed = clone.push(*(word for option in options for word in ("-o", option)))
    assert "Proposal 1 was revised, revision 2: Decide with care" in pushed.said
    revised = proposal(roost)
    assert (roost.state().proposed, len(revised.revisions)) == (1, 2)
    assert revised.content != first.content


def test_push_sent_twice_counts_once(roost: Roost) -> None:
    """Whoever lost the answer pushes again and is told what became of it; nothing is recorded."""
    clone = careful(roost)
    clone.push("-o", "title=Decide with care")
    before = roost.state().seq
    again = clone.push("-o", "title=Decide with care")
    assert again.code == 0
    assert "Proposal 1 says exactly this already: Decide with care" in again.said
    assert roost.state().seq == before


def test_other_title_is_another_proposal(roost: Roost) -> None:
    """One author may have two proposals to the same policy open."""
    clone = careful(roost)
    clone.push("-o", "title=Decide with care")
    clone.replace(POLICY, CARE, CARE + b"And calmly.\n")
    clone.commit()
    assert "Proposal 2 was opened: Calm" in clone.push("-o", "title=Calm").said
    refused = clone.push()
    assert refused.code == 1
    assert "option title: a proposal has a title." in refused.said
    assert "-o topic=NUMBER` (1: Decide with care; 2: Calm)" in refused.said


def test_topic_of_somebody_else_is_refused(roost: Roost) -> None:
    """A number that is somebody else's is theirs, and a title of theirs opens a proposal of one's own."""
    careful(roost).push("-o", "title=Decide with care")
    clone = careful(roost, "cy")
    refused = clone.push("-o", "topic=1")
    assert refused.code == 1
    assert "cy is neither the author of proposal 1 nor stands behind it." in refused.said
    assert "Proposal 2 was opened" in clone.push("-o", "title=Decide with care").said
    assert "proposal 7: not open in this commons." in clone.push("-o", "topic=7").said


def test_new_policy_and_charter_are_proposed(roost: Roost, scams: dict[str, bytes]) -> None:
    """A folder that main lacks, and another charter; what main has else is left alone."""
    clone = roost.clone("bo")
    for name, data in scams.items():
        clone.write(f"policies/frauds/{name}", data.replace(b"title: Scams and fraud", b"title: Frauds"))
    clone.commit()
    assert clone.push("-o", "title=A policy on frauds").code == 0
    assert proposal(roost).slugs == ("frauds",)
    clone.git("reset", "-q", "--hard", "origin/main")
    text = (clone.folder / CHARTER).read_bytes()
    clone.write(CHARTER, text + b"\n# For friends.\n")
    clone.commit()
    pushed = clone.push("-o", "title=Say whom it is for")
    assert pushed.code == 0, pushed.said
    revision = proposal(roost, 2).revision
    assert revision is not None
    assert (revision.charter is not None, revision.changes) == (True, ())


def test_declared_kind_is_kept(roost: Roost) -> None:
    """`-o declared=` says which kind of version it is to be; too small a one is refused."""
    clone = careful(roost)
    assert clone.push("-o", "title=Care", "-o", "declared=major").code == 0
    revision = proposal(roost).revision
    assert revision is not None
    assert [change.declared for change in revision.changes] == ["major"]
    clone.replace(POLICY, b"title: No scam", b"title: Nothing wrong")
    clone.commit()
    refused = clone.push("-o", "title=Other", "-o", "declared=patch")
    assert (
        "declared patch, but sections or cases were added, removed or relabelled: declare at least"
        in refused.said
    )
    assert "this is no kind of version." in clone.push("-o", "title=Other", "-o", "declared=huge").said


def test_owner_has_it_in_force_at_once(alone: Roost) -> None:
    """Where one person decides, a push is a release, and git is told so."""
    pushed = careful(alone, "ana").push("-o", "title=Decide with care")
    assert (pushed.code, alone.state().policies["scams"].latest.version) == (0, "1.0.1")
    assert "It is in force." in pushed.said
    assert "Fetch to have what became of it." in pushed.said


def test_what_main_got_meanwhile_is_left_alone(alone: Roost, scams: dict[str, bytes]) -> None:
    """A clone from before a release elsewhere proposes its own change and nothing back."""
    clone = careful(alone, "bo")
    with alone.opened() as repository:
        publish(repository, "frauds", scams, actor="ana")
    assert clone.push("-o", "title=Decide with care").code == 0
    assert proposal(alone).slugs == ("scams",)


def test_main_that_moved_below_is_not_taken_back(alone: Roost, scams: dict[str, bytes]) -> None:
    """Where main changed the same policy meanwhile, the push is refused until it builds on that."""
    clone = careful(alone, "bo")
    kinder = scams["policy.md"].replace(GOAL, GOAL + b"Be kind.\n")
    with alone.opened() as repository:
        publish(repository, "scams", {**scams, "policy.md": kinder}, actor="ana")
    refused = clone.push("-o", "title=Decide with care")
    assert "policies/scams: main has changed here since you branched off." in refused.said
    assert "git pull --rebase origin main" in refused.said
    clone.git("reset", "-q", "--hard", "HEAD^")
    clone.git("pull", "-q", "--rebase", "origin", "main")
    clone.replace(POLICY, b"Be kind.\n", b"Be kind.\nDecide with care.\n")
    clone.commit()
    assert clone.push("-o", "title=Decide with care").code == 0


def test_shallow_clone_can_propose(roost: Roost) -> None:
    """A clone of the last commit alone is enough."""
    assert careful(roost, "bo", "--depth=1").push("-o", "title=Decide with care").code == 0


def test_partial_clone_can_propose(roost: Roost) -> None:
    """A clone that left the files out is enough."""
    clone = careful(roost, "bo", "--filter=blob:none")
    assert clone.push("-o", "title=Decide with care").code == 0


@pytest.mark.parametrize("version", ["0", "1", "2"])
def test_every_version_of_the_protocol(roost: Roost, version: str) -> None:
    """Whatever git asks for, it is understood."""
    clone = careful(roost)
    clone.git("config", "protocol.version", version)
    assert clone.push("-o", "title=Decide with care").code == 0


def test_large_push_in_chunks(roost: Roost) -> None:
    """git sends what is larger than its buffer in chunks, and asks first with an empty push."""
    clone = careful(roost)
    clone.git("config", "http.postBuffer", "1000")
    assert clone.push("-o", "title=Decide with care").code == 0
    assert roost.state().proposed == 1


def test_stranger_proposes_as_the_charter_says(roost: Roost) -> None:
    """Whoever is no member may propose, and is told that a member has to stand behind it."""
    pushed = careful(roost, STRANGER).push("-o", "title=Decide with care")
    assert pushed.code == 0
    assert "No member stands behind it." in pushed.said
    assert (proposal(roost).author, proposal(roost).sponsor) == (STRANGER, None)


def test_rules_have_the_last_word(roost: Roost) -> None:
    """Whoever has as many proposals open as the charter lets a stranger have is refused in its words."""
    clone = careful(roost, STRANGER)
    said = ""
    for number in range(12):
        pushed = clone.push("-o", f"title=Proposal {number}")
        if pushed.code:
            said = pushed.said
            break
    assert "dora" in said
    assert roost.state().proposed == number


def test_eight_push_at_once(roost: Roost) -> None:
    """Each is accepted exactly once."""
    token = roost.token("bo")
    clones = [roost.clone("bo", token=token) for _ in range(8)]
    for number, clone in enumerate(clones):
        clone.replace(POLICY, GOAL, GOAL + f"Decide with care, {number} times.\n".encode())
        clone.commit()

    def push(number: int) -> int:
        return clones[number].push("-o", f"title=Care {number}").code

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(push, range(8))) == [0] * 8
    state = roost.state()
    assert (state.proposed, len(state.proposals)) == (8, 8)
    assert len({one.content for one in state.proposals.values()}) == 8


def test_same_push_twice_at_once_is_one_proposal(roost: Roost) -> None:
    """A client that tries again before the first answer came opens nothing twice."""
    clone = careful(roost)
    with ThreadPoolExecutor(4) as threads:
        pushed = list(threads.map(lambda _: clone.push("-o", "title=Decide with care"), range(4)))
    assert [one.code for one in pushed] == [0] * 4
    assert roost.state().proposed == 1
