"""Models that are trained once and kept in the user's cache folder, under a digest of all that makes them."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parents[3]
_LIBRARIES = ("torch", "transformers", "oss-harmony")


def user_cache() -> Path:
    """The user's cache folder."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


def cached(name: str, build: Callable[[Path], None], *recipe: str, below: Path | None = None) -> Path:
    """The folder of a model that `build` writes; `recipe` are the files here that decide what it does.

    It lies `below` the user's cache folder, or another.

    A folder is put in its place whole or not at all, so a build that was stopped leaves nothing to be used.
    """
    made_of = hashlib.sha256()
    for path in sorted(recipe):
        made_of.update((ROOT / path).read_bytes())
    for library in _LIBRARIES:
        made_of.update(version(library).encode())
    base = (below or user_cache()) / "policy-commons" / "test-models"
    from filelock import FileLock  # comes with vLLM

    base.mkdir(parents=True, exist_ok=True)
    place = base / f"{name}-{made_of.hexdigest()[:16]}"
    with FileLock(f"{place}.lock"):
        if not place.is_dir():
            partial = place.with_suffix(".partial")
            shutil.rmtree(partial, ignore_errors=True)
            with _one_thread():
                build(partial)
            partial.rename(place)
    return place


@contextmanager
def _one_thread() -> Iterator[None]:
    """The same model on every machine; and one thread does nearly as many operations as small as these."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
