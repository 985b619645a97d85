"""What an event or a release is as rows. Reads run records, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from evaluations.errors import EvaluationError
from evaluations.records import read_record
from evaluations.standing import MODEL_ENGINES, RunClass, class_of
from governance.commons import RunState
from governance.minutes import sentence
from governance.payloads import (
    Enacted,
    Imported,
    Proposed,
    Published,
    Redacted,
    Release,
    Revision,
    RunRecorded,
    ScoresReported,
    Undone,
    Withdrawal,
)
from registry.index.entries import LabelEntry
from registry.index.reading import PolicyText
from registry.index.words import named, prepared
from registry.store.errors import StoreError
from registry.store.log import LogEntry
from registry.store.repository import Repository

Row = dict[str, object]

_TITLE = 300
_SUMMARY = 1_000
_json = msgspec.json.Encoder().encode


class Mention(NamedTuple):
    """That an event is about a policy, and when."""

    slug: str
    version: str | None
    serial: int
    at: int


def mentions(entry: LogEntry) -> list[Mention]:
    """The policies that an event is about, each once."""
    event = entry.event
    return [Mention(slug, version, event.seq, event.at) for slug, version in _about(event.payload).items()]


def event_row(commons: str, entry: LogEntry) -> Row:
    """An event. It has a policy's slug when it is about that one only."""
    event = entry.event
    about = _about(event.payload)
    slug, version = next(iter(about.items())) if len(about) == 1 else (None, None)
    return {
        "commons": commons,
        "seq": event.seq,
        "commit_id": entry.commit,
        "type": event.type,
        "actor": event.actor,
        "at": event.at,
        "slug": slug,
        "version": version,
        "proposal": getattr(event.payload, "number", None),
        "member": getattr(event.payload, "member", None),
        "sentence": sentence(event),
    }


def touched_rows(commons: str, entry: LogEntry) -> list[Row]:
    """A row for each policy that an event is about, or that a proposal opened on would change."""
    about = {**dict.fromkeys(_proposed_on(entry.event.payload)), **_about(entry.event.payload)}
    return [
        {"commons": commons, "slug": slug, "seq": entry.event.seq, "version": version}
        for slug, version in about.items()
    ]


def policy_row(
    id_: int, commons: str, read: PolicyText, *, owner: str, serial: int, at: int, tested: bool
) -> Row:
    """A policy at its latest release."""
    meta, release = read.meta, read.release
    original = meta.translation_of
    return {
        "id": id_,
        "commons": commons,
        "slug": release.slug,
        "title": _plain(meta.title or release.slug)[:_TITLE],
        "summary": _plain(meta.summary)[:_SUMMARY],
        "version": release.version,
        "status": meta.status.value,
        "language": _plain(meta.language),
        "labels": _text(_labels(read)),
        "licence_text": meta.licenses.text and _plain(meta.licenses.text),
        "licence_cases": meta.licenses.cases and _plain(meta.licenses.cases),
        "tested": tested,
        "owner": owner,
        "maintainers": _text([_plain(name) for name in meta.maintainers]),
        "warnings": _text([_plain(kind) for kind in meta.content_warnings]),
        "translation_of": _plain(original.policy) if original else None,
        "upstream": _plain(meta.upstream.policy) if meta.upstream else None,
        "commit_id": release.commit,
        "content": release.content,
        "folder": release.folder,
        "serial": serial,
        "updated_at": at,
    }


def label_rows(id_: int, read: PolicyText) -> list[Row]:
    """A row for each label code, once."""
    return [{"policy": id_, "code": code} for code in dict.fromkeys(map(_plain, read.meta.codes))]


def text_row(id_: int, read: PolicyText) -> tuple[int, str, str, str, str, str, str]:
    """What is searched, by `TEXT_COLUMNS`."""
    meta = read.meta
    labels = "\n".join(f"{label.code} {label.title}" for label in meta.labels)
    people = "\n".join([*meta.maintainers, *(credit.name for credit in meta.credits)])
    slug = read.release.slug
    columns = (meta.title, named(slug), labels, meta.summary, people, read.body)
    title, name, coded, summary, known, body = map(prepared, columns)
    return id_, title, name, coded, summary, known, body


def shared_runs(repository: Repository, commons: str, runs: Iterable[RunState]) -> list[Row]:
    """A row for each of `runs` that is of the shared model; a record that cannot be read is of none."""
    found: list[Row] = []
    for run in runs:
        if run.engine not in MODEL_ENGINES:
            continue
        try:
            shared = class_of(read_record(_files(repository, run))) is RunClass.SHARED
        except (StoreError, EvaluationError):
            continue
        if shared:
            found.append(
                {"commons": commons, "commit_id": run.commit, "slug": run.slug, "content": run.content}
            )
    return found


def _files(repository: Repository, run: RunState) -> dict[str, bytes]:
    return repository.reader.files(repository.reader.commit(run.commit).tree)


def _about(payload: object) -> dict[str, str | None]:
    match payload:
        case Published(release=release):
            return {release.slug: release.version}
        case (
            Imported(releases=releases)
            | Redacted(releases=releases)
            | Enacted(releases=releases)
            | Undone(releases=releases)
        ):
            return _versions(releases)
        case RunRecorded(slug=slug) | ScoresReported(slug=slug):
            return {slug: None}
    return {}


def _proposed_on(payload: object) -> list[str]:
    """What a proposal would change: no change of a policy yet, but news for whoever follows it."""
    match payload:
        case Proposed(revision=Revision(changes=changes)):
            return [change.slug for change in changes]
        case Proposed(withdrawal=Withdrawal(slug=slug)):
            return [slug]
    return []


def _versions(releases: Iterable[Release]) -> dict[str, str | None]:
    """The newest version of each policy: they stand oldest first."""
    return {release.slug: release.version for release in releases}


def _labels(read: PolicyText) -> list[LabelEntry]:
    return [
        LabelEntry(
            code=_plain(label.code),
            title=_plain(label.title),
            violates=label.violates,
            severity=label.severity,
            handling=label.handling.value if label.handling else None,
        )
        for label in read.meta.labels
    ]


def _plain(text: str) -> str:
    """Text that a database takes: no half characters, no NUL."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\x00", " ")


def _text(value: object) -> str:
    return _json(value).decode()
