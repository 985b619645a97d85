"""The command in this process, in a folder that has one policy, `spam`, and one commons, `demo.git`."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.commandline import Command, command
from tests.support.shelf import make_shelf


@pytest.fixture
def commons(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, library: Path
) -> Command:
    for name in ("COMMONS_HANDLE", "COMMONS_REGISTRY", "COMMONS_MODEL_KEY", "COMMONS_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / ".cache"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / ".data"))
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


@pytest.fixture(scope="session")
def still_shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shelf of `tests.support.shelf`, for tests that change nothing in it."""
    return make_shelf(tmp_path_factory.mktemp("shelf"))


@pytest.fixture(scope="session")
def still_site(still_shelf: Path) -> Iterator[str]:
    """The address of a site over that shelf."""
    from tests.support.site import served  # the whole site, which most tests of the command do without

    with served(still_shelf) as address:
        yield address


@pytest.fixture
def shelf(still_shelf: Path, tmp_path: Path) -> Path:
    """A shelf of this test's own."""
    return Path(shutil.copytree(still_shelf, tmp_path / "shelf"))


@pytest.fixture
def site(shelf: Path) -> Iterator[str]:
    """The address of a site over the test's own shelf."""
    from tests.support.site import served

    with served(shelf) as address:
        yield address


@pytest.fixture
def user(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Command:
    """The command in an empty project, with no registry named in the environment."""
    for name in ("COMMONS_HANDLE", "COMMONS_REGISTRY", "COMMONS_MODEL_KEY", "COMMONS_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / ".cache"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / ".data"))
    (tmp_path / "project").mkdir()
    monkeypatch.chdir(tmp_path / "project")
    return command(capsys)
