"""Objects on the disk, loose and in packs."""

from __future__ import annotations

import hashlib
import stat
from pathlib import Path

import pytest

from registry.store.errors import WriteError
from registry.store.objects import GitObject, make
from registry.store.process import run_git
from registry.store.repository import Repository
from registry.store.writer import PACK_FROM, sync_folder, write_durably, write_objects


def blobs(count: int) -> list[GitObject]:
    return [make("blob", f"Number {number}\n".encode() * (number + 1)) for number in range(count)]


def fsck(repository: Repository) -> bytes:
    return run_git(repository.path, "fsck", "--strict", "--full", "--no-dangling", "--unreachable")


@pytest.mark.parametrize("count", [1, PACK_FROM - 1])
def test_loose(roost: Repository, count: int) -> None:
    """A few objects become loose files that git finds sound and nobody may change."""
    made = blobs(count)
    write_objects(roost.path, made)
    for item in made:
        path = roost.path / "objects" / item.oid[:2] / item.oid[2:]
        assert stat.S_IMODE(path.stat().st_mode) == 0o444
        assert roost.reader.blob(item.oid) == item.data
    assert list((roost.path / "objects").glob("pack/*")) == []
    assert fsck(roost).count(b"unreachable blob") == count


def test_pack(roost: Repository) -> None:
    """Many objects become one pack with its index, which git finds sound."""
    made = blobs(PACK_FROM)
    write_objects(roost.path, made)
    assert [path.suffix for path in sorted((roost.path / "objects" / "pack").iterdir())] == [".idx", ".pack"]
    assert [roost.reader.blob(item.oid) for item in made] == [item.data for item in made]
    assert fsck(roost).count(b"unreachable blob") == PACK_FROM


@pytest.mark.parametrize("size", [0, 15, 16, 2047, 2048, 300_000])
def test_sizes_in_a_pack(roost: Repository, size: int) -> None:
    """An object of any size is packed with its right length."""
    odd = make("blob", b"x" * size)
    write_objects(roost.path, [*blobs(PACK_FROM), odd])
    assert roost.reader.blob(odd.oid) == odd.data


def test_pack_of_a_wrong_id(roost: Repository) -> None:
    """git indexes a pack by its bytes, so a wrong id given here is not in the repository."""
    wrong = GitObject("1" * 40, "blob", b"x")
    write_objects(roost.path, [*blobs(PACK_FROM), wrong])
    assert run_git(roost.path, "cat-file", "--batch-check", stdin=b"1" * 40 + b"\n").endswith(b" missing\n")


def test_existing_is_left(roost: Repository) -> None:
    """An object that is there already is not written again."""
    made = blobs(1)
    write_objects(roost.path, made)
    path = roost.path / "objects" / made[0].oid[:2] / made[0].oid[2:]
    inode = path.stat().st_ino
    write_objects(roost.path, made)
    assert path.stat().st_ino == inode


def test_nothing(roost: Repository) -> None:
    """No objects are no work."""
    before = sorted((roost.path / "objects").rglob("*"))
    write_objects(roost.path, [])
    assert sorted((roost.path / "objects").rglob("*")) == before


def test_refused(roost: Repository) -> None:
    """Where a folder of objects cannot be made, the error says where and why."""
    item = make("blob", b"x")
    (roost.path / "objects" / item.oid[:2]).write_bytes(b"in the way")
    with pytest.raises(WriteError, match=r"roost\.git: writing objects: Not a directory"):
        write_objects(roost.path, [item])


def test_write_durably(tmp_path: Path) -> None:
    """A file is written whole, over what was there, and nothing else is left."""
    place = tmp_path / "file"
    write_durably(place, b"first")
    write_durably(place, b"second", mode=0o600)
    assert place.read_bytes() == b"second"
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [place]


def test_write_durably_fails_whole(tmp_path: Path) -> None:
    """A write that cannot end leaves what was there, and no temporary file."""
    place = tmp_path / "file"
    place.mkdir()
    with pytest.raises(IsADirectoryError):
        write_durably(place, b"x")
    assert list(tmp_path.iterdir()) == [place]


def test_large(tmp_path: Path) -> None:
    """A file larger than one system call writes at a time is whole."""
    raw = hashlib.sha256(b"x").digest() * 100_000
    write_durably(tmp_path / "file", raw)
    assert (tmp_path / "file").read_bytes() == raw
    sync_folder(tmp_path)
