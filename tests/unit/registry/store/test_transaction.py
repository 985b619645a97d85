"""All refs of an act move together or none does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from registry.store.errors import ConflictError, GitFailedError
from registry.store.recovery import standing_refs
from registry.store.refs import LOG, MAIN
from registry.store.repository import Repository
from registry.store.transaction import RefMove, RefTransactions


@pytest.fixture
def transactions(roost: Repository) -> Iterator[RefTransactions]:
    opened = RefTransactions(roost.path)
    yield opened
    opened.close()


def test_move(roost: Repository, transactions: RefTransactions) -> None:
    """Refs are made, moved and deleted in one transaction, and the process serves the next."""
    main = roost.state().refs[MAIN]
    log = roost.head()
    assert log is not None
    transactions.move([RefMove("refs/heads/a", None, main), RefMove("refs/heads/b", None, main)])
    transactions.move([RefMove("refs/heads/a", main, log), RefMove("refs/heads/b", main, None)])
    assert standing_refs(roost.path) == {LOG: log, MAIN: main, "refs/heads/a": log}


@pytest.mark.parametrize(
    ("name", "old"),
    [
        ("refs/heads/new", "1" * 40),
        ("refs/heads/main", None),
        ("refs/heads/main", "1" * 40),
        ("refs/heads/main/below", None),
    ],
    ids=["expected and missing", "there already", "elsewhere", "below a ref"],
)
def test_conflict(roost: Repository, transactions: RefTransactions, name: str, old: str | None) -> None:
    """Where one ref does not stand as expected none moves, and the next transaction works."""
    before = standing_refs(roost.path)
    main = before[MAIN]
    with pytest.raises(ConflictError, match=r"the refs moved under us: .*" + name):
        transactions.move([RefMove("refs/heads/a", None, main), RefMove(name, old, main)])
    assert standing_refs(roost.path) == before
    transactions.move([RefMove("refs/heads/a", None, main)])
    assert standing_refs(roost.path)["refs/heads/a"] == main


def test_missing_object(roost: Repository, transactions: RefTransactions) -> None:
    """A ref is not moved to an object that is not there."""
    with pytest.raises((GitFailedError, ConflictError), match="1" * 40):
        transactions.move([RefMove("refs/heads/a", None, "1" * 40)])


@pytest.mark.parametrize("name", ["refs/heads/a..b", "refs/heads/a.lock", "refs/heads/-x\nfoo", "main@{0}"])
def test_bad_names(roost: Repository, transactions: RefTransactions, name: str) -> None:
    """A name that git forbids moves nothing."""
    before = standing_refs(roost.path)
    with pytest.raises((GitFailedError, ConflictError)):
        transactions.move([RefMove(name, None, before[MAIN])])
    assert standing_refs(roost.path) == before


def test_killed(roost: Repository, transactions: RefTransactions) -> None:
    """A process that was killed since the last transaction is replaced."""
    main = roost.state().refs[MAIN]
    transactions.move([RefMove("refs/heads/a", None, main)])
    assert transactions._process is not None
    transactions._process.kill()
    transactions._process.wait()
    transactions.move([RefMove("refs/heads/b", None, main)])
    assert standing_refs(roost.path)["refs/heads/b"] == main


def test_close_twice(roost: Repository, transactions: RefTransactions) -> None:
    """Closing ends the process, and again is no harm."""
    transactions.move([RefMove("refs/heads/a", None, roost.state().refs[MAIN])])
    process = transactions._process
    assert process is not None
    transactions.close()
    transactions.close()
    assert process.poll() == 0
