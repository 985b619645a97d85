"""The command in this process, in a folder that has one policy, `spam`, and one commons, `demo.git`."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.support.commandline import Command, command


@pytest.fixture
def commons(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, library: Path
) -> Command:
    monkeypatch.delenv("COMMONS_HANDLE", raising=False)
    monkeypatch.chdir(tmp_path)
    shutil.copytree(library / "spam", tmp_path / "spam")
    call = command(capsys)
    assert call("init", "demo.git", "--founder", "ana", "--from", "spam").code == 0
    return call


@pytest.fixture
def edited(commons: Command, tmp_path: Path) -> Path:
    """The policy folder with one section changed in wording since its release."""
    path = tmp_path / "spam" / "policy.md"
    text = path.read_text("utf-8").replace("Check the labels from the top severity down.", "Go from the top.")
    path.write_text(text, "utf-8")
    return path.parent
