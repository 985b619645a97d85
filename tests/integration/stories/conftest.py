"""A clock that stories turn, and a story's end: a stranger clones the commons and recounts it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from registry.services.verify import verify
from registry.store.repository import Repository
from tests.support.histories import ManualClock
from tests.support.vouched import reopened

Recounted = Callable[[Repository], dict[str, int]]


@pytest.fixture
def clock() -> ManualClock:
    """Noon of a day in 2026."""
    return ManualClock()


@pytest.fixture
def recounted(tmp_path: Path) -> Recounted:
    """Clones a commons with git and verifies the clone; gives how many things of each kind were looked at."""

    def recount(repository: Repository) -> dict[str, int]:
        clone = tmp_path / "a-stranger's.git"
        subprocess.run(["git", "clone", "-q", "--mirror", str(repository.path), str(clone)], check=True)
        with reopened(clone) as opened:
            report = verify(opened)
        assert report.failure is None
        return {check.name: check.count for check in report.checks}

    return recount
