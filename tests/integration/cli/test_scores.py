"""`bench` and `import`: scores, and what came from elsewhere."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.support.commandline import Command

BASELINE = (
    "Word-matching baseline: a small classifier trained on this policy's words. "
    "It cannot follow rules and predicts nothing about the model."
)


def test_a_baseline_is_labelled_as_one(commons: Command) -> None:
    """The first line says that the model was not asked, and the sentence stands before any figure."""
    lines = commons("bench", "spam").out.splitlines()
    assert lines[0] == "Not yet tested with gpt-oss-safeguard."
    assert lines.index(BASELINE) < next(n for n, line in enumerate(lines) if line.startswith("exact label"))


def test_figures_come_with_their_interval_and_count(commons: Command) -> None:
    """Each headline figure in the text is the record's own, with its Wilson interval."""
    said = commons("bench", "spam", "--json").document
    share = said["record"]["metrics"]["headline"]["accuracy"]
    low, high = (float(share["interval"][end]) for end in ("low", "high"))
    row = next(line for line in commons("bench", "spam").out.splitlines() if line.startswith("exact label"))
    assert row.split() == [
        *("exact", "label", f"{float(share['value']):.3f}", f"{low:.3f}", "to", f"{high:.3f}"),
        *(f"{share['count']}", "of", f"{share['n']}"),
    ]
    assert share["interval"]["method"] == "wilson"


def test_a_recorded_run_is_replayed_to_the_same_scores(commons: Command) -> None:
    """A run kept in the commons is listed, verifies, and gives its figures again without the engine."""
    made = commons("bench", "spam", "--record-to", "demo.git", "--json").document
    assert (made["recorded"], commons("verify", "demo.git").code) == (True, 0)
    listed = commons("show", "demo.git", "spam", "--runs", "--json").document["runs"]
    assert [run["key"] for run in listed] == [made["key"]]
    again = commons(
        "bench", "spam", "--engine", "replay", "--from", "demo.git", "--run", made["key"][:12], "--json"
    )
    assert again.document["record"]["metrics"] == made["record"]["metrics"]
    assert commons("bench", "spam", "--engine", "replay", "--from", "demo.git", "--run", "feedbeef").code == 4
    assert commons("bench", "spam", "--engine", "replay").code == 2


def test_a_run_of_what_was_never_released_is_not_kept(commons: Command, edited: Path) -> None:
    """A run binds to a release's content, so an edited folder has to be published first."""
    assert commons("bench", edited, "--record-to", "demo.git").code == 2
    assert commons("log", "demo.git", "--json").document["total"] == 2


def test_scores_of_an_unfinished_policy_come_with_a_warning(commons: Command) -> None:
    """A template scores well on its own placeholders; the warning says what that is worth."""
    commons("new", "unfinished")
    said = commons("bench", "unfinished")
    assert (said.code, "these scores may mean nothing" in said.err) == (0, True)


def test_an_import_accounts_for_every_row(commons: Command, tmp_path: Path) -> None:
    """A dry run writes nothing; the import writes the folder once and then leaves it."""
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "cases.csv").write_text(
        "content,label\nbuy followers now,spam\nsee you at lunch,ham\n\nno label here,\n", "utf-8"
    )
    before = sorted(tmp_path.iterdir())
    dry = commons("import", "lists", "--dry-run", "--json").document
    assert (sorted(tmp_path.iterdir()), dry["written"]) == (before, [])
    rows = dry["rows"]
    assert rows["read"] == rows["imported"] + rows["skipped"] + rows["unread"]
    first, second = (
        commons("import", "lists", "--out", "out", "--json").document["written"] for _ in range(2)
    )
    assert ([item["fresh"] for item in first], [item["fresh"] for item in second]) == ([True], [False])


def test_files_that_went_into_no_policy_are_told(commons: Command, tmp_path: Path) -> None:
    """They are counted, and named with --all."""
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "cases.csv").write_text("content,label\nbuy now,spam\nsee you,ham\n", "utf-8")
    (tmp_path / "lists" / "minutes.txt").write_text("We met and talked.\n", "utf-8")
    assert "1 file went into no policy. --all names" in commons("import", "lists", "--dry-run").err
    assert "minutes.txt: in no policy" in commons("import", "lists", "--dry-run", "--all").err


def test_nothing_to_import_is_wrong_input(commons: Command, tmp_path: Path) -> None:
    """A folder of pictures is refused with what each file was taken for."""
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    said = commons("import", "pictures", "--json")
    assert (said.code, said.error["kind"]) == (2, "import-refused")
    assert "a.png" in said.error["message"]


def test_importing_again_changes_nothing(commons: Command, tmp_path: Path) -> None:
    """Into a commons, the second import of the same files releases nothing and exits 0."""
    (tmp_path / "cases.csv").write_text("content,label\nbuy now,spam\nsee you,ham\n", "utf-8")
    first = commons("import", "cases.csv", "--into", "demo.git", "--json").document
    second = commons("import", "cases.csv", "--into", "demo.git", "--json").document
    assert ([item["slug"] for item in first["releases"]], second["releases"]) == (second["unchanged"], [])
    assert commons("verify", "demo.git").code == 0


@pytest.mark.real_data
def test_the_published_spam_sheet_gives_its_own_figures(commons: Command, real_data: Path) -> None:
    """The model's answers in the sheet give 0.900 exact and 0.864 recall; the sheet's 0.8 is reported."""
    packed = commons("import", real_data / "openai-spam", "--into", "demo.git", "--json").document
    slug = packed["releases"][0]["slug"]
    run = commons("show", "demo.git", slug, "--runs", "--json").document
    assert [float(run["runs"][0][name]) for name in ("exact", "violations_caught", "wrongly_flagged")] == [
        0.9,
        0.863636,
        0.0,
    ]
    assert {score["metric"]: score["value"] for score in run["reported"]}["recall"] == "0.8"


def test_a_community_repository_becomes_nested_commons(commons: Command, tmp_path: Path) -> None:
    """Each submitter's folder is a commons of its own, with the revisions and handles of its history."""
    clone = tmp_path / "community"
    clone.mkdir()

    def git(*arguments: str) -> None:
        identity = ("-c", "user.name=Bea Writer", "-c", "user.email=bea@example.org")
        subprocess.run(["git", "-C", str(clone), *identity, *arguments], check=True, capture_output=True)

    git("init", "--quiet")
    (clone / "bea").mkdir()
    for number, row in enumerate(("buy now,spam\n", "see you at lunch,ham\n")):
        with (clone / "bea" / "cases.csv").open("a", encoding="utf-8") as file:
            file.write(row if number else f"content,label\n{row}")
        git("add", ".")
        git("commit", "--quiet", "-m", f"row {number}")
    said = commons("import", clone, "--preset", "folders", "--into", "demo.git", "--json")
    assert said.code == 0, said.err
    (packed,) = said.document["imported"]
    assert (packed["commons"], packed["revisions"], packed["authors"]) == ("demo/bea", 2, ["bea-writer"])
    assert commons("show", "demo.git", "--json").document["children"] == ["demo/bea"]
    assert commons("verify", "demo/bea.git").code == 0
    assert commons("import", "spam", "--preset", "folders", "--into", "demo.git").code == 2
