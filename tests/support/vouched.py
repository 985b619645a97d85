"""Opens a commons as the services do, with the registry's key, and with whatever a test wants to set."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from registry.services.vouching import Vouching
from registry.store.refs import HostPaths
from registry.store.repository import Repository


def reopened(path: Path, **options: Any) -> Repository:
    """The commons at `path`, whose acts the registry vouches for."""
    return Repository(path, vouch=Vouching(HostPaths(path)), **options)
