"""The `commons` command: the entry point, where errors become exit codes. Reads the command line.

Every command stands in a file of its own family; what it needs beyond typer is imported when it runs,
since a shell asks for help and completions far more often than for work.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import typer
from typer.core import TyperGroup

from registry.cli import (
    account,
    bench,
    bundle,
    charter,
    classify,
    compare,
    copies,
    emergency,
    enact,
    evidence,
    explain,
    export,
    follow,
    fork,
    importing,
    index,
    init,
    lint,
    lock,
    log,
    member,
    mock,
    new,
    outdated,
    propose,
    publish,
    pull,
    redact,
    registry_key,
    render,
    review,
    runs,
    score,
    search,
    serve,
    show,
    suite,
    upgrade,
    upkeep,
    verify,
    vote,
)
from registry.cli import credits as attribution
from registry.cli import object as objection
from registry.cli.command import Command, Family
from registry.cli.console import tell_failure
from registry.cli.exit_codes import ExitCode

_ABOUT = """Write, test and keep content-safety policies, in a commons that is a Git repository.

A policy is a folder with policy.md (what a model reads) and cases.jsonl (labelled cases to test it with).
"""

_EPILOG = (
    "Every command takes --help and --json; with --json, errors are JSON too, on standard error. "
    "Exit codes: 0 fine, 1 a check failed, 2 wrong usage or input, 3 refused by a rule, 4 not found, "
    "5 try again, 6 damaged repository, 70 a bug, 130 interrupted."
)

COMMANDS = (
    new.COMMAND,
    lint.COMMAND,
    render.COMMAND,
    bench.COMMAND,
    compare.COMMAND,
    runs.COMMAND,
    mock.COMMAND,
    score.COMMAND,
    suite.COMMAND,
    export.COMMAND,
    fork.COMMAND,
    fork.SYNC,
    importing.COMMAND,
    follow.COMMAND,
    init.COMMAND,
    publish.COMMAND,
    log.COMMAND,
    search.COMMAND,
    show.COMMAND,
    member.COMMAND,
    charter.COMMAND,
    propose.COMMAND,
    evidence.COMMAND,
    review.COMMAND,
    objection.COMMAND,
    vote.COMMAND,
    enact.COMMAND,
    explain.COMMAND,
    emergency.COMMAND,
    serve.COMMAND,
    index.COMMAND,
    pull.COMMAND,
    lock.COMMAND,
    outdated.COMMAND,
    upgrade.COMMAND,
    bundle.COMMAND,
    classify.COMMAND,
    attribution.COMMAND,
    redact.COMMAND,
    verify.COMMAND,
    account.COMMAND,
    registry_key.COMMAND,
    *copies.COMMANDS,
    *upkeep.COMMANDS,
)


class _InOrder(TyperGroup):
    """Lists commands as `COMMANDS` does; typer would put those with members first."""

    def list_commands(self, _ctx: object) -> list[str]:
        return [command.name for command in COMMANDS]


def make_app(called: str | None = None) -> typer.Typer:
    """The command line as typer knows it; with `called`, only that command has its arguments.

    Typer looks at the signature of every function that it is given, which for all of them takes a tenth of
    a second: for a list of commands their names and descriptions will do.
    """
    app = typer.Typer(
        name="commons",
        cls=_InOrder,
        help=_ABOUT,
        epilog=_EPILOG,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
        rich_markup_mode="rich",
    )
    app.callback()(_top)
    for entry in COMMANDS:
        if called is not None and entry.name != called:
            app.command(entry.name, help=entry.help, rich_help_panel=entry.panel.value)(_not_called)
        elif isinstance(entry, Family):
            app.add_typer(_members(entry), rich_help_panel=entry.panel.value)
        else:
            _add(app, entry, entry.panel.value)
    return app


def _not_called() -> None:
    """Stands for a command that this command line does not call."""


def _members(family: Family) -> typer.Typer:
    below = typer.Typer(name=family.name, help=family.help, epilog=family.epilog, no_args_is_help=True)
    for command in family.members:
        _add(below, command, None)
    return below


def _add(app: typer.Typer, command: Command, panel: str | None) -> None:
    app.command(command.name, help=command.help, epilog=command.epilog, rich_help_panel=panel)(command.run)


def run(arguments: Sequence[str]) -> int:
    """Runs one command line and gives its exit code. Prints; raises nothing that a user could cause."""
    # Looked for by hand, since a command line that does not parse must still be answered in kind.
    as_json = "--json" in arguments
    try:
        app = make_app(_called(arguments))
        # The words go along, for a command that tells how it is gone on with.
        code = app(args=list(arguments), prog_name="commons", standalone_mode=False, obj=tuple(arguments))
        sys.stdout.flush()
    except BrokenPipeError:
        return _pipe_closed()
    except SystemExit as stop:
        # typer answers a closed pipe with an exit of its own, and completion ends in one as well.
        if isinstance(stop.__context__, BrokenPipeError):
            return _pipe_closed()
        raise
    except (KeyboardInterrupt, typer.Abort):
        return ExitCode.INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the one place that answers for every exception
        from registry.cli.failures import failure_of

        failure = failure_of(error)
        tell_failure(failure.message, failure.document, as_json=as_json)
        return failure.code
    if code == ExitCode.INTERRUPTED:
        # typer turns Ctrl-C into this code; the prompt should begin on a line of its own.
        print(file=sys.stderr)
    return code if isinstance(code, int) else ExitCode.FINE


def _called(arguments: Sequence[str]) -> str | None:
    """The command that is called; None where a shell asks for completions, which may be of any."""
    if "_COMMONS_COMPLETE" in os.environ:
        return None
    return next((word for word in arguments if not word.startswith("-")), "")


def _pipe_closed() -> int:
    """Whoever read us has left (`commons log demo.git | head`): nothing more can be said.

    Not even by the interpreter, which flushes on its way out.
    """
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return ExitCode.PIPE_CLOSED


def main() -> None:
    """The entry point."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal or pipe that is not UTF-8 gets escapes in place of a crash.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    raise SystemExit(run(sys.argv[1:]))


def _top(
    version: bool = typer.Option(False, "--version", help="Print the version and stop.", is_eager=True),
) -> None:
    if version:
        from importlib.metadata import PackageNotFoundError
        from importlib.metadata import version as installed

        try:
            print(f"commons {installed('policy-commons')}")
        except PackageNotFoundError:
            print("commons (not installed: run from its source tree)")
        raise typer.Exit
