"""`commons propose`: puts a change before the members of a commons. Writes the repository."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from policies.versions import Change
from registry.cli.command import Command, Panel
from registry.cli.console import Output
from registry.cli.opening import acting, opened
from registry.cli.options import As, CommonsPath, Json
from registry.cli.proposal_answer import answer_proposal
from registry.cli.signing_options import Sign, signer_of

if TYPE_CHECKING:
    from registry.services.revisions import Draft


def propose(
    repository: CommonsPath,
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
    from registry.services.take_edit import take_edit

    output = Output(json=json)
    with opened(repository) as commons:
        actor, signer = acting(commons, handle), signer_of(sign)
        if adopt is not None:
            deliberation.adopt(commons, adopt, actor=actor, signer=signer)
            answer_proposal(output, commons, adopt, f"{actor} stands behind proposal {adopt}.")
            return
        if give_up is not None:
            proposing.give_up(commons, give_up, actor=actor, signer=signer)
            answer_proposal(output, commons, give_up, f"{actor} gave up proposal {give_up}.")
            return
        if take is not None and (revise is None or folders or charter):
            raise InputRefusedError(
                "--take",
                "an edit is taken as a revision of its own.",
                "Give --revise NUMBER --take COMMENT, and no folders.",
            )
        if revise is not None:
            said = f"{actor} revised proposal {revise}."
            if take is not None:
                opened_ = take_edit(commons, revise, take, actor=actor, signer=signer)
                said = f"{actor} revised proposal {revise} with the edit of event {take}."
            else:
                draft = _draft(folders, charter, change)
                opened_ = proposing.revise(commons, revise, draft, actor=actor, signer=signer)
            answer_proposal(output, commons, revise, said, findings=opened_.findings)
            return
        if not title or not title.strip():
            raise InputRefusedError(
                "--title", "a proposal has a title.", 'Say what it is about: --title "...".'
            )
        if withdraw is not None:
            slug, _, version = withdraw.partition("@")
            made = proposing.propose_withdrawal(
                commons, slug, version, title=title, reason=reason, actor=actor, signer=signer
            )
        elif admit is not None:
            made = proposing.propose_admission(
                commons, admit, title=title, reason=reason, actor=actor, signer=signer
            )
        else:
            made = proposing.propose(
                commons,
                _draft(folders, charter, change),
                title=title,
                reason=reason,
                actor=actor,
                signer=signer,
            )
        answer_proposal(
            output,
            commons,
            made.number,
            f"{actor} opened proposal {made.number}.",
            findings=made.findings,
        )


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
