"""`commons upgrade`: moves locked policies to newer releases, or tries them on your own cases first."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from registry.cli.command import Command, Panel
from registry.cli.console import Output, plural
from registry.cli.engine_options import EngineSettings, Revision, Wishes, chosen_engine
from registry.cli.exit_codes import ExitCode
from registry.cli.model_options import (
    CONCURRENCY,
    SECONDS,
    AskedEffort,
    BaseUrl,
    Concurrency,
    Model,
    Seconds,
    TemplateName,
)
from registry.cli.options import Json, LockFile
from registry.cli.outdated import news_document, show_news

if TYPE_CHECKING:
    from registry.services.upgrading import Moved


class CheckEngine(StrEnum):
    """The engines that answer single texts."""

    LEXICAL = "lexical"
    EMBEDDING = "embedding"
    VLLM = "vllm"
    OPENAI = "openai"


_SAID = {
    "current": "nothing newer",
    "upgraded": "upgraded",
    "major-refused": "left: a major change (--major takes it)",
    "folder-changed": "left: the folder was changed (--force gives that up)",
    "unknown": "left: its registry did not answer",
    "wrong": "left: see below",
}


def upgrade(
    policy: Annotated[
        str | None,
        typer.Argument(
            metavar="POLICY", help="One of those locked, such as spam. By default all.", show_default=False
        ),
    ] = None,
    check: Annotated[
        Path | None,
        typer.Option(
            "--check",
            metavar="CASES",
            help="Change nothing: put your own cases (cases.jsonl, labels optional; .csv, .txt) to both "
            "versions and list what would be answered differently.",
            show_default=False,
        ),
    ] = None,
    major: Annotated[bool, typer.Option("--major", help="Take major changes as well.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Lose changes made in the folders.")] = False,
    engine: Annotated[CheckEngine, typer.Option(help="With --check: what answers.")] = CheckEngine.LEXICAL,
    base_url: BaseUrl = None,
    model: Model = None,
    effort: AskedEffort = None,
    template: TemplateName = None,
    revision: Revision = None,
    settings: EngineSettings = [],  # noqa: B006 - typer reads it and makes a list of its own
    concurrency: Concurrency = CONCURRENCY,
    timeout: Seconds = SECONDS,
    reveal: Annotated[
        bool, typer.Option("--reveal", help="With --check: show the content of sensitive cases.")
    ] = False,
    lock: LockFile = Path("commons.lock"),
    json: Json = False,
) -> None:
    """Move locked policies to their newest release; with --check, see first what that changes for you.

    A major change (a label means something else, or is gone) is taken with --major only. Exits 3 when
    something was left so; --check exits 1 when a case flips or was not answered.
    """
    from registry.client.opening import OpenOrigins
    from registry.services.consume import locked_policies

    output = Output(json=json)
    entries = locked_policies(lock, policy)
    with OpenOrigins(told=lambda said: output.note(said, style="dim")) as origins:
        if check is not None:
            if major or force:
                raise typer.BadParameter("--check changes nothing: leave out --major and --force.")
            from registry.cli.upgrade_check import check_upgrade

            wishes = Wishes(
                base_url=base_url,
                model=model,
                effort=effort,
                template=template,
                revision=revision,
                settings=settings,
                concurrency=concurrency,
                timeout=timeout,
            )
            asked = chosen_engine(engine.value, wishes)
            check_upgrade(output, entries, lock, origins, check, asked, template, reveal=reveal)
            return
        if reveal or base_url or model or effort or template or settings or engine is not CheckEngine.LEXICAL:
            raise typer.BadParameter("--engine, --reveal and what goes with them need --check CASES.")
        from registry.services.upgrading import upgrade as upgrade_policies

        with output.progress("Upgrading", len(entries)) as told:
            moved = upgrade_policies(entries, lock, origins, major=major, force=force, told=told)
    _answer(output, moved, lock)


def _answer(output: Output, moved: tuple[Moved, ...], lock: Path) -> None:
    outcomes = [one.outcome.value for one in moved]
    left = sum(outcome in ("major-refused", "folder-changed") for outcome in outcomes)
    document = {
        "ok": not left and "unknown" not in outcomes and "wrong" not in outcomes,
        "policies": [
            {**news_document(one.news), "outcome": one.outcome.value, "now": one.entry.address}
            for one in moved
        ],
    }

    def show() -> None:
        output.table(
            ("policy", "from", "to", "outcome"),
            [
                (
                    one.news.entry.policy,
                    one.news.entry.version,
                    one.news.newest or "?",
                    _SAID[one.outcome.value],
                )
                for one in moved
            ],
        )
        for one in moved:
            show_news(output, one.news)
        for unknown in dict.fromkeys(one.news.unknown for one in moved if one.news.unknown):
            output.line()
            output.line(f"{unknown.rstrip('.')}.", style="yellow")
        output.line()
        done = outcomes.count("upgraded")
        verdict = f"{done:,} upgraded" + (f", {left:,} left" if left else "")
        output.line(f"{plural(len(moved), 'policy')}: {verdict}.")
        if done:
            output.note(f"The folders and {lock} are new; commit both.", style="dim")

    output.answer(document, show)
    if left:
        raise typer.Exit(ExitCode.REFUSED)
    if "wrong" in outcomes:
        raise typer.Exit(ExitCode.CHECK_FAILED)
    if "unknown" in outcomes:
        raise typer.Exit(ExitCode.TRY_AGAIN)


COMMAND = Command(
    "upgrade",
    upgrade,
    Panel.USE,
    (
        "commons upgrade --check cases.jsonl",
        "commons upgrade spam --check cases.jsonl --engine openai --base-url URL --model MODEL",
        "commons upgrade",
        "commons upgrade spam --major",
    ),
)
