"""Objects made here are those that git makes."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from registry.store.objects import (
    DIRECTORY,
    EMPTY_TREE,
    FILE,
    Change,
    Entry,
    decode_commit,
    decode_tree,
    encode_commit,
    identity,
    make,
)
from registry.store.process import git_environment, git_path
from registry.store.repository import Repository
from registry.store.writer import write_objects

AT = 1_767_225_600


def git(repository: Repository, *arguments: str, stdin: bytes = b"", **environment: str) -> str:
    done = subprocess.run(
        [git_path(), "--git-dir", str(repository.path), *arguments],
        input=stdin,
        capture_output=True,
        env=git_environment() | environment,
        check=True,
    )
    return done.stdout.decode().strip()


@pytest.mark.parametrize("data", [b"", b"text\n", bytes(range(256)), b"\0" * 100_000, "größe".encode()])
def test_blob_id(roost: Repository, data: bytes) -> None:
    """A blob's id is that of `git hash-object`."""
    assert Change().blob(data) == git(roost, "hash-object", "--stdin", stdin=data)


def test_tree_id(roost: Repository) -> None:
    """A tree's id is that of `git mktree`, whatever the order that its lines are given in."""
    change = Change()
    blob = change.blob(b"x")
    below = change.tree([Entry(FILE, "x", blob)])
    entries = [
        Entry(FILE, "a.b", blob),
        Entry(DIRECTORY, "a", below),
        Entry(FILE, "a-b", blob),
        Entry(FILE, "ab", blob),
        Entry(FILE, "ä", blob),
        Entry(FILE, "B", blob),
    ]
    write_objects(roost.path, change.objects.values())
    listed = "".join(
        f"{'040000 tree' if entry.mode == DIRECTORY else '100644 blob'} {entry.oid}\t{entry.name}\0"
        for entry in entries
    )
    made = change.tree(entries)
    assert made == git(roost, "mktree", "-z", stdin=listed.encode())
    assert made == change.tree(reversed(entries))
    assert list(decode_tree(change.objects[made].data)) == sorted(
        entries, key=lambda entry: entry.name.encode() + (b"/" if entry.mode == DIRECTORY else b"")
    )


def test_empty_tree() -> None:
    """The tree without lines has the id that everybody knows."""
    assert Change().tree([]) == EMPTY_TREE


def test_commit_id(roost: Repository) -> None:
    """A commit's id is that of `git commit-tree` by the same author at the same time."""
    change = Change()
    tree = change.tree([])
    first = change.commit(tree=tree, parents=(), handle="ana", at=AT, message="First")
    second = change.commit(
        tree=tree, parents=(first,), handle="bo", at=AT + 1, message="Second\n\nWith a body"
    )
    write_objects(roost.path, change.objects.values())

    def commit_tree(handle: str, at: int, message: str, *parents: str) -> str:
        who = {
            f"GIT_{role}_{field}": value
            for role in ("AUTHOR", "COMMITTER")
            for field, value in (("NAME", handle), ("EMAIL", f"{handle}@invalid"), ("DATE", f"{at} +0000"))
        }
        extra = [word for parent in parents for word in ("-p", parent)]
        return git(roost, "commit-tree", *extra, "-m", message, tree, **who)

    assert first == commit_tree("ana", AT, "First")
    assert second == commit_tree("bo", AT + 1, "Second\n\nWith a body", first)


def test_tag_id(roost: Repository) -> None:
    """A tag's id is that of `git mktag`."""
    change = Change()
    commit = change.commit(tree=change.tree([]), parents=(), handle="ana", at=AT, message="First")
    tag = change.tag(target=commit, name="spam/v1.0.0", handle="ana", at=AT, message="spam 1.0.0")
    write_objects(roost.path, change.objects.values())
    assert tag == git(roost, "mktag", stdin=change.objects[tag].data)


def test_folder(roost: Repository) -> None:
    """A folder of files by path becomes trees that git lists with the same paths and bytes."""
    change = Change()
    files = {
        "README.md": b"r",
        "policies/spam/policy.md": b"p",
        "policies/spam/cases.jsonl": b"c",
        "a/b": b"x",
    }
    tree = change.files(files)
    write_objects(roost.path, change.objects.values())
    assert git(roost, "ls-tree", "-r", "--name-only", tree).split("\n") == sorted(files)
    assert roost.reader.files(tree) == files


def test_same_object_twice() -> None:
    """An object that is added twice is kept once."""
    change = Change()
    assert change.blob(b"x") == change.blob(b"x")
    assert len(change.objects) == 1


def test_identity() -> None:
    """A handle stands in Git with an address that cannot be reached, in UTC."""
    assert identity("ana", AT) == "ana <ana@invalid> 1767225600 +0000"


def test_decode_commit() -> None:
    """A commit reads back as what it was made of."""
    raw = encode_commit(EMPTY_TREE, ["1" * 40, "2" * 40], "ana", AT, "Subject\n\nBody")
    facts = decode_commit(raw)
    assert facts.tree == EMPTY_TREE
    assert facts.parents == ("1" * 40, "2" * 40)
    assert facts.raw_author == "ana <ana@invalid> 1767225600 +0000"
    assert facts.message == "Subject\n\nBody"


@pytest.mark.parametrize("raw", [b"", b"tree 1\n\nx", b"author x\n\nx", b"\xff\xfe"])
def test_not_a_commit(raw: bytes) -> None:
    """Bytes that are no commit are refused."""
    with pytest.raises(ValueError, match="not a commit"):
        decode_commit(raw)


@pytest.mark.parametrize(
    "raw", [b"100644", b"100644 a", b"100644 a\0" + b"1" * 19, b"100644 \xff\0" + b"1" * 20]
)
def test_not_a_tree(raw: bytes) -> None:
    """Bytes that are no tree, or hold a name that is not UTF-8, are refused."""
    with pytest.raises(ValueError):
        list(decode_tree(raw))


def test_make() -> None:
    """The id is the SHA-1 of kind, size and bytes."""
    assert make("blob", b"hello\n") == ("ce013625030ba8dba906f756967f9e9ca394464a", "blob", b"hello\n")


def test_no_path_is_touched(tmp_path: Path) -> None:
    """Making objects writes nothing."""
    Change().files({"a/b": b"x"})
    assert list(tmp_path.iterdir()) == []
