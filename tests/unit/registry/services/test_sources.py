from __future__ import annotations

from pathlib import Path

import pytest

from policies.importers import import_files
from registry.services.errors import InputRefusedError
from registry.services.sources import read_source_tree, write_packs

CSV = "content,label\nbuy followers now,spam\nsee you at lunch,ham\n"


def test_a_tree_is_read_without_following_anything_out_of_it(tmp_path: Path) -> None:
    """Hidden folders are not entered, and links are named and not followed."""
    tree = tmp_path / "tree"
    (tree / "sub").mkdir(parents=True)
    (tree / ".git").mkdir()
    (tree / ".git" / "config").write_text("secret", "utf-8")
    (tree / "sub" / "a.csv").write_text("a", "utf-8")
    (tmp_path / "outside").write_text("secret", "utf-8")
    (tree / "out").symlink_to(tmp_path / "outside")
    (tree / "up").symlink_to(tmp_path, target_is_directory=True)
    read = read_source_tree(tree)
    assert (read.name, read.files) == ("tree", {"sub/a.csv": b"a"})
    assert [file for file, _why in read.passed_over] == ["out", "up"]


def test_one_file_is_a_source_too(tmp_path: Path) -> None:
    """A single file goes by its own name."""
    path = tmp_path / "cases.csv"
    path.write_text(CSV, "utf-8")
    read = read_source_tree(path)
    assert (read.name, list(read.files)) == ("cases", ["cases.csv"])


def test_a_path_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """The refusal names the path."""
    with pytest.raises(InputRefusedError) as caught:
        read_source_tree(tmp_path / "nowhere")
    assert caught.value.place == str(tmp_path / "nowhere")


def test_packs_are_written_once_and_never_over_something_else(tmp_path: Path) -> None:
    """Run again, nothing changes; a folder that was edited since stops the import before it writes."""
    result = import_files("cases", {"cases.csv": CSV.encode()})
    first = write_packs(result, tmp_path)
    assert [item.fresh for item in first] == [True]
    assert [item.fresh for item in write_packs(result, tmp_path)] == [False]
    (first[0].path / "policy.md").write_bytes(b"edited")
    with pytest.raises(InputRefusedError) as caught:
        write_packs(result, tmp_path)
    assert caught.value.place == str(first[0].path)
    assert (first[0].path / "policy.md").read_bytes() == b"edited"
