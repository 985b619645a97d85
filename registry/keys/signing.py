"""Signs for a person: `ssh-keygen -Y sign` with their key, from its file or their agent.

Private keys are never read here: OpenSSH does that, asks for passphrases on the terminal, and speaks to
agents and security keys.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from registry.keys.errors import SigningError
from registry.keys.public_key import PublicKey, key_of_blob, public_file
from registry.keys.sshsig import Signature, check_signature, read_armoured

SECONDS = 120.0
"""How long a person has to type a passphrase or touch a security key."""

_PASSED = (
    *("HOME", "PATH", "TERM", "SSH_AUTH_SOCK", "SSH_SK_PROVIDER"),
    # Where there is no terminal, a window asks for the passphrase.
    *("SSH_ASKPASS", "SSH_ASKPASS_REQUIRE", "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "XDG_RUNTIME_DIR"),
)
_GRACE = 2.0
_INSTALL = "Install OpenSSH's client (Debian: apt-get install openssh-client)."


def sign_with_key(
    key: Path,
    message: bytes,
    namespace: str,
    *,
    environment: Mapping[str, str],
    registered: PublicKey | None = None,
    seconds: float = SECONDS,
    tell: Callable[[str], None] = lambda _line: None,
) -> Signature:
    """Signs with a private key's file, or a `.pub` file whose private half the agent holds.

    `environment` is the person's own; of it only what `ssh-keygen` needs is passed on. `tell` is given
    what the person has to do. With `registered`, a signature by another key is refused. What comes back
    was checked. Raises `SigningError`, `KeyRefusedError` for a key that may not sign here.
    """
    if not key.is_file():
        raise SigningError(
            str(key),
            "no key file is here.",
            "Name your private key, or the .pub file of one that your agent holds.",
        )
    if _public_type(key).startswith("sk-"):
        tell("Touch your security key.")
    command = [_program(environment), "-Y", "sign", "-f", str(key), "-n", namespace]
    passed = {name: environment[name] for name in _PASSED if name in environment}
    out = _run(key, command, message, passed | {"LC_ALL": "C"}, seconds)
    signature = read_armoured(out)
    signer = key_of_blob(signature.key, str(key))
    check_signature(signature, message, namespace, signer)
    if registered is not None and signer != registered:
        raise SigningError(
            str(key),
            f"it is the key {signer.fingerprint}, and registered is {registered.fingerprint}.",
            "Name the key that is registered, or register this one first.",
        )
    return signature


def _run(key: Path, command: list[str], message: bytes, environment: dict[str, str], seconds: float) -> str:
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
        )
    except OSError as error:
        raise SigningError(command[0], f"it cannot be run ({error.strerror}).", _INSTALL) from error
    with process:
        try:
            out, told = process.communicate(message, timeout=seconds)
        except BaseException as error:
            _end(process)
            if isinstance(error, subprocess.TimeoutExpired):
                raise SigningError(
                    str(key), f"nothing was signed within {seconds:g} s.", "Try again, or `ssh-add` it first."
                ) from None
            raise
    if process.returncode:
        raise _failure(key, told.decode("utf-8", "replace"), environment)
    return out.decode("ascii", "replace")


def _end(process: subprocess.Popen[bytes]) -> None:
    """Asked first: a terminal that no longer shows what is typed would be left behind."""
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(_GRACE)
    process.kill()


def _failure(key: Path, told: str, environment: Mapping[str, str]) -> SigningError:
    """What ssh-keygen's words (in the C locale) mean and what to do."""
    for words, rule, remedy in (
        ("incorrect passphrase", "its passphrase is wrong or was not given.", "Try again at a terminal."),
        ("UNPROTECTED PRIVATE KEY", "others on this host can read it.", f"Run `chmod 600 {key}`."),
        ("agent refused", "your agent refused to sign with it.", "Allow it there, and try again."),
        ("device not found", "its security key is not plugged in.", "Plug it in, and try again."),
        ("unknown option", "this ssh-keygen is too old to sign.", "Install OpenSSH 8.1 or newer."),
        ("Couldn't load public key", "it is no key that ssh-keygen can read.", "Name your private key."),
    ):
        if words in told:
            return SigningError(str(key), rule, remedy)
    if "No private key found" in told:
        agent = "your agent does not hold" if "SSH_AUTH_SOCK" in environment else "no agent runs that holds"
        return SigningError(
            str(key), f"{agent} its private half.", "`ssh-add` it, or name the private key's file."
        )
    last = told.strip().rpartition("\n")[2][-200:]
    return SigningError(
        str(key), f"ssh-keygen failed: {last or 'it did not say why'}.", "Nothing was signed."
    )


def _program(environment: Mapping[str, str]) -> str:
    found = shutil.which("ssh-keygen", path=environment.get("PATH"))
    if found is None:
        raise SigningError("ssh-keygen", "it is not installed.", _INSTALL)
    return str(Path(found).resolve())


def _public_type(key: Path) -> str:
    try:
        with public_file(key).open("r", encoding="utf-8", errors="replace") as file:
            return file.read(80).partition(" ")[0]
    except OSError:
        return ""
