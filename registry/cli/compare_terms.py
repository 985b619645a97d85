"""The options of `commons compare` that are settled before anything runs. Reads a file."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

if TYPE_CHECKING:
    from evaluations.comparing.expectations import Line
    from registry.services.comparing import Terms

_MOST_BYTES = 1024 * 1024


class Primary(StrEnum):
    """The question that is declared to be the primary one; `Question` of the evaluations by another door."""

    MISSED = "missed-violations"
    OVER = "over-enforcement"
    EXACT = "exact-label"


Margin: TypeAlias = Annotated[
    str, typer.Option(metavar="SHARE", help="How large a loss is too large, on either endpoint.")
]
PrimaryQuestion: TypeAlias = Annotated[
    Primary, typer.Option(help="The question that comes first; the others are corrected.")
]
ExpectFile: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--expect",
        metavar="FILE",
        help="What the change is meant to do: lines such as `flip SP-012 SP2` and `keep others`.",
        show_default=False,
    ),
]


def terms(margin: str, primary: Primary, expect: Path | None) -> Terms:
    """What is settled beforehand.

    Raises `typer.BadParameter` for a margin that is no share, `InputRefusedError` for a file that cannot be
    read, and `ExpectationError` for what it says.
    """
    from evaluations.comparing.endpoints import Question
    from evaluations.comparing.expectations import read_expectations
    from registry.services.comparing import Terms
    from registry.services.errors import InputRefusedError
    from registry.services.folders import read_plain_file

    expected: tuple[Line, ...] = ()
    if expect is not None:
        raw = read_plain_file(expect, _MOST_BYTES)
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise InputRefusedError(str(expect), "it is not UTF-8 text.", "Save it as UTF-8.") from error
        expected = read_expectations(text)
    return Terms(margin=_share(margin), primary=Question(primary.value), expected=expected)


def _share(margin: str) -> str:
    try:
        value = Decimal(margin)
    except InvalidOperation:
        value = Decimal(0)
    if not value.is_finite() or not 0 < value < 1:
        raise typer.BadParameter(f"--margin {margin[:20]!r} is no share between 0 and 1, such as 0.03.")
    return f"{value.normalize():f}"
