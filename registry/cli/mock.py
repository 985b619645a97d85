"""`commons mock`: a scripted server to try things with. Reads policy folders, listens until Ctrl-C."""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from registry.cli.command import Command, Panel
from registry.cli.console import Output, plural
from registry.cli.options import Json

if TYPE_CHECKING:
    from policies.folder import PolicyFolder

SHARED = "openai/gpt-oss-safeguard-20b"
OWN = "mock/scripted"


def mock(
    folders: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="FOLDER",
            help="Policy folders whose labelled cases it knows; the starter policies when left out.",
            show_default=False,
        ),
    ] = None,
    host: Annotated[str, typer.Option(help="Where to listen.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Which port; 0 takes a free one.")] = 8001,
    model: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="A model that it lists; may be repeated.", show_default=False),
    ] = None,
    wrong: Annotated[
        int, typer.Option(min=0, max=100, help="Of a hundred answers, how many are wrong.")
    ] = 10,
    wobble: Annotated[
        int, typer.Option(min=0, max=100, help="Of a hundred answers asked for again, how many differ.")
    ] = 2,
    delay: Annotated[
        int, typer.Option(metavar="MS", min=0, max=600_000, help="How long each answer takes.")
    ] = 0,
    faults: Annotated[
        int,
        typer.Option(min=0, max=100, help="Of a hundred questions, how many fail when they first come."),
    ] = 0,
    json: Json = False,
) -> None:
    """Serve scripted answers in place of a model, until Ctrl-C: to try commands without a GPU.

    It speaks the OpenAI-compatible API and knows labelled cases. No model is behind it and it follows no
    policy: its answers mean nothing. A run of it says so, and no commons takes one under the shared model's
    name.
    """
    from registry.mock.answers import answers_of
    from registry.mock.script import models, script
    from registry.mock.server import ModelServer

    output = Output(json=json)
    read = _folders(folders or [])
    answers = answers_of(
        ((folder.document.policy.meta.labels, folder.cases) for folder in read), wrong=wrong, wobble=wobble
    )
    names = list(model) if model else [SHARED, OWN]
    server = ModelServer(
        script(answers, delay_ms=delay, faults=faults),
        models=models(*names),
        facts={"/version": {"version": _version()}},
        host=host,
        port=port,
        remember=False,
    )
    try:
        with server:
            output.answer(
                {"base_url": server.base_url, "models": names, "cases": len(answers.known)},
                lambda: _tell(output, server.base_url, names, len(answers.known)),
            )
            # Whoever waits for the address in a pipe must get it now, not when the server ends.
            sys.stdout.flush()
            threading.Event().wait()
    except KeyboardInterrupt:
        output.note("Stopped.")
    except OSError as error:
        raise typer.BadParameter(
            f"{host}:{port} cannot be listened on: {error.strerror or error}."
        ) from error


def _tell(output: Output, base_url: str, names: list[str], cases: int) -> None:
    output.line(f"Scripted answers on {base_url}, until Ctrl-C. No model is behind them.")
    output.line(f"It knows {plural(cases, 'labelled content')}; models: {', '.join(names)}.")
    output.line(f"commons bench FOLDER --engine openai --base-url {base_url} --model {names[0]} --effort low")


def _folders(paths: list[Path]) -> list[PolicyFolder]:
    from policies.folder import load_folder
    from registry.services.folders import read_policy_folder
    from registry.services.starter import library_folders

    named = [read_policy_folder(path) for path in paths] if paths else library_folders()
    return [load_folder(folder.slug, folder.files) for folder in named]


def _version() -> str:
    from importlib.metadata import version

    return version("policy-commons")


COMMAND = Command(
    "mock",
    mock,
    Panel.WRITE,
    ("commons mock", "commons mock my-policy --port 8001 --wrong 15 --faults 5 --delay 20"),
)
