"""What a lock names, exactly as it was locked: for offline use, for comparing, and to put folders right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from policies.digest import content_digest
from policies.folder import load_folder
from policies.names import parse_address
from registry.services.consume import ChangedFolderError, Standing, State, place, standing_of
from registry.services.folders import read_policy_folder
from registry.services.lockfile import Locked, from_lock, source_from_lock
from registry.services.origin import Origin, PolicyFacts, Released, Source
from registry.services.taking import ForgedReleaseError, Taken, take


class Origins(Protocol):
    """Opens the places that a lock names."""

    def of(self, source: Source) -> Origin:
        """The place, opened once. Raises `OriginError` or `StoreError`."""
        ...


class PutRight(NamedTuple):
    """One locked policy and its folder, which was written when it had not been as locked."""

    entry: Locked
    folder: Path
    written: bool
    notice: str


def locked_release(standing: Standing, lock: Path, origins: Origins) -> Taken:
    """A locked release: from its folder where that is untouched, else from where it came from.

    Raises what `take` raises.
    """
    entry = standing.entry
    source = source_from_lock(entry, lock)
    if standing.state is not State.OK:
        return take(origins.of(source), parse_address(entry.address), known=(entry,))
    folder = load_folder(entry.slug, read_policy_folder(from_lock(entry.folder, lock)).files)
    if content_digest(folder) != entry.content:
        raise ForgedReleaseError(str(lock), entry.address, "its folder does not give the content digest.")
    release = Released(version=entry.version, commit=entry.commit, content=entry.content, folder=entry.digest)
    facts = PolicyFacts(commons=entry.commons, slug=entry.slug, releases=(release,), source=source)
    return Taken(facts, release, folder, "")


def put_right(
    entries: Sequence[Locked],
    lock: Path,
    origins: Origins,
    *,
    force: bool = False,
    told: Callable[[int], None] = lambda _done: None,
) -> tuple[PutRight, ...]:
    """Writes each locked release where its folder is missing.

    A folder with changes of its own is given up with `force` only: raises `ChangedFolderError` before
    anything is written, and later what taking a release raises.
    """
    standings = [standing_of(entry, lock) for entry in entries]
    changed = [standing.entry for standing in standings if standing.state is State.CHANGED]
    if changed and not force:
        raise ChangedFolderError(str(from_lock(changed[0].folder, lock)))
    done: list[PutRight] = []
    for standing in standings:
        entry, target = standing.entry, from_lock(standing.entry.folder, lock)
        if standing.state is State.OK:
            done.append(PutRight(entry, target, written=False, notice=""))
        else:
            made = place(locked_release(standing, lock, origins), target, lock, force=force)
            done.append(PutRight(made.entry, target, written=made.written, notice=made.notice))
        told(len(done))
    return tuple(done)
