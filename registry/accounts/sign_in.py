"""Signs somebody in by handle and password, or asks for the password once more. Writes `private.db`.

Whether there is an account of a handle is not told: not by words, and not by time, since the same is done
for a handle that nobody has, for one whose account was deleted, and for a wrong password.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import update
from sqlmodel import col

from registry.accounts import finding, sessions
from registry.accounts.accounts import Accounts
from registry.accounts.errors import SignInRefusedError, TooManyTriesError
from registry.accounts.handles import typed
from registry.accounts.sessions import NewSession
from registry.accounts.tables import AccountRow
from registry.accounts.windows import Budget, Draw, draw, forget, give_back


class TryLimits(NamedTuple):
    """How many passwords may be tried: from one address, from one for one account, and for one account.

    At a hundred an hour, the ten thousand passwords that are tried first take four days, and none of them may
    be chosen.
    """

    address: Budget = Budget("sign-in-address", 40, 900)
    pair: Budget = Budget("sign-in-pair", 10, 900)
    account: Budget = Budget("sign-in-account", 100, 3_600)

    def draws(self, handle: str, address: str) -> Sequence[Draw]:
        """What one try draws on."""
        return (
            Draw(self.address, address),
            Draw(self.pair, f"{handle}\n{address}"),
            Draw(self.account, handle),
        )


def sign_in(
    accounts: Accounts, handle: str, password: str, *, address: str, limits: TryLimits, agent: str = ""
) -> NewSession:
    """Begins a session. Raises `SignInRefusedError`, `TooManyTriesError`."""
    wanted = typed(handle)
    confirm(accounts, wanted, password, address=address, limits=limits)
    with accounts.database.write() as session:
        account = finding.account_of(session, wanted)
        if account is None:
            # Deleted in the moment between.
            raise SignInRefusedError
        return sessions.begin(session, accounts, account, agent)


def confirm(accounts: Accounts, handle: str, password: str, *, address: str, limits: TryLimits) -> None:
    """That this is the password of an account. Raises `SignInRefusedError`, `TooManyTriesError`."""
    draws = limits.draws(handle, address)
    drawn = draw(accounts, draws)
    if not drawn.allowed:
        raise TooManyTriesError(drawn.seconds)
    with accounts.database.read() as session:
        account = finding.account_of(session, handle)
        stored, known = (account.password, account.handle) if account is not None else ("", None)
    fits = accounts.passwords.fits(stored or accounts.passwords.decoy, password)
    if not (fits and stored):
        raise SignInRefusedError(known)
    give_back(accounts, draws)
    # Who types their own right after nine slips begins anew.
    forget(accounts, limits.draws(handle, address)[1])
    if accounts.passwords.is_outdated(stored):
        renewed = accounts.passwords.hash(password)
        with accounts.database.write() as session:
            # Unless it was changed meanwhile.
            same = (col(AccountRow.handle) == handle) & (col(AccountRow.password) == stored)
            session.exec(update(AccountRow).where(same).values(password=renewed))
