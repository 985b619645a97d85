"""`commons outdated`: what became of the policies that a project has locked. Changes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from registry.cli.command import Command, Panel
from registry.cli.console import Output, moment, one_line, plural
from registry.cli.documents import locked_document
from registry.cli.exit_codes import ExitCode
from registry.cli.options import Json, LockFile

if TYPE_CHECKING:
    from registry.services.origin import Withdrawn
    from registry.services.outdated import Advice, News


def outdated(
    policy: Annotated[
        str | None,
        typer.Argument(
            metavar="POLICY", help="One of those locked, such as spam. By default all.", show_default=False
        ),
    ] = None,
    lock: LockFile = Path("commons.lock"),
    json: Json = False,
) -> None:
    """Show which locked policies have newer releases, what these change, and which are no longer advised.

    Exits 1 when there is something to act on, and 5 when a registry did not answer and nothing else was
    found.
    """
    from registry.client.opening import OpenOrigins
    from registry.services.consume import locked_policies
    from registry.services.outdated import news_of

    output = Output(json=json)
    entries = locked_policies(lock, policy)
    with (
        OpenOrigins(told=lambda said: output.note(said, style="dim")) as origins,
        output.progress("Asking", len(entries)) as told,
    ):
        found = news_of(entries, lock, origins, told=told)
    acted = [news for news in found if news.is_outdated]
    unknown = [news for news in found if news.unknown]
    document = {"ok": not acted and not unknown, "policies": [news_document(news) for news in found]}
    output.answer(document, lambda: _show(output, found, len(acted), len(unknown)))
    if acted:
        raise typer.Exit(ExitCode.CHECK_FAILED)
    if unknown:
        raise typer.Exit(ExitCode.TRY_AGAIN)


def news_document(news: News) -> dict[str, Any]:
    """One locked policy and what is to be known of it."""
    return {
        **locked_document(news.entry),
        "state": news.standing.state.value,
        "newest": news.newest,
        "change": news.change.value if news.change else None,
        "changes": list(news.notice.sentences) if news.notice else [],
        "deprecated": news.advice._asdict() if news.advice else None,
        "wrong": news.wrong,
        "redacted": news.redacted,
        "withdrawn": news.withdrawn._asdict() if news.withdrawn else None,
        "unknown": news.unknown,
    }


def show_news(output: Output, news: News) -> None:
    """What is to be known of one policy, in sentences under its address; nothing where there is nothing."""
    said = list(news.notice.sentences) if news.notice else []
    said += [_advised(news.advice)] if news.advice else []
    said += [withdrawn_words(news.withdrawn)] if news.withdrawn else []
    said += [f"{text.rstrip('.')}." for text in (news.wrong, news.redacted) if text]
    if said:
        step = f" -> {news.newest}" if news.change else ""
        output.line()
        output.line(one_line(f"{news.entry.address}{step}"), style="bold")
        for sentence in said:
            output.line(f"  {one_line(sentence)}")


def _show(output: Output, found: tuple[News, ...], acted: int, unknown: int) -> None:
    output.table(
        ("policy", "have", "newest", "change", "folder"),
        [
            (
                news.entry.policy,
                news.entry.version,
                news.newest or "?",
                news.change.value if news.change else _in_a_word(news),
                news.entry.folder,
            )
            for news in found
        ],
    )
    for news in found:
        show_news(output, news)
    for sentence in dict.fromkeys(news.unknown for news in found if news.unknown):
        output.line()
        output.line(f"{one_line(sentence).rstrip('.')}.", style="yellow")
    output.line()
    said = [f"{acted:,} to look at"] if acted else []
    said += [f"nothing is known of {unknown:,}"] if unknown else []
    output.line(f"{plural(len(found), 'policy')}: {', '.join(said) or 'all as new as can be'}.")
    if any(news.change for news in found):
        output.note(
            "`commons upgrade --check cases.jsonl` shows what changes for your own cases.", style="dim"
        )


def _in_a_word(news: News) -> str | None:
    if news.wrong:
        return "see below"
    if news.redacted:
        return "redacted"
    if news.withdrawn:
        return "withdrawn"
    return "deprecated" if news.advice else None


def withdrawn_words(withdrawn: Withdrawn) -> str:
    """That a release is not to be used any more, in a sentence."""
    until = f", in an emergency until {moment(withdrawn.until)}" if withdrawn.until is not None else ""
    return f"Withdrawn{until}: {withdrawn.reason.rstrip('.')}."


def _advised(advice: Advice) -> str:
    why = f": {advice.reason.rstrip('.')}" if advice.reason else ""
    until = f" It is looked after until {advice.until}." if advice.until else ""
    instead = f" Use {advice.superseded_by} instead." if advice.superseded_by else ""
    return f"Deprecated{why}.{until}{instead}"


COMMAND = Command(
    "outdated", outdated, Panel.USE, ("commons outdated", "commons outdated spam", "commons outdated --json")
)
