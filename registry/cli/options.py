"""Arguments and options that several commands share. Touches nothing.

Typer reads `COMMONS_HANDLE` while it parses the command line: the one place where the environment
is looked at.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

Json: TypeAlias = Annotated[
    bool, typer.Option("--json", help="Print one JSON document instead of text; errors too, on stderr.")
]

CommonsPath: TypeAlias = Annotated[
    Path,
    typer.Argument(metavar="REPOSITORY", help="The commons: a folder such as demo.git.", show_default=False),
]

As: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--as",
        metavar="HANDLE",
        envvar="COMMONS_HANDLE",
        help="Who acts, as the log names them; may be a pseudonym. By default the founder.",
        show_default=False,
    ),
]

LockFile: TypeAlias = Annotated[Path, typer.Option("--lock", metavar="FILE", help="The lock file.")]
