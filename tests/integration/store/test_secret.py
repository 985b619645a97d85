"""The registry's secret beside a real commons: it goes with a backup, and nowhere else."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from registry.keys.box_key import box_key
from registry.keys.errors import SecretError
from registry.keys.registry_key import RegistryKey
from registry.keys.sealed import Opened, SealedBallot, open_boxes, seal
from registry.keys.secret import read_secret, secret_of
from registry.keys.statements import BallotContext
from registry.services.amend import set_registry_key
from registry.services.archive import read_manifest
from registry.services.backup import backup
from registry.services.clone import clone
from registry.services.gc import gc
from registry.services.restore import restore
from registry.store.process import git_environment, git_path
from registry.store.refs import HostPaths
from registry.store.repository import Repository
from tests.support.acts import nest, release
from tests.support.vouched import reopened

CONTEXT = BallotContext(commons="roost", proposal=1, content="c" * 64, charter="d" * 40, roll="e" * 64)


def key_of(repository: Path) -> str:
    return RegistryKey(secret_of(HostPaths(repository)), "roost").public.line


def test_a_running_vote_survives_a_restore(roost: Repository, tmp_path: Path) -> None:
    """A registry rebuilt from its backup signs as before, and opens what was sealed before."""
    key = box_key(secret_of(roost.paths), commons="roost", proposal=1, round_number=1)
    box = seal(key.public_text, CONTEXT, member="ana", choice="yes", nonce=1)
    backup(roost.path, tmp_path / "roost.tar")
    restore(tmp_path / "roost.tar", tmp_path / "again.git")
    paths = HostPaths(tmp_path / "again.git")
    assert paths.secret.stat().st_mode & 0o7777 == 0o600
    assert paths.secret.read_bytes() == roost.paths.secret.read_bytes()
    again = box_key(secret_of(paths), commons="roost", proposal=1, round_number=1)
    ballots = [SealedBallot("ana", 1, box)]
    assert open_boxes(again, CONTEXT, ballots, ["yes", "no"]) == [Opened("yes", None)]
    assert key_of(tmp_path / "again.git") == key_of(roost.path)


def test_the_manifest_names_it(roost: Repository, tmp_path: Path) -> None:
    """A backup with a secret says so, is for its owner only, and is the same file when made again."""
    secret_of(roost.paths)
    for name in ("one.tar", "two.tar"):
        backup(roost.path, tmp_path / name)
    assert sorted(read_manifest(tmp_path / "one.tar").members) == ["commons.bundle", "secret"]
    assert (tmp_path / "one.tar").read_bytes() == (tmp_path / "two.tar").read_bytes()
    assert (tmp_path / "one.tar").stat().st_mode & 0o7777 == 0o600


def test_a_backup_from_before(roost: Repository, tmp_path: Path) -> None:
    """A backup without a secret is restored; who needs one then makes another, and so another key."""
    before = key_of(roost.path)
    roost.paths.secret.unlink()
    backup(roost.path, tmp_path / "roost.tar")
    restore(tmp_path / "roost.tar", tmp_path / "again.git")
    assert read_secret(HostPaths(tmp_path / "again.git")) is None
    assert key_of(tmp_path / "again.git") != before
    with reopened(tmp_path / "again.git") as again:
        with pytest.raises(SecretError, match="it gives another key"):
            nest(again, "teens")
        set_registry_key(again, actor="ana")
        nest(again, "teens")
        assert again.state().seq == 3


def test_a_damaged_secret_is_not_backed_up(roost: Repository, tmp_path: Path) -> None:
    """A secret that cannot be used is told when backing up, not when restoring; no file is left."""
    roost.paths.secret.write_bytes(b"half of it")
    roost.paths.secret.chmod(0o600)
    with pytest.raises(SecretError, match="it is damaged"):
        backup(roost.path, tmp_path / "roost.tar")
    roost.paths.secret.unlink()
    (tmp_path / "passwords").write_text("0" * 64 + "\n")
    roost.paths.secret.symlink_to(tmp_path / "passwords")
    with pytest.raises(SecretError, match="it is a link"):
        backup(roost.path, tmp_path / "roost.tar")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["passwords", "roost.git"]


def everything_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


@pytest.mark.parametrize("how", ["commons clone", "git clone --mirror"])
def test_a_clone_has_none(roost: Repository, tmp_path: Path, how: str) -> None:
    """A copy, ours or git's, holds neither the secret nor its file."""
    release(roost, "The first text.")
    secret_of(roost.paths)
    raw = roost.paths.secret.read_bytes().strip()
    copy = tmp_path / "copy.git"
    if how == "commons clone":
        clone(str(roost.path), copy)
    else:
        subprocess.run(
            [git_path(), "clone", "--quiet", "--mirror", f"file://{roost.path}", str(copy)],
            env=git_environment("file"),
            check=True,
        )
    assert read_secret(HostPaths(copy)) is None
    assert raw not in everything_in(copy)
    assert raw in everything_in(roost.path)
    assert bytes.fromhex(raw.decode()) not in everything_in(copy)


def test_upkeep_leaves_it(roost: Repository) -> None:
    """Packing, pruning and recovering a commons do not touch its secret."""
    secret_of(roost.paths)
    raw = roost.paths.secret.read_bytes()
    release(roost, "The first text.")
    roost.recover()
    gc(roost.path, grace_seconds=0)
    assert roost.paths.secret.read_bytes() == raw
