"""`commons index`, as an operator types it."""

from __future__ import annotations

from pathlib import Path

from tests.support.commandline import Command
from tests.support.histories import policy_files


def _publish(commons: Command, tmp_path: Path, slug: str) -> None:
    folder = tmp_path / slug
    folder.mkdir()
    for name, content in policy_files(slug.title()).items():
        (folder / name).write_bytes(content)
    assert commons("publish", "demo.git", slug).code == 0


def test_it_takes_in_what_is_new_and_says_so(commons: Command, tmp_path: Path) -> None:
    """The first call takes in everything, the next what came since, and the one after nothing."""
    first = commons("index", "demo.git", "--json")
    assert (first.code, first.document["taken_in"]) == (0, {"policies": 1, "events": 2})
    assert first.document["commons"] == {"demo": 1}
    _publish(commons, tmp_path, "teasing")
    assert commons("index", "demo.git", "--json").document["taken_in"] == {"policies": 1, "events": 1}
    assert "Nothing new." in commons("index", "demo.git").out


def test_it_is_built_anew_and_copied(commons: Command, tmp_path: Path) -> None:
    """`--rebuild` takes everything in again; a snapshot goes where nothing stands yet."""
    commons("index", "demo.git")
    assert commons("index", "demo.git", "--rebuild", "--json").document["taken_in"]["events"] == 2
    assert commons("index", "demo.git", "--snapshot", "copy.db").code == 0
    assert (tmp_path / "copy.db").stat().st_size > 0
    again = commons("index", "demo.git", "--snapshot", "copy.db", "--json")
    assert (again.code, again.error["rule"]) == (2, "something is there already.")


def test_a_folder_that_is_not_there_is_refused(commons: Command) -> None:
    """With what to name instead."""
    refused = commons("index", "nowhere", "--json")
    assert (refused.code, refused.error["place"]) == (2, "nowhere")


def test_a_commons_that_cannot_be_read_is_named(commons: Command, tmp_path: Path) -> None:
    """The others are taken in, and the exit code says that one was not."""
    assert commons("init", "other.git", "--founder", "bo").code == 0
    log = tmp_path / "other.git" / "refs" / "commons" / "log"
    commons("index", ".")
    log.write_text("1" * 40 + "\n")
    said = commons("index", ".", "--json")
    assert said.code == 1
    (place,) = said.document["not_taken_in"]
    assert Path(place).name == "other.git"
    assert said.document["commons"] == {"demo": 1}
