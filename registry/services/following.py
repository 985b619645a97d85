"""Follows a repository elsewhere: its commits come in as `imported`, with authors and history kept.

A community is present here before it moves here. Only the operator says what is followed, on the console.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from msgspec.structs import replace

from governance.charter.model import Mode
from governance.commons import Commons
from governance.errors import GovernanceError
from governance.payloads import Imported
from policies.errors import PolicyError
from registry.services.errors import InputRefusedError, ServiceError
from registry.services.follow_record import (
    Following,
    forget_following,
    looking,
    read_following,
    write_following,
)
from registry.services.import_history import ImportedHistory, import_revisions
from registry.store.errors import GitFailedError, StoreError
from registry.store.log import newest_first
from registry.store.remote import FetchEndedError, FetchLimits, fetch_branch, is_part_of, never
from registry.store.repository import Repository

INTERVAL = 600
"""Seconds between looks of a server."""

LIMITS = FetchLimits()

LONGEST = 24 * 3600
"""Seconds between looks where the last ones failed."""

_BRANCH = re.compile(r"(?!.*(?:\.\.|//|@\{|\.lock(?:/|\Z)))[A-Za-z0-9_][A-Za-z0-9._/+-]{0,199}(?<![./])")
_FOLDER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,99}")
_PLAIN = re.compile(r"[!-~]{1,500}")
_TRANSPORTS = ("http", "https", "ssh")
_TROUBLE = (StoreError, ServiceError, PolicyError, GovernanceError, OSError)


class RewrittenError(ServiceError):
    """What was taken in is not part of the history there any more (`commit`)."""

    def __init__(self, commit: str) -> None:
        self.commit = commit
        super().__init__(
            f"the history there was rewritten: {commit[:12]}, which was taken in last, is no part of it any "
            "more. Nothing was taken in, and nothing here is lost. Put that commit back there; or take what "
            "is there now on top of what came: commons follow REPOSITORY --anew."
        )


class PartedError(ServiceError):
    """A policy changed here and not there (`slug`)."""

    def __init__(self, slug: str, version: str) -> None:
        self.slug = slug
        super().__init__(
            f"{slug} {version} did not come from there, so what comes from there would undo it. Nothing was "
            "taken in. Follow into a commons that has no policy of this name, or take it over by hand."
        )


class LookedAtError(ServiceError):
    """Another process looks right now."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name}: another process looks there right now. Try again in a minute.")


class Looked(NamedTuple):
    """What a look gave: how it stands, and what came in, None where nothing was new."""

    following: Following
    came: ImportedHistory | None


class _Known(NamedTuple):
    """What the log says of earlier imports: the last commit there, and which version of each policy came."""

    last: str | None
    versions: dict[str, str]


def follow(
    repository: Repository,
    url: str,
    *,
    actor: str,
    branch: str | None = None,
    folder: str = "",
    anew: bool = False,
    limits: FetchLimits = LIMITS,
) -> Looked:
    """Begins to follow, with a first look (`anew` as in `look`); where that fails, nothing is followed.

    Raises `InputRefusedError`, `RefusedError` for whoever is no owner, and what `look` raises.
    """
    state = repository.state()
    _refuse_unless_owner(state, actor)
    if (present := read_following(repository.path)) is not None:
        raise InputRefusedError(state.name, f"it follows {present.url} already.", "Stop that first.")
    now = repository.clock.now()
    following = Following(
        url=checked_address(url),
        branch=_checked(_BRANCH, branch, "a branch"),
        folder=_checked(_FOLDER, folder or None, "a folder at the top") or "",
        actor=actor,
        since=now,
        looked_at=now,
        next_at=now,
    )
    with looking(repository.path) as ours:
        if not ours:
            raise LookedAtError(state.name)
        return _looked(repository, following, limits, never, anew=anew)


def look(
    repository: Repository,
    *,
    anew: bool = False,
    limits: FetchLimits = LIMITS,
    ended: Callable[[], bool] = never,
) -> Looked:
    """Looks once, and takes in what is new. How it went is kept, whatever came of it.

    `anew` is for a history that was rewritten: what came before stays here as it came, and of what is there
    now only the present state comes in, from which it goes on.

    Raises `InputRefusedError` where nothing is followed, `LookedAtError` while another process looks,
    `RewrittenError`, `PartedError`, and what fetching, importing and the rules raise.
    """
    name = repository.state().name
    with looking(repository.path) as ours:
        if not ours:
            raise LookedAtError(name)
        following = read_following(repository.path)
        if following is None:
            raise InputRefusedError(name, "it follows nothing.", "Say what: commons follow REPOSITORY URL.")
        try:
            return _looked(repository, following, limits, ended, anew=anew)
        except _TROUBLE as error:
            if not ended():
                write_following(repository.path, _failed(following, error, repository.clock.now()))
            raise


def stop(repository: Repository, *, actor: str) -> Following:
    """Moves here: what came stays, and from here on it is decided here. An act of the owner.

    Raises `InputRefusedError` where nothing is followed, `RefusedError` for whoever is no owner.
    """
    state = repository.state()
    following = read_following(repository.path)
    if following is None:
        raise InputRefusedError(state.name, "it follows nothing.", "There is nothing to stop.")
    if actor not in state.stewards:
        raise InputRefusedError(
            f"--as {actor}", f"{actor} does not look after {state.name}.", f"Ask {', '.join(state.stewards)}."
        )
    with looking(repository.path) as ours:
        if not ours:
            raise LookedAtError(state.name)
        forget_following(repository.path)
    return following


def checked_address(url: str) -> str:
    """An address that may be followed; a path as an absolute one. Raises `InputRefusedError`."""
    if "://" not in url and "::" not in url:
        if re.match(r"[^/]*:", url):
            raise InputRefusedError(
                url[:200], "this short form hides what it is.", "Write ssh://git@host/path.git."
            )
        path = Path(url).absolute()
        if not path.is_dir():
            raise InputRefusedError(url[:200], "no repository is there.", "Give a path or an address.")
        return str(path.resolve())
    try:
        parts = urlsplit(url)
        host = parts.hostname or "-"
        good = parts.scheme in _TRANSPORTS and not host.startswith("-") and parts.port != 0
        good = good and _PLAIN.fullmatch(url) is not None
    except ValueError:
        good = False
    if not good:
        raise InputRefusedError(
            url[:200], "a repository is followed at a path, or by http(s) or ssh.", "Give one of these."
        )
    if parts.password is not None or (parts.username is not None and parts.scheme != "ssh"):
        raise InputRefusedError(
            parts.hostname or "", "the address holds a name or password.", "Leave it out: pages show it."
        )
    return url


def _looked(
    repository: Repository,
    following: Following,
    limits: FetchLimits,
    ended: Callable[[], bool],
    *,
    anew: bool,
) -> Looked:
    state, mirror = repository.state(), repository.paths.followed
    _refuse_unless_owner(state, following.actor)
    transport = "file" if following.url.startswith("/") else urlsplit(following.url).scheme
    tip = fetch_branch(mirror, following.url, transport, following.branch, limits, ended)
    came = None
    if tip != following.came:
        known = _known(repository)
        if known.last is not None and not anew and not is_part_of(mirror, known.last, tip):
            raise RewrittenError(known.last)
        # Behind what was taken in last there may be thousands of commits that changed no policy.
        seen = following.came
        since = seen if seen is not None and is_part_of(mirror, seen, tip) else known.last
        came = import_revisions(
            repository,
            mirror,
            following.folder,
            tip=tip,
            since=since,
            actor=following.actor,
            anew=anew,
            check=lambda now, slugs: _refuse_parted(now, slugs, known),
        )
    now = repository.clock.now()
    fresh = replace(
        following, looked_at=now, next_at=now + INTERVAL, came=tip, trouble=None, public=None, failures=0
    )
    write_following(repository.path, fresh)
    return Looked(fresh, came)


def _failed(following: Following, error: Exception, now: int) -> Following:
    failures = following.failures + 1
    wait = min(LONGEST, INTERVAL * 2 ** min(failures, 20))
    public = "what is there could not be taken in"
    if isinstance(error, RewrittenError):
        public = "the history there was rewritten, so nothing is taken in until the owner decides what to do"
    elif isinstance(error, PartedError):
        public = "a policy was changed here that is not so there"
    elif isinstance(error, FetchEndedError | GitFailedError):
        public = "it could not be reached"
    return replace(
        following, looked_at=now, next_at=now + wait, trouble=str(error), public=public, failures=failures
    )


def _known(repository: Repository) -> _Known:
    head = repository.head()
    last: str | None = None
    versions: dict[str, str] = {}
    for said in _imports(repository, head) if head else ():
        last = last or said.original[-1]
        for release in said.releases:
            versions.setdefault(release.slug, release.version)
    return _Known(last, versions)


def _imports(repository: Repository, head: str) -> Iterator[Imported]:
    """What came from repositories elsewhere, newest first."""
    for entry in newest_first(repository.reader, head):
        said = entry.event.payload
        if isinstance(said, Imported) and said.original:
            yield said


def _refuse_parted(state: Commons, slugs: set[str], known: _Known) -> None:
    for slug in sorted(slugs & set(state.policies)):
        latest = state.policies[slug].latest.version
        if known.versions.get(slug) != latest:
            raise PartedError(slug, latest)


def _refuse_unless_owner(state: Commons, actor: str) -> None:
    if state.mode is not Mode.OWNER or actor not in state.stewards:
        raise InputRefusedError(
            state.name,
            f"{actor} does not decide alone here (class.policy.mode is {state.mode}).",
            "Follow into a commons in mode owner, as its owner.",
        )


def _checked(pattern: re.Pattern[str], stated: str | None, what: str) -> str | None:
    if stated is not None and not pattern.fullmatch(stated):
        raise InputRefusedError(stated[:200], f"this cannot be {what}.", "Give its plain name.")
    return stated
