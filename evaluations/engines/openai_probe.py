"""Looks at a server before it is asked anything: whether it answers, knows the model, and what it is."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlsplit

import msgspec

from evaluations.engines.openai_client import Client, NoAnswerError
from evaluations.engines.openai_server import NAME, SCRIPTED, Patience, Server
from evaluations.errors import EngineError, EngineUnavailableError
from evaluations.keys import Setting

_PATIENCE = Patience(seconds=20.0, answer_bytes=4 * 1024 * 1024)
_VERSION = re.compile(r"[0-9A-Za-z.+-]{1,40}")
_SHOWN = 5
# Servers that say their version, by what they call themselves in their list of models.
_VERSION_PATHS = {
    "vllm": ("vllm", "/version"),
    "library": ("ollama", "/api/version"),
    "policy-commons-mock": (SCRIPTED, "/version"),
}


class _Model(msgspec.Struct):
    id: str
    owned_by: str | None = None
    max_model_len: int | None = None


class _Models(msgspec.Struct):
    data: list[_Model]


class _Stated(msgspec.Struct):
    version: str


def look(server: Server, patience: Patience = _PATIENCE) -> Server:
    """The server with what it states of itself that changes answers (`stated`): kind, version, context.

    Raises `EngineUnavailableError` when it does not answer, and `EngineError` when it refuses the key or
    lists its models without this one. A server without such a list is taken as it is.
    """
    return asyncio.run(_look(server, patience))


async def _look(server: Server, patience: Patience) -> Server:
    client = Client(server=server, patience=patience, concurrency=1)
    try:
        try:
            models = _models((await client.get(f"{server.base_url}/models")).body)
        except NoAnswerError as error:
            raise_if_final(error)
            return server
        found = _found(models, server.model)
        stated: dict[str, Setting] = {}
        if found is not None and found.max_model_len is not None and 0 < found.max_model_len < 2**53:
            stated["context"] = found.max_model_len
        kind = _VERSION_PATHS.get((found.owned_by if found else None) or "")
        if kind is not None:
            name, path = kind
            stated["engine"] = f"{name} {await _version(client, path)}"
        return replace(server, stated={**stated, **server.stated})
    finally:
        await client.close()


def raise_if_final(error: NoAnswerError) -> None:
    """Raises what makes it pointless to go on; a server that merely has no list of models may be fine."""
    if error.code in ("http-401", "http-403"):
        raise EngineError(
            NAME, f"the server refused the key ({error.code}).", "Set COMMONS_MODEL_KEY to one that it takes."
        ) from None
    if error.code in ("unreachable", "timeout", "connection-lost", "certificate"):
        raise EngineUnavailableError(
            NAME, f"the server does not answer ({error.code}).", "Check its address and that it runs."
        ) from None


def _models(body: bytes) -> Sequence[_Model]:
    try:
        return msgspec.json.decode(body, type=_Models).data
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return ()


def _found(models: Sequence[_Model], wanted: str) -> _Model | None:
    """The model in the server's list; None when it gives no list."""
    by_id = {model.id: model for model in models}
    # Ollama takes a name without its tag, and routers take tags that they do not list.
    for name in (wanted, f"{wanted}:latest", wanted.partition(":")[0]):
        if name in by_id:
            return by_id[name]
    if not by_id:
        return None
    listed = ", ".join(name[:80] for name in sorted(by_id)[:_SHOWN])
    more = f" and {len(by_id) - _SHOWN} more" if len(by_id) > _SHOWN else ""
    raise EngineError(NAME, f"the server has no model {wanted}.", f"It lists: {listed}{more}.")


async def _version(client: Client, path: str) -> str:
    """What the server says of its version, if it is one; servers of this kind say it beside `/v1`."""
    parts = urlsplit(client.server.base_url)
    root = f"{parts.scheme}://{parts.netloc}{parts.path.removesuffix('/v1')}"
    try:
        stated = msgspec.json.decode((await client.get(root + path)).body, type=_Stated).version
    except (NoAnswerError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return "unknown"
    return stated if _VERSION.fullmatch(stated) else "unknown"
