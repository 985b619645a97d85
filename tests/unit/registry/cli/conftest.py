"""The command in this process, in an empty folder of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.commandline import Command, command


@pytest.fixture
def commons(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Command:
    for name in ("COMMONS_HANDLE", "COMMONS_REGISTRY", "COMMONS_MODEL_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / ".data"))
    monkeypatch.chdir(tmp_path)
    return command(capsys)
