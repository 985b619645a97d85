"""Puts folders on `main` in one act: what a commons starts from, or what came from elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from governance.commons import Commons
from governance.events import Draft
from governance.payloads import Imported, ReportedScore, ScoresReported
from policies.canonical import canonical_digest, sha256_hex
from policies.digest import content_digest
from policies.folder import load_folder
from policies.versions import Change as VersionChange
from policies.versions import next_version
from registry.services.acting import act
from registry.services.errors import InputRefusedError, NothingChangedError
from registry.services.follow_record import refuse_following
from registry.services.releasing import Incoming, place_releases, refuse_blocked, renumbered
from registry.store.blocklist import read_blocked
from registry.store.objects import Change
from registry.store.repository import Repository

_NO_PROGRESS: Callable[[int], None] = lambda _done: None  # noqa: E731 - a default, not a name to call


class ImportedPolicies(NamedTuple):
    """What came in, as slugs with versions. `unchanged` were released here with this content before."""

    releases: tuple[tuple[str, str], ...]
    unchanged: tuple[str, ...]


def import_folders(
    repository: Repository,
    folders: Mapping[str, Mapping[str, bytes]],
    *,
    actor: str,
    kind: str,
    progress: Callable[[int], None] = _NO_PROGRESS,
) -> ImportedPolicies:
    """Releases every folder whose content is new here, in one commit and one event.

    A folder that was released before, as any version, is passed over: what was published since then is
    not undone by importing its source again. Raises `NothingChangedError` when all were, and
    `MalformedPolicyError` for a folder that cannot be read; lint is the caller's.
    """
    if not folders:
        raise InputRefusedError("import", "no policy folder is here.", "Name a folder that holds some.")
    refuse_following(repository.path, "import")
    loaded = {slug: load_folder(slug, files) for slug, files in folders.items()}
    source = canonical_digest(
        {slug: {name: sha256_hex(raw) for name, raw in files.items()} for slug, files in folders.items()}
    )
    result: list[ImportedPolicies] = []

    def decide(state: Commons | None, change: Change, at: int) -> Draft:
        assert state is not None
        # Looked up here, since a redaction may be recorded until the lock is ours.
        blocked = read_blocked(repository.paths.blocked)
        for slug, files in folders.items():
            refuse_blocked(slug, files, blocked)
        incoming: list[Incoming] = []
        unchanged: list[str] = []
        for slug, folder in loaded.items():
            policy = state.policies.get(slug)
            if policy is None:
                incoming.append(Incoming(folder))
            elif any(release.content == content_digest(folder) for release in policy.releases):
                unchanged.append(slug)
            else:
                version = next_version(policy.latest.version, VersionChange.MINOR)
                incoming.append(renumbered(folder, version))
        if not incoming:
            raise NothingChangedError("import", "the last one")
        placed = place_releases(
            repository.reader,
            change,
            state,
            incoming,
            actor=actor,
            at=at,
            message=_message(incoming),
            progress=progress,
        )
        released = tuple((item.slug, item.version) for item in incoming)
        result[:] = [ImportedPolicies(released, tuple(unchanged))]
        payload = Imported(kind=kind, source=source, commits=(placed.commit,), releases=placed.releases)
        return Draft(type="imported", actor=actor, payload=payload, moves=placed.moves)

    act(repository, decide)
    return result[0]


def _message(incoming: Sequence[Incoming]) -> str:
    if len(incoming) == 1:
        return f"Import {incoming[0].slug} {incoming[0].version}"
    return f"Import {len(incoming)} policies"


def note_reported_scores(
    repository: Repository, slug: str, scores: Sequence[tuple[str, str]], *, source: bytes, actor: str
) -> None:
    """Keeps scores that came along, apart from runs: pairs of metric and decimal figure."""

    def decide(state: Commons | None, _change: Change, _at: int) -> Draft:
        assert state is not None
        payload = ScoresReported(
            slug=slug,
            content=state.policies[slug].latest.content,
            source=sha256_hex(source),
            scores=tuple(ReportedScore(metric=metric, value=value) for metric, value in scores),
        )
        return Draft(type="scores_reported", actor=actor, payload=payload)

    act(repository, decide)
