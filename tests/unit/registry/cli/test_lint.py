from __future__ import annotations

import shutil
from pathlib import Path

from tests.support.commandline import Command


def test_a_library_lints_clean(commons: Command, library: Path) -> None:
    """A folder of policy folders is linted whole, and says how many there were."""
    said = commons("lint", library, "--json")
    assert (said.code, said.document["ok"], said.document["errors"]) == (0, True, 0)
    assert [folder["slug"] for folder in said.document["folders"]] == sorted(
        path.parent.name for path in library.glob("*/policy.md")
    )


def test_findings_name_place_rule_and_fix(commons: Command, library: Path, tmp_path: Path) -> None:
    """Missing licences are errors with file and line, and the command exits 1."""
    shutil.copytree(library / "spam", tmp_path / "spam")
    path = tmp_path / "spam" / "policy.md"
    path.write_text(
        path.read_text("utf-8").replace("licenses: {text: CC-BY-4.0, cases: CC-BY-4.0}\n", ""), "utf-8"
    )
    said = commons("lint", "spam")
    assert said.code == 1
    assert said.out.startswith("spam/policy.md")
    assert "error P080" in said.out
    assert said.out.splitlines()[-1] == "1 policy: 2 errors."


def test_strict_counts_warnings(commons: Command, library: Path, tmp_path: Path) -> None:
    """With --strict a folder that has only warnings fails too."""
    shutil.copytree(library / "spam", tmp_path / "spam")
    path = tmp_path / "spam" / "policy.md"
    text = path.read_text("utf-8")
    path.write_text(text.replace("credits: [{", "credits: []\n# [{"), "utf-8")
    assert (commons("lint", "spam").code, commons("lint", "spam", "--strict").code) == (0, 1)


def test_what_is_no_policy_folder_is_refused(commons: Command, tmp_path: Path) -> None:
    """A folder without any policy.md and a path that is not there are wrong input, not clean."""
    (tmp_path / "empty").mkdir()
    assert [commons("lint", "empty").code, commons("lint", "nowhere").code] == [2, 2]


def test_a_policy_file_stands_for_its_folder(commons: Command, library: Path) -> None:
    """Naming policy.md itself lints the folder it is in."""
    assert commons("lint", library / "spam" / "policy.md", "--json").document["folders"][0]["slug"] == "spam"
