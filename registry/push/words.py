"""What a push is answered with, on its pusher's terminal. Reads the commons; keeps nothing.

The one place where an exception of a push becomes words.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from governance.charter.errors import InvalidCharterError, MalformedCharterError
from governance.errors import GovernanceError, MalformedEventError, RefusedError
from governance.explain import Way, explain
from governance.minutes.wording import moment, plural
from governance.proposals.state import Ended, Proposal
from policies.errors import MalformedDocumentError, PolicyError
from policies.findings import Finding
from registry.keys.errors import KeysError
from registry.push.errors import PushRefusedError
from registry.push.proposing import Proposed
from registry.services.errors import BlockedContentError, LintRefusedError, ServiceError
from registry.services.proposals import find_proposal
from registry.services.revisions import Draft
from registry.services.stage_words import LEADS, STAGES
from registry.store.errors import BusyError, ClockError, StoreError, WriteError
from registry.store.refs import CHARTER_PATH, POLICIES_DIR, policy_dir
from registry.store.repository import Repository

_MOST_LINES = 40
_log = logging.getLogger("registry.push")


class Said(NamedTuple):
    """`refused` is why in a few words, for git's own line; None for what was taken. `lines` are for all."""

    refused: str | None
    lines: tuple[str, ...]


def said_of(repository: Repository, proposed: Proposed, draft: Draft, address: str) -> Said:
    """What was made of a push, where to see it, and what comes next.

    It stands by now, so nothing that goes wrong here may say otherwise.
    """
    place = f"  {address}/proposals/{proposed.number}"
    try:
        return _said_of(repository, proposed, draft, place)
    except Exception:  # noqa: BLE001 - whatever it is, the proposal is there
        _log.exception("a push was taken, and what comes next cannot be told")
        return Said(None, (f"Proposal {proposed.number} has it now.", place))


def _said_of(repository: Repository, proposed: Proposed, draft: Draft, place: str) -> Said:
    number = proposed.number
    found = find_proposal(repository.state(), number)
    return Said(
        None,
        _most(
            [
                *_made(proposed, found),
                place,
                *_next(repository, found),
                *_warnings(proposed.findings, draft),
                f"Push again with -o topic={number} to revise it."
                if isinstance(found, Proposal)
                else "Fetch to have what became of it.",
            ]
        ),
    )


def refusal_of(error: Exception) -> Said:
    """Why nothing was taken, and what to do. What went wrong inside goes to the operator's log."""
    match error:
        case LintRefusedError():
            folder = policy_dir(error.slug)
            lines = [f"{folder}/{finding}" for finding in error.findings]
            return Said(plural(len(lines), "lint error"), _most([*lines, "Nothing was changed here."]))
        case MalformedCharterError() | InvalidCharterError():
            return Said(
                "the charter cannot be used", _most([f"{CHARTER_PATH}: {one}" for one in error.findings])
            )
        case MalformedDocumentError():
            return Said("a file cannot be read", _most([str(one) for one in error.findings]))
        case BlockedContentError():
            # A file of a policy, or the words of an option.
            folder = f"{POLICIES_DIR}/" if "/" in error.place else ""
            return Said("redacted here", _most([f"{folder}{error}"]))
        case PushRefusedError():
            return Said(_brief(error.rule), _most([f"{error.place}: {error.rule}", error.remedy]))
        case RefusedError() if error.seq is None:
            return Said(_brief(error.rule), _most([error.rule, error.remedy]))
        case BusyError():
            return Said("busy", ("This commons is being written to.", "Push again in a moment."))
        case ServiceError() | PolicyError():
            return Said("not taken", _most(str(error).splitlines()))
        case (
            WriteError()
            | ClockError()
            | KeysError()
            | StoreError()
            | MalformedEventError()
            | GovernanceError()
        ):
            _log.error("a push could not be taken", exc_info=error)
        case _:
            _log.error("a push met a bug", exc_info=error)
    return Said(
        "the registry failed",
        (
            "This registry could not record it, or not tell what became of it.",
            "Push again in a moment: nothing is taken twice. If it stays, tell the operator.",
        ),
    )


def _made(proposed: Proposed, found: Proposal | Ended) -> Iterator[str]:
    name = f"Proposal {proposed.number}"
    title = f": {_one_line(proposed.title)}" if proposed.title else ""
    match proposed.is_revision:
        case None:
            yield f"{name} says exactly this already{title}"
        case True:
            count = f", revision {len(found.revisions)}" if isinstance(found, Proposal) else ""
            yield f"{name} was revised{count}{title}"
        case False:
            yield f"{name} was opened{title}"


def _next(repository: Repository, found: Proposal | Ended) -> Iterator[str]:
    yield f"It is {STAGES[found.stage]}."
    if isinstance(found, Proposal):
        for way in explain(repository.state(), found).ways:
            yield from _way(way)


def _way(way: Way) -> Iterator[str]:
    when = f" from {moment(way.due)} UTC on" if way.due is not None else " once all of this holds:"
    missing = [line.says for line in way.lines if not line.holds]
    yield f"{LEADS.get(way.to, way.to)}{when}"
    yield from (f"  - {says}" for says in missing)


def _warnings(findings: Sequence[Finding], draft: Draft) -> Iterator[str]:
    if len(draft.folders) == 1:
        folder = policy_dir(next(iter(draft.folders)))
        yield from (f"{folder}/{finding}" for finding in findings)
    elif findings:
        yield f"Lint has {plural(len(findings), 'remark')}: `commons lint policies`."


def _most(lines: Sequence[str]) -> tuple[str, ...]:
    shown = [_one_line(line, margin=True) for line in lines if line.strip()]
    if len(shown) <= _MOST_LINES:
        return tuple(shown)
    return (*shown[: _MOST_LINES - 1], f"... and {len(shown) - _MOST_LINES + 1} more.")


def _one_line(text: str, *, margin: bool = False) -> str:
    """Text of somebody else's, which does nothing to a terminal."""
    lead = text[: len(text) - len(text.lstrip(" "))] if margin else ""
    return lead + "".join(letter if letter.isprintable() else " " for letter in text.strip())


def _brief(rule: str) -> str:
    return _one_line(rule).removesuffix(".")[:100]
