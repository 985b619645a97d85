from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from registry.accounts import answers
from registry.accounts.accounts import Accounts
from registry.accounts.answers import CUT_OFF_SECONDS, KEPT_SECONDS, KeptAnswer, Key
from registry.accounts.errors import KeyInUseError, KeyReusedError
from registry.accounts.tidying import tidy
from tests.support.accounts import Clock

KEY = Key("ana", "k-1", "a" * 64)
ANSWER = KeptAnswer(201, '{"content-type":"application/json"}', b'{"n":1}\x00\xff')


def test_first_answer_is_given_again(accounts: Accounts) -> None:
    """Byte by byte, however often it is asked for."""
    assert answers.claim(accounts, KEY) is None
    answers.keep(accounts, KEY, ANSWER)
    assert [answers.claim(accounts, KEY) for _ in range(3)] == [ANSWER] * 3


def test_key_with_another_request_is_refused(accounts: Accounts) -> None:
    """While the first is answered, and after."""
    other = KEY._replace(request="b" * 64)
    answers.claim(accounts, KEY)
    with pytest.raises(KeyReusedError):
        answers.claim(accounts, other)
    answers.keep(accounts, KEY, ANSWER)
    with pytest.raises(KeyReusedError):
        answers.claim(accounts, other)


def test_keys_are_each_accounts_own(accounts: Accounts) -> None:
    """Two people may use the same one, and neither sees the other's answer."""
    answers.claim(accounts, KEY)
    answers.keep(accounts, KEY, ANSWER)
    assert answers.claim(accounts, KEY._replace(handle="bo", request="b" * 64)) is None


def test_of_many_at_the_same_time_one_is_carried_out(accounts: Accounts) -> None:
    """The others are told to come back, and get its answer then."""

    def attempt(_number: int) -> KeptAnswer | str | None:
        try:
            return answers.claim(accounts, KEY)
        except KeyInUseError as error:
            return f"in {error.retry_after}"

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(attempt, range(16)))
    assert found.count(None) == 1
    assert found.count("in 1") == 15
    answers.keep(accounts, KEY, ANSWER)
    assert attempt(0) == ANSWER


def test_what_was_refused_may_be_tried_again(accounts: Accounts) -> None:
    """A key that was given back is free; one that has its answer is not taken away."""
    answers.claim(accounts, KEY)
    answers.release(accounts, KEY)
    assert answers.claim(accounts, KEY) is None
    answers.keep(accounts, KEY, ANSWER)
    answers.release(accounts, KEY)
    assert answers.claim(accounts, KEY) == ANSWER


def test_what_was_cut_off_is_never_done_again(accounts: Accounts, clock: Clock) -> None:
    """A process that died in between leaves the key claimed: nobody knows whether it took effect."""
    answers.claim(accounts, KEY)
    clock.on(CUT_OFF_SECONDS)
    with pytest.raises(KeyInUseError, match="not known") as refused:
        answers.claim(accounts, KEY)
    assert refused.value.retry_after is None


def test_answers_are_kept_for_a_day(accounts: Accounts, clock: Clock) -> None:
    """To the second, whether somebody tidies up or not."""
    answers.claim(accounts, KEY)
    answers.keep(accounts, KEY, ANSWER)
    clock.on(KEPT_SECONDS - 1)
    tidy(accounts)
    assert answers.claim(accounts, KEY) == ANSWER
    clock.on(1)
    assert answers.claim(accounts, KEY) is None
