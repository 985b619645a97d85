"""Backup and restore: one file that is the whole commons, and nothing else that calls itself one."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import tarfile
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from registry.services.archive import ArchiveError, read_manifest
from registry.services.backup import backup
from registry.services.erasure import Target
from registry.services.redact import redact
from registry.services.restore import restore
from registry.services.verify import verify
from registry.store.blocklist import add_blocked, read_blocked
from registry.store.errors import AlreadyExistsError, GitFailedError, NotACommonsError
from registry.store.process import git_path, run_git
from registry.store.recovery import standing_refs
from registry.store.refs import MAIN, HostPaths
from registry.store.repository import Repository
from registry.store.snapshot import save_snapshot
from tests.support.acts import founded, nest, release
from tests.support.vouched import reopened


@pytest.fixture
def archive(roost: Repository, tmp_path: Path) -> Path:
    """A backup of a commons with two releases and one thing that may not return."""
    release(roost, "The first text.")
    release(roost, "The second text.")
    add_blocked(roost.paths.blocked, ["ab" * 32])
    backup(roost.path, tmp_path / "roost.tar")
    return tmp_path / "roost.tar"


def members_of(archive: Path) -> dict[str, bytes]:
    with tarfile.open(archive) as tar:
        return {entry.name: tar.extractfile(entry).read() for entry in tar}  # type: ignore[union-attr]


def test_there_and_back(roost: Repository, archive: Path, tmp_path: Path) -> None:
    """What is restored is the same commons: the same state, refs, blocked list and settings."""
    restored = restore(archive, tmp_path / "again.git")
    assert restored.done == ()
    with reopened(tmp_path / "again.git") as again:
        assert again.state() == roost.state()
        assert standing_refs(again.path) == standing_refs(roost.path)
        assert read_blocked(again.paths.blocked) == {"ab" * 32}
        assert again.paths.blocked.stat().st_mode & 0o777 == 0o600
        assert (again.path / "config").read_bytes() == (roost.path / "config").read_bytes()
        assert verify(again).failure is None
        nest(again, "teens")
        assert again.state().seq == 4


def test_manifest(roost: Repository, archive: Path) -> None:
    """The manifest says how far the log had come, and the size and digest of each member."""
    state = roost.state()
    members = members_of(archive)
    assert list(members) == ["manifest.json", "blocked.json", "commons.bundle", "secret"]
    assert json.loads(members["manifest.json"]) == {
        "format": "commons-backup@1",
        "name": "roost",
        "head": roost.head(),
        "events": 3,
        "last_at": state.at,
        "refs": 4,
        "members": {
            name: {"size": len(raw), "sha256": hashlib.sha256(raw).hexdigest()}
            for name, raw in members.items()
            if name != "manifest.json"
        },
    }


def test_same_bytes(roost: Repository, archive: Path, tmp_path: Path) -> None:
    """Two backups of the same state are the same file."""
    backup(roost.path, tmp_path / "second.tar")
    assert (tmp_path / "second.tar").read_bytes() == archive.read_bytes()


def test_for_its_owner_only(archive: Path) -> None:
    """The file holds digests of what was erased, so nobody else may read it."""
    assert archive.stat().st_mode & 0o777 == 0o600


def test_git_alone_reads_the_bundle(archive: Path, tmp_path: Path) -> None:
    """Without this program, git clones the policies from the bundle in a backup."""
    (tmp_path / "commons.bundle").write_bytes(members_of(archive)["commons.bundle"])
    subprocess.run(
        [git_path(), "clone", "--quiet", "--branch", "main", "commons.bundle", "plain"],
        cwd=tmp_path,
        check=True,
    )
    assert "The second text." in (tmp_path / "plain" / "policies" / "spam" / "policy.md").read_text()


def test_older_beside_newer(roost: Repository, archive: Path, tmp_path: Path) -> None:
    """An older backup is told from a newer one by its events, last time and log head, in one line."""
    nest(roost, "teens")
    newer = backup(roost.path, tmp_path / "newer.tar").manifest
    older = read_manifest(archive)
    assert (older.events, newer.events) == (3, 4)
    assert older.head != newer.head == roost.head()
    assert str(older).startswith("roost: 3 events, the last at 20")
    assert restore(archive, tmp_path / "older.git").manifest == older


def test_older_backup_with_a_newer_snapshot(roost: Repository, archive: Path, tmp_path: Path) -> None:
    """A host file of the newer repository beside an older log is not believed."""
    nest(roost, "teens")
    head = roost.head()
    assert head is not None
    restore(archive, tmp_path / "older.git")
    save_snapshot(HostPaths(tmp_path / "older.git").snapshot, head, roost.state())
    with reopened(tmp_path / "older.git") as older:
        assert older.state().seq == 3


def test_while_writers_go_on(roost: Repository, tmp_path: Path) -> None:
    """A backup taken between any two steps of others' acts is of one state, and verifies."""
    stop = threading.Event()

    def write() -> None:
        number = 0
        with reopened(roost.path) as another:
            while not stop.is_set():
                number += 1
                release(another, f"Text {number}.")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = [backup(roost.path, tmp_path / f"{number}.tar").manifest for number in range(5)]
    finally:
        stop.set()
        writer.join()
    assert [manifest.events for manifest in made] == sorted(manifest.events for manifest in made)
    for number, manifest in enumerate(made):
        assert restore(tmp_path / f"{number}.tar", tmp_path / f"{number}.git").manifest == manifest
        with reopened(tmp_path / f"{number}.git") as again:
            assert verify(again).failure is None


def test_half_done_act_is_finished_first(roost: Repository, tmp_path: Path) -> None:
    """What a crash left half-done is put right before it is backed up."""
    old = roost.state().refs[MAIN]
    release(roost, "The text that was on its way.")
    run_git(roost.path, "update-ref", MAIN, old)
    backup(roost.path, tmp_path / "roost.tar")
    restore(tmp_path / "roost.tar", tmp_path / "again.git")
    with reopened(tmp_path / "again.git") as again:
        assert verify(again).failure is None


def test_redacted_content_is_not_in_a_later_backup(roost: Repository, tmp_path: Path) -> None:
    """A backup made after a redaction does not hold what was redacted, and keeps it from returning."""
    release(roost, "Mail ana at home in Elm Street.")
    redact(
        roost,
        actor="ana",
        ground="personal-data",
        salt=lambda: bytes(16),
        target=Target(slug="spam", words="Elm Street"),
    )
    backup(roost.path, tmp_path / "roost.tar")
    restore(tmp_path / "roost.tar", tmp_path / "again.git")
    with reopened(tmp_path / "again.git") as again:
        report = verify(again)
        assert (report.failure, len(report.redactions)) == (None, 1)
        assert read_blocked(again.paths.blocked) == read_blocked(roost.paths.blocked) != frozenset()


def test_nothing_is_written_over(roost: Repository, archive: Path, tmp_path: Path) -> None:
    """Neither a backup nor a restore writes over what is there, an empty folder or dangling link included."""
    before = archive.read_bytes()
    with pytest.raises(AlreadyExistsError):
        backup(roost.path, archive)
    assert archive.read_bytes() == before
    (tmp_path / "empty").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for taken in ("empty", "link", "roost.git"):
        with pytest.raises(AlreadyExistsError):
            restore(archive, tmp_path / taken)


def test_corrupt_object(roost: Repository, tmp_path: Path) -> None:
    """A repository that lost an object cannot be backed up as if it were whole, and no file is left."""
    release(roost, "The first text.")
    blob = next(
        line.split()[2]
        for line in run_git(roost.path, "ls-tree", "-r", MAIN).decode().splitlines()
        if line.endswith("policy.md")
    )
    (roost.path / "objects" / blob[:2] / blob[2:]).unlink()
    with pytest.raises(GitFailedError, match=blob):
        backup(roost.path, tmp_path / "roost.tar")
    assert [path.name for path in tmp_path.iterdir()] == ["roost.git"]


def test_not_a_commons(tmp_path: Path) -> None:
    """A folder that is no commons is not backed up."""
    with pytest.raises(NotACommonsError):
        backup(tmp_path, tmp_path / "x.tar")


Edit = Callable[[dict[str, bytes]], dict[str, bytes]]


def entry(name: str, raw: bytes = b"", **fields: object) -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    info.size = len(raw)
    for field, value in fields.items():
        setattr(info, field, value)
    return info, raw


def spoil(archive: Path, kind: str) -> bytes:
    """The bytes of an archive that was tampered with."""
    members = members_of(archive)
    manifest = json.loads(members["manifest.json"])
    extra: list[tuple[tarfile.TarInfo, bytes]] = []
    if kind == "event count":
        manifest["events"] = 4
    elif kind == "name":
        manifest["name"] = "nest"
    elif kind == "head":
        manifest["head"] = "0" * 39 + "1"
    elif kind == "unknown format":
        manifest["format"] = "commons-backup@2"
    elif kind == "unknown field":
        manifest["mood"] = "good"
    elif kind == "a member more in the manifest":
        manifest["members"]["hooks/pre-receive"] = {"size": 0, "sha256": hashlib.sha256(b"").hexdigest()}
    elif kind == "manifest is no JSON":
        members["manifest.json"] = b"{"
    elif kind == "bundle byte":
        raw = bytearray(members["commons.bundle"])
        raw[-40] ^= 1
        members["commons.bundle"] = bytes(raw)
    elif kind == "bundle and digest":
        raw = bytearray(members["commons.bundle"])
        raw[-40] ^= 1
        members["commons.bundle"] = bytes(raw)
        manifest["members"]["commons.bundle"]["sha256"] = hashlib.sha256(raw).hexdigest()
    elif kind == "bundle of nothing":
        members["commons.bundle"] = b"# v2 git bundle\n\n"
        manifest["members"]["commons.bundle"] = {
            "size": 17,
            "sha256": hashlib.sha256(members["commons.bundle"]).hexdigest(),
        }
    elif kind == "bundle missing":
        del members["commons.bundle"]
    elif kind == "absolute name":
        extra.append(entry("/tmp/commons-was-here", b"x"))
    elif kind == "name with dots":
        extra.append(entry("../commons-was-here", b"x"))
    elif kind == "symbolic link":
        extra.append(entry("clock.json", type=tarfile.SYMTYPE, linkname="/etc/passwd"))
    elif kind == "hard link":
        extra.append(entry("blocked.json", type=tarfile.LNKTYPE, linkname="manifest.json"))
    elif kind == "device":
        extra.append(entry("clock.json", type=tarfile.CHRTYPE, devmajor=1, devminor=3))
    elif kind == "pipe":
        extra.append(entry("clock.json", type=tarfile.FIFOTYPE))
    elif kind == "folder":
        extra.append(entry("commons", type=tarfile.DIRTYPE))
    elif kind == "manifest twice":
        extra.append(entry("manifest.json", members["manifest.json"]))
    elif kind == "member twice":
        extra.append(entry("blocked.json", members["blocked.json"]))
    if kind != "manifest is no JSON":
        members["manifest.json"] = json.dumps(manifest).encode()
    if kind == "manifest last":
        members["manifest.json"] = members.pop("manifest.json")
    if kind == "not a tar":
        return b"not a tar at all"
    if kind == "empty":
        return b""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w:gz" if kind == "compressed" else "w") as tar:
        for name, raw in members.items():
            info, data = entry(name, raw)
            if kind in ("symbolic link", "device", "pipe", "hard link") and info.name == extra[0][0].name:
                continue
            tar.addfile(info, io.BytesIO(data))
        for info, data in extra:
            tar.addfile(info, io.BytesIO(data))
    raw = target.getvalue()
    # A tar ends in zeros, which nobody misses.
    return raw[: len(raw.rstrip(b"\0")) // 2] if kind == "cut off" else raw


RULES = {
    "event count": "its log is not the one that its manifest describes",
    "name": "its log is not the one that its manifest describes",
    "head": "its log is not the one that its manifest describes",
    "unknown format": "it is of format 'commons-backup@2'; this program reads commons-backup@1",
    "unknown field": "its manifest.json cannot be read",
    "a member more in the manifest": "lists what a backup does not hold",
    "manifest is no JSON": "its manifest.json cannot be read",
    "manifest last": "it does not begin with manifest.json",
    "manifest twice": "manifest.json stands in it twice",
    "bundle byte": "commons.bundle is damaged",
    "bundle and digest": "its commons cannot be read",
    "bundle of nothing": "does not begin with refs/commons/log",
    "bundle missing": "commons.bundle is missing",
    "absolute name": "'/tmp/commons-was-here' has no place in it",
    "name with dots": "'../commons-was-here' has no place in it",
    "symbolic link": "'clock.json' has no place in it",
    "hard link": "'blocked.json' has no place in it",
    "device": "'clock.json' has no place in it",
    "pipe": "'clock.json' has no place in it",
    "folder": "'commons' has no place in it",
    "member twice": "'blocked.json' has no place in it",
    "compressed": "it is no backup",
    "cut off": "cut off or damaged",
    "not a tar": "it is no backup",
    "empty": "it is no backup",
}


@pytest.mark.parametrize("kind", RULES)
def test_hostile_archive(archive: Path, tmp_path: Path, kind: str) -> None:
    """A tampered, cut or hostile archive is refused by name, and nothing is left where it was to go."""
    spoilt = tmp_path / "spoilt.tar"
    spoilt.write_bytes(spoil(archive, kind))
    before = sorted(path.name for path in tmp_path.iterdir())
    with pytest.raises(ArchiveError) as refused:
        restore(spoilt, tmp_path / "again.git")
    assert RULES[kind] in str(refused.value)
    assert str(refused.value).startswith("spoilt.tar: ")
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    assert not Path("/tmp/commons-was-here").exists()


def test_missing_archive(tmp_path: Path) -> None:
    """A backup that is not there is refused by name."""
    with pytest.raises(ArchiveError, match=r"nothing\.tar: it cannot be read"):
        restore(tmp_path / "nothing.tar", tmp_path / "again.git")


def test_empty_commons(tmp_path: Path) -> None:
    """A commons of one event is backed up like any other."""
    founded(tmp_path / "roost.git").close()
    assert backup(tmp_path / "roost.git", tmp_path / "roost.tar").manifest.events == 1
    restore(tmp_path / "roost.tar", tmp_path / "again.git")
