"""The record in sentences: founding, releases, imports, runs, erasures. Pure."""

from __future__ import annotations

from governance import payloads
from governance.minutes.wording import Sentence, plural


def _founded(actor: str, said: payloads.Founded) -> str:
    nested = f" within {said.parent}" if said.parent else ""
    return f"{actor} founded the commons {said.name}{nested} under {said.preset}"


def _published(actor: str, said: payloads.Published) -> str:
    change = "first release" if said.change == "first" else said.change
    return f"{actor} published {said.release.slug} {said.release.version} ({change})"


_SOURCES = {"git": "a Git repository", "folder": "a folder", "library": "the starter library"}


def _imported(actor: str, said: payloads.Imported) -> str:
    source = _SOURCES.get(said.kind, said.kind)
    revisions = f" in {plural(len(said.commits), 'revision')}" if len(said.commits) > 1 else ""
    if len(said.releases) == 1:
        only = said.releases[0]
        return f"{actor} imported {only.slug} {only.version} from {source}{revisions}"
    return f"{actor} imported {plural(len(said.releases), 'policy')} from {source}{revisions}"


def _run_recorded(actor: str, said: payloads.RunRecorded) -> str:
    return f"{actor} recorded run {said.key[:12]} of {said.engine} on {said.slug}"


def _scores_reported(actor: str, said: payloads.ScoresReported) -> str:
    return f"{actor} noted {plural(len(said.scores), 'reported score')} for {said.slug}"


def _redacted(actor: str, said: payloads.Redacted) -> str:
    parts = [", ".join(said.kinds)]
    if said.rewritten:
        parts.append(f"{plural(len(said.rewritten), 'revision')} rewritten")
    return f"{actor} redacted {'; '.join(parts)} on the ground of {said.ground}"


def _clock_confirmed(actor: str, said: payloads.ClockConfirmed) -> str:
    return f"{actor} confirmed the clock after {plural((said.now - said.last) // 3600, 'hour')}"


def _child_founded(actor: str, said: payloads.ChildFounded) -> str:
    return f"{actor} founded the nested commons {said.name}"


SENTENCES: dict[str, Sentence] = {
    "founded": _founded,
    "published": _published,
    "imported": _imported,
    "run_recorded": _run_recorded,
    "scores_reported": _scores_reported,
    "redacted": _redacted,
    "clock_confirmed": _clock_confirmed,
    "child_founded": _child_founded,
}
