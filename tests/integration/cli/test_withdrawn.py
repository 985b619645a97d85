"""A withdrawn release is told to those who locked it, and passed over by those who take the newest."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.commandline import Command


@pytest.fixture
def withdrawn(commons: Command, edited: Path, tmp_path: Path) -> Command:
    """`demo.git` with spam 1.0.0 and 1.0.1, of which the second is withdrawn in an emergency."""
    assert commons("publish", "demo.git", edited).code == 0
    assert commons("pull", "demo.git", "spam@1.0.1", "--to", "taken").code == 0
    said = commons("emergency", "demo.git", "spam@1.0.1", "--reason", "It flags calls for help.", "--json")
    assert said.document["withdrawn"]
    return commons


def test_those_who_locked_it_are_told(withdrawn: Command) -> None:
    """`outdated` exits 1 and says why, until when, and which release is the newest that counts."""
    said = withdrawn("outdated")
    assert said.code == 1
    assert "Withdrawn, in an emergency until" in said.out
    assert "It flags calls for help." in said.out
    row = withdrawn("outdated", "--json").document["policies"][0]
    assert (row["version"], row["newest"]) == ("1.0.1", "1.0.0")
    assert row["withdrawn"]["reason"] == "It flags calls for help."


def test_an_old_pin_still_resolves(withdrawn: Command) -> None:
    """What was pinned can be taken, with a notice; without a version the one before it is."""
    pinned = withdrawn("pull", "demo.git", "spam@1.0.1", "--to", "taken", "--json").document
    assert (pinned["version"], "is withdrawn" in pinned["notice"]) == ("1.0.1", True)
    newest = withdrawn(
        "pull", "demo.git", "spam", "--to", "newest", "--lock", "other.lock", "--json"
    ).document
    assert (newest["version"], newest["notice"]) == ("1.0.0", "")


def test_a_release_that_ends_it(withdrawn: Command, edited: Path) -> None:
    """Once there is a newer release, `upgrade` moves to it as ever."""
    path = edited / "policy.md"
    path.write_text(path.read_text("utf-8") + "\n- A call for help is never promotion.\n", "utf-8")
    assert withdrawn("publish", "demo.git", edited).code == 0
    assert withdrawn("upgrade").code == 0
    assert withdrawn("outdated", "--json").document["policies"][0]["version"] == "1.0.2"
    assert withdrawn("outdated").code == 0
