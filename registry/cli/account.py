"""`commons account`: what an operator does about accounts, on the host's console. Writes `private.db`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from registry.cli.account_options import (
    USUAL_DATA,
    USUAL_SITE,
    Data,
    Person,
    PrivateDb,
    Site,
    accounts_at,
    link,
    place_of,
)
from registry.cli.command import Command, Family, Panel
from registry.cli.console import Output, moment, plural
from registry.cli.options import Json


def list_(data: Data = USUAL_DATA, private_db: PrivateDb = None, json: Json = False) -> None:
    """List accounts, and invitations that wait."""
    from registry.accounts import finding, invitations

    output = Output(json=json)
    with accounts_at(data, private_db) as accounts:
        listed, waiting = finding.listed(accounts), sorted(invitations.waiting(accounts), key=str)

    def show() -> None:
        output.table(
            ("handle", "since", ""),
            [
                (
                    one.handle,
                    moment(one.created_at),
                    f"deleted {moment(one.deleted_at)}"
                    if one.deleted_at is not None
                    else ("" if one.has_password else "no password yet"),
                )
                for one in listed
            ],
        )
        if waiting:
            named = ", ".join(handle or "anybody" for handle in waiting)
            output.line(f"{plural(len(waiting), 'invitation')} waiting: {named}.")

    output.answer({"accounts": [one._asdict() for one in listed], "invitations": waiting}, show)


def invite(
    handle: Annotated[
        str | None,
        typer.Argument(
            metavar="[HANDLE]",
            help="For whom, where you know whose handle it is: also one that stands in a log already.",
            show_default=False,
        ),
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=365, help="How long it counts.")] = 14,
    site: Site = USUAL_SITE,
    data: Data = USUAL_DATA,
    private_db: PrivateDb = None,
    json: Json = False,
) -> None:
    """Make a link with which one person signs up. It is told once."""
    from registry.accounts.invitations import invite as make

    output = Output(json=json)
    with accounts_at(data, private_db) as accounts:
        address = link(site, "/sign-up", make(accounts, handle, days=days))
    output.answer({"link": address, "handle": handle, "days": days}, lambda: output.line(address))
    output.note("It counts once, for " + ("a day." if days == 1 else f"{days} days."), style="dim")


def add(
    handle: Person,
    site: Site = USUAL_SITE,
    data: Data = USUAL_DATA,
    private_db: PrivateDb = None,
    json: Json = False,
) -> None:
    """Make an account, also where nobody can sign up, and a link with which its owner chooses a password."""
    from registry.accounts.change_password import offer_reset
    from registry.accounts.sign_up import create

    output = Output(json=json)
    with accounts_at(data, private_db) as accounts:
        made = create(accounts, handle, in_use=(), vouched=True)
        address = link(site, "/reset", offer_reset(accounts, made))
    output.answer({"handle": made, "link": address}, lambda: output.line(address))
    output.note("It counts once, within a day; `commons account reset` makes another.", style="dim")


def reset(
    handle: Person,
    site: Site = USUAL_SITE,
    data: Data = USUAL_DATA,
    private_db: PrivateDb = None,
    json: Json = False,
) -> None:
    """Make a link with which somebody chooses a new password. Make sure who asks: a link is the account."""
    from registry.accounts.change_password import offer_reset

    output = Output(json=json)
    with accounts_at(data, private_db) as accounts:
        address = link(site, "/reset", offer_reset(accounts, handle))
    output.answer({"handle": handle, "link": address}, lambda: output.line(address))
    output.note("It counts once, within a day. The password until now counts until it is used.", style="dim")


def tokens(
    handle: Annotated[
        str | None, typer.Argument(metavar="[HANDLE]", help="Whose; everybody's when left out.")
    ] = None,
    data: Data = USUAL_DATA,
    private_db: PrivateDb = None,
    json: Json = False,
) -> None:
    """List tokens: whose, what for, when last used. Never a token itself, of which only a digest is kept."""
    from registry.accounts.tokens import listed

    output = Output(json=json)
    with accounts_at(data, private_db) as accounts:
        found = listed(accounts, handle)

    def show() -> None:
        output.table(
            ("id", "handle", "name", "scopes", "until", "last used"),
            [
                (
                    token.ref,
                    owner,
                    token.name,
                    " ".join(token.scopes),
                    moment(token.ends_at),
                    "never" if token.used_at is None else moment(token.used_at),
                )
                for owner, token in found
            ],
        )

    document: list[dict[str, Any]] = [
        {"handle": owner, "id": token.ref, **{k: v for k, v in token._asdict().items() if k != "ref"}}
        for owner, token in found
    ]
    output.answer({"tokens": document}, show)


def revoke(
    token: Annotated[
        str,
        typer.Argument(
            metavar="TOKEN", help="Its id, or `-` to read a token that was found from standard input."
        ),
    ],
    data: Data = USUAL_DATA,
    private_db: PrivateDb = None,
    json: Json = False,
) -> None:
    """Revoke a token, whoever's it is. That it is gone is told also where there was none."""
    from registry.accounts import tokens as verbs

    output = Output(json=json)
    with accounts_at(data, private_db) as accounts:
        if token == "-":  # noqa: S105 - stands for standard input, so that no shell keeps the token
            verbs.revoke_secret(accounts, typer.get_text_stream("stdin").readline().strip())
        else:
            verbs.revoke(accounts, token)
    output.answer({"revoked": True}, lambda: output.line("Nothing takes it any more."))


def delete(
    handle: Person,
    confirm: Annotated[
        bool, typer.Option("--confirm", help="There is no way back: nobody ever gets the handle again.")
    ] = False,
    data: Data = USUAL_DATA,
    private_db: PrivateDb = None,
    json: Json = False,
) -> None:
    """Delete an account: its password, sessions and tokens.

    What was done under the handle stays in the logs, and memberships as each commons' rules have them.
    """
    from registry.accounts.deleting import delete_account
    from registry.services.errors import InputRefusedError

    output = Output(json=json)
    if not confirm:
        raise InputRefusedError(
            f"account {handle}", "nobody ever gets this handle again.", "Add --confirm if that is meant."
        )
    with accounts_at(data, private_db) as accounts:
        delete_account(accounts, handle)
    output.answer({"deleted": handle}, lambda: output.line(f"{handle} cannot sign in any more."))


def backup(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="Where to write it; nothing may be there yet.")
    ],
    data: Data = USUAL_DATA,
    private_db: PrivateDb = None,
    json: Json = False,
) -> None:
    """Copy the accounts to a file, while they are in use. To restore, put it in the place of private.db.

    It holds digests of passwords and tokens: keep it as safe. PostgreSQL is backed up by its own tools.
    """
    from registry.accounts.copying import copy_accounts

    output = Output(json=json)
    size = copy_accounts(place_of(data, private_db), file)
    output.answer({"file": str(file), "bytes": size}, lambda: output.line(f"Wrote {file} ({size:,} bytes)."))


COMMAND = Family(
    "account",
    "Accounts of the site that you operate: invitations, passwords, tokens.",
    Panel.CARE,
    (
        Command(
            "list", list_, Panel.CARE, ("commons account list --json", "commons account list --data /srv/x")
        ),
        Command(
            "invite",
            invite,
            Panel.CARE,
            ("commons account invite --site https://commons.example", "commons account invite ana --days 3"),
        ),
        Command("add", add, Panel.CARE, ("commons account add ana --site https://commons.example",)),
        Command("reset", reset, Panel.CARE, ("commons account reset ana --site https://commons.example",)),
        Command("tokens", tokens, Panel.CARE, ("commons account tokens ana",)),
        Command(
            "revoke",
            revoke,
            Panel.CARE,
            ("commons account revoke 3f9a1c52d07be684", "commons account revoke - < found.txt"),
        ),
        Command("delete", delete, Panel.CARE, ("commons account delete mallory --confirm",)),
        Command("backup", backup, Panel.CARE, ("commons account backup accounts.db",)),
    ),
)
