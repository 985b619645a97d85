"""`commons propose`: puts a change before the members of a commons. Writes the repository."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from policies.versions import Change
from registry.cli.command import Command, Panel
from registry.cli.console import Output
from registry.cli.options import As, Json
from registry.cli.proposal_answer import answer_proposal
from registry.cli.seats import Act, CommonsPlace, seated
from registry.cli.signing_options import Sign

if TYPE_CHECKING:
    from registry.services.revisions import Draft


def propose(
    repository: CommonsPlace,
    folders: Annotated[
        list[Path] | None, typer.Argument(metavar="[FOLDER]...", help="Policy folders to put on main.")
    ] = None,
    title: Annotated[str | None, typer.Option(help="What it is about, in one line.")] = None,
    reason: Annotated[str | None, typer.Option(help="Why, for those who decide.")] = None,
    charter: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A charter to put in force instead.")
    ] = None,
    change: Annotated[
        Change | None,
        typer.Option(help="The kind of version; by default the least that the difference asks for."),
    ] = None,
    revise: Annotated[
        int | None, typer.Option(metavar="NUMBER", help="Put this in the place of what a proposal proposes.")
    ] = None,
    take: Annotated[
        int | None,
        typer.Option(metavar="COMMENT", help="With --revise: take the edit that this event suggests."),
    ] = None,
    withdraw: Annotated[
        str | None,
        typer.Option(metavar="SLUG@VERSION", help="Propose that a release is not to be used any more."),
    ] = None,
    admit: Annotated[
        str | None, typer.Option(metavar="HANDLE", help="Propose to admit somebody who applied.")
    ] = None,
    adopt: Annotated[
        int | None, typer.Option(metavar="NUMBER", help="Stand behind somebody else's proposal.")
    ] = None,
    give_up: Annotated[
        int | None, typer.Option("--give-up", metavar="NUMBER", help="Give up your own proposal.")
    ] = None,
    handle: As = None,
    sign: Sign = None,
    json: Json = False,
) -> None:
    """Propose a change: policy folders, a charter, the withdrawal of a release, or somebody's admission.

    How it is decided follows from what it touches and from the charter; `commons explain` says it.
    """
    from registry.services import deliberation
    from registry.services import propose as proposing
    from registry.services.errors import InputRefusedError

    output = Output(json=json)
    with seated(repository, handle, sign, output) as seat:
        actor = seat.actor
        if adopt is not None:
            act = Act(path="adoptions", here=lambda commons, **who: deliberation.adopt(commons, adopt, **who))
            answer_proposal(output, seat, seat.on(adopt, act), f"{actor} stands behind proposal {adopt}.")
            return
        if give_up is not None:
            act = Act(
                path="withdrawals", here=lambda commons, **who: proposing.give_up(commons, give_up, **who)
            )
            answer_proposal(output, seat, seat.on(give_up, act), f"{actor} gave up proposal {give_up}.")
            return
        if take is not None and (revise is None or folders or charter):
            raise InputRefusedError(
                "--take",
                "an edit is taken as a revision of its own.",
                "Give --revise NUMBER --take COMMENT, and no folders.",
            )
        if revise is not None:
            act = _revising(revise, take, folders, charter, change)
            said = f"{actor} revised proposal {revise}"
            said += "." if take is None else f" with the edit of event {take}."
            answer_proposal(output, seat, seat.on(revise, act), said)
            return
        if not title or not title.strip():
            raise InputRefusedError(
                "--title", "a proposal has a title.", 'Say what it is about: --title "...".'
            )
        left = seat.opening(_opening(title, reason, folders, charter, change, withdraw, admit))
        answer_proposal(output, seat, left, f"{actor} opened proposal {left.number}.")


def _revising(
    number: int, take: int | None, folders: list[Path] | None, charter: Path | None, change: Change | None
) -> Act:
    """What revises a proposal: another draft, or an edit that a comment suggests."""
    from registry.services import propose as proposing
    from registry.services.take_edit import take_edit

    if take is not None:
        return Act(
            path="revisions",
            body={"take": take},
            here=lambda commons, **who: take_edit(commons, number, take, **who),
        )
    draft = _draft(folders, charter, change)
    return Act(
        path="revisions",
        body=draft_body(draft),
        here=lambda commons, **who: proposing.revise(commons, number, draft, **who),
    )


def _opening(
    title: str,
    reason: str | None,
    folders: list[Path] | None,
    charter: Path | None,
    change: Change | None,
    withdraw: str | None,
    admit: str | None,
) -> Act:
    """What opens a proposal: of one thing."""
    from registry.services import propose as proposing

    def act(body: dict[str, Any], open_: Callable[..., Any], what: tuple[Any, ...]) -> Act:
        return Act(
            path="proposals",
            body={"title": title, "reason": reason, **body},
            here=lambda commons, **who: open_(commons, *what, title=title, reason=reason, **who),
        )

    if withdraw is not None:
        slug, _, version = withdraw.partition("@")
        body = {"withdrawal": {"slug": slug, "version": version}}
        return act(body, proposing.propose_withdrawal, (slug, version))
    if admit is not None:
        return act({"admission": admit}, proposing.propose_admission, (admit,))
    draft = _draft(folders, charter, change)
    return act(draft_body(draft), proposing.propose, (draft,))


def _draft(folders: list[Path] | None, charter: Path | None, change: Change | None) -> Draft:
    from governance.charter.toml_text import MAX_BYTES
    from registry.services.folders import read_plain_file, read_policy_folder
    from registry.services.revisions import Draft

    read = [read_policy_folder(path) for path in folders or ()]
    return Draft(
        folders={folder.slug: folder.files for folder in read},
        charter=read_plain_file(charter, MAX_BYTES) if charter else None,
        declared=change,
    )


def draft_body(draft: Draft) -> dict[str, Any]:
    """What somebody wants to propose, as a site takes it. A file that is not UTF-8 goes as base64."""
    return {
        "policies": {
            slug: {name: _sent(raw) for name, raw in files.items()} for slug, files in draft.folders.items()
        },
        "charter": None if draft.charter is None else draft.charter.decode("utf-8", "replace"),
        "change": None if draft.declared is None else str(draft.declared),
    }


def _sent(raw: bytes) -> str | dict[str, str]:
    from base64 import b64encode

    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return {"base64": b64encode(raw).decode("ascii")}


COMMAND = Command(
    "propose",
    propose,
    Panel.DECIDE,
    (
        'commons propose demo.git my-policy --title "Name gift cards" --as bo',
        'commons propose demo.git --charter charter.toml --title "A longer comment period"',
        'commons propose demo.git --withdraw spam@1.2.0 --title "It lets scams pass"',
        "commons propose demo.git my-policy --revise 3",
        "commons propose demo.git --revise 3 --take 17",
    ),
)
