"""A real commons for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from registry.store.repository import Repository
from tests.support.acts import founded


@pytest.fixture
def roost(tmp_path: Path) -> Iterator[Repository]:
    """The commons `roost`, just founded by ana."""
    with founded(tmp_path / "roost.git") as repository:
        yield repository
