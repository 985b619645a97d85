from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from registry.accounts import sessions, windows
from registry.accounts.accounts import Accounts
from registry.accounts.database import Database
from registry.accounts.deleting import delete_account
from registry.accounts.errors import AccountsError, SignInRefusedError, TooManyTriesError
from registry.accounts.passwords import Cost, Passwords
from registry.accounts.sessions import NewSession
from registry.accounts.sign_in import TryLimits, confirm, sign_in
from registry.accounts.sign_up import create, sign_up
from registry.accounts.windows import Budget
from tests.support.accounts import CHEAP, LIMITS, OTHER, PASSWORD, Clock

HERE, THERE = "192.0.2.1", "192.0.2.2"


@pytest.fixture
def ana(accounts: Accounts) -> str:
    """Somebody with an account."""
    return sign_up(accounts, "ana", PASSWORD, in_use=(), invitation=None).handle


def _try(
    accounts: Accounts, handle: str, password: str = PASSWORD, address: str = HERE, limits: TryLimits = LIMITS
) -> NewSession:
    return sign_in(accounts, handle, password, address=address, limits=limits, agent="Firefox")


def _refused(act: Callable[[], object]) -> AccountsError:
    with pytest.raises(AccountsError) as refused:
        act()
    return refused.value


def test_right_password_begins_a_session(accounts: Accounts, ana: str) -> None:
    """Each time another one; the handle may be written as a telephone does."""
    first, second = _try(accounts, ana), _try(accounts, " Ana ")
    assert first.secret != second.secret
    assert {sessions.find(accounts, made.secret).handle for made in (first, second)} == {"ana"}  # type: ignore[union-attr]


def test_nothing_tells_whether_there_is_an_account(accounts: Accounts, ana: str) -> None:
    """No account, a deleted one, one without a password, a wrong password, any text: one refusal."""
    sign_up(accounts, "bo", PASSWORD, in_use=(), invitation=None)
    delete_account(accounts, "bo")
    create(accounts, "cy", in_use=())
    tries = [
        (ana, OTHER),
        ("nobody-here", PASSWORD),
        ("bo", PASSWORD),
        ("cy", PASSWORD),
        ("cy", ""),
        ("", ""),
        ("ana\x00", PASSWORD),
        ("' OR 1=1 --", PASSWORD),
        ("ana", "\ud800"),
        ("é" * 10_000, "x" * 100_000),
    ]
    refusals = [
        _refused(lambda handle=handle, given=given: _try(accounts, handle, given)) for handle, given in tries
    ]
    assert {type(refusal) for refusal in refusals} == {SignInRefusedError}
    assert len({str(refusal) for refusal in refusals}) == 1


def test_same_is_done_whether_there_is_an_account_or_not(
    accounts: Accounts, ana: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One password is hashed each time, at the same cost, and the database is asked as often."""
    create(accounts, "cy", in_use=())
    sign_up(accounts, "bo", PASSWORD, in_use=(), invitation=None)
    delete_account(accounts, "bo")
    done: list[object] = []
    fits, read, write = Passwords.fits, Database.read, Database.write

    def noted_fits(self: Passwords, stored: str, password: str) -> bool:
        # All but the salt and the hash itself: kind, version and cost.
        done.append(stored.rsplit("$", 2)[0])
        return fits(self, stored, password)

    monkeypatch.setattr(Passwords, "fits", noted_fits)
    monkeypatch.setattr(Database, "read", lambda self: done.append("read") or read(self))
    monkeypatch.setattr(Database, "write", lambda self, **kinds: done.append("write") or write(self, **kinds))
    accounts.passwords.decoy  # noqa: B018 - made once, when a server starts
    told = []
    for handle in (ana, "zed", "bo", "cy"):
        done.clear()
        _refused(lambda handle=handle: _try(accounts, handle, OTHER))
        told.append(tuple(done))
    assert len(set(told)) == 1
    assert [step for step in told[0] if str(step).startswith("$argon2id$")] != []


def test_too_many_tries_are_refused_alike(accounts: Accounts, ana: str) -> None:
    """For a handle that has an account and one that has none, with the right password and a wrong one."""
    said = []
    for handle in (ana, "zed"):
        for _ in range(LIMITS.pair.quota):
            _refused(lambda handle=handle: _try(accounts, handle, OTHER))
        for password in (OTHER, PASSWORD):
            refused = _refused(lambda handle=handle, password=password: _try(accounts, handle, password))
            assert isinstance(refused, TooManyTriesError)
            said.append((str(refused), refused.retry_after))
    assert len(set(said)) == 1


def test_waiting_helps(accounts: Accounts, ana: str, clock: Clock) -> None:
    """After the time that the refusal names, and whatever was tried meanwhile."""
    for _ in range(LIMITS.pair.quota):
        _refused(lambda: _try(accounts, ana, OTHER))
    refused = _refused(lambda: _try(accounts, ana))
    assert isinstance(refused, TooManyTriesError)
    for _ in range(20):
        _refused(lambda: _try(accounts, ana))
    clock.on(refused.retry_after)
    assert _try(accounts, ana).handle == ana


def test_who_is_locked_out_from_one_address_gets_in_from_another(accounts: Accounts, ana: str) -> None:
    """A stranger who guesses elsewhere does not keep an account's owner out."""
    for _ in range(LIMITS.pair.quota + 1):
        _refused(lambda: _try(accounts, ana, OTHER, THERE))
    assert _try(accounts, ana, PASSWORD, HERE).handle == ana


def test_own_slips_are_forgotten_after_the_right_password(accounts: Accounts, ana: str) -> None:
    """Nine slips and a success, twice, from one address."""
    for _ in range(2):
        for _ in range(LIMITS.pair.quota - 1):
            _refused(lambda: _try(accounts, ana, OTHER))
        assert _try(accounts, ana).handle == ana


def test_address_that_tries_many_handles_is_stopped(accounts: Accounts, ana: str) -> None:
    """Also before the one whose password it has."""
    for number in range(LIMITS.address.quota):
        _refused(lambda number=number: _try(accounts, f"guess-{number}", OTHER))
    assert isinstance(_refused(lambda: _try(accounts, ana)), TooManyTriesError)
    assert _try(accounts, ana, address=THERE).handle == ana


def test_account_that_is_tried_from_many_addresses_is_protected(accounts: Accounts, ana: str) -> None:
    """At most so many passwords an hour, wherever they come from."""
    limits = TryLimits(account=Budget("sign-in-account", 12, 3_600))
    for number in range(12):
        _refused(lambda number=number: _try(accounts, ana, OTHER, f"192.0.2.{number}", limits))
    refused = _refused(lambda: _try(accounts, ana, OTHER, "198.51.100.1", limits))
    assert isinstance(refused, TooManyTriesError)


def test_what_is_refused_early_burns_no_more(accounts: Accounts, ana: str) -> None:
    """Tries beyond an address's budget draw nothing from the account's: nobody is shut out for free."""
    limits = TryLimits(address=Budget("sign-in-address", 3, 900), account=Budget("sign-in-account", 5, 3_600))
    for _ in range(50):
        _refused(lambda: _try(accounts, ana, OTHER, THERE, limits))
    assert _try(accounts, ana, PASSWORD, HERE, limits).handle == ana


def test_ten_thousand_tries_leave_little_behind(accounts: Accounts, ana: str, clock: Clock) -> None:
    """Of one address: as many counts as it may try handles, and none once their time is over."""
    from registry.accounts.tidying import tidy

    for number in range(300):
        _refused(lambda number=number: _try(accounts, f"guess-{number}", OTHER))
    assert windows.kept(accounts) == 1 + 2 * LIMITS.address.quota
    clock.on(3_600)
    tidy(accounts)
    assert windows.kept(accounts) == 0


def test_counts_hold_whoever_tries_at_the_same_time(accounts: Accounts, ana: str) -> None:
    """Thirty-two tries at once: never more than the budget get as far as the password."""
    barrier = threading.Barrier(8)

    def attempt(number: int) -> type[AccountsError]:
        if number < 8:
            barrier.wait(20)
        return type(_refused(lambda: _try(accounts, ana, OTHER)))

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(attempt, range(32)))
    assert found.count(SignInRefusedError) == LIMITS.pair.quota
    assert found.count(TooManyTriesError) == 32 - LIMITS.pair.quota


def test_password_is_hashed_anew_when_the_cost_changes(accounts: Accounts, ana: str) -> None:
    """At the next right password; the session is as any other, and it goes on to count."""
    later = Accounts(accounts.database, cost=Cost(memory=16, passes=2), clock=accounts.clock)
    assert later.passwords.is_outdated(_stored(accounts, ana))
    assert _try(later, ana).handle == ana
    assert not later.passwords.is_outdated(_stored(accounts, ana))
    assert _try(later, ana).handle == ana


def test_password_is_the_same_from_every_keyboard(accounts: Accounts) -> None:
    """Composed or not, full-width or not: NFKC."""
    sign_up(accounts, "ana", "Größe über alles Ähre", in_use=(), invitation=None)
    for typed in ("Gro\u0308ße u\u0308ber alles A\u0308hre", "Ｇröße über alles Ähre"):
        assert _try(accounts, "ana", typed).handle == "ana"
    _refused(lambda: _try(accounts, "ana", "grösse über alles ähre"))


def test_confirming_begins_no_session(accounts: Accounts, ana: str) -> None:
    """It draws on the same budgets as signing in."""
    confirm(accounts, ana, PASSWORD, address=HERE, limits=LIMITS)
    for _ in range(LIMITS.pair.quota):
        _refused(lambda: confirm(accounts, ana, OTHER, address=HERE, limits=LIMITS))
    assert isinstance(_refused(lambda: _try(accounts, ana)), TooManyTriesError)


def _stored(accounts: Accounts, handle: str) -> str:
    from registry.accounts import finding

    with accounts.database.read() as session:
        return finding.known_account(session, handle).password


def test_cheap_hashes_are_for_tests_only() -> None:
    """What a server uses is what RFC 9106 and OWASP ask for at the least, and more."""
    assert Cost().memory >= 19 * 1024
    assert Cost().passes >= 2
    assert Cost() != CHEAP
