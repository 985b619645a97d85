"""Trees edited without a work tree."""

from __future__ import annotations

import pytest

from registry.store.objects import DIRECTORY, Change, Entry
from registry.store.repository import Repository
from registry.store.trees import TreeEditor
from registry.store.writer import write_objects

FILES = {"README.md": b"r", "policies/a/policy.md": b"a", "policies/b/policy.md": b"b", "x/y/z": b"z"}


def edited(repository: Repository, *steps: tuple[str, str, object]) -> dict[str, bytes]:
    """The files after some edits of `FILES`."""
    change = Change()
    root = change.files(FILES)
    write_objects(repository.path, change.objects.values())
    change = Change()
    editor = TreeEditor(repository.reader, change, root)
    for verb, path, given in steps:
        getattr(editor, verb)(*((path,) if given is None else (path, given)))
    tree = editor.write()
    write_objects(repository.path, change.objects.values())
    return repository.reader.files(tree)


def test_untouched(roost: Repository) -> None:
    """Without edits the tree is the same, and nothing is made."""
    change = Change()
    root = change.files(FILES)
    write_objects(roost.path, change.objects.values())
    fresh = Change()
    assert TreeEditor(roost.reader, fresh, root).write() == root
    assert fresh.objects == {}


@pytest.mark.parametrize(
    ("steps", "changed"),
    [
        ([("put_file", "README.md", b"new")], {"README.md": b"new"}),
        ([("put_file", "d/e/f", b"deep")], {"d/e/f": b"deep"}),
        (
            [("put_folder", "policies/a", {"policy.md": b"A", "notes.md": b"n"})],
            {"policies/a/policy.md": b"A", "policies/a/notes.md": b"n"},
        ),
        (
            [("put_file", "policies/a/policy.md", b"1"), ("put_file", "policies/a/policy.md", b"2")],
            {"policies/a/policy.md": b"2"},
        ),
        ([("remove", "README.md", None)], {"README.md": None}),
        ([("remove", "nothing/here", None)], {}),
        ([("remove", "x", None)], {"x/y/z": None}),
        ([("put_file", "x", b"file")], {"x/y/z": None, "x": b"file"}),
        ([("put_file", "README.md/below", b"b")], {"README.md": None, "README.md/below": b"b"}),
        (
            [("put_folder", "policies/a", {"new.md": b"n"})],
            {"policies/a/policy.md": None, "policies/a/new.md": b"n"},
        ),
    ],
)
def test_edit(
    roost: Repository, steps: list[tuple[str, str, object]], changed: dict[str, bytes | None]
) -> None:
    """What is put stands there, what is removed does not, and everything else is as it was."""
    expected = {path: data for path, data in (FILES | changed).items() if data is not None}
    assert edited(roost, *steps) == expected


def test_put_into_what_was_put(roost: Repository) -> None:
    """A file can be added below a folder that the same edit put there."""
    change = Change()
    inner = change.files({"one": b"1"})
    editor = TreeEditor(roost.reader, change, None)
    editor.put("folder", Entry(DIRECTORY, "folder", inner))
    write_objects(roost.path, change.objects.values())
    editor.put_file("folder/two", b"2")
    tree = editor.write()
    write_objects(roost.path, change.objects.values())
    assert roost.reader.files(tree) == {"folder/one": b"1", "folder/two": b"2"}
