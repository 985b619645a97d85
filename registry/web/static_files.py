"""Stylesheets, icon and script, read once at the start. Nothing a visitor sends ever becomes a path."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from registry.web.rendered import IMMUTABLE, REVALIDATE, Rendered

_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".txt": "text/plain"}
_DIGITS = 12


class StaticFiles:
    """The files by name. Their addresses carry a digest, so that browsers keep them for good."""

    def __init__(self) -> None:
        self._files: Mapping[str, Rendered] = {
            path.name: Rendered.of(path.read_bytes(), _TYPES[path.suffix])
            for path in sorted((Path(__file__).parent / "static").iterdir())
            if path.suffix in _TYPES
        }

    def url(self, name: str) -> str:
        """The address of a file as it is now."""
        return f"/static/{name}?v={self._version(name)}"

    def get(self, name: str, version: str | None = None) -> Rendered | None:
        """The file; asked for by its present digest it never changes."""
        found = self._files.get(name)
        if found is None:
            return None
        kept = IMMUTABLE if version == self._version(name) else REVALIDATE
        return found._replace(headers={"cache-control": kept})

    def _version(self, name: str) -> str:
        return self._files[name].etag.strip('"')[:_DIGITS]
