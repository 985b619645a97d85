"""The registry's one secret per commons: 32 random bytes in a host file. Reads and writes that file.

Everything secret that the registry has follows from it, so a backup of these bytes is a backup of all
keys. It is made on first need, and never in Git: whoever reads it signs as the registry and opens every
sealed ballot of votes that are still running.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from policies.canonical import Json, canonical_bytes
from registry.keys.errors import SecretError
from registry.store.errors import WriteError
from registry.store.refs import HostPaths
from registry.store.writer import sync_folder, write_durably

SECRET_BYTES = 32

_FORM = re.compile(rb"([0-9a-f]{64})\n")
_LONGEST = 1024
_RESTORE = "Restore it from a backup (`commons backup` holds it)."


class Secret:
    """The root of the registry's keys. It shows itself to nobody: not in a repr, not in a trace."""

    __slots__ = ("_raw",)

    def __init__(self, raw: bytes) -> None:
        if len(raw) != SECRET_BYTES:
            raise ValueError(f"a secret has {SECRET_BYTES} bytes, not {len(raw)}")
        self._raw = raw

    def derive(self, use: str, **facts: Json) -> bytes:
        """32 bytes for one use: HKDF-SHA256 (RFC 5869), its info the use and the facts as canonical JSON.

        Other facts give bytes that say nothing about these.
        """
        info = canonical_bytes({**facts, "use": use})
        return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(self._raw)


def read_secret(paths: HostPaths) -> Secret | None:
    """The secret of this host, or None where there is none.

    Raises `SecretError` for a file that is damaged, no plain file, or open to everybody on the host.
    """
    path = paths.secret
    try:
        # Neither a link nor a pipe that somebody handed over is followed or waited for.
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise SecretError(str(path), "it is a link.", "Put the file itself there.") from None
        raise SecretError(str(path), f"it cannot be read ({error.strerror}).", _RESTORE) from error
    try:
        mode = os.fstat(descriptor).st_mode
        if not stat.S_ISREG(mode):
            raise SecretError(str(path), "it is no plain file.", _RESTORE)
        if mode & 0o007:
            raise SecretError(
                str(path),
                "everybody on this host can reach it.",
                f"Run `chmod 600 {path}`; if others may have read it, see registry/keys/README.md, Leaked.",
            )
        found = _FORM.fullmatch(os.read(descriptor, _LONGEST))
    finally:
        os.close(descriptor)
    if found is None:
        raise SecretError(str(path), "it is damaged: 64 hex digits and a line's end are due.", _RESTORE)
    return Secret(bytes.fromhex(found.group(1).decode("ascii")))


def secret_of(paths: HostPaths, *, fresh: Callable[[int], bytes] = os.urandom) -> Secret:
    """The secret of this host, made durably if there is none: of several makers at once, one wins.

    `fresh` gives random bytes. Raises `SecretError`, `WriteError`.
    """
    found = read_secret(paths)
    if found is not None:
        return found
    try:
        paths.folder.mkdir(exist_ok=True)
        _make(paths.secret, fresh(SECRET_BYTES))
    except OSError as error:
        raise WriteError(f"{paths.secret}: making the registry's secret", error) from error
    made = read_secret(paths)
    assert made is not None
    return made


def _make(path: Path, raw: bytes) -> None:
    try:
        write_durably(path, raw.hex().encode("ascii") + b"\n", mode=0o600, replace=False)
    except FileExistsError:
        sync_folder(path.parent)  # another process was first, and its secret counts
