from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from registry.accounts import finding, invitations, sessions
from registry.accounts.accounts import Accounts
from registry.accounts.deleting import delete_account
from registry.accounts.errors import AccountsError, HandleRefusedError, LinkRefusedError, PasswordRefusedError
from registry.accounts.sessions import DAY, NewSession
from registry.accounts.sign_up import create, sign_up
from tests.support.accounts import OTHER, PASSWORD, Clock


def _sign_up(
    accounts: Accounts,
    handle: str,
    *,
    password: str = PASSWORD,
    in_use: tuple[str, ...] = (),
    invitation: str | None = None,
) -> NewSession:
    return sign_up(accounts, handle, password, in_use=in_use, invitation=invitation)


def test_who_signs_up_is_signed_in(accounts: Accounts) -> None:
    """The session that it begins is theirs, and the handle is listed."""
    begun = _sign_up(accounts, "ana", password=OTHER)
    known = sessions.find(accounts, begun.secret)
    assert known is not None
    assert (known.handle, begun.handle) == ("ana", "ana")
    assert [(found.handle, found.has_password) for found in finding.listed(accounts)] == [("ana", True)]


def test_handle_is_read_as_telephones_write_it(accounts: Accounts) -> None:
    """A capital and a space around it make no other handle."""
    assert _sign_up(accounts, " Ana ").handle == "ana"


@pytest.mark.parametrize(
    "handle",
    [
        "ana",
        "anna-",
        "-x",
        "a_b",
        "ana.k",
        "",
        "a" * 40,
        "registry",
        "admin",
        "adm1n",
        "api",
        "a--b",
        "ａｎａ",
        "аna",
    ]
    + [
        "ana\u200b",
        "ana\x00",
        "an\na",
        "ana; DROP TABLE account",
        "' OR 1=1 --",
        "../ana",
        "ana/k",
        "~ana",
        "anа",
    ],
)
def test_handle_that_nobody_may_take_is_refused(accounts: Accounts, handle: str) -> None:
    """Malformed, reserved, in look-alike letters, or taken: each with a reason, and no account is made."""
    _sign_up(accounts, "ana")
    with pytest.raises(HandleRefusedError) as refused:
        _sign_up(accounts, handle)
    assert refused.value.place == "handle"
    assert finding.handles(accounts) == {"ana"}


@pytest.mark.parametrize("handle", ["mai1", "ma1l", "rnail", "m-ail", "mail"])
def test_look_alike_of_a_handle_is_refused(accounts: Accounts, handle: str) -> None:
    """Of one that has an account, and of one that stands in a log."""
    with pytest.raises(HandleRefusedError):
        _sign_up(accounts, handle, in_use=("mail",))
    _sign_up(accounts, "mail")
    with pytest.raises(HandleRefusedError):
        _sign_up(accounts, handle)


def test_handle_in_a_log_is_not_free(accounts: Accounts) -> None:
    """Whoever acted or belongs under it is somebody already."""
    with pytest.raises(HandleRefusedError, match="taken, or was once"):
        _sign_up(accounts, "bo", in_use=("bo",))


def test_handle_of_a_deleted_account_is_never_free_again(accounts: Accounts) -> None:
    """Nor is one that looks like it."""
    _sign_up(accounts, "mail")
    delete_account(accounts, "mail")
    for handle in ("mail", "rnail"):
        with pytest.raises(HandleRefusedError):
            _sign_up(accounts, handle)


def test_bad_password_makes_no_account(accounts: Accounts) -> None:
    """The rules of passwords hold for the first one too."""
    with pytest.raises(PasswordRefusedError):
        _sign_up(accounts, "ana", password="password1234")
    assert finding.handles(accounts) == frozenset()


def test_of_many_at_once_one_gets_the_handle(accounts: Accounts) -> None:
    """Sixteen who ask at the same time for handles that look alike: one account."""

    def attempt(number: int) -> str:
        try:
            return _sign_up(accounts, "mail" if number % 2 else "rnail").handle
        except HandleRefusedError:
            return ""

    with ThreadPoolExecutor(8) as pool:
        got = [handle for handle in pool.map(attempt, range(16)) if handle]
    assert len(got) == 1
    assert finding.handles(accounts) == set(got)


def test_invitation_lets_one_person_in(accounts: Accounts) -> None:
    """It is used up by the account that it made, and not by a try that failed."""
    invitation = invitations.invite(accounts)
    with pytest.raises(PasswordRefusedError):
        _sign_up(accounts, "ana", password="short", invitation=invitation)
    assert _sign_up(accounts, "ana", invitation=invitation).handle == "ana"
    with pytest.raises(LinkRefusedError):
        _sign_up(accounts, "bo", invitation=invitation)
    assert finding.handles(accounts) == {"ana"}


def test_invitation_lets_one_in_of_many_at_once(accounts: Accounts) -> None:
    """Eight who use the same one at the same time: one account."""
    invitation = invitations.invite(accounts)

    def attempt(handle: str) -> bool:
        try:
            _sign_up(accounts, handle, invitation=invitation)
        except AccountsError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, ["ana", "bo", "cy", "dan", "eve", "fay", "gus", "hal"])) == 1


def test_invitation_expires(accounts: Accounts, clock: Clock) -> None:
    """To the second."""
    invitation = invitations.invite(accounts, days=1)
    clock.on(DAY)
    with pytest.raises(LinkRefusedError):
        _sign_up(accounts, "ana", invitation=invitation)
    clock.on(-1)
    assert _sign_up(accounts, "ana", invitation=invitation).handle == "ana"


@pytest.mark.parametrize("invitation", ["", "x", "pi_" + "0" * 36, "pi_\x00", "' OR 1=1 --"])
def test_invitation_that_is_none_is_refused(accounts: Accounts, invitation: str) -> None:
    """Whatever it holds."""
    with pytest.raises(LinkRefusedError):
        _sign_up(accounts, "ana", invitation=invitation)


def test_invitation_for_a_handle_gives_that_handle(accounts: Accounts) -> None:
    """Also where it stands in a log already, which is how members of old get their accounts; and no other."""
    invitation = invitations.invite(accounts, "bo")
    with pytest.raises(HandleRefusedError, match="for the handle bo"):
        _sign_up(accounts, "cy", in_use=("bo",), invitation=invitation)
    assert invitations.promised(accounts, invitation) == "bo"
    assert _sign_up(accounts, "bo", in_use=("bo",), invitation=invitation).handle == "bo"


def test_nobody_is_invited_under_a_handle_that_was_given(accounts: Accounts) -> None:
    """Neither one that has an account nor one that had one."""
    _sign_up(accounts, "ana")
    _sign_up(accounts, "bo")
    delete_account(accounts, "bo")
    for handle in ("ana", "bo", "registry", "x y"):
        with pytest.raises(HandleRefusedError):
            invitations.invite(accounts, handle)


def test_operator_makes_an_account_without_a_password(accounts: Accounts) -> None:
    """Nobody can sign in with it until its owner has chosen one."""
    assert create(accounts, "ana", in_use=()) == "ana"
    assert [found.has_password for found in finding.listed(accounts)] == [False]
    with pytest.raises(HandleRefusedError):
        create(accounts, "bo", in_use=("bo",))
    assert create(accounts, "bo", in_use=("bo",), vouched=True) == "bo"


def test_two_members_who_look_alike_can_both_have_accounts(accounts: Accounts) -> None:
    """Both stand in logs, where neither can be renamed: the operator's word lets the second in too."""
    for handle in ("mail", "rnail"):
        assert create(accounts, handle, in_use=("mail", "rnail"), vouched=True) == handle
    with pytest.raises(HandleRefusedError):
        create(accounts, "mail", in_use=(), vouched=True)
