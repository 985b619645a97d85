"""The two sides of a comparison, found and run: runs in commons and folders, or policies from anywhere."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import typer

from registry.cli.console import Output, plural
from registry.cli.journal_place import journal_place, told_how_to_go_on
from registry.cli.opening import opened
from registry.cli.places import own_runs
from registry.cli.policy_source import chosen_policy
from registry.cli.run_source import chosen_run

if TYPE_CHECKING:
    from evaluations.engines.base import Engine
    from policies.model import Case
    from registry.services.comparing import Compared, Terms
    from registry.services.comparing_plan import Version
    from registry.services.exporting import StoredRun
    from registry.store.repository import Repository


class Wanted(NamedTuple):
    """How a comparison is to be made. `again`: with the old version run once more; None leaves it open."""

    terms: Terms
    shared_only: bool
    again: bool | None
    cases: Path | None


class Where(NamedTuple):
    """Where the command line says that policies come from."""

    context: typer.Context
    repository: Path | None
    registry: str | None


def is_run(words: str) -> bool:
    """Whether one of the two sides is a run, stored in a commons or in a folder."""
    from evaluations.records import RECORD_FILE

    return words.startswith("run:") or (Path(words) / RECORD_FILE).is_file()


def two_runs(old: str, new: str, repository: Path | None, wanted: Wanted) -> Compared:
    """Compares two stored runs. Raises `UnequalItemsError`, and what finding them raises."""
    from registry.services.comparing import compare_runs

    first, second = (
        chosen_run(words, repository if words.startswith("run:") else None) for words in (old, new)
    )
    again = None if wanted.again is False else _repeat(first, repository)
    if wanted.again and again is None:
        raise typer.BadParameter(f"{old} was made only once: run it again with bench --again.")
    return compare_runs(
        first,
        second,
        wanted.terms,
        shared_only=wanted.shared_only,
        again=again,
        cases=_cases(wanted.cases),
    )


def _repeat(run: StoredRun, repository: Path | None) -> StoredRun | None:
    """An earlier run under the same key, where one is kept."""
    from registry.services.comparing_known import repeated

    if repository is None:
        return own_runs().repeated(run.record.key)
    with opened(repository) as commons:
        return repeated(commons, run.record.key)


def _cases(source: Path | None) -> tuple[Case, ...]:
    from registry.services.suites import suite_at

    return () if source is None else suite_at(source).cases


def two_policies(
    output: Output,
    where: Where,
    sides: tuple[str, str],
    engine: Engine,
    template: str | None,
    wanted: Wanted,
) -> Compared:
    """Says what the cases can resolve, runs what is missing, and compares.

    A policy folder of one's own wins over an address: `spam@1.0.0` is never a folder. Unless told otherwise,
    the old version is run twice by an engine that may answer one question in two ways.
    """
    from registry.cli.compare_text import show_before
    from registry.services.comparing import compare_versions
    from registry.services.comparing_known import Known
    from registry.services.comparing_plan import plan_trial

    old, new = (_version(output, where, words) for words in sides)
    trial = plan_trial(old, new, engine, template=template, expected=wanted.terms.expected)
    again = wanted.again if wanted.again is not None else not engine.info.promises.deterministic
    if not output.json:
        show_before(output, trial, wanted.terms)
    with ExitStack() as stack:
        commons: Repository | None = None
        if where.repository is not None:
            commons = stack.enter_context(opened(where.repository))
        known = Known(commons, None if engine.info.promises.deterministic else own_runs())
        due = [asked for asked in (trial.old, trial.new) if known.run(asked) is None]
        if again and known.repeat(trial.old) is None:
            due.append(trial.old)
        total = sum(len(asked.plan.cases) for asked in due)
        if not engine.info.promises.deterministic:
            output.note(f"{plural(total, 'answer')} to ask for, in {plural(len(due), 'run')}.", style="dim")
        progress = stack.enter_context(output.progress(f"Running {engine.info.name}", total))
        done = 0

        def count(_answer: object) -> None:
            nonlocal done
            done += 1
            progress(done)

        journalled = engine.info.needs.template
        place = journal_place("").parent if journalled else None
        with told_how_to_go_on(output, where.context, place):
            return compare_versions(
                trial,
                wanted.terms,
                again=again,
                known=known,
                journal_at=journal_place if journalled else None,
                on_answer=count,
            )


def _version(output: Output, where: Where, words: str) -> Version:
    from registry.services.comparing_plan import Version
    from registry.services.folders import is_policy_folder

    own, repository = is_policy_folder(Path(words)), where.repository
    if own or repository is None:
        chosen = chosen_policy(output, where.context, words, None, None if own else where.registry)
    else:
        chosen = chosen_policy(output, where.context, str(repository), words, None)
    return Version(folder=chosen.folder, address=chosen.address)
