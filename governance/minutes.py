"""An event in one human sentence of facts, so that the log reads as the minutes of a meeting. Pure.

The sentence is the commit's message and is recomputed by the verifier: it cannot say anything that
the event does not. It is part of each commit's id, so the wording is frozen: with another, a log
written before would no longer verify. No titles and no free text stand in it, since a message could
not be erased.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from governance import payloads
from governance.events import Event


def sentence(event: Event) -> str:
    """What happened, in one line without a full stop."""
    return _SENTENCES[event.type](event.actor, event.payload)


def _plural(count: int, noun: str) -> str:
    if count == 1:
        return f"1 {noun}"
    return f"{count} {noun[:-1]}ies" if noun.endswith("y") else f"{count} {noun}s"


def _founded(actor: str, said: payloads.Founded) -> str:
    nested = f" within {said.parent}" if said.parent else ""
    return f"{actor} founded the commons {said.name}{nested} under {said.preset}"


def _published(actor: str, said: payloads.Published) -> str:
    change = "first release" if said.change == "first" else said.change
    return f"{actor} published {said.release.slug} {said.release.version} ({change})"


_SOURCES = {"git": "a Git repository", "folder": "a folder", "library": "the starter library"}


def _imported(actor: str, said: payloads.Imported) -> str:
    source = _SOURCES.get(said.kind, said.kind)
    revisions = f" in {_plural(len(said.commits), 'revision')}" if len(said.commits) > 1 else ""
    if len(said.releases) == 1:
        only = said.releases[0]
        return f"{actor} imported {only.slug} {only.version} from {source}{revisions}"
    return f"{actor} imported {_plural(len(said.releases), 'policy')} from {source}{revisions}"


def _run_recorded(actor: str, said: payloads.RunRecorded) -> str:
    return f"{actor} recorded run {said.key[:12]} of {said.engine} on {said.slug}"


def _scores_reported(actor: str, said: payloads.ScoresReported) -> str:
    return f"{actor} noted {_plural(len(said.scores), 'reported score')} for {said.slug}"


def _redacted(actor: str, said: payloads.Redacted) -> str:
    parts = [", ".join(said.kinds)]
    if said.rewritten:
        parts.append(f"{_plural(len(said.rewritten), 'revision')} rewritten")
    return f"{actor} redacted {'; '.join(parts)} on the ground of {said.ground}"


def _clock_confirmed(actor: str, said: payloads.ClockConfirmed) -> str:
    return f"{actor} confirmed the clock after {_plural((said.now - said.last) // 3600, 'hour')}"


def _child_founded(actor: str, said: payloads.ChildFounded) -> str:
    return f"{actor} founded the nested commons {said.name}"


_SENTENCES: dict[str, Callable[[str, Any], str]] = {
    "founded": _founded,
    "published": _published,
    "imported": _imported,
    "run_recorded": _run_recorded,
    "scores_reported": _scores_reported,
    "redacted": _redacted,
    "clock_confirmed": _clock_confirmed,
    "child_founded": _child_founded,
}
