"""`commons registry-key`: the key with which this host vouches for a commons. Writes the repository."""

from __future__ import annotations

from typing import Annotated

import typer

from registry.cli.command import Command, Panel
from registry.cli.console import Output
from registry.cli.opening import acting, opened
from registry.cli.options import As, CommonsPath, Json


def registry_key(
    repository: CommonsPath,
    take_over: Annotated[
        bool, typer.Option("--take-over", help="Vouch with this host's key from now on.")
    ] = False,
    handle: As = None,
    json: Json = False,
) -> None:
    """Show the key with which the registry vouches, or set this host's in its place.

    For a commons that was founded before there were keys, and for a host that took over a clone. Sealed votes
    that were running are void and are held again openly: their boxes open with the old key only.
    """
    from registry.services.amend import set_registry_key

    output = Output(json=json)
    with opened(repository) as commons:
        if take_over:
            set_registry_key(commons, actor=acting(commons, handle))
        key = commons.state().registry
        document = {
            "commons": commons.state().name,
            "fingerprint": key.fingerprint if key else None,
            "public": key.public if key else None,
            "since": key.since if key else None,
        }

        def show() -> None:
            if key is None:
                output.line("No key vouches for this log. `--take-over` sets this host's.")
                return
            output.line(f"{key.fingerprint} vouches since event {key.since}.")

        output.answer(document, show)


COMMAND = Command(
    "registry-key",
    registry_key,
    Panel.CARE,
    ("commons registry-key demo.git", "commons registry-key demo.git --take-over"),
)
