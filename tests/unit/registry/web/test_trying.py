from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import pytest

from policies.folder import load_folder
from registry.services.classify import Judgement
from registry.web.settings import TryLimits
from registry.web.try_refusals import CannotTryError, TextRefusedError, TryBusyError
from registry.web.trying import Subject, Trying

Given = TypeVar("Given")
TEXTS = ("Buy followers now", "See you at the allotment", "Win a phone, click here", "Thanks")


@pytest.fixture(scope="module")
def subject(library: Path) -> Subject:
    files = {path.name: path.read_bytes() for path in (library / "spam").iterdir()}
    return Subject(load_folder("spam", files), "starter", "content-1", "0")


def within(limits: TryLimits, work: Callable[[Trying], Awaitable[Given]]) -> tuple[Given, int]:
    """What `work` gives in an event loop of its own, and how many policies were fitted for it."""

    async def whole() -> tuple[Given, int]:
        trying = Trying(limits, None)
        try:
            return await work(trying), trying.fits
        finally:
            await trying.close()

    return asyncio.run(whole())


async def judged(trying: Trying, subject: Subject, texts: tuple[str, ...] = TEXTS) -> list[Judgement]:
    engine = trying.engine(None)
    return await asyncio.gather(*(trying.judge(engine, subject, text) for text in texts))


def test_all_who_ask_at_once_wait_for_one_fit(subject: Subject) -> None:
    """Four visitors, one fit, each the answer to their own text."""
    said, fits = within(TryLimits(), lambda trying: judged(trying, subject))
    alone = [
        within(TryLimits(), lambda trying, one=text: judged(trying, subject, (one,)))[0][0] for text in TEXTS
    ]  # type: ignore[misc]
    assert fits == 1
    assert said == alone


def test_a_fit_is_kept_until_something_is_redacted(subject: Subject) -> None:
    """The same content is fitted once; after a redaction in its commons, and for other content, anew."""

    async def several(trying: Trying) -> None:
        for kept_by in (
            subject,
            subject,
            subject._replace(stands="1"),
            subject._replace(content="content-2"),
        ):
            await judged(trying, kept_by, TEXTS[:1])

    assert within(TryLimits(), several)[1] == 3


def test_fits_are_kept_within_their_bound(subject: Subject) -> None:
    """A fit that is heavier than all that may be kept is made each time."""

    async def twice(trying: Trying) -> None:
        for _ in range(2):
            await judged(trying, subject, TEXTS[:1])

    assert within(TryLimits(kept_bytes=1_000), twice)[1] == 2


def test_who_comes_when_all_places_are_taken_is_refused_at_once(subject: Subject) -> None:
    """One at work, one waiting; the two after them are told to come back."""

    async def crowd(trying: Trying) -> list[Judgement | BaseException]:
        engine = trying.engine("lexical")
        asking = [trying.judge(engine, subject, text) for text in TEXTS]
        return await asyncio.gather(*asking, return_exceptions=True)

    said, _ = within(TryLimits(waiting=1), crowd)
    assert [isinstance(one, TryBusyError) for one in said] == [False, False, True, True]


def test_a_refusal_leaves_its_place_to_the_next(subject: Subject) -> None:
    """Places are given back whatever happens in them."""

    async def again(trying: Trying) -> int:
        refused = 0
        for _ in range(3):
            try:
                await judged(trying, subject, TEXTS[:1])
            except CannotTryError:
                refused += 1
        return refused

    assert within(TryLimits(waiting=0, fit_work=10), again) == (3, 0)


@pytest.mark.parametrize("text", ["", " \n\t", "x" * 101])
def test_texts_are_held_to_the_limits(text: str) -> None:
    """None, and too long; one of exactly the limit is fine."""
    trying = Trying(TryLimits(characters=100), None)
    with pytest.raises(TextRefusedError):
        trying.check(text)
    trying.check("x" * 100)


def test_without_a_model_server_only_the_baseline_is_offered() -> None:
    """Asking for another is refused with what there is."""
    trying = Trying(TryLimits(), None)
    assert [offered.name for offered in trying.offered] == ["lexical"]
    with pytest.raises(CannotTryError, match=r"Use lexical\."):
        trying.engine("openai")
