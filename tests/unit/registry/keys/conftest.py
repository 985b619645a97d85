"""Keys of every kind, made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.ssh import KINDS, make_key


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The private key's file of each kind."""
    folder = tmp_path_factory.mktemp("keys")
    return {kind: make_key(folder / kind, kind) for kind in KINDS}
