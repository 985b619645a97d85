"""The registry's secret: made once, durable, for its owner only, and the root of every key."""

from __future__ import annotations

import hmac
import os
import resource
import signal
import threading
from pathlib import Path

import pytest

from registry.keys.errors import SecretError
from registry.keys.secret import SECRET_BYTES, Secret, read_secret, secret_of
from registry.store.errors import WriteError
from registry.store.refs import HostPaths
from tests.support.acts import run_process


@pytest.fixture
def paths(tmp_path: Path) -> HostPaths:
    """The host files of a repository that has none yet."""
    return HostPaths(tmp_path)


def test_made_on_first_need(paths: HostPaths) -> None:
    """The first who needs the secret makes it, for its owner only; from then on it stays."""
    assert read_secret(paths) is None
    assert not paths.folder.exists()
    first = secret_of(paths)
    assert paths.secret.stat().st_mode & 0o7777 == 0o600
    raw = paths.secret.read_bytes()
    assert (len(raw), list(paths.folder.iterdir())) == (65, [paths.secret])
    assert secret_of(paths).derive("x") == first.derive("x")
    assert paths.secret.read_bytes() == raw


def test_from_the_randomness_given(paths: HostPaths) -> None:
    """The secret is the bytes that the host's randomness gave, and the system's by default."""
    asked: list[int] = []

    def fresh(count: int) -> bytes:
        asked.append(count)
        return bytes(range(count))

    made = secret_of(paths, fresh=fresh)
    assert asked == [SECRET_BYTES]
    assert paths.secret.read_text() == f"{bytes(range(32)).hex()}\n"
    assert made.derive("x") == Secret(bytes(range(32))).derive("x")


def test_several_makers(paths: HostPaths) -> None:
    """Of many who need it at once, all get the same secret."""
    ready = threading.Barrier(8)
    found: list[bytes] = []

    def need() -> None:
        ready.wait()
        found.append(secret_of(paths).derive("x"))

    threads = [threading.Thread(target=need) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(found), len(set(found))) == (8, 1)
    assert list(paths.folder.iterdir()) == [paths.secret]


def test_a_second_maker_does_not_win(paths: HostPaths) -> None:
    """A secret that appears while another is being made is the one that counts."""

    def slow(count: int) -> bytes:
        secret_of(paths, fresh=lambda count: b"\1" * count)
        return b"\2" * count

    assert secret_of(paths, fresh=slow).derive("x") == Secret(b"\1" * 32).derive("x")
    assert list(paths.folder.iterdir()) == [paths.secret]


def _make_and_die(folder: Path) -> None:
    def fresh(_count: int) -> bytes:
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError

    secret_of(HostPaths(folder), fresh=fresh)


def test_killed_while_making_it(paths: HostPaths, tmp_path: Path) -> None:
    """A process that dies before the secret stands leaves none, and the next one makes it."""
    assert run_process(_make_and_die, tmp_path) == -signal.SIGKILL
    assert read_secret(paths) is None
    assert secret_of(paths)


@pytest.mark.parametrize(
    "raw",
    [b"", b"\n", b"0" * 64, b"0" * 63 + b"\n", b"0" * 65 + b"\n", b"0" * 64 + b"\n\n", b"A" * 64 + b"\n"],
)
def test_damaged(paths: HostPaths, raw: bytes) -> None:
    """A damaged file is told with its place and remedy, and never replaced by a new secret."""
    paths.folder.mkdir()
    paths.secret.write_bytes(raw)
    paths.secret.chmod(0o600)
    for ask in (read_secret, secret_of):
        with pytest.raises(SecretError, match="it is damaged") as refused:
            ask(paths)
        assert (refused.value.place, "backup" in refused.value.remedy) == (str(paths.secret), True)
    assert paths.secret.read_bytes() == raw


@pytest.mark.parametrize("mode", [0o604, 0o602, 0o601, 0o666])
def test_open_to_everybody(paths: HostPaths, mode: int) -> None:
    """A secret that everybody on the host can reach is not used until that is put right."""
    secret_of(paths)
    paths.secret.chmod(mode)
    with pytest.raises(SecretError, match="everybody on this host can reach it"):
        secret_of(paths)
    paths.secret.chmod(0o640)  # a group of the operator's choice is theirs to decide
    assert secret_of(paths)


def test_no_plain_file(paths: HostPaths, tmp_path: Path) -> None:
    """A link, a pipe or a folder in its place is refused at once, and not followed or waited for."""
    paths.folder.mkdir()
    (tmp_path / "elsewhere").write_text("0" * 64 + "\n")
    (tmp_path / "elsewhere").chmod(0o600)
    paths.secret.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(SecretError, match="it is a link"):
        secret_of(paths)
    paths.secret.unlink()
    paths.secret.symlink_to(tmp_path / "nowhere")
    with pytest.raises(SecretError, match="it is a link"):
        secret_of(paths)
    paths.secret.unlink()
    os.mkfifo(paths.secret, 0o600)
    with pytest.raises(SecretError, match="it is no plain file"):
        secret_of(paths)
    paths.secret.unlink()
    paths.secret.mkdir(0o700)
    with pytest.raises(SecretError, match="it is no plain file"):
        secret_of(paths)


def _make_on_a_full_disk(folder: Path) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (40, 40))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        secret_of(HostPaths(folder))
    except WriteError:
        return
    raise SystemExit(1)


def test_a_full_disk(paths: HostPaths, tmp_path: Path) -> None:
    """Where the disk takes only a part of it, nothing is left, and the next one makes it."""
    assert run_process(_make_on_a_full_disk, tmp_path) == 0
    assert list(paths.folder.iterdir()) == []
    assert secret_of(paths)


def test_no_place_for_it(tmp_path: Path) -> None:
    """Where the host's folder is something else, the error names the place."""
    (tmp_path / "commons").write_text("a file where the folder should be")
    with pytest.raises(SecretError, match="commons/secret"):
        secret_of(HostPaths(tmp_path))


def test_derivation() -> None:
    """Keys follow by HKDF-SHA256 (RFC 5869), its info the use and the facts in canonical JSON."""
    raw = bytes(range(32))
    extracted = hmac.digest(bytes(32), raw, "sha256")
    info = b'{"commons":"roost","proposal":12,"use":"ballot-box@1"}'
    expected = hmac.digest(extracted, info + b"\1", "sha256")
    assert Secret(raw).derive("ballot-box@1", proposal=12, commons="roost") == expected
    assert expected.hex() == "55980e39ba9742d9cd6d1c724d0486bb88f4d2a660c73d42f6000aa30b473348"


def test_each_use_has_its_own_key() -> None:
    """Another use, another fact, another secret: other bytes."""
    secret = Secret(bytes(32))
    made = [
        secret.derive("a"),
        secret.derive("b"),
        secret.derive("a", commons="a"),
        secret.derive("a", commons="b"),
        secret.derive("a", proposal=1, round=11),
        secret.derive("a", proposal=11, round=1),
        Secret(b"\1" * 32).derive("a"),
    ]
    assert len(set(made)) == len(made)


def test_it_shows_itself_to_nobody() -> None:
    """Neither a repr nor a message holds the bytes; another length is refused."""
    raw = b"\xab" * 32
    assert "ab" * 4 not in repr(Secret(raw)) + str(Secret(raw))
    assert repr(raw)[2:10] not in repr(Secret(raw))
    with pytest.raises(ValueError, match="32 bytes, not 31"):
        Secret(raw[1:])
