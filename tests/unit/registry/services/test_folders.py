from __future__ import annotations

import os
from pathlib import Path

import pytest

from policies.limits import LIMITS
from registry.services.errors import InputRefusedError
from registry.services.folders import policy_folders, read_policy_folder, replacing, write_file


def _folder(path: Path, **files: bytes) -> Path:
    path.mkdir(parents=True)
    for name, raw in {"policy": b"# A policy\n", **files}.items():
        (path / f"{name}.md").write_bytes(raw)
    return path


def test_a_folder_gives_its_name_and_its_files(tmp_path: Path) -> None:
    """The slug is the folder's name, and hidden files stay where they are."""
    path = _folder(tmp_path / "spam", annex=b"More.")
    (path / ".policy.md.swp").write_bytes(b"an editor's")
    read = read_policy_folder(path)
    assert (read.slug, read.files) == ("spam", {"policy.md": b"# A policy\n", "annex.md": b"More."})


def test_the_current_folder_has_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`.` is read under the name of the folder it is."""
    monkeypatch.chdir(_folder(tmp_path / "spam"))
    assert read_policy_folder(Path()).slug == "spam"


def test_links_folders_and_pipes_are_refused(tmp_path: Path) -> None:
    """Nothing but plain files is read, and the refusal names the file."""
    secret = tmp_path / "secret"
    secret.write_text("not to be published", "utf-8")
    linked, nested, piped = (_folder(tmp_path / name) for name in ("linked", "nested", "piped"))
    (linked / "cases.jsonl").symlink_to(secret)
    (nested / "more").mkdir()
    os.mkfifo(piped / "cases.jsonl")
    for path, place in ((linked, "cases.jsonl"), (nested, "more"), (piped, "cases.jsonl")):
        with pytest.raises(InputRefusedError) as caught:
            read_policy_folder(path)
        assert caught.value.place == str(path / place)


def test_a_file_too_large_is_refused_by_its_size(tmp_path: Path) -> None:
    """A sparse file of a gigabyte is refused without being read."""
    path = _folder(tmp_path / "spam")
    with (path / "cases.jsonl").open("wb") as file:
        file.truncate(1 << 30)
    with pytest.raises(InputRefusedError) as caught:
        read_policy_folder(path)
    assert (
        caught.value.rule
        == f"it has 1,048,576 KiB, and at most {LIMITS.cases_bytes // 1024:,} KiB are allowed."
    )


def test_a_folder_of_policies_gives_those_in_it(tmp_path: Path) -> None:
    """Folders without a policy.md are no policies; one with it is itself."""
    _folder(tmp_path / "b")
    _folder(tmp_path / "a")
    (tmp_path / "notes").mkdir()
    assert [path.name for path in policy_folders(tmp_path)] == ["a", "b"]
    assert policy_folders(tmp_path / "a") == [tmp_path / "a"]


@pytest.mark.parametrize("stop", [KeyboardInterrupt, OSError])
def test_a_replacement_that_fails_changes_nothing(tmp_path: Path, stop: type[BaseException]) -> None:
    """Whatever ends the writing, Ctrl-C included, the former folder stands and nothing is left over."""
    path = _folder(tmp_path / "spam")

    def write_half() -> None:
        with replacing(path) as fresh:
            (fresh / "policy.md").write_bytes(b"half")
            raise stop

    with pytest.raises(stop):
        write_half()
    assert [found.name for found in tmp_path.iterdir()] == ["spam"]
    assert (path / "policy.md").read_bytes() == b"# A policy\n"


def test_a_replacement_takes_the_place_of_the_former(tmp_path: Path) -> None:
    """The new files are all there is, and no temporary folder stays."""
    path = _folder(tmp_path / "spam", annex=b"Old.")
    with replacing(path) as fresh:
        (fresh / "policy.md").write_bytes(b"new")
    assert {found.name: found.read_bytes() for found in path.iterdir()} == {"policy.md": b"new"}
    assert [found.name for found in tmp_path.iterdir()] == ["spam"]


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    """A place that cannot be written is refused by name and leaves nothing behind."""
    with pytest.raises(InputRefusedError) as caught:
        write_file(tmp_path / "missing" / "file", b"x")
    assert caught.value.place == str(tmp_path / "missing" / "file")
    write_file(tmp_path / "file", b"x")
    assert {found.name: found.read_bytes() for found in tmp_path.iterdir()} == {"file": b"x"}
