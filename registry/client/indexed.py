"""Searches commons on this machine with an index of the moment, in a temporary place.

Where the folder has the index of a site that serves it, a copy of that saves taking everything in again.
The site's own file is only read: a command that looks for something should not set aside or bring
forward what a running server rests on.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from registry.client.errors import RefusedQueryError, RegistryError
from registry.index.entries import Hit, Query
from registry.index.errors import BadPositionError, IndexingError
from registry.index.index import FILE, Index
from registry.services.origin import PolicyLine, SearchPage
from registry.store.repository import Repository


def search(root: Path, repositories: Mapping[str, Repository], query: Query) -> SearchPage:
    """What a site over these repositories, by the names of their commons, would find.

    Raises `RefusedQueryError` for a cursor that is none, and `RegistryError` when no index can be made.
    """
    with tempfile.TemporaryDirectory(prefix="commons-search-") as folder:
        place = Path(folder) / FILE
        _copy(root / FILE, place)
        try:
            with closing(Index.open(place)) as index:
                for repository in repositories.values():
                    index.follow(repository)
                index.keep_only(repositories)
                found = index.search(query)
        except BadPositionError as error:
            raise RefusedQueryError(str(root), "it refuses the cursor.", "Leave it out.") from error
        except IndexingError as error:
            raise RegistryError(str(root), f"it cannot be searched: {error}", "Look at the disk.") from error
    return SearchPage(tuple(map(_line, found.hits)), found.total, found.next)


def _copy(kept: Path, to: Path) -> None:
    """The site's index as it stands, if there is one that can be read."""
    if not kept.is_file():
        return
    try:
        with (
            closing(sqlite3.connect(f"{kept.absolute().as_uri()}?mode=ro", uri=True)) as old,
            closing(sqlite3.connect(to)) as new,
        ):
            old.backup(new)
    except sqlite3.Error:
        # Busy, damaged or no index at all: then one is made from the commons themselves.
        to.unlink(missing_ok=True)


def _line(hit: Hit) -> PolicyLine:
    policy = hit.policy
    return PolicyLine(
        commons=policy.commons,
        slug=policy.slug,
        title=policy.title,
        summary=policy.summary,
        version=policy.version,
        status=policy.status,
        language=policy.language,
        labels=tuple(label.code for label in policy.labels),
        text_licence=policy.licence_text,
        cases_licence=policy.licence_cases,
        tested=policy.tested,
        excerpt=hit.excerpt,
    )
