"""`pull`, `lock`, `credits`: a project that uses policies of a commons."""

from __future__ import annotations

from pathlib import Path

import pytest

from policies.digest import folder_digest
from registry.services.folders import read_policy_folder
from tests.support.commandline import Command


@pytest.fixture
def project(commons: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder beside the commons, made the current one."""
    path = tmp_path / "project"
    path.mkdir()
    monkeypatch.chdir(path)
    return path


def test_a_pulled_policy_is_the_release_and_is_locked(commons: Command, project: Path) -> None:
    """The files give the digest that the lock states, and checking finds nothing."""
    made = commons("pull", "../demo.git", "spam@1.0.0", "--json").document
    assert folder_digest(read_policy_folder(project / "spam").files) == made["folder_digest"]
    assert (made["address"], made["repository"], made["folder"]) == ("demo/spam@1.0.0", "../demo.git", "spam")
    assert sorted(path.name for path in project.iterdir()) == ["commons.lock", "spam"]
    assert commons("lock", "--check").code == 0


def test_a_changed_or_missing_folder_fails_the_check(commons: Command, project: Path) -> None:
    """One byte more, and a folder that is gone, are told with the folder's name, and exit 1."""
    commons("pull", "../demo.git", "spam")
    commons("pull", "../demo.git", "spam", "--to", "policies/copy")
    with (project / "spam" / "policy.md").open("a") as file:
        file.write("\n")
    (project / "policies" / "copy").rename(project / "elsewhere")
    said = commons("lock", "--check", "--json")
    assert (said.code, said.document["ok"]) == (1, False)
    assert {item["folder"]: item["state"] for item in said.document["policies"]} == {
        "spam": "changed",
        "policies/copy": "missing",
    }


def test_a_newer_release_is_only_told(commons: Command, project: Path, edited: Path) -> None:
    """The lock stays good when the commons goes on; pulling again takes the newer one."""
    commons("pull", "../demo.git", "spam")
    commons("publish", "../demo.git", edited)
    said = commons("lock", "--check", "--json")
    assert (said.code, said.document["policies"][0]["newer"]) == (0, "1.0.1")
    assert commons("pull", "../demo.git", "spam", "--json").document["address"] == "demo/spam@1.0.1"


def test_own_changes_are_never_pulled_over(commons: Command, project: Path, edited: Path) -> None:
    """A folder with changes of its own is refused as it is, and given up only by force."""
    commons("pull", "../demo.git", "spam")
    path = project / "spam" / "policy.md"
    path.write_text(path.read_text("utf-8") + "Mine.\n", "utf-8")
    commons("publish", "../demo.git", edited)
    said = commons("pull", "../demo.git", "spam", "--json")
    assert (said.code, said.error["kind"]) == (3, "changed-folder")
    assert path.read_text("utf-8").endswith("Mine.\n")
    assert commons("pull", "../demo.git", "spam", "--force").code == 0
    assert not path.read_text("utf-8").endswith("Mine.\n")


def test_a_lock_is_made_again_from_the_folders(commons: Command, project: Path) -> None:
    """A lost lock comes back equal, and a folder that is no release cannot be locked."""
    commons("pull", "../demo.git", "spam")
    before = (project / "commons.lock").read_bytes()
    (project / "commons.lock").unlink()
    assert commons("lock", "--check").code == 2
    assert commons("lock", "../demo.git", "spam").code == 0
    assert (project / "commons.lock").read_bytes() == before
    (project / "spam" / "cases.jsonl").write_bytes(b"")
    assert commons("lock", "../demo.git", "spam").code == 2


def test_a_check_needs_no_commons(commons: Command, project: Path, tmp_path: Path) -> None:
    """With the commons out of reach the digests still decide; that nothing is known of news is told."""
    commons("pull", "../demo.git", "spam")
    (tmp_path / "demo.git").rename(tmp_path / "moved.git")
    said = commons("lock", "--check", "--json")
    assert (said.code, said.document["ok"]) == (0, True)
    assert said.document["policies"][0]["notice"].startswith("../demo.git could not be read")


def test_a_redacted_release_is_told_and_pulled_again(commons: Command, project: Path) -> None:
    """Whoever locked a release learns that parts of it were erased, and can take what is left."""
    commons("pull", "../demo.git", "spam")
    commons("redact", "../demo.git", "spam", "--case", "SP-003", "--ground", "mistake", "--yes")
    assert "redacted" in commons("lock", "--check", "--json").document["policies"][0]["notice"]
    assert commons("pull", "../demo.git", "spam").code == 0
    assert b"SP-003" not in (project / "spam" / "cases.jsonl").read_bytes()
    assert commons("lock", "--check", "--json").document["policies"][0]["notice"] == ""


def test_credits_are_the_same_from_lock_and_commons(commons: Command, project: Path) -> None:
    """A project credits what it locked, a commons what it holds; here that is one policy."""
    commons("pull", "../demo.git", "spam")
    locked, held = (
        commons("credits", ".", "--json").document,
        commons("credits", "../demo.git", "--json").document,
    )
    assert locked == held
    assert locked["policies"][0]["credits"] == [
        {"name": "Policy Commons contributors", "role": "author", "url": None}
    ]
    assert "- Licence of the text: CC-BY-4.0; of the cases: CC-BY-4.0" in commons("credits").out.splitlines()
