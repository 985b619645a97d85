"""Commons on this machine as an origin: one repository, or a folder of them. Reads their files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from governance.commons import Commons, PolicyState, RunState
from governance.errors import GovernanceError
from governance.payloads import Release
from registry.client.errors import NotARegistryError
from registry.index.entries import Query
from registry.services.errors import UnknownPolicyError
from registry.services.finding import is_repository, repositories
from registry.services.opening import open_commons
from registry.services.origin import (
    CommonsFacts,
    NotHereError,
    PolicyFacts,
    PolicyLine,
    Released,
    RunFacts,
    SearchPage,
    Source,
    SourceKind,
)
from registry.services.reading import (
    find_policy,
    find_release,
    find_run,
    release_files,
    release_folder,
    run_files,
    runs_of,
)
from registry.services.withdrawals import withdrawn
from registry.store.errors import StoreError
from registry.store.repository import Repository

Told = Callable[[str], None]


class LocalOrigin:
    """Implements `Origin`. A commons goes by the name that its founding gives it."""

    def __init__(self, path: Path, *, noted: Told = lambda _said: None) -> None:
        """Raises `NotARegistryError` when no commons is there, `NotACommonsError` for a bare repository."""
        self._path = path
        self._single = is_repository(path)
        self._noted = noted
        self._paths = tuple(repositories(path))
        self._open: dict[str, Repository] = {}
        self._looked = False
        if not self._paths:
            raise NotARegistryError(
                str(path), "no commons is in this folder.", "Name a repository such as demo.git."
            )

    @property
    def place(self) -> str:
        """The path as it was given."""
        return str(self._path)

    @property
    def names(self) -> tuple[str, ...]:
        """The commons that are there. Raises `NotACommonsError` when the one repository is none."""
        self._look_at_all()
        return tuple(sorted(self._open))

    def repository(self, commons: str) -> Repository:
        """One of them, open. Raises `NotHereError`."""
        guess = self._path.resolve() / f"{commons}.git"
        if commons not in self._open and guess in self._paths:
            self._add(guess)
        if commons not in self._open:
            self._look_at_all()
        found = self._open.get(commons)
        if found is None:
            raise NotHereError(commons, self.place, f"Here are: {', '.join(self.names[:12])}.")
        return found

    def close(self) -> None:
        """Ends every git process."""
        for repository in self._open.values():
            repository.close()
        self._open.clear()

    def commons(self) -> tuple[CommonsFacts, ...]:
        """The commons that are there, by name."""
        return tuple(_commons(self._open[name].state()) for name in self.names)

    def policies(self, commons: str) -> tuple[PolicyLine, ...]:
        """The policies of one, with their cases and runs counted."""
        repository = self.repository(commons)
        state = repository.state()
        return tuple(_line(repository, state, policy) for _, policy in sorted(state.policies.items()))

    def search(self, query: Query) -> SearchPage:
        """What a site over this folder would find."""
        from registry.client.indexed import search

        self._look_at_all()
        return search(self._path, self._open, query)

    def policy(self, commons: str, slug: str) -> PolicyFacts:
        """What was released of a policy."""
        repository = self.repository(commons)
        state = repository.state()
        policy = self._policy(state, slug)
        noted = sorted((item for item in state.reported.values() if item.slug == slug), key=lambda it: it.seq)
        return PolicyFacts(
            commons=commons,
            slug=slug,
            releases=tuple(_released(repository, state, release) for release in policy.releases),
            source=Source(SourceKind.REPOSITORY, str(repository.path)),
            owner=policy.owner,
            reported=tuple((score.metric, score.value) for item in noted for score in item.scores),
        )

    def moved(self, commons: str, slug: str, commit: str) -> Released | None:
        """By the log's own account."""
        repository = self.repository(commons)
        state = repository.state()
        try:
            return _released(repository, state, find_release(state, slug, commit))
        except UnknownPolicyError:
            return None

    def files(self, commons: str, slug: str, release: Released) -> dict[str, bytes]:
        """The exact bytes."""
        repository = self.repository(commons)
        return release_files(repository, find_release(repository.state(), slug, release.commit))

    def runs(self, commons: str, slug: str) -> tuple[RunFacts, ...]:
        """The runs of a policy, newest first."""
        from evaluations.records import read_record
        from registry.client.recorded import run_facts

        repository = self.repository(commons)
        state = repository.state()
        self._policy(state, slug)
        return tuple(
            replace(
                run_facts(
                    read_record(run_files(repository, run)),
                    content=state.current_content(run.content),
                    versions=_versions(state, run),
                    at=run.at,
                ),
                commit=run.commit,
                record=run.record,
                predictions=run.predictions,
            )
            for run in runs_of(state, slug)
        )

    def run_files(self, commons: str, key: str) -> dict[str, bytes]:
        """The record and its rows as stored."""
        from evaluations.records import PREDICTIONS_FILE, RECORD_FILE

        repository = self.repository(commons)
        files = run_files(repository, find_run(repository.state(), key))
        return {name: files[name] for name in (RECORD_FILE, PREDICTIONS_FILE)}

    def _policy(self, state: Commons, slug: str) -> PolicyState:
        try:
            return find_policy(state, slug)
        except UnknownPolicyError as error:
            remedy = f"`commons show {self.place}` lists what is there."
            raise NotHereError(
                slug if self._single else f"{state.name}/{slug}", self.place, remedy
            ) from error

    def _look_at_all(self) -> None:
        if not self._looked:
            self._looked = True
            known = {repository.path for repository in self._open.values()}
            for path in self._paths:
                if path not in known:
                    self._add(path)

    def _add(self, path: Path) -> None:
        try:
            repository = open_commons(path, processes=1)
        except (StoreError, GovernanceError, OSError) as error:
            if self._single:
                raise
            # The others are still good; who meant this one is told.
            self._noted(f"left out: {error}")
            return
        name = repository.state().name
        if name in self._open:
            repository.close()
            self._noted(f"left out: {path}: another repository is the commons {name} already")
            return
        self._open[name] = repository


def _commons(state: Commons) -> CommonsFacts:
    return CommonsFacts(
        name=state.name,
        policies=len(state.policies),
        founder=state.founder,
        mode=state.mode,
        preset=state.preset,
        events=state.seq,
        at=state.at,
        parent=state.parent,
        children=tuple(sorted(state.children)),
        redactions=len(state.redactions),
    )


def _line(repository: Repository, state: Commons, policy: PolicyState) -> PolicyLine:
    folder = release_folder(repository, policy.latest)
    meta = folder.document.policy.meta
    return PolicyLine(
        commons=state.name,
        slug=policy.slug,
        title=meta.title,
        summary=meta.summary,
        version=policy.latest.version,
        status=meta.status.value,
        language=meta.language,
        labels=meta.codes,
        text_licence=meta.licenses.text,
        cases_licence=meta.licenses.cases,
        tested=_is_tested(repository, state, policy),
        cases=len(folder.cases),
        runs=len(runs_of(state, policy.slug)),
    )


def _is_tested(repository: Repository, state: Commons, policy: PolicyState) -> bool:
    """Whether exactly this content was run on the shared model."""
    content = state.current_content(policy.latest.content)
    runs = [run for run in runs_of(state, policy.slug) if state.current_content(run.content) == content]
    if not runs:
        return False
    from registry.client.recorded import is_of_shared_model

    return any(is_of_shared_model(run_files(repository, run)) for run in runs)


def _released(repository: Repository, state: Commons, release: Release) -> Released:
    return Released(
        version=release.version,
        commit=release.commit,
        content=release.content,
        folder=release.folder,
        withdrawn=withdrawn(repository.reader, state, release.slug, release.version),
    )


def _versions(state: Commons, run: RunState) -> tuple[str, ...]:
    """The released versions with the content that was run."""
    content = state.current_content(run.content)
    releases = state.policies[run.slug].releases
    return tuple(one.version for one in releases if state.current_content(one.content) == content)
