"""Options for the commands that may ask a model server, and the engine that they make. Reads the environment.

The server's key comes from `COMMONS_MODEL_KEY` and from nowhere else: on a command line, everybody on the
machine could read it.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

if TYPE_CHECKING:
    from evaluations.engines.openai import OpenAIEngine
    from evaluations.engines.openai_server import Server

KEY_VARIABLE = "COMMONS_MODEL_KEY"


class Effort(StrEnum):
    """How long gpt-oss may reason; anything else is refused by its servers."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


BaseUrl: TypeAlias = Annotated[
    str | None,
    typer.Option(metavar="URL", help="With openai: the server to ask, up to /v1; key in COMMONS_MODEL_KEY."),
]
Model: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="ID",
        help="With openai: the model, as the server lists it. With vllm or embedding: its folder, or its "
        "name on the Hub.",
    ),
]
AskedEffort: TypeAlias = Annotated[
    Effort | None,
    typer.Option(help="With openai or vllm: how long gpt-oss may reason; left out, it decides."),
]
TemplateName: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--template",
        metavar="NAME",
        help="With openai or vllm: the prompt template; by default the one for the policy's labelling.",
    ),
]
Concurrency: TypeAlias = Annotated[
    int, typer.Option(min=1, max=1024, help="With openai: how many texts are asked about at a time.")
]
Seconds: TypeAlias = Annotated[
    float, typer.Option("--timeout", min=1, max=86_400, help="With openai: seconds for one answer.")
]
Stated: TypeAlias = Annotated[
    list[str],
    typer.Option(
        "--server-setting",
        metavar="NAME=VALUE",
        help="With openai: what the server was started with, such as dtype=bfloat16. Enters the run key.",
    ),
]

CONCURRENCY = 32
SECONDS = 600.0


def model_server(
    base_url: str | None, model: str | None, effort: Effort | None, stated: Sequence[str] = ()
) -> Server:
    """The server that these options name. Raises `typer.BadParameter` when one of the two is missing."""
    from evaluations.engines.openai_server import Server

    if base_url is None or model is None:
        raise typer.BadParameter("openai needs to know whom to ask: give --base-url URL and --model ID.")
    settings = {}
    for setting in stated:
        name, equals, value = setting.partition("=")
        if not equals:
            raise typer.BadParameter(f"--server-setting takes NAME=VALUE, and {setting[:40]!r} is not that.")
        settings[name] = value
    return Server(
        base_url=base_url,
        model=model,
        key=model_key(),
        effort=effort.value if effort else None,
        stated=settings,
    )


def model_engine(server: Server, concurrency: int, seconds: float) -> OpenAIEngine:
    """The engine for a server that was looked at first: one that does not answer is told now.

    Raises `EngineUnavailableError` and `EngineError`.
    """
    from evaluations.engines.openai import OpenAIEngine
    from evaluations.engines.openai_probe import look
    from evaluations.engines.openai_server import Patience

    return OpenAIEngine(server=look(server), patience=Patience(seconds=seconds), concurrency=concurrency)


def model_key() -> str | None:
    """The key of the model server, or None."""
    return os.environ.get(KEY_VARIABLE) or None
