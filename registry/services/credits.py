"""Gathers whom to thank and under which terms: the attribution that licences ask for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from policies.folder import PolicyFolder, load_folder
from policies.model import Credit
from registry.services.bundle_file import is_bundle
from registry.services.bundle_reading import Bundle
from registry.services.folders import policy_folders, read_policy_folder
from registry.services.lockfile import LOCK_FILE, from_lock, read_lock
from registry.services.opening import open_commons
from registry.services.reading import release_folder


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSource:
    """Where cases came from, under which licence when it is not the set's own, and how many."""

    source: str | None
    license: str | None
    cases: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyCredits:
    """What to say when using one policy. `address` is as far as it is known where it was read."""

    address: str
    title: str
    text_license: str | None
    cases_license: str | None
    credits: tuple[Credit, ...]
    terms: str | None
    upstream: str | None
    links: tuple[str, ...]
    sources: tuple[CaseSource, ...]


def gather_credits(path: Path) -> tuple[PolicyCredits, ...]:
    """The credits of what `path` holds, by address.

    It may be a commons (its latest releases), a project with a `commons.lock` (what is locked), a
    bundle, a policy folder, or a folder of them. Raises what reading these raises.
    """
    if path.is_file() and is_bundle(path):
        found = list(_of_bundle(path))
    elif (path / "objects").is_dir() and (path / "HEAD").is_file():
        found = list(_of_commons(path))
    elif (path / LOCK_FILE).is_file():
        lock = path / LOCK_FILE
        found = [
            credits_of(load_folder(entry.slug, _files(from_lock(entry.folder, lock))), entry.address)
            for entry in read_lock(lock)
        ]
    else:
        found = [
            credits_of(load_folder(*read_policy_folder(folder)), None) for folder in policy_folders(path)
        ]
    return tuple(sorted(found, key=lambda credits_: credits_.address))


def credits_of(folder: PolicyFolder, address: str | None) -> PolicyCredits:
    """The credits of one folder; without an address it goes by its slug and version."""
    meta = folder.document.policy.meta
    sources = Counter((case.source, case.license) for case in folder.cases if case.source or case.license)
    upstream = meta.upstream
    return PolicyCredits(
        address=address or f"{folder.slug}@{meta.version}",
        title=meta.title,
        text_license=meta.licenses.text,
        cases_license=meta.licenses.cases or meta.licenses.text,
        credits=meta.credits,
        terms=meta.terms,
        upstream=None if upstream is None else "@".join(filter(None, (upstream.policy, upstream.version))),
        links=meta.links,
        sources=tuple(
            CaseSource(source=source, license=license_, cases=count)
            for (source, license_), count in sorted(sources.items(), key=str)
        ),
    )


def _of_commons(path: Path) -> Iterable[PolicyCredits]:
    with open_commons(path, processes=1) as repository:
        state = repository.state()
        for policy in state.policies.values():
            release = policy.latest
            yield credits_of(
                release_folder(repository, release), f"{state.name}/{release.slug}@{release.version}"
            )


def _of_bundle(path: Path) -> Iterable[PolicyCredits]:
    with closing(Bundle(path)) as bundle:
        for policy in bundle.manifest.policies:
            files = {name: bundle.read(f"{policy.address}/{name}") for name in policy.files}
            yield credits_of(load_folder(policy.slug, files), policy.address)


def _files(path: Path) -> dict[str, bytes]:
    return read_policy_folder(path).files
