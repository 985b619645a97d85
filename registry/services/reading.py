"""Reads policies, versions and runs of a commons at the log's head. Changes nothing."""

from __future__ import annotations

from typing import NamedTuple

from governance.commons import Commons, PolicyState, RunState
from governance.payloads import Release
from policies.folder import PolicyFolder, load_folder
from registry.services.errors import UnknownPolicyError, UnknownRunError
from registry.store.errors import MissingObjectError
from registry.store.refs import policy_dir
from registry.store.repository import Repository


class PolicyView(NamedTuple):
    """One version of a policy with its files read, and where it stands in its history."""

    policy: PolicyState
    release: Release
    folder: PolicyFolder


def find_policy(state: Commons, slug: str) -> PolicyState:
    """The policy, or `UnknownPolicyError`."""
    policy = state.policies.get(slug)
    if policy is None:
        raise UnknownPolicyError(slug, "`commons show REPOSITORY` lists what is here.")
    return policy


def find_release(state: Commons, slug: str, version: str | None = None) -> Release:
    """A release by version (`1.2.0`), commit (40 hex digits) or `latest`; None is the latest."""
    policy = find_policy(state, slug)
    if version is None or version == "latest":
        return policy.latest
    wanted = state.current_commit(version)
    for release in policy.releases:
        if version == release.version or wanted == release.commit:
            return release
    known = ", ".join(release.version for release in policy.releases)
    raise UnknownPolicyError(f"{slug}@{version}", f"Released are: {known}.")


def release_files(repository: Repository, release: Release) -> dict[str, bytes]:
    """The exact bytes of a release."""
    tree = repository.reader.commit(release.commit).tree
    entry = repository.reader.entry(tree, policy_dir(release.slug))
    if entry is None:
        raise MissingObjectError(f"{release.commit}:{policy_dir(release.slug)}")
    return repository.reader.files(entry.oid)


def release_folder(repository: Repository, release: Release) -> PolicyFolder:
    """A release, read."""
    return load_folder(release.slug, release_files(repository, release))


def read_policy(repository: Repository, slug: str, version: str | None = None) -> PolicyView:
    """A policy at one version; raises `UnknownPolicyError`."""
    state = repository.state()
    release = find_release(state, slug, version)
    return PolicyView(find_policy(state, slug), release, release_folder(repository, release))


def runs_of(state: Commons, slug: str) -> tuple[RunState, ...]:
    """The runs of a policy, newest first."""
    found = [run for run in state.runs.values() if run.slug == slug]
    return tuple(sorted(found, key=lambda run: run.seq, reverse=True))


def find_run(state: Commons, key: str) -> RunState:
    """The newest run whose key begins with `key` (at least 6 digits); raises `UnknownRunError`."""
    if len(key) < 6:
        raise UnknownRunError(key)
    found = [run for run in state.runs.values() if run.key.startswith(key)]
    if not found:
        raise UnknownRunError(key)
    return max(found, key=lambda run: run.seq)


def run_files(repository: Repository, run: RunState) -> dict[str, bytes]:
    """The files of a recorded run."""
    return repository.reader.files(repository.reader.commit(run.commit).tree)
