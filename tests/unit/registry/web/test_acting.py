"""Acts have threads and turns of their own, and a repository that stays open while they work."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest

from registry.services.found import found
from registry.web.acting import Acting
from registry.web.catalogue import Catalogue
from registry.web.refusals import ActsBusyError, UnknownCommonsError
from registry.web.settings import ActLimits


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    for name in ("one", "two", "three"):
        found(tmp_path / f"{name}.git", founder="ana").close()
    return Catalogue((tmp_path,), open_limit=1)


def test_whoever_comes_when_too_many_wait_is_told(catalogue: Catalogue) -> None:
    """Nothing of theirs was begun; the others are worked off."""
    acting = Acting(catalogue, ActLimits(threads=1, waiting=0, retry_after=3))
    go, begun, done = threading.Event(), threading.Event(), []

    def work(_repository: object) -> None:
        begun.set()
        assert go.wait(10)
        done.append(1)

    async def both() -> None:
        first = asyncio.create_task(acting.do("one", work))
        await asyncio.to_thread(begun.wait, 10)
        with pytest.raises(ActsBusyError) as refused:
            await acting.do("one", lambda _repository: done.append(2))
        assert refused.value.retry_after == 3
        go.set()
        await first

    asyncio.run(both())
    acting.close()
    catalogue.close()
    assert done == [1]


def test_what_is_acted_in_stays_open(catalogue: Catalogue) -> None:
    """Others make room instead; given back, it does as well."""
    with catalogue.lent("one") as lent:
        catalogue.repository("two")
        catalogue.repository("three")
        assert catalogue.repository("one") is lent
    assert catalogue.opened == 2
    catalogue.repository("two")
    catalogue.repository("three")
    assert catalogue.opened == 1
    assert catalogue.repository("one") is not lent
    catalogue.close()


def test_unknown_commons_is_said(catalogue: Catalogue) -> None:
    """And counted for nothing."""
    with pytest.raises(UnknownCommonsError), catalogue.lent("nowhere"):
        raise AssertionError("it is not there")
    catalogue.close()
