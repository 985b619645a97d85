"""Holds what is locked against what its origins say today: newer releases, advice, redactions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from policies.folder import PolicyFolder
from policies.model import Status, Support
from policies.names import parse_address
from policies.notice import Notice
from policies.versions import Change, parse_version
from registry.services.consume import Standing, State, standing_of
from registry.services.errors import UnknownPolicyError
from registry.services.locked import Origins, locked_release
from registry.services.lockfile import Locked, source_from_lock
from registry.services.notices import notice_between
from registry.services.origin import Origin, OriginError, PolicyFacts, Source, Withdrawn
from registry.services.taking import ChangedReleaseError, ForgedReleaseError, Taken, hold, take
from registry.store.errors import StoreError

Told = Callable[[int], None]
"""Told how many policies were looked at so far."""


class Advice(NamedTuple):
    """What the newest release says of the policy's standing: it is deprecated, until when and why."""

    until: str | None
    superseded_by: str | None
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What is to be known of one locked policy.

    `newest` is the newest version that counts, `change` how much lies between (None when there is nothing
    newer). `wrong`, `redacted` and `withdrawn` say what happened to the locked release there (it is gone,
    another stands under its number, it is not to be used any more), `unknown` why nothing could be learned.
    `upgrade` is the newest release, where it was fetched.
    """

    standing: Standing
    newest: str | None = None
    change: Change | None = None
    notice: Notice | None = None
    advice: Advice | None = None
    wrong: str = ""
    redacted: str = ""
    withdrawn: Withdrawn | None = None
    unknown: str = ""
    upgrade: Taken | None = None

    @property
    def entry(self) -> Locked:
        """The locked policy."""
        return self.standing.entry

    @property
    def is_outdated(self) -> bool:
        """Whether there is something that its user should act on."""
        return bool(self.change or self.advice or self.wrong or self.redacted or self.withdrawn)


def news_of(
    entries: Sequence[Locked],
    lock: Path,
    origins: Origins,
    *,
    whole: bool = True,
    told: Told = lambda _done: None,
) -> tuple[News, ...]:
    """The news of each, in order. A place that did not answer once is not asked again.

    With `whole` the newest release is fetched, so that the news says what changes and whether it is
    still advised; without, its number must do. Raises nothing that one place could cause.
    """
    dead: dict[Source, str] = {}
    found: list[News] = []
    for done, entry in enumerate(entries, start=1):
        found.append(_news(standing_of(entry, lock), lock, origins, dead, whole=whole))
        told(done)
    return tuple(found)


def change_between(old: str, new: str) -> Change | None:
    """Which part of the version number went up; None when none did."""
    before, after = parse_version(old), parse_version(new)
    if after <= before:
        return None
    if after.major != before.major:
        return Change.MAJOR
    return Change.MINOR if after.minor != before.minor else Change.PATCH


def _news(standing: Standing, lock: Path, origins: Origins, dead: dict[Source, str], *, whole: bool) -> News:
    entry = standing.entry
    source = source_from_lock(entry, lock)
    if source in dead:
        return News(standing=standing, unknown=dead[source])
    try:
        origin = origins.of(source)
        facts = origin.policy(entry.commons, entry.slug)
        happened = _of_release(origin, facts, entry)
        newest = facts.latest.version
        change = change_between(entry.version, newest)
        if not whole:
            return News(standing=standing, newest=newest, change=change, **happened._asdict())
        return _whole(standing, lock, origins, newest, change, happened)
    except (UnknownPolicyError, ChangedReleaseError, ForgedReleaseError) as error:
        return News(standing=standing, wrong=str(error))
    except (OriginError, StoreError) as error:
        why = error.rule if isinstance(error, OriginError) else str(error)
        dead[source] = f"{source.place} could not be read, so nothing is known of newer releases: {why}"
        return News(standing=standing, unknown=dead[source])


class _Happened(NamedTuple):
    """What happened to the locked release."""

    wrong: str = ""
    redacted: str = ""
    withdrawn: Withdrawn | None = None


def _of_release(origin: Origin, facts: PolicyFacts, entry: Locked) -> _Happened:
    try:
        release = facts.at(entry.version)
    except UnknownPolicyError as error:
        return _Happened(wrong=str(error))
    said = hold(origin, facts, release, entry)
    return _Happened(redacted=f"{said}: pull it again" if said else "", withdrawn=release.withdrawn)


def _whole(
    standing: Standing,
    lock: Path,
    origins: Origins,
    newest: str,
    change: Change | None,
    happened: _Happened,
) -> News:
    entry = standing.entry
    address = replace(parse_address(entry.address), version=newest)
    as_it_was = not happened.redacted and newest == entry.version
    if change is None and standing.state is State.OK and as_it_was:
        folder = locked_release(standing, lock, origins).folder
        return News(standing=standing, newest=newest, advice=_advice(folder), **happened._asdict())
    taken = take(origins.of(source_from_lock(entry, lock)), address, known=(entry,))
    notice = None
    if change is not None and not happened.wrong:
        notice = notice_between(locked_release(standing, lock, origins).folder, taken.folder)
        # Numbers are what somebody declared; a removed label breaks its users whatever the number says.
        change = max(change, notice.kind or change, key=lambda kind: kind.weight)
    return News(
        standing=standing,
        newest=newest,
        change=change,
        notice=notice,
        advice=_advice(taken.folder),
        upgrade=taken,
        **happened._asdict(),
    )


def _advice(folder: PolicyFolder) -> Advice | None:
    meta = folder.document.policy.meta
    if meta.status is not Status.DEPRECATED:
        return None
    support = meta.support or Support()
    return Advice(support.until, support.superseded_by, support.reason)
