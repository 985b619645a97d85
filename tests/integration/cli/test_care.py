"""`redact`, `verify`, `gc`, `recover`, `clock`, `clone`, `backup`, `restore`: looking after a repository."""

from __future__ import annotations

import json
from pathlib import Path

from tests.support.commandline import Command


def test_a_whole_commons_verifies(commons: Command) -> None:
    """Each check says how much it looked at, and nothing is wrong."""
    said = commons("verify", "demo.git", "--json")
    assert (said.code, said.document["ok"], said.document["events"]) == (0, True, 2)
    assert {check["check"]: check["count"] for check in said.document["checks"]}["releases"] == 1


def test_a_ref_moved_by_hand_fails_verification(commons: Command, tmp_path: Path) -> None:
    """What no event did is found, named, and exits 1."""
    tags = tmp_path / "demo.git" / "refs" / "tags" / "spam"
    (tags / "v6.6.6").write_text((tags / "v1.0.0").read_text("ascii"), "ascii")
    said = commons("verify", "demo.git", "--json")
    assert (said.code, said.document["failure"]["place"]) == (1, "refs/tags/spam/v6.6.6")


def test_redaction_is_asked_for_in_so_many_words(commons: Command) -> None:
    """Without --yes and a terminal nothing is erased, nor without saying what."""
    codes = [
        commons("redact", "demo.git", "spam", "--case", "SP-003", "--ground", "mistake").code,
        commons("redact", "demo.git", "spam", "--ground", "mistake", "--yes").code,
        commons("redact", "demo.git", "--case", "SP-003", "--ground", "mistake", "--yes").code,
        commons("redact", "demo.git", "spam", "--case", "SP-999", "--ground", "mistake", "--yes").code,
    ]
    assert codes == [2, 2, 2, 2]
    assert commons("log", "demo.git", "--json").document["total"] == 2


def test_a_redacted_case_is_gone_and_accounted_for(commons: Command) -> None:
    """The case leaves the history, may not return, and verification says what is missing."""
    said = commons(
        "redact", "demo.git", "spam", "--case", "SP-003", "--ground", "personal-data", "--yes", "--json"
    )
    assert (said.code, said.document["event"], said.document["revisions"]) == (0, 3, 1)
    assert (
        commons("verify", "demo.git")
        .out.splitlines()[-1]
        .startswith("Complete but for 1 redaction: 3 events")
    )
    assert commons("publish", "demo.git", "spam", "--json").error["kind"] == "blocked-content"


def test_collecting_changes_nothing_that_is_reached(commons: Command) -> None:
    """After gc the commons verifies and says the same."""
    before = commons("show", "demo.git", "spam", "--json").document
    said = commons("gc", "demo.git", "--keep-days", "0", "--json")
    assert (said.code, said.document["after"]["loose"]) == (0, 0)
    assert commons("show", "demo.git", "spam", "--json").document == before
    assert commons("verify", "demo.git").code == 0


def test_recovery_puts_right_a_ref_that_lags(commons: Command, tmp_path: Path) -> None:
    """A tag that a crash kept from being made is made, and a second recovery finds nothing."""
    (tmp_path / "demo.git" / "refs" / "tags" / "spam" / "v1.0.0").unlink()
    assert len(commons("recover", "demo.git", "--json").document["done"]) == 1
    assert commons("recover", "demo.git", "--json").document["done"] == []
    assert commons("verify", "demo.git").code == 0


def test_a_clock_that_jumped_is_confirmed_on_the_record(
    commons: Command, edited: Path, tmp_path: Path
) -> None:
    """Acts wait until an operator vouches for the clock, which the log then says."""
    assert commons("clock", "demo.git").code == 0
    checkpoint = tmp_path / "demo.git" / "commons" / "clock.json"
    value = json.loads(checkpoint.read_bytes())
    checkpoint.write_text(
        json.dumps(value | {"wall": value["wall"] - 3 * 86_400, "boot": "another"}), "ascii"
    )
    assert commons("publish", "demo.git", edited, "--json").error["kind"] == "clock"
    assert commons("clock", "demo.git", "--json").code == 1
    assert commons("clock", "demo.git", "--confirm", "--as", "mallory").code == 3
    assert commons("clock", "demo.git").code == 1
    said = commons("clock", "demo.git", "--confirm", "--json")
    assert (said.code, said.document["confirmed"]) == (0, True)
    assert commons("publish", "demo.git", edited).code == 0
    assert commons("log", "demo.git", "-n", "2", "--json").document["events"][1]["type"] == "clock_confirmed"
    assert commons("clock", "demo.git", "--confirm", "--json").document["confirmed"] is False


def test_a_clone_holds_everything(commons: Command) -> None:
    """The copy verifies on its own and stands at the same event."""
    made = commons("clone", "demo.git", "copy.git", "--json").document
    assert (made["name"], made["events"]) == ("demo", 2)
    assert commons("verify", "copy.git", "--json").document["head"] == made["head"]
    assert commons("clone", "demo.git", "copy.git").code == 2


def test_a_backup_restores_to_the_same_commons(commons: Command, tmp_path: Path) -> None:
    """What is restored verifies, and a damaged backup is refused and leaves nothing."""
    assert commons("backup", "demo.git", "demo.backup").code == 0
    assert commons("backup", "demo.git", "demo.backup").code == 2
    assert commons("restore", "demo.backup", "again.git").code == 0
    assert commons("verify", "again.git").code == 0
    raw = bytearray((tmp_path / "demo.backup").read_bytes())
    raw[len(raw) // 2] ^= 1
    (tmp_path / "damaged.backup").write_bytes(raw)
    assert commons("restore", "damaged.backup", "bad.git").code == 6
    assert not (tmp_path / "bad.git").exists()
    assert commons("restore", "missing.backup", "bad.git").code == 2
