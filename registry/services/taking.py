"""Takes one release from wherever it is, and lets nothing through that its digests do not vouch for."""

from __future__ import annotations

from typing import NamedTuple

from policies.digest import content_digest, folder_digest
from policies.errors import InvalidNameError, MalformedDocumentError
from policies.folder import PolicyFolder, load_folder
from policies.names import Address
from registry.services.errors import InputRefusedError, ServiceError
from registry.services.lockfile import Locked
from registry.services.origin import Origin, PolicyFacts, Released


class ForgedReleaseError(ServiceError):
    """A place gives other bytes than its own digests say (`place`, `what`): damaged, or worse."""

    def __init__(self, place: str, what: str, rule: str) -> None:
        self.place = place
        self.what = what
        self.rule = rule
        super().__init__(f"{place}: {what}: {rule} Nothing was written. Take it from elsewhere.")


class ChangedReleaseError(ServiceError):
    """A place has another release under a version that is locked already (`place`, `what`)."""

    def __init__(self, place: str, what: str, locked: str, given: str) -> None:
        self.place = place
        self.what = what
        super().__init__(
            f"{place}: {what} is locked with the digest {locked[:12]}, and here it has {given[:12]}; no "
            "redaction is recorded that would explain it. A released version never changes, so nothing was "
            "taken. Ask the commons' people; `commons.lock` keeps what you had."
        )


class Taken(NamedTuple):
    """A release with its files, held against its digests. `notice` is what its user should know."""

    facts: PolicyFacts
    release: Released
    folder: PolicyFolder
    notice: str

    @property
    def address(self) -> str:
        """With the version: `roost/spam@1.2.0`."""
        return f"{self.facts.commons}/{self.facts.slug}@{self.release.version}"


def take(origin: Origin, address: Address, *, known: tuple[Locked, ...] = ()) -> Taken:
    """The release at an address (the newest without a version), whole and as its digests say.

    `known` are the locked policies: one of the same version decides which bytes these are, whatever the
    place says now. Raises `UnknownPolicyError`, `ChangedReleaseError`, `ForgedReleaseError`, and what
    the origin raises.
    """
    if address.slug is None:
        raise InputRefusedError(str(address), "it names no policy.", "Write commons/policy.")
    facts = origin.policy(address.commons, address.slug)
    release = facts.at(address.version)
    held = next((entry for entry in known if _is_same(entry, facts, release)), None)
    notice = "" if held is None else hold(origin, facts, release, held)
    try:
        folder = _read(origin, facts, release)
    except ForgedReleaseError:
        # Something may have been redacted between the two questions; a place that lies says the same again.
        again = origin.policy(address.commons, address.slug)
        moved = origin.moved(address.commons, address.slug, release.commit)
        if moved is None or moved.folder == release.folder:
            raise
        if held is not None:
            notice = hold(origin, again, moved, held)
        facts, release, folder = again, moved, _read(origin, again, moved)
    if release.withdrawn is not None:
        gone = f"this release is withdrawn: {release.withdrawn.reason.rstrip('.')}"
        notice = f"{notice}; {gone}" if notice else gone
    return Taken(facts, release, folder, notice)


def hold(origin: Origin, facts: PolicyFacts, release: Released, held: Locked) -> str:
    """What to tell of a release that is locked: nothing, or that it was redacted since.

    Raises `ChangedReleaseError` when it is another one and the log does not say why.
    """
    if (release.folder, release.content) == (held.digest, held.content):
        return ""
    moved = origin.moved(facts.commons, facts.slug, held.commit)
    if moved is None or held.commit == release.commit or moved.commit != release.commit:
        raise ChangedReleaseError(
            origin.place, f"{facts.commons}/{facts.slug}@{release.version}", held.digest, release.folder
        )
    return "parts of this release were redacted since it was locked"


def _is_same(entry: Locked, facts: PolicyFacts, release: Released) -> bool:
    return entry.address == f"{facts.commons}/{facts.slug}@{release.version}"


def _read(origin: Origin, facts: PolicyFacts, release: Released) -> PolicyFolder:
    what = f"{facts.commons}/{facts.slug}@{release.version}"
    files = origin.files(facts.commons, facts.slug, release)
    if folder_digest(files) != release.folder:
        raise ForgedReleaseError(origin.place, what, "the files do not give its folder digest.")
    try:
        folder = load_folder(facts.slug, files)
    except (MalformedDocumentError, InvalidNameError) as error:
        raise ForgedReleaseError(origin.place, what, f"it cannot be read as a policy ({error}).") from error
    if content_digest(folder) != release.content:
        raise ForgedReleaseError(origin.place, what, "the files do not give its content digest.")
    return folder
