"""`commons serve`: the site, the API and Git for the commons in some folders."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from registry.cli.account_options import PrivateDb
from registry.cli.command import Command, Panel
from registry.cli.console import Output, plural
from registry.cli.model_options import Effort, model_key
from registry.cli.options import Json
from registry.cli.serve_options import (
    Accounts,
    FoundingsOption,
    LogAddresses,
    MetricsFrom,
    RateLimit,
    SignUpBy,
    SignUpOption,
    TrustedProxy,
    Verbose,
    account_settings,
    log_settings,
    network_settings,
    rate_limits,
)

if TYPE_CHECKING:
    from evaluations.engines.openai_server import Server


def serve(
    roots: Annotated[
        list[Path],
        typer.Argument(metavar="FOLDER", help="Commons, or folders that hold some (*.git, nested too)."),
    ],
    host: Annotated[
        str, typer.Option(help="The address to listen on; 0.0.0.0 for every network.")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="The port to listen on; 0 takes a free one.")
    ] = 8000,
    starter: Annotated[
        bool,
        typer.Option(
            "--starter",
            help="Found starter.git in the first folder: the shipped policies and their baselines.",
        ),
    ] = False,
    model_url: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="A model server that visitors may try texts with, up to /v1; its key in COMMONS_MODEL_KEY.",
        ),
    ] = None,
    model: Annotated[
        str | None, typer.Option(metavar="ID", help="The model, as that server lists it.")
    ] = None,
    model_effort: Annotated[
        Effort | None, typer.Option(help="How long the model may reason; left out, the server decides.")
    ] = None,
    rate_limit: RateLimit = "1200",
    trusted_proxy: TrustedProxy = None,
    metrics_from: MetricsFrom = None,
    sign_up: SignUpOption = SignUpBy.LOCAL,
    foundings: FoundingsOption = None,
    private_db: PrivateDb = None,
    accounts: Accounts = True,
    verbose: Verbose = None,
    log_addresses: LogAddresses = False,
    json: Json = False,
) -> None:
    """Serve commons on the web until Ctrl-C: pages, JSON and `git clone`."""
    from registry.services.errors import InputRefusedError
    from registry.web.clockwork import SECONDS
    from registry.web.following import SECONDS as FOLLOW_SECONDS
    from registry.web.server import serve as serve_settings
    from registry.web.settings import Settings

    output = Output(json=json)
    settings = Settings(
        roots=tuple(roots),
        model=_model_server(model_url, model, model_effort),
        rates=rate_limits(rate_limit),
        accounts=account_settings(
            accounts=accounts, sign_up=sign_up, private_db=private_db, foundings=foundings
        ),
        network=network_settings(trusted_proxy, metrics_from),
        clock_seconds=SECONDS,
        follow_seconds=FOLLOW_SECONDS,
    )
    if starter:
        _ensure_starter(output, roots[0])
    for root in roots:
        if not root.is_dir():
            raise InputRefusedError(
                str(root), "there is no such folder.", "Name one, or begin with --starter."
            )
    said: list[str] = []

    def announce(line: str) -> None:
        said.append(line)
        if not output.json:
            output.line(line)
        elif line.startswith("Serving on "):
            output.answer(
                {"roots": [str(root) for root in roots], "said": said, "address": line.split()[2]}, _nothing
            )
        # Whoever waits for the address in a pipe must get it now, not when the server ends.
        sys.stdout.flush()

    serve_settings(
        settings,
        host=host,
        port=port,
        log=log_settings(verbose=verbose, addresses=log_addresses),
        log_to=sys.stderr.buffer,
        announce=announce,
        steps=output.steps,
    )


def _model_server(url: str | None, model: str | None, effort: Effort | None) -> Server | None:
    from evaluations.engines.openai_server import Server

    if url is None and model is None and effort is None:
        return None
    if url is None or model is None:
        raise typer.BadParameter("a model server needs both --model-url and --model.")
    return Server(base_url=url, model=model, key=model_key(), effort=effort.value if effort else None)


def _nothing() -> None:
    """There is no text beside the document."""


def _ensure_starter(output: Output, root: Path) -> None:
    from registry.services.starter import ensure_starter

    root.mkdir(parents=True, exist_ok=True)
    with output.steps() as told:
        made = ensure_starter(root, told=told)
    if made.founded or made.runs:
        output.note(f"{made.path}: {plural(made.policies, 'policy')}, {plural(made.runs, 'new run')}.")


COMMAND = Command(
    "serve",
    serve,
    Panel.KEEP,
    (
        "commons serve data --starter",
        "commons serve demo.git --port 8080",
        "commons serve data --host 0.0.0.0 --trusted-proxy 10.0.0.2 --sign-up invitation",
        "commons serve data --model-url http://localhost:8000/v1 --model openai/gpt-oss-safeguard-20b",
    ),
)
