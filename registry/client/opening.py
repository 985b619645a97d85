"""Opens what a user or a lock names: a site, a folder of commons, a repository, or a bundle."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from registry.client.errors import NotARegistryError
from registry.client.patience import Patience
from registry.services.origin import Origin, Source, SourceKind

Told = Callable[[str], None]

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:/")


def open_origin(
    registry: str, *, patience: Patience | None = None, told: Told = lambda _said: None
) -> Origin:
    """What `--registry` names. `told` is given notes: what was left out, that a site asks to wait.

    Raises `NotARegistryError` when it is none of them, `BundleError` for a bundle that is not whole,
    `NotACommonsError`. Nobody is asked over a network yet.
    """
    if _SCHEME.match(registry):
        return _opened(Source(SourceKind.REGISTRY, registry), patience, told)
    if Path(registry).is_file():
        return _opened(Source(SourceKind.BUNDLE, registry), patience, told)
    if Path(registry).is_dir():
        return _opened(Source(SourceKind.REPOSITORY, registry), patience, told)
    raise NotARegistryError(
        registry,
        "nothing is there.",
        "Name a site such as http://127.0.0.1:8000, a bundle, or a folder of commons.",
    )


class OpenOrigins:
    """The places that a lock names, each opened once. Use it as a context manager."""

    def __init__(self, *, patience: Patience | None = None, told: Told = lambda _said: None) -> None:
        self._patience = patience
        self._told = told
        self._open: dict[Source, Origin] = {}

    def of(self, source: Source) -> Origin:
        """The place. Raises as `open_origin`."""
        if source not in self._open:
            self._open[source] = _opened(source, self._patience, self._told)
        return self._open[source]

    def __enter__(self) -> OpenOrigins:
        return self

    def __exit__(self, *_: object) -> None:
        for origin in self._open.values():
            origin.close()


def _opened(source: Source, patience: Patience | None, told: Told) -> Origin:
    """The adapter for a kind of place; what another would import is left alone, since some of it is slow."""
    if source.kind is SourceKind.REGISTRY:
        from registry.client.site import SiteOrigin
        from registry.client.wire import Wire

        return SiteOrigin(Wire(source.place, patience=patience, waiting=told))
    path = Path(source.place)
    if source.kind is SourceKind.BUNDLE:
        from registry.client.bundled import BundleOrigin

        return BundleOrigin(path)
    if not path.is_dir():
        raise NotARegistryError(source.place, "nothing is there.", "Was it moved?")
    from registry.client.local import LocalOrigin

    return LocalOrigin(path, noted=told)
