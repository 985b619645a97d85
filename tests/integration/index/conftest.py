"""A commons of three policies, and an index beside it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from registry.index.index import Index
from registry.services.found import found
from registry.services.importing import import_folders
from registry.store.repository import Repository
from tests.support.histories import ManualClock, policy_files


@pytest.fixture
def commons(tmp_path: Path) -> Iterator[Repository]:
    """`demo` with spam, scams and teasing, brought in by one event."""
    with found(tmp_path / "demo.git", founder="ana", name="demo", clock=ManualClock()) as repository:
        folders = {
            slug: policy_files(slug.title(), f"About {slug} only.") for slug in ("spam", "scams", "teasing")
        }
        import_folders(repository, folders, actor="ana", kind="folder")
        yield repository


@pytest.fixture
def notes() -> list[str]:
    """What the operator was told."""
    return []


@pytest.fixture
def index(tmp_path: Path, notes: list[str]) -> Iterator[Index]:
    """An empty index."""
    opened = Index.open(tmp_path / "index.db", note=notes.append)
    yield opened
    opened.close()
