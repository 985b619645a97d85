"""Real OpenSSH: keys made by `ssh-keygen`, its signatures and its judgement; and a key in soft hardware.

The security key is a fake, since no test can touch a real one; `ssh-keygen` judges what it signs.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from registry.keys.public_key import PublicKey, key_of_blob
from registry.keys.sshsig import Signature, signed_bytes
from registry.keys.wire import natural, string

KINDS = {
    "ed25519": ("-t", "ed25519"),
    "ecdsa-256": ("-t", "ecdsa", "-b", "256"),
    "ecdsa-384": ("-t", "ecdsa", "-b", "384"),
    "ecdsa-521": ("-t", "ecdsa", "-b", "521"),
    "rsa-2048": ("-t", "rsa", "-b", "2048"),
    "rsa-4096": ("-t", "rsa", "-b", "4096"),
}
"""Every kind of key that `ssh-keygen` makes and that may sign here."""

ENVIRONMENT = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "LC_ALL": "C"}


def ssh_program(name: str = "ssh-keygen") -> str:
    """The program's path; the test is skipped on a machine without it."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"no {name} is installed (Debian: apt-get install openssh-client)")
    return found


def keygen(
    *arguments: str | Path, stdin: bytes = b"", check: bool = True
) -> subprocess.CompletedProcess[bytes]:
    """Runs `ssh-keygen` without a terminal or an agent."""
    return subprocess.run(
        [ssh_program(), *map(str, arguments)],
        input=stdin,
        capture_output=True,
        check=check,
        env=ENVIRONMENT,
        start_new_session=True,
        timeout=60,
    )


def make_key(path: Path, kind: str = "ed25519", passphrase: str = "", comment: str = "ana at home") -> Path:
    """Makes a key pair; gives the private key's file, with the public one beside it."""
    keygen("-q", *KINDS[kind], "-N", passphrase, "-C", comment, "-f", path)
    return path


def ssh_sign(key: Path, message: bytes, namespace: str, *options: str) -> str:
    """The armoured signature that `ssh-keygen` makes."""
    return keygen("-Y", "sign", "-f", key, "-n", namespace, *options, stdin=message).stdout.decode()


def ssh_accepts(folder: Path, line: str, armoured: str, message: bytes, namespace: str) -> bool:
    """Whether `ssh-keygen -Y verify` takes the signature as one by the key on this line."""
    (folder / "allowed").write_text(f"ana {line}\n")
    (folder / "signature").write_text(armoured)
    done = keygen(
        *("-Y", "verify", "-f", folder / "allowed", "-I", "ana", "-n", namespace),
        *("-s", folder / "signature"),
        stdin=message,
        check=False,
    )
    return done.returncode == 0


class SoftSecurityKey:
    """Signs as PROTOCOL.u2f says that a security key does; `kind` is `ed25519` or `ecdsa`."""

    def __init__(self, kind: str, application: bytes = b"ssh:") -> None:
        self.application = application
        self.counter = 0
        if kind == "ed25519":
            self._type = b"sk-ssh-ed25519@openssh.com"
            self._edwards = Ed25519PrivateKey.generate()
            fields = string(self._edwards.public_key().public_bytes_raw())
        else:
            self._type = b"sk-ecdsa-sha2-nistp256@openssh.com"
            self._edwards = None
            self._curve = ec.generate_private_key(ec.SECP256R1())
            numbers = self._curve.public_key().public_numbers()
            point = b"\x04" + numbers.x.to_bytes(32, "big") + numbers.y.to_bytes(32, "big")
            fields = string(b"nistp256") + string(point)
        self.blob = string(self._type) + fields + string(application)

    @property
    def public(self) -> PublicKey:
        """The key as we read it."""
        return key_of_blob(self.blob)

    def sign(self, message: bytes, namespace: str, *, flags: int = 1) -> Signature:
        """A signature; bit 1 of `flags` says that somebody touched it."""
        self.counter += 1
        tail = bytes([flags]) + self.counter.to_bytes(4, "big")
        digest = hashlib.sha256(signed_bytes(namespace, message)).digest()
        said = hashlib.sha256(self.application).digest() + tail + digest
        if self._edwards is not None:
            raw = self._edwards.sign(said)
        else:
            r, s = decode_dss_signature(self._curve.sign(said, ec.ECDSA(SHA256())))
            raw = natural(r) + natural(s)
        return Signature(self.blob, namespace, "sha512", string(self._type) + string(raw) + tail)
