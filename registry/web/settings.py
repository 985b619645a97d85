"""What a server is told at its start: what to serve and how much it may spend. Touches nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class GitLimits:
    """What one clone, and all clones together, may take.

    `request_bytes` is counted after unpacking, so a compressed bomb meets it too. `queue_seconds` is
    how long a clone waits for a free place before it is told to come back later.
    """

    concurrent: int = 8
    queue_seconds: float = 2.0
    seconds: float = 600.0
    idle_seconds: float = 30.0
    request_bytes: int = 8 * MIB
    retry_after: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestLimits:
    """How long an address may be, in bytes, and how much a request may bring."""

    path: int = 1_024
    query: int = 2_048
    body: int = 64 * 1_024


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`roots` are bare repositories, or folders that hold some (`*.git`, nested: `roost/teen.git`).

    `page_bytes` bounds the finished answers kept in memory, `folder_bytes` the policies read from Git,
    by the size of their files (in memory they take some six times that): room for the largest there may be.
    """

    roots: tuple[Path, ...]
    page_bytes: int = 64 * MIB
    folder_bytes: int = 40 * MIB
    open_repositories: int = 32
    git: GitLimits = field(default_factory=GitLimits)
    requests: RequestLimits = field(default_factory=RequestLimits)
