"""`--sign`: a person's own key for an act. Reads the environment, which holds their agent's socket."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

if TYPE_CHECKING:
    from registry.services.acting import Signer

Sign: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--sign",
        metavar="KEY",
        envvar="COMMONS_SIGN",
        help="Sign with this SSH key, or the .pub file of one that your agent holds; it must be registered.",
        show_default=False,
    ),
]


def signer_of(key: Path | None) -> Signer | None:
    """Whoever signs with this key; None leaves it to the registry to vouch for the act."""
    if key is None:
        return None
    from registry.services.signers import KeySigner

    return KeySigner(key, os.environ, tell=lambda line: typer.echo(line, err=True))
