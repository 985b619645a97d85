"""Arguments that the commands about proposals share. Touches nothing."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import typer

ProposalNumber: TypeAlias = Annotated[
    int, typer.Argument(metavar="NUMBER", min=1, help="The proposal's number.", show_default=False)
]
