"""Which engine a command line means, and options of those that run on this machine. Reads the environment.

Every command that asks a model takes the same options; each engine refuses those that it would pass over.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from registry.cli.model_options import CONCURRENCY, SECONDS, Effort, model_engine, model_server

if TYPE_CHECKING:
    from evaluations.engines.base import Engine

DATE_VARIABLE = "VLLM_SYSTEM_START_DATE"
"""vLLM's own variable for the date in gpt-oss prompts: a server and this machine are told it alike."""

INVARIANT_VARIABLE = "VLLM_BATCH_INVARIANT"
"""vLLM's own variable for answers that do not depend on the batch."""

Revision: TypeAlias = Annotated[
    str | None,
    typer.Option(metavar="COMMIT", help="With vllm or embedding: this revision of a model on the Hub."),
]
EngineSettings: TypeAlias = Annotated[
    list[str],
    typer.Option(
        "--engine-setting",
        metavar="NAME=VALUE",
        help="With vllm or embedding: as vllm serve names it, such as max-model-len=8192. May be repeated.",
    ),
]

_FLAGS = {
    "base_url": "--base-url",
    "model": "--model",
    "effort": "--effort",
    "template": "--template",
    "stated": "--server-setting",
    "revision": "--revision",
    "settings": "--engine-setting",
}
_TAKES = {
    "openai": frozenset({"base_url", "model", "effort", "template", "stated"}),
    "vllm": frozenset({"model", "effort", "template", "revision", "settings"}),
    "embedding": frozenset({"model", "revision", "settings"}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What a command line says about its engine; what it leaves out is None or empty."""

    base_url: str | None = None
    model: str | None = None
    effort: Effort | None = None
    template: str | None = None
    stated: Sequence[str] = ()
    revision: str | None = None
    settings: Sequence[str] = ()
    concurrency: int = CONCURRENCY
    timeout: float = SECONDS


def refuse_unused(engine: str, wishes: Wishes) -> None:
    """Raises `typer.BadParameter` when an option was given that this engine would pass over."""
    given = {field.name for field in fields(wishes) if field.name in _FLAGS and getattr(wishes, field.name)}
    unused = sorted(given - _TAKES.get(engine, frozenset()))
    if unused:
        goes = sorted(name for name, takes in _TAKES.items() if unused[0] in takes)
        raise typer.BadParameter(
            f"{_FLAGS[unused[0]]} goes with --engine {' or '.join(goes)}, not with {engine}."
        )


def chosen_engine(engine: str, wishes: Wishes) -> Engine:
    """The engine of this name with these wishes; a server is looked at first, and so is a model's folder.

    Raises `typer.BadParameter`, `EngineUnavailableError` and `EngineError`.
    """
    refuse_unused(engine, wishes)
    if engine == "openai":
        server = model_server(wishes.base_url, wishes.model, wishes.effort, wishes.stated)
        return model_engine(server, wishes.concurrency, wishes.timeout)
    if engine not in _TAKES:
        from evaluations.engines.catalogue import engine_named

        return engine_named(engine)
    if wishes.model is None:
        raise typer.BadParameter(
            f"{engine} runs a model of yours: give --model FOLDER, or a name on the Hub."
        )
    settings = _named(wishes.settings)
    if engine == "embedding":
        from evaluations.engines.embedding import embedding_engine

        return embedding_engine(wishes.model, revision=wishes.revision, settings=settings)
    from evaluations.engines.vllm.engine import vllm_engine

    return vllm_engine(
        wishes.model,
        revision=wishes.revision,
        effort=wishes.effort.value if wishes.effort else None,
        start_date=os.environ.get(DATE_VARIABLE) or None,
        batch_invariant=os.environ.get(INVARIANT_VARIABLE, "0") not in ("", "0"),
        settings=settings,
    )


def _named(given: Sequence[str]) -> Mapping[str, str]:
    settings = {}
    for setting in given:
        name, equals, value = setting.partition("=")
        if not equals:
            raise typer.BadParameter(f"--engine-setting takes NAME=VALUE, and {setting[:40]!r} is not that.")
        settings[name.replace("_", "-")] = value
    return settings
