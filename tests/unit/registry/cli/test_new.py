from __future__ import annotations

from pathlib import Path

from tests.support.commandline import Command


def test_new_makes_a_folder_and_says_what_is_next(commons: Command, tmp_path: Path) -> None:
    """The folder has both files, and the answer counts what is left to write."""
    said = commons("new", "hate-speech", "--json")
    files = {path.name for path in (tmp_path / "hate-speech").iterdir()}
    assert (said.code, said.document["slug"], said.document["title"]) == (0, "hate-speech", "Hate speech")
    assert files == {"policy.md", "cases.jsonl"}
    assert said.document["placeholders"] == sum(
        (tmp_path / "hate-speech" / name).read_text("utf-8").count("TODO:") for name in files
    )


def test_new_never_writes_over_something(commons: Command, tmp_path: Path) -> None:
    """A taken name is refused, and what stands there is left as it is."""
    (tmp_path / "spam").write_text("mine", "utf-8")
    said = commons("new", "spam", "--json")
    assert (said.code, said.error["place"]) == (2, "spam")
    assert (tmp_path / "spam").read_text("utf-8") == "mine"


def test_new_refuses_a_name_that_could_not_be_published(commons: Command, tmp_path: Path) -> None:
    """A folder name that is no slug is refused before anything is made."""
    said = commons("new", "Hate_Speech")
    assert (said.code, list(tmp_path.iterdir())) == (2, [])


def test_a_new_folder_fails_lint_only_for_its_placeholders(commons: Command) -> None:
    """Until it is filled in, lint names every placeholder and nothing else that is wrong."""
    commons("new", "hate-speech")
    said = commons("lint", "hate-speech", "--json")
    errors = {f["rule"] for f in said.document["folders"][0]["findings"] if f["severity"] == "error"}
    assert (said.code, errors) == (1, {"P063"})
