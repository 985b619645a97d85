"""`commons member`: who belongs, joining, vouching, leaving, and keys to sign with. Writes the repository."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from registry.cli.command import Command, Family, Panel
from registry.cli.console import Output, moment, plural
from registry.cli.opening import acting, opened, up_to_date
from registry.cli.options import As, CommonsPath, Json
from registry.cli.seats import Act, CommonsPlace, seated
from registry.cli.signing_options import Sign, signer_of

Who = Annotated[str, typer.Argument(metavar="HANDLE", help="Whom.")]


def list_(repository: CommonsPath, json: Json = False) -> None:
    """List the members, who of them can vote now, and who waits to be admitted."""
    from governance.membership.roll import can_vote

    output = Output(json=json)
    with opened(repository) as commons:
        up_to_date(commons, output)
        state = commons.state()
        at = max(commons.clock.now(), state.at)
        rules = state.charter_rules.membership
        rows: list[dict[str, Any]] = [
            {
                "handle": member.handle,
                "affiliation": member.affiliation,
                "joined": member.joined_at,
                "active": member.active_at,
                "left": member.left_at,
                "can_vote": can_vote(member, rules, at),
                "keys": [key.fingerprint for key in member.keys if key.until is None],
            }
            for member in sorted(state.people.members.values(), key=lambda one: one.handle)
        ]
        waiting: list[dict[str, Any]] = [
            {
                "handle": one.handle,
                "applied": one.at,
                "affiliation": one.affiliation,
                "vouchers": [voucher.handle for voucher in one.vouchers],
            }
            for one in sorted(state.people.applicants.values(), key=lambda one: (one.at, one.handle))
        ]

        def show() -> None:
            output.table(
                ("handle", "standing", "acts for", "member since", "last act", "keys"),
                [
                    (
                        row["handle"],
                        "left" if row["left"] else "can vote" if row["can_vote"] else "cannot vote yet",
                        row["affiliation"],
                        moment(row["joined"]),
                        moment(row["active"]),
                        len(row["keys"]) or "",
                    )
                    for row in rows
                ],
                right=("keys",),
            )
            for one in waiting:
                vouched = plural(len(one["vouchers"]), "member")
                output.line(f"{one['handle']} has applied; {vouched} vouched.")
            output.note(f"People join: {rules.join}. `commons charter show` says the rest.", style="dim")

        output.answer({"commons": state.name, "members": rows, "applicants": waiting}, show)


def invite(
    repository: CommonsPlace, who: Who, handle: As = None, sign: Sign = None, json: Json = False
) -> None:
    """Ask somebody in. They join with `commons member join`."""
    from registry.services import membership

    output = Output(json=json)
    with seated(repository, handle, sign, output) as seat:
        act = Act(
            path="invitations",
            body={"member": who},
            here=lambda commons, **by: membership.invite(commons, who, **by),
        )
        seat.about(who, act)
        document = {"invited": who, "by": seat.actor}
        output.answer(document, lambda: output.line(f"{seat.actor} invited {who}."))


def join(
    repository: CommonsPlace,
    who: Annotated[str, typer.Argument(metavar="HANDLE", help="Under which handle; may be a pseudonym.")],
    affiliation: Annotated[
        str, typer.Option("--for", metavar="ORGANISATION", help="For which organisation you act, if any.")
    ] = "independent",
    json: Json = False,
) -> None:
    """Ask to be let in, as the charter says: at once, by invitation, vouched for, or by a vote."""
    from registry.services import membership

    output = Output(json=json)
    with seated(repository, who, None, output) as seat:
        act = Act(
            path="applications",
            body={"affiliation": affiliation},
            here=lambda commons, **by: membership.join(commons, affiliation=affiliation, **by),
        )
        is_in = seat.about(who, act).is_member
        said = f"{who} is a member of {seat.commons}." if is_in else f"{who} has applied."
        output.answer({"handle": who, "member": is_in}, lambda: output.line(said))


def vouch(
    repository: CommonsPlace, who: Who, handle: As = None, sign: Sign = None, json: Json = False
) -> None:
    """Vouch for somebody who applied."""
    from registry.services import membership

    output = Output(json=json)
    with seated(repository, handle, sign, output) as seat:
        act = Act(
            path="vouchers",
            body={"member": who},
            here=lambda commons, **by: membership.vouch(commons, who, **by),
        )
        is_in = seat.about(who, act).is_member
        said = f"{seat.actor} vouched for {who}." + (f" {who} is a member now." if is_in else "")
        output.answer({"handle": who, "by": seat.actor, "member": is_in}, lambda: output.line(said))


def leave(repository: CommonsPlace, handle: As = None, sign: Sign = None, json: Json = False) -> None:
    """Leave, or take an application back. The handle stays yours, and votes that you cast still count."""
    from registry.services import membership

    output = Output(json=json)
    with seated(repository, handle, sign, output) as seat:
        seat.about(seat.actor, Act(path="departures", here=membership.leave))
        output.answer({"left": seat.actor}, lambda: output.line(f"{seat.actor} left."))


def affiliation(
    repository: CommonsPlace,
    organisation: Annotated[
        str, typer.Argument(metavar="ORGANISATION", help="Or `independent`, when you act for none.")
    ],
    handle: As = None,
    sign: Sign = None,
    json: Json = False,
) -> None:
    """Say for which organisation you act: its members do not review each other's proposals."""
    from registry.services import membership

    output = Output(json=json)
    with seated(repository, handle, sign, output) as seat:
        act = Act(
            path="affiliations",
            body={"affiliation": organisation},
            here=lambda commons, **by: membership.declare_affiliation(commons, organisation, **by),
        )
        seat.about(seat.actor, act)
        said = f"{seat.actor} acts for {organisation}."
        output.answer({"handle": seat.actor, "affiliation": organisation}, lambda: output.line(said))


def key(
    repository: CommonsPlace,
    add: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The .pub file of a key to sign with from now on.")
    ] = None,
    revoke: Annotated[
        str | None, typer.Option(metavar="FINGERPRINT", help="A key of yours that is not to count any more.")
    ] = None,
    handle: As = None,
    sign: Sign = None,
    json: Json = False,
) -> None:
    """Register a key to sign acts with, or revoke one. What was signed with a key before stands."""
    from registry.keys.public_key import read_public_key
    from registry.services import membership
    from registry.services.errors import InputRefusedError

    output = Output(json=json)
    if (add is None) == (revoke is None):
        raise InputRefusedError("key", "one thing at a time.", "Give --add or --revoke.")
    with seated(repository, handle, sign, output) as seat:
        if add is not None:
            public = read_public_key(add)
            act = Act(
                path="keys",
                body={"public": public.line},
                here=lambda commons, **by: membership.add_key(commons, public, **by),
            )
            fingerprint = public.fingerprint
            said = f"{seat.actor} may sign with {fingerprint} from now on."
        else:
            assert revoke is not None
            fingerprint = revoke
            act = Act(
                path="revocations",
                body={"fingerprint": fingerprint},
                here=lambda commons, **by: membership.revoke_key(commons, fingerprint, **by),
            )
            said = f"{fingerprint} counts no more."
        seat.about(seat.actor, act)
        document = {"handle": seat.actor, "fingerprint": fingerprint}
        output.answer(document, lambda: output.line(said))


def witness(
    repository: CommonsPath,
    sign: Annotated[
        Path,
        typer.Option(
            "--sign", metavar="KEY", envvar="COMMONS_SIGN", help="Your registered key.", show_default=False
        ),
    ],
    handle: As = None,
    json: Json = False,
) -> None:
    """Vouch for the log as it stands, over a key of your own: a log rewritten later will not fit it."""
    from registry.services import membership

    output = Output(json=json)
    with opened(repository) as commons:
        actor, signer = acting(commons, handle), signer_of(sign)
        assert signer is not None
        acted = membership.witness(commons, actor=actor, signer=signer)
        event = acted.entry.event
        said = f"{actor} witnessed the log up to event {event.seq - 1} ({event.prev})."
        output.answer(
            {"handle": actor, "seq": event.seq - 1, "digest": event.prev}, lambda: output.line(said)
        )


COMMAND = Family(
    "member",
    "Who belongs to a commons: joining, vouching, leaving, affiliations, keys.",
    Panel.DECIDE,
    (
        Command("list", list_, Panel.DECIDE, ("commons member list demo.git --json",)),
        Command("invite", invite, Panel.DECIDE, ("commons member invite demo.git bo",)),
        Command(
            "join",
            join,
            Panel.DECIDE,
            ("commons member join demo.git bo", "commons member join demo.git bo --for youth-council"),
        ),
        Command("vouch", vouch, Panel.DECIDE, ("commons member vouch demo.git dan --as bo",)),
        Command("leave", leave, Panel.DECIDE, ("commons member leave demo.git --as bo",)),
        Command(
            "affiliation",
            affiliation,
            Panel.DECIDE,
            ("commons member affiliation demo.git youth-council --as bo",),
        ),
        Command(
            "key",
            key,
            Panel.DECIDE,
            (
                "commons member key demo.git --add ~/.ssh/id_ed25519.pub --as bo",
                "commons member key demo.git --revoke SHA256:... --as bo",
            ),
        ),
        Command(
            "witness",
            witness,
            Panel.DECIDE,
            ("commons member witness demo.git --as bo --sign ~/.ssh/id_ed25519",),
        ),
    ),
)
