"""What a server is told at its start: what to serve and how much it may spend. Touches nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path

from evaluations.engines.openai_server import Server
from registry.accounts.passwords import Cost
from registry.accounts.place import FILE as PRIVATE_FILE
from registry.accounts.place import PrivatePlace
from registry.accounts.sign_in import TryLimits as PasswordTries
from registry.accounts.windows import Budget
from registry.index.index import FILE
from registry.push.limits import PackLimits
from registry.store.refs import HostPaths

MIB = 1024 * 1024

Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True, kw_only=True)
class GitLimits:
    """What one clone, and all clones together, may take.

    `request_bytes` is counted after unpacking, so a compressed bomb meets it too. `queue_seconds` is
    how long a clone waits for a free place before it is told to come back later; `per_visitor` keeps
    one visitor from holding all of them.
    """

    concurrent: int = 8
    per_visitor: int = 4
    queue_seconds: float = 2.0
    seconds: float = 600.0
    idle_seconds: float = 30.0
    request_bytes: int = 8 * MIB
    retry_after: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class PushLimits(GitLimits):
    """The same for pushes, which are checked as well: who comes when all places are taken waits longer.

    Places are counted for an account and not for an address, and one has a part of them only.

    `request_bytes` is more than `pack` takes: what is too large is read and dropped, so that git gets to
    our words. A server that hangs up in the middle shows nothing.
    """

    concurrent: int = 6
    per_visitor: int = 3
    queue_seconds: float = 20.0
    seconds: float = 120.0
    request_bytes: int = 64 * MIB
    pack: PackLimits = field(default_factory=PackLimits)


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestLimits:
    """How long an address may be, in bytes, how much a request may bring, and how long it may take to.

    `policies` is what somebody who is signed in may bring where policies are taken in, `runs` where runs are.
    """

    path: int = 1_024
    query: int = 2_048
    # 8,000 characters of any script fit, each byte written as `%XX` (`TryLimits`).
    body: int = 128 * 1_024
    policies: int = 4 * MIB
    runs: int = 16 * MIB
    body_seconds: float = 20.0

    @property
    def most(self) -> int:
        """What no request may go beyond."""
        return max(self.body, self.policies, self.runs)


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimits:
    """How many requests one visitor has in each `seconds`, by what they cost; counts of `visitors` are kept.

    A person reading fast makes some hundred a minute, with every stylesheet; a crawler makes thousands.
    `writing` is counted for an account and not for an address, and by all processes together.
    """

    reading: int = 1_200
    costly: int = 240
    git: int = 120
    writing: int = 120
    seconds: int = 60
    visitors: int = 20_000

    @classmethod
    def of(cls, reading: int) -> RateLimits:
        """Other numbers in the same proportion."""
        tenth = max(1, reading // 10)
        return cls(reading=reading, costly=max(1, reading // 5), git=tenth, writing=tenth)


LOOPBACK: tuple[Network, ...] = (IPv4Network("127.0.0.0/8"), IPv6Network("::1/128"))


@dataclass(frozen=True, slots=True, kw_only=True)
class LogSettings:
    """What the operator reads: each request or only errors, with addresses or without, as text or JSON."""

    requests: bool = True
    addresses: bool = False
    text: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkSettings:
    """Whom to believe and whom to tell.

    `trusted_proxies` say whose request they pass on; nobody else is believed. `metrics_from` may read
    `/metrics`.
    """

    trusted_proxies: tuple[Network, ...] = ()
    metrics_from: tuple[Network, ...] = LOOPBACK


@dataclass(frozen=True, slots=True, kw_only=True)
class TryLimits:
    """What trying one text, and all who try texts together, may take.

    `fit_work` is what the word-matching baseline may learn from, in characters times labels: 2,000,000 of
    them take about two seconds. `kept_bytes` bounds the fitted policies in memory. `model_seconds` is how
    long a model server is waited for, and `model_concurrent` how many texts it is given at a time;
    `waiting` more may wait, for it and for a fit.
    """

    characters: int = 8_000
    fit_work: int = 2_000_000
    kept_bytes: int = 32 * MIB
    model_seconds: float = 60.0
    model_concurrent: int = 4
    waiting: int = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class ActLimits:
    """How many acts are worked on at a time, in all commons together, and how many may wait for a turn.

    In one commons they come one after the other: threads beyond a few only wait for its lock.
    """

    threads: int = 4
    waiting: int = 256
    retry_after: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamLimits:
    """How many event streams may be open, in all and for one visitor, and how long one may be silent.

    Proxies commonly end a connection that is silent for 30 or 60 seconds. `retry_ms` is when a client that
    lost its stream comes back.
    """

    concurrent: int = 256
    per_visitor: int = 16
    heartbeat_seconds: float = 15.0
    retry_ms: int = 3_000
    retry_after: int = 30


class SignUp(StrEnum):
    """Who may make an account for themselves. With an invitation everybody may, unless it is `closed`."""

    LOCAL = "local"
    """Who sits at this machine: what a first look needs, and no stranger gets."""
    OPEN = "open"
    INVITATION = "invitation"
    CLOSED = "closed"


SIGN_UPS = Budget("sign-up-address", 60, 3_600)
FOUNDINGS = Budget("founding", 5, 86_400)
EVIDENCE = Budget("evidence", 48, 86_400)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSettings:
    """Where accounts are kept, who may make one, and what passwords may take of this machine.

    `place` is None for `private.db` beside the index. Passwords are hashed by `threads` at a time (None: half
    of the cores, four at the most), so that signing in never takes the site; `waiting` more may wait.
    `sign_ups` is how often one address may try to sign up: room for a class of thirty behind one router.
    `foundings` is how many commons an account may found, beside its own that a fork begins; with a quota of 0
    only the operator does. `evidence` is how often an account may bring runs, which are kept for good.
    """

    place: PrivatePlace | None = None
    sign_up: SignUp = SignUp.LOCAL
    cost: Cost = field(default_factory=Cost)
    tries: PasswordTries = field(default_factory=PasswordTries)
    sign_ups: Budget = SIGN_UPS
    foundings: Budget = FOUNDINGS
    evidence: Budget = EVIDENCE
    threads: int | None = None
    waiting: int = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`roots` are bare repositories, or folders that hold some (`*.git`, nested: `roost/teen.git`).

    `page_bytes` bounds the finished answers kept in memory, `folder_bytes` the policies read from Git,
    by the size of their files (in memory they take some six times that): room for the largest there may be.
    `model` is the server with which visitors may try texts; None where the operator named none.
    `index` is the index's file; None is `index.db` in the first root, or within it where that is a
    repository itself. `rates` is None where nobody is counted, as on a private network. `accounts` is None
    where nobody is to sign in. `clock_seconds` is how often what time brought about is recorded; None leaves
    that to whoever acts. `follow_seconds` is how often it is asked which commons that follow a repository
    elsewhere are due for a look; None looks nowhere.
    """

    roots: tuple[Path, ...]
    index: Path | None = None
    page_bytes: int = 64 * MIB
    folder_bytes: int = 40 * MIB
    open_repositories: int = 32
    git: GitLimits = field(default_factory=GitLimits)
    push: PushLimits = field(default_factory=PushLimits)
    requests: RequestLimits = field(default_factory=RequestLimits)
    trying: TryLimits = field(default_factory=TryLimits)
    streams: StreamLimits = field(default_factory=StreamLimits)
    acts: ActLimits = field(default_factory=ActLimits)
    model: Server | None = None
    rates: RateLimits | None = field(default_factory=RateLimits)
    accounts: AccountSettings | None = field(default_factory=AccountSettings)
    network: NetworkSettings = field(default_factory=NetworkSettings)
    clock_seconds: float | None = None
    follow_seconds: float | None = None

    @property
    def index_path(self) -> Path:
        """Where the index stands."""
        return self._beside(FILE) if self.index is None else self.index

    @property
    def private_place(self) -> PrivatePlace:
        """Where accounts are kept."""
        stated = self.accounts.place if self.accounts is not None else None
        return stated or PrivatePlace(path=self.index_path.with_name(PRIVATE_FILE))

    def _beside(self, name: str) -> Path:
        root = self.roots[0]
        # Git serves nothing of a repository's own folder for the host.
        return (HostPaths(root).folder if (root / "HEAD").is_file() else root) / name
