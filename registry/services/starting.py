"""Founds a commons with policies in it, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from policies.findings import errors_in
from policies.folder import load_folder
from policies.lint import lint_folder
from policies.names import check_commons_path, check_slug
from registry.services.errors import LintRefusedError
from registry.services.folders import NamedFolder, replacing
from registry.services.found import check_handle, found
from registry.services.importing import import_folders
from registry.store.clock import HostClock
from registry.store.errors import AlreadyExistsError


class Started(NamedTuple):
    """A commons as it was founded; `releases` are slugs with their versions."""

    path: Path
    name: str
    founder: str
    releases: tuple[tuple[str, str], ...]


def start(
    path: Path,
    *,
    founder: str,
    name: str | None = None,
    folders: Sequence[NamedFolder] = (),
    clock: HostClock | None = None,
    progress: Callable[[int], None] = lambda _done: None,
) -> Started:
    """Founds a commons at `path` and imports `folders` in one act, the `imported` event after the founding.

    It is made beside its place and moved there when it is whole. Raises what founding and importing
    raise, and `LintRefusedError` for a folder with lint errors, before anything is written.
    """
    check_handle(founder)
    chosen = check_commons_path(name or path.absolute().name.removesuffix(".git"))
    if path.is_symlink() or (path.exists() and (not path.is_dir() or any(path.iterdir()))):
        raise AlreadyExistsError(path)
    names = tuple(folder.slug for folder in folders)
    for slug, files in folders:
        check_slug(slug)
        if blocking := errors_in(lint_folder(slug, files, siblings=tuple(n for n in names if n != slug))):
            raise LintRefusedError(slug, blocking)
        load_folder(slug, files)
    releases: tuple[tuple[str, str], ...] = ()
    with replacing(path) as fresh, found(fresh, founder=founder, name=chosen, clock=clock) as repository:
        if folders:
            brought = {folder.slug: folder.files for folder in folders}
            imported = import_folders(repository, brought, actor=founder, kind="library", progress=progress)
            releases = imported.releases
    return Started(path, chosen, founder, releases)
