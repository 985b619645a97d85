"""Where a run's journal lies, and how a run that was cut short is gone on with. Reads the environment."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from registry.cli.console import Output

JournalFile: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--journal",
        metavar="FILE",
        help="With openai or vllm: where answers are kept as they come, so that the same command goes on "
        "after a stop. By default in your cache folder, by the run's key.",
        show_default=False,
    ),
]


def journal_place(name: str) -> Path:
    """The journal in the user's cache folder: no commons and no policy folder should hold a model's words."""
    base = os.environ.get("XDG_CACHE_HOME")
    # The specification has relative paths ignored.
    cache = Path(base) if base and Path(base).is_absolute() else Path.home() / ".cache"
    return cache / "policy-commons" / "runs" / f"{name}.jsonl"


def same_command(context: typer.Context) -> str:
    """The command line that is running, to be typed again."""
    words = context.find_root().obj
    return shlex.join(["commons", *words]) if isinstance(words, tuple) else "the same command"


@contextmanager
def told_how_to_go_on(output: Output, context: typer.Context, kept: Path | None) -> Iterator[None]:
    """After Ctrl-C says where answers are `kept`, if they are, and what to type to go on."""
    try:
        yield
    except KeyboardInterrupt:
        if kept is not None:
            output.note(f"What was answered is kept in {kept}. To go on: {same_command(context)}")
        raise
