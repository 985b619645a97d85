"""A founded commons with a clock that the test sets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from registry.services.found import found
from registry.store.repository import Repository
from tests.support.histories import ManualClock


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def commons(tmp_path: Path, clock: ManualClock) -> Iterator[Repository]:
    with found(tmp_path / "demo.git", founder="ana", clock=clock) as repository:
        yield repository
