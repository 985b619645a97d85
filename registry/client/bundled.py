"""A bundle file as an origin. Reads that file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from policies.errors import MalformedDocumentError
from policies.folder import PolicyFolder, load_folder
from registry.client.matching import Candidate, search
from registry.index.entries import Query
from registry.services.bundle_file import RUN_FILES, BundledPolicy, BundledRun, BundleError
from registry.services.bundle_reading import Bundle
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

if TYPE_CHECKING:
    from evaluations.run_record import RunRecord


class BundleOrigin:
    """Implements `Origin`. Opening it checks every byte; raises `BundleError`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._bundle = Bundle(path)
        self._policies = self._bundle.manifest.policies

    @property
    def place(self) -> str:
        """The path as it was given."""
        return str(self._path)

    def close(self) -> None:
        """Closes the file."""
        self._bundle.close()

    def commons(self) -> tuple[CommonsFacts, ...]:
        """The commons that something in it is from."""
        names = sorted({policy.commons for policy in self._policies})
        return tuple(
            CommonsFacts(name=name, policies=len({item.slug for item in self._of(name)})) for name in names
        )

    def policies(self, commons: str) -> tuple[PolicyLine, ...]:
        """The policies of one, each at the newest version that is in it."""
        newest = {policy.slug: policy for policy in self._of(commons)}
        if not newest:
            held = ", ".join(item.name for item in self.commons()[:12])
            raise NotHereError(commons, self.place, f"It holds policies of: {held}.")
        return tuple(self._candidate(newest[slug]).line for slug in sorted(newest))

    def search(self, query: Query) -> SearchPage:
        """What matches, of the newest versions that are in it."""
        newest = {(policy.commons, policy.slug): policy for policy in self._policies}
        return search((self._candidate(policy) for policy in newest.values()), query)

    def policy(self, commons: str, slug: str) -> PolicyFacts:
        """The versions that are in it."""
        found = [policy for policy in self._of(commons) if policy.slug == slug]
        if not found:
            raise NotHereError(
                f"{commons}/{slug}", self.place, f"`commons show --registry {self.place}` lists what is."
            )
        return PolicyFacts(
            commons=commons,
            slug=slug,
            releases=tuple(
                Released(version=item.version, commit=item.commit, content=item.content, folder=item.folder)
                for item in found
            ),
            source=Source(SourceKind.BUNDLE, self.place),
        )

    def moved(self, commons: str, slug: str, commit: str) -> Released | None:
        """A bundle keeps no log: a release stands where it stood, or is not in it."""
        return next((item for item in self.policy(commons, slug).releases if item.commit == commit), None)

    def files(self, commons: str, slug: str, release: Released) -> dict[str, bytes]:
        """The exact bytes."""
        found = next(
            policy for policy in self._of(commons) if (policy.slug, policy.version) == (slug, release.version)
        )
        return {name: self._bundle.read(f"{found.address}/{name}") for name in found.files}

    def runs(self, commons: str, slug: str) -> tuple[RunFacts, ...] | None:
        """The runs that are in it, each found to follow from its own rows, newest first.

        None when it was made without runs: then there may be any.
        """
        from registry.client.recorded import run_facts

        self.policy(commons, slug)
        if not any(policy.runs for policy in self._of(commons)):
            return None
        found = [(policy, run) for policy in self._of(commons) if policy.slug == slug for run in policy.runs]
        versions: dict[str, list[str]] = {}
        for policy, run in found:
            versions.setdefault(run.key, []).append(policy.version)
        facts = {
            run.key: run_facts(
                self._record(policy, run),
                content=policy.content,
                versions=tuple(versions[run.key]),
                at=run.at,
            )
            for policy, run in found
        }
        return tuple(sorted(facts.values(), key=lambda run: (-run.at, run.key)))

    def run_files(self, commons: str, key: str) -> dict[str, bytes]:
        """The record and its rows."""
        for policy in self._of(commons):
            for run in policy.runs:
                if run.key.startswith(key):
                    return self._files(policy, run)
        raise NotHereError(f"run {key[:12]}", self.place, "`commons bundle --runs` takes runs along.")

    def _of(self, commons: str) -> list[BundledPolicy]:
        """In order, so that the newest version of a policy comes last."""
        return [policy for policy in self._policies if policy.commons == commons]

    def _folder(self, policy: BundledPolicy) -> PolicyFolder:
        files = {name: self._bundle.read(f"{policy.address}/{name}") for name in policy.files}
        try:
            return load_folder(policy.slug, files)
        except MalformedDocumentError as error:
            raise BundleError(self.place, policy.address, f"it is no policy ({error}).") from error

    def _candidate(self, policy: BundledPolicy) -> Candidate:
        folder = self._folder(policy)
        meta = folder.document.policy.meta
        line = PolicyLine(
            commons=policy.commons,
            slug=policy.slug,
            title=meta.title,
            summary=meta.summary,
            version=policy.version,
            status=meta.status.value,
            language=meta.language,
            labels=meta.codes,
            text_licence=meta.licenses.text,
            cases_licence=meta.licenses.cases,
            tested=self._is_tested(policy),
            cases=len(folder.cases),
            runs=len(policy.runs) or None,
        )
        return Candidate(line, folder.document)

    def _is_tested(self, policy: BundledPolicy) -> bool | None:
        """None when no run came along: then nothing is known of it."""
        if not policy.runs:
            return None
        from registry.client.recorded import is_of_shared_model

        return any(
            is_of_shared_model(self._files(policy, run)) for run in policy.runs if self._record(policy, run)
        )

    def _files(self, policy: BundledPolicy, run: BundledRun) -> dict[str, bytes]:
        return {name: self._bundle.read(f"{policy.address}/runs/{run.key}/{name}") for name in RUN_FILES}

    def _record(self, policy: BundledPolicy, run: BundledRun) -> RunRecord:
        """The record, once all its figures were found to follow from its rows."""
        from evaluations.errors import EvaluationError
        from evaluations.record_check import check_record

        place = f"{policy.address}/runs/{run.key}"
        try:
            record = check_record(self._files(policy, run))
        except EvaluationError as error:
            raise BundleError(self.place, place, f"{error}") from error
        if record.key != run.key:
            raise BundleError(self.place, place, "it is another run's record.")
        return record
