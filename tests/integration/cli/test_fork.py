"""`commons fork` and `sync`: a policy of one's own, and what its origin changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry.cli.exit_codes import ExitCode
from tests.support.commandline import Command

OLD = "Check the labels from the top severity down."


@pytest.fixture
def forked(commons: Command) -> Command:
    assert commons("fork", "demo.git", "spam", "--to", "mine").code == 0
    return commons


def _edit(folder: str, old: str, new: str) -> None:
    path = Path(folder, "policy.md")
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_a_fork_says_what_it_began_from(forked: Command) -> None:
    """The bytes of the release with one key more; it is a policy like any other, and says so in credits."""
    text = Path("mine/policy.md").read_text("utf-8")
    assert "upstream: {policy: demo/spam, version: 1.0.0, commit: " in text
    assert text.replace(text[text.index("upstream:") : text.index("---", 4)], "") == Path(
        "spam/policy.md"
    ).read_text("utf-8")
    assert forked("lint", "mine").code == 0
    assert "Made from: demo/spam@1.0.0" in forked("credits", "mine").out
    taken = forked("fork", "demo.git", "spam", "--to", "mine")
    assert (taken.code, "something is there already" in taken.err) == (ExitCode.WRONG_INPUT, True)


def test_changes_of_the_origin_come_over(forked: Command) -> None:
    """What both sides changed in different places stands together, from then on on the new release."""
    _edit("mine", "title: Spam", "title: Our spam")
    _edit("spam", OLD, "Go from the top.")
    assert forked("publish", "demo.git", "spam").code == 0
    dry = forked("sync", "mine", "--registry", "demo.git", "--dry-run")
    assert (dry.code, "would take over 1 change of demo/spam@1.0.1" in dry.out) == (0, True)
    assert OLD in Path("mine/policy.md").read_text("utf-8")
    said = forked("sync", "mine", "--registry", "demo.git", "--json").document
    assert (said["written"], said["ahead"], said["taken"]) == (True, True, 1)
    text = Path("mine/policy.md").read_text("utf-8")
    assert "title: Our spam" in text
    assert "Go from the top." in text
    assert "version: 1.0.1, commit: " in text
    assert "has all of demo/spam@1.0.1" in forked("sync", "mine", "--registry", "demo.git").out


def test_a_conflict_waits_for_a_decision(forked: Command) -> None:
    """Nothing is written while one is open; each is shown with all three sides, and decided by its number."""
    _edit("mine", OLD, "Look at all labels.")
    _edit("spam", OLD, "Go from the top.")
    assert forked("publish", "demo.git", "spam").code == 0
    before = Path("mine/policy.md").read_bytes()
    said = forked("sync", "mine", "--registry", "demo.git")
    assert said.code == ExitCode.CHECK_FAILED
    assert "ours: " in said.out
    assert "nothing was written" in said.out
    assert Path("mine/policy.md").read_bytes() == before
    assert forked("sync", "mine", "--registry", "demo.git", "--theirs", "1").code == 0
    assert "Go from the top." in Path("mine/policy.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--ours", "one"), "neither"),
        (("--ours", "1", "--theirs", "1"), "both"),
        (("--to", "9.0.0"), "9.0.0"),
    ],
)
def test_what_cannot_be_meant_is_refused(forked: Command, words: tuple[str, ...], said: str) -> None:
    """A number that is none, one on both sides, a release that is not there."""
    answer = forked("sync", "mine", "--registry", "demo.git", *words)
    assert answer.code in (ExitCode.WRONG_INPUT, ExitCode.NOT_FOUND)
    assert said in " ".join(answer.err.split())


def test_a_folder_that_is_no_fork(commons: Command) -> None:
    """It does not say where it came from, and is told how."""
    said = commons("sync", "spam", "--registry", "demo.git")
    assert (said.code, "commons fork" in said.err) == (ExitCode.WRONG_INPUT, True)


def test_a_fork_goes_back_as_a_proposal(forked: Command) -> None:
    """What it says of its origin stays behind when the proposal comes into force."""
    for handle in ("bo", "cleo"):
        assert forked("member", "invite", "demo.git", handle).code == 0
        assert forked("member", "join", "demo.git", handle).code == 0
    assert forked("charter", "amend", "demo.git", "--preset", "circle@1").code == 0
    _edit("mine", OLD, "Go from the top.")
    Path("mine").rename("fork")
    Path("spam").rename("former")
    Path("fork").rename("spam")
    said = forked("propose", "demo.git", "spam", "--title", "From the top", "--as", "bo", "--json")
    assert said.code == 0, said.err
    for handle in ("ana", "cleo"):
        assert forked("review", "demo.git", "1", "--approve", "--as", handle).code == 0
    shown = forked("explain", "demo.git", "1", "--json").document
    assert shown["stage"] == "enacted"
    assert forked("pull", "demo.git", "spam", "--to", "released").code == 0
    text = Path("released/policy.md").read_text("utf-8")
    assert "upstream" not in text
    assert "Go from the top." in text
    assert "version: 1.0.1" in text
