"""Recounts a commons from a mirror clone, trusting no server: what `commons verify` does.

Needs the Git repository and nothing else. Every check says how much it looked at; the first thing that
is wrong ends it, with the place, the rule and the remedy.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from evaluations.errors import EvaluationError
from governance.commons import Commons, RedactionState
from governance.errors import GovernanceError, RefusedError
from governance.replay import apply
from policies.errors import PolicyError
from registry.services.checks import CHECKS
from registry.services.errors import BrokenError
from registry.services.recount import Recount
from registry.services.shape import Expected
from registry.store import log
from registry.store.errors import LogError, StoreError
from registry.store.refs import LOG
from registry.store.repository import Repository

Progress = Callable[[str, int], None]


class Failure(NamedTuple):
    """The first thing that is wrong."""

    check: str
    place: str
    rule: str


@dataclass(frozen=True, slots=True)
class Check:
    """One kind of check that passed, and how many things it looked at."""

    name: str
    count: int


@dataclass(slots=True)
class Report:
    """What was checked, what is wrong, and what is known to be gone."""

    head: str | None = None
    events: int = 0
    checks: list[Check] = field(default_factory=list)
    failure: Failure | None = None
    redactions: tuple[RedactionState, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return self.failure is None


def verify(repository: Repository, progress: Progress = lambda _name, _count: None) -> Report:
    """Checks everything there is to check; never raises for what it finds."""
    report = Report(head=repository.head())
    main = Expected()
    name = "log"
    try:
        state = _replay(repository, report, main, progress)
        report.redactions = state.redactions
        for name, check in CHECKS:
            progress(name, 0)
            report.checks.append(Check(name, check(repository, state, main)))
    except BrokenError as error:
        report.failure = Failure(name, error.place, error.rule)
    except LogError as error:
        report.failure = Failure(name, f"log commit {error.commit}", error.why)
    except RefusedError as error:
        report.failure = Failure(name, f"event {error.seq}", error.rule)
    except (StoreError, GovernanceError, PolicyError, EvaluationError) as error:
        report.failure = Failure(name, type(error).__name__, str(error))
    return report


def _replay(repository: Repository, report: Report, main: Expected, progress: Progress) -> Commons:
    """Every link, recomputed from its event; every event, by an actor who had the authority."""
    state: Commons | None = None
    if report.head is None:
        raise BrokenError(LOG, "there is no event log. Clone with `git clone --mirror` or `commons clone`.")
    recount = Recount(repository)
    for entry in log.oldest_first(repository.reader, report.head):
        before, state = state, apply(state, entry.event, entry.digest)
        main.note(before, entry)
        recount.look(before, entry)
        report.events += 1
        if report.events % 1000 == 0:
            progress("log", report.events)
    if state is None:
        raise BrokenError(LOG, "the log is empty.")
    report.checks.append(Check("log", report.events))
    recount.finish(state)
    report.checks += (Check(name, count) for name, count in recount.counts.items())
    return state
