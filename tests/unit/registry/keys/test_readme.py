"""The documentation of keys says what the code says."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from registry.keys import sealed, statements
from registry.keys.algorithms import LARGEST_RSA, SMALLEST_RSA, TYPES
from registry.keys.registry_key import RegistryKey
from registry.keys.secret import Secret
from tests.support.ssh import ENVIRONMENT, ssh_program

FOLDER = Path(__file__).parents[4] / "registry" / "keys"
README = (FOLDER / "README.md").read_text("utf-8")


def first_cells(section: str) -> list[str]:
    """What is named in the first column of a section's tables."""
    text = README.split(f"## {section}\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\|([^|]*)\|", text, re.MULTILINE)
    return [name for row in rows for name in re.findall(r"`([^`]+)`", row)]


def test_files() -> None:
    """Each file of the package is in the table of files."""
    files = {path.name for path in FOLDER.glob("*.py")} - {"__init__.py", "errors.py"}
    table = README.split("\n## ")[0]
    assert set(re.findall(r"`(\w+\.py)`", table)) == files


def test_types_of_keys() -> None:
    """Each type of key that may sign is listed, and the limits of RSA."""
    assert first_cells("Public keys") == list(TYPES)
    assert f"{SMALLEST_RSA} to {LARGEST_RSA} bits" in README


def test_namespaces() -> None:
    """The namespaces are those of the code."""
    assert first_cells("Signatures") == [statements.BALLOT, statements.ACT, statements.EVENT]


def test_boxes() -> None:
    """Reasons and sizes of boxes are those of the code."""
    assert first_cells("Sealed ballots") == list(sealed.Spoilt)
    assert f"{sealed.CONTENT_BYTES} bytes of\ncontent; {sealed.BOX_CHARACTERS} characters" in README
    assert f"is not {sealed.BOX_BYTES} bytes" in README


def test_checking_by_hand(tmp_path: Path) -> None:
    """The commands that check a signature with OpenSSH alone do so, and fail for another message."""
    ssh_program()
    (commands,) = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    key = RegistryKey(Secret(bytes(32)), "roost")
    (tmp_path / "sig").write_text(key.sign(b"said", statements.EVENT))
    (tmp_path / "key.pub").write_text(f"{key.public.line}\n")
    for message, code in ((b"said", 0), (b"sait", 255)):
        (tmp_path / "message").write_bytes(message)
        done = subprocess.run(
            ["/bin/sh", "-c", commands], cwd=tmp_path, env=ENVIRONMENT, capture_output=True, check=False
        )
        assert done.returncode == code, done.stderr
