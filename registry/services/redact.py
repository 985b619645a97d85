"""Erases content from a commons for good, and writes down that it was done.

The log keeps the facts (who, when, on what ground, how much), never the thing itself. History of `main`
is rewritten from the first place where it stood, releases keep their numbers and get new digests, runs
lose the rows' traces of it, and the bytes are pruned. `verify` then says "complete but for n redactions".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from evaluations.erasure import erase_cases
from evaluations.record_files import read_record
from governance.charter.model import Mode
from governance.commons import Commons
from governance.events import Draft
from governance.payloads import ErasedRun, Move, Redacted, Release
from governance.texts import seal_text
from policies.canonical import sha256_hex
from policies.digest import content_digest, folder_digest
from policies.errors import MalformedDocumentError
from policies.folder import PolicyFolder, load_folder
from registry.services.acting import act
from registry.services.erasure import Eraser, Target
from registry.services.errors import InputRefusedError
from registry.services.reading import find_policy
from registry.store import erasing
from registry.store.objects import Change
from registry.store.reader import Reader
from registry.store.refs import ATTIC, MAIN, PROPOSALS, RUNS, policy_dir, tag_ref
from registry.store.repository import Acted, Repository
from registry.store.rewriting import rewrite_history
from registry.store.staged import Staged
from registry.store.texts import move_texts

GROUNDS = ("personal-data", "illegal", "licence", "safety", "mistake")


class Redaction(NamedTuple):
    """What was erased: revisions of `main` and runs that were written anew, and the event's number."""

    seq: int
    revisions: int
    runs: int
    texts: int


class _Pieces(NamedTuple):
    moves: tuple[Move, ...] = ()
    rewritten: tuple[tuple[str, str], ...] = ()
    releases: tuple[Release, ...] = ()
    contents: tuple[tuple[str, str], ...] = ()
    runs: tuple[ErasedRun, ...] = ()


def redact(
    repository: Repository,
    *,
    actor: str,
    ground: str,
    salt: Callable[[], bytes],
    target: Target | None = None,
    texts: Sequence[str] = (),
    reason: str | None = None,
) -> Redaction:
    """Erases a target's content from every revision, and words of events by their digests.

    Raises `InputRefusedError` when something asked for stands nowhere (nothing is changed then), and
    what the rules refuse.
    """
    if ground not in GROUNDS:
        raise InputRefusedError(f"ground {ground!r}", f"it is one of {', '.join(GROUNDS)}.", "Name one.")
    if not texts and (target is None or not target.kinds):
        raise InputRefusedError("redact", "nothing was named.", "Name a case, words, a file or a text.")
    blocked: set[str] = set()

    def decide(state: Commons | None, change: Change, at: int) -> Draft:
        assert state is not None
        pieces = _Pieces()
        if target is not None:
            _refuse_unknown(state, target.slug)
            eraser = Eraser(target)
            pieces = _rewrite(repository.reader, change, state, eraser)
            if missing := eraser.missing():
                raise InputRefusedError(
                    ", ".join(sorted(missing)),
                    f"stands nowhere in {target.slug}'s history.",
                    "Check the name.",
                )
            if target.words is not None and target.words not in eraser.found:
                raise InputRefusedError(
                    "words", f"they stand nowhere in {target.slug}'s history.", "Check the spelling."
                )
            blocked.clear()
            blocked.update(eraser.blocked)
        for text_id in texts:
            if text_id not in state.texts or text_id in state.erased_texts:
                raise InputRefusedError(f"text {text_id}", "no event names it, or it is gone.", "Check it.")
        said = seal_text(reason, salt()) if reason else None
        words = move_texts(
            repository.reader, change, state, add=(said,) if said else (), remove=texts, actor=actor, at=at
        )
        payload = Redacted(
            ground=ground,
            authority="owner" if state.mode is Mode.OWNER else "steward",
            kinds=(*(target.kinds if target else ()), *(("texts",) if texts else ())),
            reason=said.id if said else None,
            rewritten=pieces.rewritten,
            releases=pieces.releases,
            contents=pieces.contents,
            runs=pieces.runs,
            texts=tuple(texts),
        )
        moves = (*pieces.moves, words) if words else pieces.moves
        return Draft(type="redacted", actor=actor, payload=payload, moves=moves)

    def before(acted: Acted) -> None:
        repository.fault("erase: announce")
        erasing.announce(repository.paths, acted.entry.digest, blocked)

    def after(_acted: Acted) -> None:
        erasing.finish(repository.path, repository.paths, lambda _digest: True, repository.fault)

    acted = act(repository, decide, before=before, after=after)
    payload = acted.entry.event.payload
    assert isinstance(payload, Redacted)
    return Redaction(acted.entry.event.seq, len(payload.rewritten), len(payload.runs), len(payload.texts))


def _refuse_unknown(state: Commons, slug: str) -> None:
    """What nobody released may still stand in a proposal, open or over."""
    proposals = (*state.proposals.values(), *state.ended.values())
    if not any(slug in proposal.slugs for proposal in proposals):
        find_policy(state, slug)


def _rewrite(reader: Reader, change: Change, state: Commons, eraser: Eraser) -> _Pieces:
    slug = eraser.target.slug
    heads = {ref: oid for ref, oid in state.refs.items() if ref in (MAIN, ATTIC) or ref.startswith(PROPOSALS)}
    scope = f"{policy_dir(slug)}/"
    result = rewrite_history(reader, change, tuple(heads.values()), scope, eraser.transform)
    if not result.commits:
        return _Pieces()
    releases = [
        _again(reader, change, release, result.commits[release.commit], touched=release.slug == slug)
        for policy in state.policies.values()
        for release in policy.releases
        if release.commit in result.commits
    ]
    moves = [
        Move(ref=ref, old=oid, new=result.commits[oid]) for ref, oid in heads.items() if oid in result.commits
    ]
    moves += [
        Move(ref=tag_ref(release.slug, release.version), old=old.tag, new=release.tag)
        for release in releases
        if (old := state.policies[release.slug].release(release.version)) is not None
    ]
    runs, runs_move = _rewrite_runs(reader, change, state, eraser)
    return _Pieces(
        moves=(*moves, *runs_move),
        rewritten=tuple(result.commits.items()),
        releases=tuple(releases),
        contents=tuple(_contents(reader, change, state, slug, result.commits).items()),
        runs=runs,
    )


def _contents(
    reader: Reader, change: Change, state: Commons, slug: str, commits: Mapping[str, str]
) -> dict[str, str]:
    """The content digests of this policy in every revision of a proposal, old and new, where they differ."""
    found: dict[str, str] = {}
    revisions = [
        state.current_commit(commit)
        for proposal in (*state.proposals.values(), *state.ended.values())
        for commit in proposal.revisions
    ]
    for commit in revisions:
        if commit not in commits:
            continue
        folders = [
            Staged(reader, change).files_at(one, policy_dir(slug)) for one in (commit, commits[commit])
        ]
        if not all(folders):
            continue
        old, new = (content_digest(_readable(slug, f"a revision of {slug}", files)) for files in folders)
        if old != new:
            found[old] = new
    return found


def _readable(slug: str, place: str, files: Mapping[str, bytes]) -> PolicyFolder:
    try:
        return load_folder(slug, files)
    except MalformedDocumentError as error:
        raise InputRefusedError(
            place,
            f"without what you name it can no longer be read: {error.findings[0]}",
            "Name less, or a whole case or attachment.",
        ) from error


def _again(reader: Reader, change: Change, release: Release, commit: str, *, touched: bool) -> Release:
    """The same release on its rewritten commit; its digests change only where its bytes did."""
    tag = reader.read(release.tag).data.replace(release.commit.encode(), commit.encode(), 1)
    content, folder = release.content, release.folder
    if touched:
        # Objects of this change are not on the disk yet, so the folder is read from the change first.
        files = Staged(reader, change).files_at(commit, policy_dir(release.slug))
        content = content_digest(_readable(release.slug, f"{release.slug} {release.version}", files))
        folder = folder_digest(files)
    return Release(
        slug=release.slug,
        version=release.version,
        content=content,
        folder=folder,
        commit=commit,
        tag=change.add("tag", tag),
    )


def _rewrite_runs(
    reader: Reader, change: Change, state: Commons, eraser: Eraser
) -> tuple[tuple[ErasedRun, ...], tuple[Move, ...]]:
    """Takes the erased cases' traces (input hashes, reasoning) out of the policy's runs."""
    head = state.refs.get(RUNS)
    if head is None:
        return (), ()
    parent: str | None = None
    erased: list[ErasedRun] = []
    for run in sorted(state.runs.values(), key=lambda run: run.seq):
        facts = reader.commit(run.commit)
        kept: dict[str, bytes] = {}
        changed = False
        if run.slug == eraser.target.slug:
            files = reader.files(facts.tree)
            kept = erase_cases(files, frozenset(eraser.touched), reasoning=eraser.target.words is not None)
            changed = kept != files
        if not changed and not erased:
            parent = run.commit
            continue
        tree = change.files(kept) if changed else facts.tree
        handle, _, rest = facts.raw_author.partition(" <")
        at = int(rest.split("> ")[1].split(" ")[0])
        commit = change.commit(
            tree=tree, parents=(parent,) if parent else (), handle=handle, at=at, message=facts.message
        )
        erased.append(
            ErasedRun(
                key=read_record(kept).key if changed else run.key,
                old=run.commit,
                commit=commit,
                record=sha256_hex(kept["record.json"]) if changed else run.record,
                predictions=sha256_hex(kept["predictions.jsonl"]) if changed else run.predictions,
            )
        )
        parent = commit
    if not erased:
        return (), ()
    return tuple(erased), (Move(ref=RUNS, old=head, new=erased[-1].commit),)
