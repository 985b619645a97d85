"""A model's folder or its name on the Hub, looked at before it is loaded: exactly which is it? Reads files.

What is recorded of it is its name and digests, never where it lies on this machine.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evaluations.errors import EngineError
from evaluations.keys import ModelManifest
from policies.canonical import canonical_digest

_HUB_NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}")
_PLAIN = re.compile(r"[!-~]{1,200}")
_COMMIT = re.compile(r"[0-9a-f]{40}")
_DECIDING = frozenset(
    {".json", ".safetensors", ".bin", ".pt", ".pth", ".gguf", ".model", ".jinja", ".txt", ".tiktoken"}
)
_WEIGHTS = (".safetensors", ".bin", ".pt", ".pth", ".gguf")
_OF_TOKENIZER = re.compile(
    r"tokenizer.*\.json|special_tokens_map\.json|added_tokens\.json|vocab\..*|merges\.txt|.*\.(model|jinja|tiktoken)"
)
_SMALL = ("*.json", "*.jinja", "*.model", "*.txt", "*.tiktoken")


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalModel:
    """A model that can be loaded. `source` is what a library loads it by: a folder, or a name on the Hub.

    `commit` is set for the Hub only; `kind` is the architecture's family, such as `gpt_oss`; `context` is the
    longest prompt and answer together, in tokens, that it was made for.
    """

    source: str
    folder: Path
    commit: str | None
    manifest: ModelManifest
    kind: str
    context: int | None


def look(engine: str, name: str, *, revision: str | None = None, called: str | None = None) -> LocalModel:
    """Finds the model by a folder's path or a name on the Hub, and says which it is.

    `called` is the name to record in place of the folder's own. Raises `EngineError` for a folder that holds
    no model, and for a name that is not to be had.
    """
    path = Path(name).expanduser()
    if name and path.is_dir():
        folder, commit = path, None
    elif _HUB_NAME.fullmatch(name) and not name.startswith((".", "/")):
        folder = _from_hub(engine, name, revision)
        commit = folder.name
    else:
        raise EngineError(
            engine,
            f"{name[:200]} is neither a folder nor a name on the Hub.",
            "Give a folder with config.json and weights, or a name such as openai/gpt-oss-safeguard-20b.",
        )
    config = _config(engine, folder)
    recorded = called or (name if commit else folder.resolve().name)
    if not _PLAIN.fullmatch(recorded):
        raise EngineError(
            engine, "the model's name has other than plain characters.", "Name it with served-model-name."
        )
    if commit is None and not _files(folder, _WEIGHTS):
        raise EngineError(
            engine, f"{folder} holds no weights.", "Look for *.safetensors; was the download cut short?"
        )
    digests = _digests(folder) if commit is None else _digests(folder, _OF_TOKENIZER)
    tokenizer = {name: digest for name, digest in digests.items() if _OF_TOKENIZER.fullmatch(name)}
    return LocalModel(
        source=str(folder) if commit is None else name,
        folder=folder,
        commit=commit,
        manifest=ModelManifest(
            id=recorded,
            revision=commit or f"sha256:{canonical_digest(digests)}",
            dtype=_word(config.get("dtype") or config.get("torch_dtype")),
            quantisation=_word((config.get("quantization_config") or {}).get("quant_method")),
            tokenizer=f"sha256:{canonical_digest(tokenizer)}" if tokenizer else None,
        ),
        kind=str(config.get("model_type") or "unknown"),
        context=_context(config),
    )


def _from_hub(engine: str, name: str, revision: str | None) -> Path:
    """The snapshot's folder in the local cache, with the small files in it; weights come with the load."""
    try:
        from huggingface_hub import snapshot_download
        from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError
    except ImportError as error:
        raise EngineError(
            engine, "models by name need huggingface_hub, which is not installed here.", "Give a folder."
        ) from error
    try:
        folder = Path(snapshot_download(name, revision=revision, allow_patterns=list(_SMALL)))
    except (HfHubHTTPError, LocalEntryNotFoundError, OSError, ValueError) as error:
        why = type(error).__name__.removesuffix("Error")
        raise EngineError(
            engine,
            f"{name} cannot be had from the Hub ({why}).",
            "Check the name, the network and your access to it, or give the folder of a download.",
        ) from error
    if not _COMMIT.fullmatch(folder.name):
        raise EngineError(engine, f"{name} has no commit to record.", "Give the folder of a download.")
    return folder


def _config(engine: str, folder: Path) -> Mapping[str, Any]:
    place = folder / "config.json"
    try:
        stated = json.loads(place.read_bytes())
    except FileNotFoundError:
        raise EngineError(
            engine,
            f"{folder} has no config.json, so it is no model's folder.",
            "Name the folder that has one.",
        ) from None
    except (OSError, ValueError, RecursionError) as error:
        raise EngineError(
            engine, f"{place} cannot be read ({type(error).__name__}).", "Download the model again."
        ) from error
    if not isinstance(stated, dict):
        raise EngineError(engine, f"{place} holds no object.", "Download the model again.")
    return stated


def _context(config: Mapping[str, Any]) -> int | None:
    inner = config.get("text_config")
    for place in (config, inner if isinstance(inner, dict) else {}):
        length = place.get("max_position_embeddings")
        if isinstance(length, int) and length > 0:
            return length
    return None


def _word(value: object) -> str | None:
    return value if isinstance(value, str) and _PLAIN.fullmatch(value) else None


def _files(folder: Path, endings: tuple[str, ...]) -> list[Path]:
    return [path for path in sorted(folder.iterdir()) if path.suffix in endings and path.is_file()]


def _digests(folder: Path, only: re.Pattern[str] | None = None) -> dict[str, str]:
    """SHA-256 of every file that decides answers, by name. Weights of many GB are read once, in parallel."""
    paths = [
        path
        for path in sorted(folder.iterdir())
        if path.suffix in _DECIDING and path.is_file() and (only is None or only.fullmatch(path.name))
    ]
    with ThreadPoolExecutor(max_workers=8) as pool:
        return dict(zip((path.name for path in paths), pool.map(_sha256, paths), strict=True))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
