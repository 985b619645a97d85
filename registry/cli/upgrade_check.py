"""`commons upgrade --check`: how a newer release answers a user's own cases. Changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from registry.cli.console import Output, one_line, plural
from registry.cli.exit_codes import ExitCode
from registry.cli.outdated import news_document

if TYPE_CHECKING:
    from evaluations.engines.base import Engine
    from evaluations.flips import Flip
    from policies.model import Case
    from registry.services.locked import Origins
    from registry.services.lockfile import Locked
    from registry.services.outdated import News
    from registry.services.upgrade_check import Trial

HIDDEN = "(sensitive; --reveal shows it)"
_WIDTH = 100


def check_upgrade(
    output: Output,
    entries: Sequence[Locked],
    lock: Path,
    origins: Origins,
    file: Path,
    engine: Engine,
    template: str | None,
    *,
    reveal: bool,
) -> None:
    """Answers with the flips of every policy that has a newer release; exits 1 when there are some."""
    from registry.services.locked import locked_release
    from registry.services.outdated import news_of
    from registry.services.upgrade_check import own_cases, try_upgrade

    cases = own_cases(file)
    with output.progress("Asking", len(entries)) as told:
        found = news_of(entries, lock, origins, told=told)
    tried: list[tuple[News, Trial | None]] = []
    for news in found:
        trial = None
        if news.upgrade is not None and news.change is not None:
            old = locked_release(news.standing, lock, origins).folder
            with output.progress(f"Classifying with {news.entry.address}", 2 * len(cases)) as told:
                trial = try_upgrade(old, news.upgrade.folder, cases, engine, template=template, told=told)
        tried.append((news, trial))
    flips = sum(len(trial.flips.flips) for _, trial in tried if trial)
    missing = sum(len(trial.unanswered) for _, trial in tried if trial)
    unknown = any(news.unknown for news in found)
    document = {
        "ok": not (flips or missing or unknown),
        "engine": engine.info.name,
        "summary": engine.info.summary,
        "cases": len(cases),
        "flips": flips,
        "policies": [_document(news, trial, reveal=reveal) for news, trial in tried],
    }

    def show() -> None:
        if not engine.info.promises.may_gate:
            output.line(engine.info.summary)
        for news, trial in tried:
            _show(output, news, trial, reveal=reveal)
        output.line()
        checked = sum(trial is not None for _, trial in tried)
        output.line(
            f"{plural(len(cases), 'case')} put to {plural(checked, 'newer release')}: "
            f"{plural(flips, 'flip')}."
        )

    output.answer(document, show)
    if flips or missing:
        raise typer.Exit(ExitCode.CHECK_FAILED)
    if unknown:
        raise typer.Exit(ExitCode.TRY_AGAIN)


def _document(news: News, trial: Trial | None, *, reveal: bool) -> dict[str, Any]:
    from evaluations.verdicts import verdict_to_json

    document = news_document(news)
    if trial is None:
        return {**document, "trial": None}
    return {
        **document,
        "trial": {
            "compared": trial.flips.compared,
            "flips": [
                {
                    "case": flip.case,
                    "kind": flip.kind.value,
                    "gold": flip.gold,
                    "old": verdict_to_json(flip.old),
                    "new": verdict_to_json(flip.new),
                    **_content(trial.cases[flip.case], reveal=reveal),
                }
                for flip in trial.flips.flips
            ],
            "vanished_labels": dict(trial.vanished),
            "foreign_labels": trial.foreign,
            "unanswered": list(trial.unanswered),
        },
    }


def _content(case: Case, *, reveal: bool) -> dict[str, Any]:
    hidden = case.sensitive and not reveal
    return {"content": None if hidden else case.content, "hidden": hidden}


def _show(output: Output, news: News, trial: Trial | None, *, reveal: bool) -> None:
    output.line()
    if trial is None:
        output.line(f"{news.entry.address}: {_why_not(news)}.")
        return
    output.line(one_line(f"{news.entry.address} -> {news.newest} ({news.change})"), style="bold")
    if news.notice:
        for said in news.notice.sentences or (news.notice.headline,):
            output.line(f"  {one_line(said)}")
    for code, count in trial.vanished.items():
        labelled = f"; {plural(count, 'case')} of yours {'has' if count == 1 else 'have'} it" if count else ""
        output.line(f"  Label {one_line(code)} is gone{labelled}.")
    if trial.foreign:
        output.line(
            f"  {plural(trial.foreign, 'case')} with a label that the policy never had: compared only."
        )
    if trial.unanswered:
        shown = ", ".join(trial.unanswered[:8])
        output.line(
            f"  No verdict from one version or both: {plural(len(trial.unanswered), 'case')} ({shown})."
        )
    if not trial.flips.flips:
        output.line(f"  No flip in {plural(trial.flips.compared, 'case')}.")
        return
    counts = ", ".join(f"{len(trial.flips.of(kind))} {kind.value}" for kind in _kinds(trial))
    output.line(
        f"  {plural(len(trial.flips.flips), 'flip')} in {plural(trial.flips.compared, 'case')}: {counts}."
    )
    output.table(
        ("case", "flip", "gold", "old", "new", "content"),
        [_row(flip, trial.cases[flip.case], reveal=reveal) for flip in trial.flips.flips],
    )
    hidden = sum(trial.cases[flip.case].sensitive for flip in trial.flips.flips) if not reveal else 0
    if hidden:
        output.note(f"{plural(hidden, 'case')} hidden as sensitive. --reveal shows them.", style="yellow")


def _kinds(trial: Trial) -> list[Any]:
    from evaluations.flips import FlipKind

    return [kind for kind in FlipKind if trial.flips.of(kind)]


def _row(flip: Flip, case: Case, *, reveal: bool) -> tuple[str, ...]:
    from evaluations.verdicts import said

    gold = flip.gold
    if isinstance(gold, dict):
        gold = ", ".join(code for code, flag in gold.items() if flag) or "no flag"
    content = HIDDEN if case.sensitive and not reveal else one_line(case.content, _WIDTH)
    return flip.case, flip.kind.value, str(gold or "-"), said(flip.old), said(flip.new), content


def _why_not(news: News) -> str:
    if news.unknown:
        return news.unknown.rstrip(".")
    return news.wrong.rstrip(".") if news.wrong else "nothing newer"
