"""`init`, `publish`, `log`, `show`: a commons from its founding on."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.support.commandline import Command


def test_a_commons_begins_with_the_policies_it_was_given(commons: Command) -> None:
    """`init --from` is one founding and one import, and `show` lists what came in."""
    said = commons("log", "demo.git", "--all", "--json")
    assert [(event["seq"], event["type"]) for event in said.document["events"]] == [
        (2, "imported"),
        (1, "founded"),
    ]
    shown = commons("show", "demo.git", "--json").document
    assert (shown["name"], shown["founder"]) == ("demo", "ana")
    assert [(row["slug"], row["version"], row["cases"]) for row in shown["policies"]] == [
        ("spam", "1.0.0", 128)
    ]


def test_founding_is_whole_or_not_at_all(commons: Command, tmp_path: Path) -> None:
    """A folder with lint errors stops the founding, and nothing is left of it."""
    commons("new", "unfinished")
    before = sorted(tmp_path.iterdir())
    said = commons("init", "other.git", "--from", "unfinished", "--json")
    assert (said.code, said.error["kind"]) == (1, "lint-refused")
    assert sorted(tmp_path.iterdir()) == before


def test_founding_never_takes_a_place_that_is_taken(commons: Command) -> None:
    """The repository that is there stays as it is."""
    before = commons("log", "demo.git", "--json").document
    assert commons("init", "demo.git").code == 2
    assert commons("log", "demo.git", "--json").document == before


def test_the_founder_may_be_named_by_the_environment(commons: Command, monkeypatch: object) -> None:
    """COMMONS_HANDLE stands in for --founder and --as."""
    import pytest

    assert isinstance(monkeypatch, pytest.MonkeyPatch)
    monkeypatch.setenv("COMMONS_HANDLE", "bea")
    assert commons("init", "other.git", "--json").document["founder"] == "bea"
    assert commons("publish", "other.git", "spam", "--json").document["actor"] == "bea"


def test_publishing_gives_the_next_version(commons: Command, edited: Path) -> None:
    """A changed wording is a patch unless more is declared; the same folder again is refused."""
    first = commons("publish", "demo.git", edited, "--json").document
    assert (first["version"], first["change"], first["address"]) == ("1.0.1", "patch", "demo/spam@1.0.1")
    assert commons("publish", "demo.git", edited).code == 3
    path = edited / "policy.md"
    path.write_text(path.read_text("utf-8").replace("Go from the top.", "From the top down."), "utf-8")
    assert (
        commons("publish", "demo.git", edited, "--change", "minor", "--json").document["version"] == "1.1.0"
    )


def test_a_folder_that_states_another_version_is_told(commons: Command, edited: Path) -> None:
    """The commons counts versions, and says so where policy.md still has the one before."""
    said = commons("publish", "demo.git", edited)
    assert "still says version 1.0.0" in said.err
    assert "the release says 1.0.1" in said.err


def test_an_address_is_no_folder(commons: Command) -> None:
    """A command that works on a folder says how to get one from an address."""
    said = commons("show", "http://127.0.0.1:8000/starter.git")
    assert (said.code, "commons init" in said.err) == (2, False)
    assert "commons clone http://127.0.0.1:8000/starter.git" in said.err
    assert "commons clone ADDRESS" in commons("log", "http://127.0.0.1:8000/starter.git").err


def test_a_change_declared_too_small_is_refused(commons: Command, tmp_path: Path) -> None:
    """Taking cases away is at least minor, and the refusal says so."""
    cases = tmp_path / "spam" / "cases.jsonl"
    lines = cases.read_text("utf-8").splitlines(keepends=True)
    cases.write_text("".join(line for line in lines if '"p01"' not in line), "utf-8")
    said = commons("publish", "demo.git", "spam", "--change", "patch", "--json")
    assert (said.code, said.error["least"]) == (3, "minor")


def test_only_the_owner_publishes(commons: Command, edited: Path) -> None:
    """In mode owner another handle is refused by the rule, and the log stays as it was."""
    said = commons("publish", "demo.git", edited, "--as", "mallory", "--json")
    assert (said.code, said.error["kind"]) == (3, "refused")
    assert commons("publish", "demo.git", edited, "--as", "Not A Handle").code == 2
    assert commons("log", "demo.git", "--json").document["total"] == 2


def test_the_log_reads_as_git_tells_it(commons: Command, edited: Path, tmp_path: Path) -> None:
    """The sentences are those of the commits, newest first, as many as were asked for."""
    commons("publish", "demo.git", edited)
    listed = subprocess.run(
        ["git", "--git-dir", tmp_path / "demo.git", "log", "--format=%s", "refs/commons/log"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    said = commons("log", "demo.git", "-n", "2")
    assert [line.split("  ")[2] for line in said.out.splitlines()] == listed[:2]
    assert said.err == "... and 1 event before. --all shows them.\n"


def test_sensitive_cases_are_hidden_until_asked_for(commons: Command, library: Path) -> None:
    """Without --reveal no word of a sensitive case is given, as text or as JSON."""
    commons("publish", "demo.git", library / "self-harm")
    hidden = commons("show", "demo.git", "self-harm", "--cases", "--json").document["cases"]
    revealed = commons("show", "demo.git", "self-harm", "--cases", "--reveal", "--json").document["cases"]
    sensitive = [case for case in revealed if case["sensitive"]]
    assert len(sensitive) > 0
    assert [case["id"] for case in hidden if case["hidden"]] == [case["id"] for case in sensitive]
    text = commons("show", "demo.git", "self-harm", "--cases").out
    for case in hidden:
        if case["hidden"]:
            assert (case["content"], case["context"], case["note"]) == (None, None, None)
    assert not any(case["content"] in text for case in sensitive)


def test_a_version_is_shown_as_it_was(commons: Command, edited: Path) -> None:
    """An older version keeps its text; `--text` prints the exact file."""
    commons("publish", "demo.git", edited)
    old, new = (
        commons("show", "demo.git", "spam@1.0.0", "--text"),
        commons("show", "demo.git", "spam", "--text"),
    )
    assert ("Check the labels from the top" in old.out, "Go from the top." in new.out) == (True, True)
    assert new.out == (edited / "policy.md").read_text("utf-8").replace("version: 1.0.0", "version: 1.0.1")


def test_what_is_not_there_is_not_found(commons: Command, tmp_path: Path) -> None:
    """An unknown repository, policy and version each exit 4."""
    codes = [
        commons("show", "nowhere.git").code,
        commons("show", "demo.git", "nothing").code,
        commons("show", "demo.git", "spam@9.9.9").code,
    ]
    assert codes == [4, 4, 4]


def test_an_untested_policy_says_so(commons: Command) -> None:
    """A baseline run does not count as a test with the model."""
    assert commons("bench", "spam", "--record-to", "demo.git").code == 0
    lines = commons("show", "demo.git", "spam").out.splitlines()
    facts = next(number for number, line in enumerate(lines) if line.startswith("owner"))
    assert lines.index("Not yet tested with gpt-oss-safeguard.") < facts


def test_nested_commons_is_founded_within_another(commons: Command, tmp_path: Path) -> None:
    """Both logs say so and both recount; whom the parent's rules do not let, founds none; nor over one."""
    (tmp_path / "demo").mkdir()
    made = commons("init", "demo/teens.git", "--within", "demo.git", "--founder", "ana", "--json")
    assert (made.code, made.document["name"]) == (0, "demo/teens"), made.err
    assert "founded the nested commons demo/teens" in commons("log", "demo.git").out
    assert [commons("verify", name).code for name in ("demo.git", "demo/teens.git")] == [0, 0]
    for founder, name, code in (("bo", "kids", 3), ("ana", "teens", 2)):
        said = commons("init", f"demo/{name}.git", "--within", "demo.git", "--founder", founder, "--json")
        assert said.code == code, said.err
    assert not (tmp_path / "demo" / "kids.git").exists()
    both = commons("init", "demo/x.git", "--within", "demo.git", "--from", "spam", "--json")
    assert (both.code, both.error["place"]) == (2, "--from")
