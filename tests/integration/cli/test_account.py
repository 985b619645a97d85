"""`commons account` on the console of a host."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from registry.accounts import sign_up, tokens
from registry.accounts.accounts import open_accounts
from registry.accounts.change_password import reset_for, reset_password
from registry.accounts.invitations import promised
from registry.accounts.place import PrivatePlace
from registry.accounts.scopes import Scope
from registry.cli.exit_codes import ExitCode
from tests.support.accounts import CHEAP, OTHER, PASSWORD
from tests.support.commandline import Command


@pytest.fixture
def place(user: Command) -> PrivatePlace:
    """The accounts of a site in `data`, with one of `ana`'s and a token of hers."""
    path = Path("data/private.db")
    path.parent.mkdir()
    accounts = open_accounts(PrivatePlace(path=path), cost=CHEAP)
    sign_up.sign_up(accounts, "ana", PASSWORD, in_use=(), invitation=None)
    tokens.create(accounts, "ana", "a bot", [Scope.VOTE], days=7)
    accounts.close()
    return PrivatePlace(path=path)


def code_of(link: str) -> str:
    return link.strip().partition("?code=")[2]


def test_accounts_and_invitations_are_listed(user: Command, place: PrivatePlace) -> None:
    """By handle, with what an operator needs to know and no more."""
    user("account", "invite", "cy")
    user("account", "add", "bo")
    listed = user("account", "list", "--json").document
    assert [(one["handle"], one["has_password"]) for one in listed["accounts"]] == [
        ("ana", True),
        ("bo", False),
    ]
    assert listed["invitations"] == ["cy"]
    said = user("account", "list").out
    assert "no password yet" in said
    assert "1 invitation waiting: cy." in said
    assert "argon2" not in said


def test_invitation_is_a_link(user: Command, place: PrivatePlace) -> None:
    """To the site's sign-up page, for one handle or any; standard output is the link and nothing else."""
    said = user("account", "invite", "bo", "--site", "https://commons.example/")
    assert said.out.startswith("https://commons.example/sign-up?code=pi_")
    assert said.out.count("\n") == 1
    accounts = open_accounts(place)
    assert promised(accounts, code_of(said.out)) == "bo"
    assert promised(accounts, code_of(user("account", "invite").out)) is None
    accounts.close()
    refused = user("account", "invite", "ana", "--json")
    assert (refused.code, refused.error["kind"]) == (ExitCode.REFUSED, "handle-refused")


def test_reset_is_a_link_that_counts_once(user: Command, place: PrivatePlace) -> None:
    """A second one replaces it; used, it is gone."""
    first, second = (code_of(user("account", "reset", "ana").out) for _ in range(2))
    accounts = open_accounts(place, cost=CHEAP)
    assert reset_for(accounts, second) == "ana"
    assert reset_password(accounts, second, OTHER).handle == "ana"
    for code in (first, second):
        with pytest.raises(Exception, match="does not count"):
            reset_for(accounts, code)
    accounts.close()


def test_account_that_is_not_there_is_not_found(user: Command, place: PrivatePlace) -> None:
    """Exit code 4, and the remedy is the list."""
    for arguments in (("reset", "nobody"), ("delete", "nobody", "--confirm")):
        said = user("account", *arguments)
        assert said.code == ExitCode.NOT_FOUND
        assert "commons account list" in said.err


def test_tokens_are_listed_and_revoked(user: Command, place: PrivatePlace) -> None:
    """By their id, or by themselves from standard input, so that no shell's history keeps one."""
    (token,) = user("account", "tokens", "--json").document["tokens"]
    assert (token["handle"], token["name"], token["scopes"], token["used_at"]) == (
        "ana",
        "a bot",
        ["vote"],
        None,
    )
    assert user("account", "tokens", "somebody", "--json").document["tokens"] == []
    assert user("account", "revoke", token["id"]).code == ExitCode.FINE
    assert user("account", "tokens", "--json").document["tokens"] == []


def test_found_token_is_revoked(
    user: Command, place: PrivatePlace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """From standard input."""
    accounts = open_accounts(place, cost=CHEAP)
    secret = tokens.create(accounts, "ana", "leaked", [Scope.VOTE], days=7).secret
    found = tmp_path / "found.txt"
    found.write_text(f"{secret}\n", "utf-8")
    with found.open(encoding="utf-8") as stream:
        monkeypatch.setattr("sys.stdin", stream)
        assert user("account", "revoke", "-").code == ExitCode.FINE
    assert tokens.find(accounts, secret) is None
    accounts.close()


def test_account_is_deleted_only_when_it_is_meant(user: Command, place: PrivatePlace) -> None:
    """Without --confirm nothing happens; with it the handle stays taken for good."""
    assert user("account", "delete", "ana").code == ExitCode.WRONG_INPUT
    assert user("account", "tokens", "--json").document["tokens"]
    assert user("account", "delete", "ana", "--confirm").code == ExitCode.FINE
    assert user("account", "tokens", "--json").document["tokens"] == []
    assert user("account", "list", "--json").document["accounts"][0]["deleted_at"] is not None
    assert user("account", "add", "ana").code == ExitCode.REFUSED


def test_copy_is_whole_and_its_owners_only(user: Command, place: PrivatePlace) -> None:
    """Made while the database is open and written; one file that opens by itself; nothing is written over."""
    accounts = open_accounts(place, cost=CHEAP)
    sign_up.sign_up(accounts, "late", PASSWORD, in_use=(), invitation=None)
    said = user("account", "backup", "copy.db", "--json")
    accounts.close()
    copy = Path("copy.db")
    assert said.document["bytes"] == copy.stat().st_size
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert sorted(path.name for path in Path().glob("*copy*")) == ["copy.db"]
    with closing(sqlite3.connect(copy)) as plain:
        assert plain.execute("SELECT handle FROM account ORDER BY handle").fetchall() == [("ana",), ("late",)]
    restored = user("account", "list", "--private-db", "copy.db", "--json").document
    assert [one["handle"] for one in restored["accounts"]] == ["ana", "late"]
    assert user("account", "backup", "copy.db").code == ExitCode.WRONG_INPUT
    assert user("account", "backup", "none/copy.db").code == ExitCode.TRY_AGAIN


def test_slip_in_a_place_makes_no_database(user: Command, place: PrivatePlace) -> None:
    """A folder without accounts is refused, and stays without."""
    for arguments in (("--data", "dta"), ("--private-db", "other.db")):
        said = user("account", "list", *arguments)
        assert said.code == ExitCode.WRONG_INPUT
        assert "no accounts are kept there" in said.err
    assert not Path("dta").exists()
    assert not Path("other.db").exists()


def test_password_of_a_database_is_not_taken_from_a_command_line(user: Command, place: PrivatePlace) -> None:
    """It is refused without being repeated, and the message says where it belongs."""
    said = user("account", "list", "--private-db", "postgresql://commons:tulips@db.example/commons")
    assert said.code == ExitCode.WRONG_INPUT
    assert "tulips" not in said.err
    assert "COMMONS_PRIVATE_DB_PASSWORD" in said.err


def test_postgresql_is_left_to_its_own_tools(user: Command, place: PrivatePlace) -> None:
    """The command says which."""
    said = user("account", "backup", "copy.db", "--private-db", "postgresql://commons@db.example/commons")
    assert said.code == ExitCode.WRONG_INPUT
    assert "pg_dump" in said.err
