"""A site over HTTP as an origin: its API under `/api/v1`. Network only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar, cast
from urllib.parse import quote

from policies.canonical import Json, canonical_bytes
from policies.cases import CASES_FILE
from policies.errors import NotCanonicalError
from policies.findings import errors_in
from policies.folder import check_files
from policies.front_matter import POLICY_FILE
from policies.limits import LIMITS
from registry.client import answers
from registry.client.errors import BadAnswerError, NotARegistryError
from registry.client.wire import Absent, Wire
from registry.index.entries import Query
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

Item = TypeVar("Item")

_PAGE = 200
_MOST_PAGES = 5_000
_API = "/api/v1"


class SiteOrigin:
    """Implements `Origin` over a `Wire`."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    @property
    def place(self) -> str:
        """Its address."""
        return self._wire.base

    def close(self) -> None:
        """Ends its connections."""
        self._wire.close()

    def commons(self) -> tuple[CommonsFacts, ...]:
        """Every commons that it serves."""
        return tuple(item.facts for item in self._all("/commons", answers.Commons, "its commons"))

    def policies(self, commons: str) -> tuple[PolicyLine, ...]:
        """The policies of one, by slug."""
        path = f"/commons/{_part(commons)}/policies"
        return tuple(item.line() for item in self._all(path, answers.Summary, commons))

    def search(self, query: Query) -> SearchPage:
        """What its own index finds."""
        asked = {
            "q": query.words,
            "commons": query.commons,
            "status": query.status,
            "language": query.language,
            "label": query.label,
            "licence": query.licence,
            "tested": None if query.tested is None else str(query.tested).lower(),
            "cursor": query.after,
            "limit": str(query.limit),
        }
        stated = {name: value for name, value in asked.items() if value}
        found = self._json("/search", answers.Part[answers.Found], "search", stated)
        return SearchPage(tuple(hit.line for hit in found.items), found.total, found.next)

    def policy(self, commons: str, slug: str) -> PolicyFacts:
        """What was released of a policy, as its list of versions says."""
        what = f"{commons}/{slug}"
        listed = self._json(f"{_policy(commons, slug)}/versions", answers.Part[answers.Version_], what)
        if not listed.items:
            raise BadAnswerError(self.place, f"it lists no version of {what}.", "Tell its operator.")
        newest_first = tuple(item.released for item in listed.items)
        return PolicyFacts(
            commons=commons,
            slug=slug,
            releases=newest_first[::-1],
            source=Source(SourceKind.REGISTRY, self.place),
        )

    def moved(self, commons: str, slug: str, commit: str) -> Released | None:
        """Asked for the old commit, a site answers with what its log says that it became."""
        try:
            return self._version(commons, slug, commit).release.released
        except NotHereError:
            return None

    def files(self, commons: str, slug: str, release: Released) -> dict[str, bytes]:
        """Each file by its commit, under names that a policy's files may have."""
        what = f"{commons}/{slug}@{release.version}"
        names = self._version(commons, slug, release.commit).files
        wrong = errors_in(check_files(dict.fromkeys(names, b"")))
        if wrong or len(set(names)) < len(names):
            said = wrong[0].message if wrong else "A name stands there twice."
            raise BadAnswerError(self.place, f"its list of the files of {what}: {said}", "Tell its operator.")
        return {
            name: self._raw(
                f"{_version(commons, slug, release.commit)}/files/{quote(name)}", what, _limit(name)
            )
            for name in names
        }

    def runs(self, commons: str, slug: str) -> tuple[RunFacts, ...]:
        """The runs of a policy, newest first."""
        path = f"{_policy(commons, slug)}/runs"
        return tuple(item.facts for item in self._all(path, answers.Run, f"{commons}/{slug}"))

    def run_files(self, commons: str, key: str) -> dict[str, bytes]:
        """The record and its rows, written anew: canonical JSON has one form, so they are the same bytes."""
        # Scoring rests on scipy, which takes a second to import and which only runs need.
        from evaluations.errors import EvaluationError
        from evaluations.record_files import RECORD_FILE, predictions_bytes
        from evaluations.rows import PREDICTIONS_FILE, row_from_json

        path = f"/commons/{_part(commons)}/runs/{key}"
        what = f"run {key[:12]}"
        stated = self._json(path, answers.Record, what)
        try:
            record = canonical_bytes(cast("Json", stated.record)) + b"\n"
            rows = predictions_bytes(
                row_from_json(item.row, number)
                for number, item in enumerate(self._all(f"{path}/rows", answers.Row, what), start=1)
            )
        except (EvaluationError, NotCanonicalError) as error:
            raise BadAnswerError(self.place, f"{what}: {error}", "Tell its operator.") from error
        return {RECORD_FILE: record, PREDICTIONS_FILE: rows}

    def _version(self, commons: str, slug: str, version: str) -> answers.Files:
        return self._json(_version(commons, slug, version), answers.Files, f"{commons}/{slug}@{version}")

    def _all(self, path: str, shape: type[Item], what: str) -> Iterator[Item]:
        """Every item of a list, page by page."""
        query = {"limit": str(_PAGE)}
        seen: set[str] = set()
        while True:
            part = self._json(path, answers.Part[shape], what, query)  # type: ignore[valid-type]
            yield from part.items
            if part.next is None:
                return
            if part.next in seen or len(seen) >= _MOST_PAGES:
                raise BadAnswerError(self.place, f"the list of {what} does not end.", "Tell its operator.")
            seen.add(part.next)
            query["cursor"] = part.next

    def _json(self, path: str, shape: type[Item], what: str, query: Mapping[str, str] | None = None) -> Item:
        try:
            return self._wire.json(_API + path, shape, query)
        except Absent as absent:
            raise self._absent(absent, what) from absent

    def _raw(self, path: str, what: str, limit: int) -> bytes:
        try:
            return self._wire.raw(_API + path, limit)
        except Absent as absent:
            raise self._absent(absent, what) from absent

    def _absent(self, absent: Absent, what: str) -> Exception:
        remedies = {
            "unknown-commons": "`commons show --registry ...` lists the commons there.",
            "unknown-policy": "`commons search --registry ...` lists what is there.",
            "unknown-run": "`commons show ADDRESS --runs --registry ...` lists a policy's runs.",
        }
        if absent.kind in remedies:
            return NotHereError(what, self.place, remedies[absent.kind])
        return NotARegistryError(
            self.place, f"it has nothing at {_API} for {what}.", "Name another registry."
        )


def _policy(commons: str, slug: str) -> str:
    return f"/commons/{_part(commons)}/policies/{_part(slug)}"


def _version(commons: str, slug: str, version: str) -> str:
    return f"{_policy(commons, slug)}/versions/{_part(version)}"


def _part(text: str) -> str:
    """As one part of a path; the names of nested commons hold slashes."""
    return quote(text, safe="~")


def _limit(name: str) -> int:
    sizes = {POLICY_FILE: LIMITS.policy_bytes, CASES_FILE: LIMITS.cases_bytes}
    return sizes.get(name, LIMITS.attachment_bytes)
