"""Signing for a person with real OpenSSH: files, passphrases, agents, and every way it can fail."""

from __future__ import annotations

import os
import pty
import shutil
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from registry.keys.errors import KeyRefusedError, KeysError, SignatureRefusedError, SigningError
from registry.keys.public_key import read_public_key
from registry.keys.signing import sign_with_key
from registry.keys.sshsig import check_signature, read_armoured
from registry.keys.statements import ACT, BALLOT
from tests.support.signer import MESSAGE
from tests.support.ssh import ENVIRONMENT, KINDS, SoftSecurityKey, keygen, make_key, ssh_accepts, ssh_program

ROOT = Path(__file__).parents[4]


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key behind the passphrase `open sesame`."""
    return make_key(tmp_path_factory.mktemp("locked") / "id", passphrase="open sesame")


@pytest.fixture
def agent() -> Iterator[dict[str, str]]:
    """The environment of somebody whose agent runs and holds nothing."""
    # Not in pytest's folder: the path of a socket has 107 characters at most.
    folder = Path(tempfile.mkdtemp(prefix="agent-"))
    socket = folder / "socket"
    process = subprocess.Popen(
        [ssh_program("ssh-agent"), "-D", "-a", str(socket)], stdout=subprocess.DEVNULL, env=ENVIRONMENT
    )
    try:
        deadline = time.monotonic() + 20
        while not socket.exists():
            assert time.monotonic() < deadline, "the agent did not start"
            time.sleep(0.01)
        yield ENVIRONMENT | {"SSH_AUTH_SOCK": str(socket)}
    finally:
        process.terminate()
        process.wait(20)
        shutil.rmtree(folder)


def add_to_agent(agent: dict[str, str], key: Path, *options: str) -> None:
    subprocess.run(
        [ssh_program("ssh-add"), "-q", *options, str(key)],
        env=agent,
        check=True,
        stdin=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def asking(folder: Path, does: str) -> dict[str, str]:
    """The environment of somebody whom a window asks for passphrases: a script that does this."""
    script = folder / "askpass"
    script.write_text(f"#!/bin/sh\n{does}\n")
    script.chmod(0o755)
    return ENVIRONMENT | {"SSH_ASKPASS": str(script), "SSH_ASKPASS_REQUIRE": "force"}


def refusal(key: Path, environment: dict[str, str] = ENVIRONMENT, **more: object) -> KeysError:
    with pytest.raises(KeysError) as refused:
        sign_with_key(key, MESSAGE, ACT, environment=environment, **more)  # type: ignore[arg-type]
    error = refused.value
    assert error.place
    assert error.remedy
    return error


@pytest.mark.parametrize("kind", KINDS)
def test_from_a_file(keys: dict[str, Path], tmp_path: Path, kind: str) -> None:
    """A private key signs for the namespace asked for; OpenSSH and we take it."""
    public = read_public_key(keys[kind])
    signature = sign_with_key(keys[kind], MESSAGE, BALLOT, environment=ENVIRONMENT, registered=public)
    check_signature(signature.compact, MESSAGE, BALLOT, public)
    assert ssh_accepts(tmp_path, public.line, signature.armoured, MESSAGE, BALLOT)


def test_from_an_agent(agent: dict[str, str], tmp_path: Path) -> None:
    """Given the public half alone, the agent that holds the private one signs."""
    key = make_key(tmp_path / "id")
    add_to_agent(agent, key)
    key.unlink()
    signature = sign_with_key(tmp_path / "id.pub", MESSAGE, ACT, environment=agent)
    check_signature(signature, MESSAGE, ACT, read_public_key(key))


def test_an_agent_saves_the_passphrase(agent: dict[str, str], locked: Path, tmp_path: Path) -> None:
    """A locked key that the agent holds is used without a question."""
    add_to_agent(agent | asking(tmp_path, "echo open sesame"), locked)
    check_signature(
        sign_with_key(locked, MESSAGE, ACT, environment=agent), MESSAGE, ACT, read_public_key(locked)
    )


def test_an_agent_that_does_not_hold_it(agent: dict[str, str], tmp_path: Path) -> None:
    """A public half that the agent does not know is refused, as is one without an agent."""
    make_key(tmp_path / "id").unlink()
    error = refusal(tmp_path / "id.pub", agent)
    assert error.rule == "your agent does not hold its private half."
    assert refusal(tmp_path / "id.pub").rule == "no agent runs that holds its private half."
    dead = ENVIRONMENT | {"SSH_AUTH_SOCK": "/nonexistent/socket"}
    assert refusal(tmp_path / "id.pub", dead).rule == "your agent does not hold its private half."


def test_an_agent_that_refuses(agent: dict[str, str], tmp_path: Path) -> None:
    """Somebody who says no to their agent's question is told so."""
    key = make_key(tmp_path / "id")
    add_to_agent(agent, key, "-c")
    key.unlink()
    assert refusal(tmp_path / "id.pub", agent).rule == "your agent refused to sign with it."


class Terminal:
    """A process that signs, and its controlling terminal, which is ours to type at."""

    def __init__(self, key: Path, seconds: float) -> None:
        self.master, slave = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.signer", str(key), str(seconds)],
            cwd=ROOT,
            stdin=slave,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )
        os.close(slave)

    def wait_for_question(self) -> None:
        shown = b""
        while b"passphrase" not in shown:
            shown += os.read(self.master, 1024)

    def type(self, text: str) -> None:
        os.write(self.master, text.encode() + b"\n")

    def end(self) -> tuple[int, str]:
        out, _ = self.process.communicate(timeout=60)
        return self.process.returncode, out.decode()

    def shows_typing(self) -> bool:
        return bool(termios.tcgetattr(self.master)[3] & termios.ECHO)


@contextmanager
def at_a_terminal(key: Path, seconds: float) -> Iterator[Terminal]:
    terminal = Terminal(key, seconds)
    yield terminal
    os.close(terminal.master)


def test_a_passphrase_at_a_terminal(locked: Path) -> None:
    """ssh-keygen asks on the terminal itself; what is typed there opens the key."""
    with at_a_terminal(locked, 60) as terminal:
        terminal.wait_for_question()
        assert not terminal.shows_typing()
        terminal.type("open sesame")
        code, out = terminal.end()
        assert code == 0, out
        check_signature(read_armoured(out), MESSAGE, ACT, read_public_key(locked))


def test_a_wrong_passphrase_at_a_terminal(locked: Path) -> None:
    """A wrong passphrase is told as that."""
    with at_a_terminal(locked, 60) as terminal:
        terminal.wait_for_question()
        terminal.type("open barley")
        code, out = terminal.end()
        assert (code, "its passphrase is wrong or was not given" in out) == (3, True)


def test_nobody_answers_at_a_terminal(locked: Path) -> None:
    """When time is up the question ends, and the terminal shows again what is typed."""
    with at_a_terminal(locked, 1) as terminal:
        terminal.wait_for_question()
        assert not terminal.shows_typing()
        code, out = terminal.end()
        assert (code, "nothing was signed within 1 s" in out) == (3, True)
        assert terminal.shows_typing()


def test_a_passphrase_in_a_window(locked: Path, tmp_path: Path) -> None:
    """Without a terminal, the program of SSH_ASKPASS asks."""
    signature = sign_with_key(locked, MESSAGE, ACT, environment=asking(tmp_path, "echo open sesame"))
    check_signature(signature, MESSAGE, ACT, read_public_key(locked))
    wrong = refusal(locked, asking(tmp_path, "echo open barley"))
    assert wrong.rule == "its passphrase is wrong or was not given."


def test_nobody_answers_in_a_window(locked: Path, tmp_path: Path) -> None:
    """A question that nobody answers ends in time, and leaves no ssh-keygen behind."""
    begun = time.monotonic()
    error = refusal(locked, asking(tmp_path, "sleep 5"), seconds=0.5)
    assert (error.rule, time.monotonic() - begun < 4) == ("nothing was signed within 0.5 s.", True)
    left = [child.name() for child in psutil.Process().children(recursive=True)]
    assert "ssh-keygen" not in left


def test_no_passphrase_and_nobody_to_ask(locked: Path) -> None:
    """Where nobody can be asked, a locked key is refused at once."""
    command = [sys.executable, "-c", _SIGN, str(locked)]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ,
        start_new_session=True,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.stdout.decode() == "its passphrase is wrong or was not given."


_SIGN = """
import os, sys
from pathlib import Path
from registry.keys.errors import SigningError
from registry.keys.signing import sign_with_key
environment = {"PATH": os.environ["PATH"]}
try:
    sign_with_key(Path(sys.argv[1]), b"x", "act.policy-commons", environment=environment)
except SigningError as error:
    print(error.rule, end="")
"""


def test_wrong_files(keys: dict[str, Path], tmp_path: Path) -> None:
    """No file, a folder, junk and a key open to others are each told apart."""
    assert refusal(tmp_path / "none").rule == "no key file is here."
    assert refusal(tmp_path).rule == "no key file is here."
    (tmp_path / "junk").write_text("junk\n")
    (tmp_path / "junk").chmod(0o600)
    assert refusal(tmp_path / "junk").rule == "it is no key that ssh-keygen can read."
    shutil.copy(keys["ed25519"], tmp_path / "id")
    (tmp_path / "id").chmod(0o644)
    error = refusal(tmp_path / "id")
    assert (error.rule, error.remedy) == (
        "others on this host can read it.",
        f"Run `chmod 600 {tmp_path / 'id'}`.",
    )


def test_a_name_like_an_option(
    keys: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file whose name looks like an option is a file."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(keys["ed25519"], "-v")
    assert sign_with_key(Path("-v"), MESSAGE, ACT, environment=ENVIRONMENT).namespace == ACT


def test_keys_that_may_not_sign(tmp_path: Path) -> None:
    """ssh-keygen would sign with a short RSA key or a certificate; the result is refused, with the file."""
    keygen("-q", "-t", "rsa", "-b", "1024", "-N", "", "-f", tmp_path / "short")
    error = refusal(tmp_path / "short")
    assert isinstance(error, KeyRefusedError)
    assert error.place == str(tmp_path / "short")
    make_key(tmp_path / "id")
    keygen("-q", "-s", tmp_path / "id", "-I", "ana", "-n", "ana", tmp_path / "id.pub")
    shutil.copy(tmp_path / "id", tmp_path / "id-cert")
    assert "it is a certificate" in refusal(tmp_path / "id-cert.pub").rule


def test_another_key_than_the_registered_one(keys: dict[str, Path]) -> None:
    """Signing with a key that is not the registered one is refused before anything is sent."""
    registered = read_public_key(keys["ecdsa-256"])
    error = refusal(keys["ed25519"], registered=registered)
    assert error.rule == (
        f"it is the key {read_public_key(keys['ed25519']).fingerprint}, "
        f"and registered is {registered.fingerprint}."
    )


def program(folder: Path, does: str) -> dict[str, str]:
    """An environment in which `ssh-keygen` is this script."""
    script = folder / "ssh-keygen"
    script.write_text(f"#!/bin/sh\n{does}\n")
    script.chmod(0o755)
    return {"PATH": f"{folder}:{os.environ['PATH']}"}


def test_without_openssh(keys: dict[str, Path], tmp_path: Path) -> None:
    """A machine without ssh-keygen, or with one too old, is told what to install."""
    error = refusal(keys["ed25519"], {"PATH": str(tmp_path)})
    assert (error.place, error.rule) == ("ssh-keygen", "it is not installed.")
    old = program(tmp_path, "cat >/dev/null; echo 'unknown option -- Y' >&2; exit 1")
    assert refusal(keys["ed25519"], old).rule == "this ssh-keygen is too old to sign."
    (tmp_path / "ssh-keygen").write_bytes(b"\x7fELF")
    assert refusal(keys["ed25519"], {"PATH": str(tmp_path)}).rule.startswith("it cannot be run (")


def test_a_failure_of_another_kind(keys: dict[str, Path], tmp_path: Path) -> None:
    """What we do not know is told in ssh-keygen's own last words."""
    odd = program(tmp_path, "cat >/dev/null; echo one >&2; echo 'moon in the wrong phase' >&2; exit 9")
    assert refusal(keys["ed25519"], odd).rule == "ssh-keygen failed: moon in the wrong phase."
    mute = program(tmp_path, "cat >/dev/null; exit 9")
    assert refusal(keys["ed25519"], mute).rule == "ssh-keygen failed: it did not say why."


def test_what_it_prints_is_checked(keys: dict[str, Path], tmp_path: Path) -> None:
    """A program that ends well and signed something else, or nothing, is not believed."""
    real = ssh_program()
    other = program(tmp_path, f'cat >/dev/null; echo other | {real} "$@"')
    assert isinstance(refusal(keys["ed25519"], other), SignatureRefusedError)
    nothing = program(tmp_path, "cat >/dev/null")
    assert isinstance(refusal(keys["ed25519"], nothing), SignatureRefusedError)


def test_a_clean_environment(keys: dict[str, Path], tmp_path: Path) -> None:
    """Of a person's environment ssh-keygen sees what it needs, the agent's socket included, no more."""
    seen = tmp_path / "seen"
    spy = program(tmp_path, f'env > {seen}; exec {ssh_program()} "$@"')
    environment = spy | {"SSH_AUTH_SOCK": "/nonexistent/s", "LD_PRELOAD": "/evil.so", "TOKEN": "x"}
    environment |= {"LC_ALL": "de_DE.UTF-8", "LANGUAGE": "de"}
    sign_with_key(keys["ed25519"], MESSAGE, ACT, environment=environment)
    lines = set(seen.read_text().splitlines())
    names = {line.partition("=")[0] for line in lines} - {"PWD", "OLDPWD", "SHLVL", "_"}
    assert names == {"PATH", "SSH_AUTH_SOCK", "LC_ALL"}
    assert {"SSH_AUTH_SOCK=/nonexistent/s", "LC_ALL=C"} < lines


def test_a_security_key_asks_to_be_touched(tmp_path: Path) -> None:
    """Whoever signs with a key in hardware is told to touch it; nobody else is told anything."""
    (tmp_path / "id.pub").write_text(f"{SoftSecurityKey('ed25519').public.line}\n")
    told: list[str] = []
    assert isinstance(refusal(tmp_path / "id.pub", tell=told.append), SigningError)
    make_key(tmp_path / "soft")
    sign_with_key(tmp_path / "soft", MESSAGE, ACT, environment=ENVIRONMENT, tell=told.append)
    assert told == ["Touch your security key."]
