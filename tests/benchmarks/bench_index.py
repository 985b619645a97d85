"""The index built anew: 10,000 policies of about 3 KB, and a log of 100,000 events."""

from __future__ import annotations

from pathlib import Path

from registry.index.entries import Query
from registry.index.index import Index
from registry.services.found import found
from registry.services.importing import import_folders
from registry.store.repository import Repository
from tests.benchmarks.measure import Line, seconds
from tests.benchmarks.texts import texts
from tests.support.histories import long_history, policy_files
from tests.support.vouched import reopened

POLICIES, EVENTS, WORDS = 10_000, 100_000, 450


def run(folder: Path) -> list[Line]:
    """Builds both, each in a file of its own."""
    drawn = texts(1, WORDS)
    folders = {
        f"policy-{number}": policy_files(f"Policy {number}", next(drawn)) for number in range(POLICIES)
    }
    with found(folder / "many.git", founder="ana", name="many") as repository:
        import_folders(repository, folders, actor="ana", kind="folder")
        many, index = _built(repository, folder / "many.db")
        again = seconds(lambda: Index.open(folder / "many.db").close())
        index.search(Query(words="baba"))
        import_folders(repository, {"policy-7": policy_files("Seven", "New.")}, actor="ana", kind="folder")
        one = seconds(lambda: index.follow(repository))
        index.close()
    long_history(folder / "long.git", EVENTS)
    with reopened(folder / "long.git") as repository:
        repository.state()
        long, index = _built(repository, folder / "long.db")
        index.close()
    policies, events = POLICIES / many, EVENTS / long
    return [
        Line("index rebuild, policies", f"{policies:,.0f}/s", ">= 800/s", policies >= 800),
        Line("index rebuild, events", f"{events:,.0f}/s", ">= 10,000/s", events >= 10_000),
        Line(f"one event taken in beside {POLICIES:,} policies", f"{one * 1000:.0f} ms", "reported"),
        Line(f"opening an index of {POLICIES:,} policies", f"{again * 1000:.0f} ms", "< 1 s", again < 1),
    ]


def _built(repository: Repository, path: Path) -> tuple[float, Index]:
    index = Index.open(path)
    repository.view()
    return seconds(lambda: index.follow(repository)), index
