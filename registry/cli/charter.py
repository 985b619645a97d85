"""`commons charter`: the rules in force in plain words, and changing them. `amend` writes the repository."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from registry.cli.command import Command, Family, Panel
from registry.cli.console import Output
from registry.cli.exit_codes import ExitCode
from registry.cli.opening import acting, opened, up_to_date
from registry.cli.options import As, CommonsPath, Json
from registry.cli.proposal_answer import answer_proposal
from registry.cli.seats import Act
from registry.cli.signing_options import Sign, signer_of

if TYPE_CHECKING:
    from governance.charter.codec import CharterFile
    from registry.services.charters import CheckedCharter

Set = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="A key and its value, such as class.policy.voting=72."),
]
Unset = Annotated[
    list[str] | None, typer.Option("--unset", metavar="KEY", help="A key that is as the preset has it.")
]
Preset = Annotated[
    str | None, typer.Option(metavar="NAME", help="Another preset: solo@1, circle@1 or commons@1.")
]
File = Annotated[
    Path | None,
    typer.Option("--file", metavar="FILE", help="A whole charter, in the place of the one there."),
]


def show(
    repository: CommonsPath,
    toml: Annotated[bool, typer.Option("--toml", help="The file itself, with its comments.")] = False,
    json: Json = False,
) -> None:
    """Say in plain words how this commons decides, who belongs and who looks after it."""
    from governance.charter.resolve import plain_values
    from governance.charter.words import charter_words
    from registry.services.charters import charter_file

    output = Output(json=json)
    with opened(repository) as commons:
        up_to_date(commons, output)
        file = charter_file(commons)
        sections = charter_words(file.charter)
        document = {
            "commons": commons.state().name,
            "charter": commons.state().charter,
            "preset": file.preset,
            "overrides": file.overrides,
            "values": plain_values(file.charter),
            "words": [
                {
                    "title": section.title,
                    "sentences": [
                        {
                            "text": one.text,
                            "keys": list(one.keys),
                            "sources": [file.source(k) for k in one.keys],
                        }
                        for one in section.sentences
                    ],
                }
                for section in sections
            ],
            "file": file.text,
        }

        def show_() -> None:
            if toml:
                output.line(file.text.rstrip("\n"))
                return
            for number, section in enumerate(sections):
                if number:
                    output.line()
                output.line(section.title, style="bold")
                for sentence in section.sentences:
                    output.line(f"  {sentence.text}")

        output.answer(document, show_)


def check(
    repository: CommonsPath,
    set_: Set = None,
    unset: Unset = None,
    preset: Preset = None,
    file: File = None,
    json: Json = False,
) -> None:
    """Say what a change of the charter would mean, who decides on it, and whether it can be lived by here.

    Exits 1 for a charter that the members could not live by as they are now.
    """
    from registry.services.charters import check_charter

    output = Output(json=json)
    with opened(repository) as commons:
        up_to_date(commons, output)
        wanted = _wanted(commons, set_, unset, preset, file)
        checked = check_charter(commons, wanted)
        output.answer(_document(checked), lambda: _show(output, checked))
    if checked.findings:
        raise typer.Exit(ExitCode.CHECK_FAILED)


def amend(
    repository: CommonsPath,
    set_: Set = None,
    unset: Unset = None,
    preset: Preset = None,
    file: File = None,
    title: Annotated[
        str | None, typer.Option(help="Where it is decided together: the title of the proposal.")
    ] = None,
    reason: Annotated[str | None, typer.Option(help="Why, for those who decide.")] = None,
    handle: As = None,
    sign: Sign = None,
    json: Json = False,
) -> None:
    """Change the charter: at once where that is the owner's to do, else as a proposal (give --title).

    Comments and everything that is not named stay as they are. Decisions that are open go on under the
    charter that they opened under.
    """
    from registry.cli.seat_here import RepositorySeat
    from registry.services.amend import amend_charter
    from registry.services.charters import check_charter
    from registry.services.propose import propose
    from registry.services.revisions import Draft

    output = Output(json=json)
    with opened(repository) as commons:
        up_to_date(commons, output)
        actor, signer = acting(commons, handle), signer_of(sign)
        wanted = _wanted(commons, set_, unset, preset, file)
        checked = check_charter(commons, wanted)
        raw = wanted.text.encode()
        if title is not None:
            seat, draft = RepositorySeat(commons, actor, signer), Draft(charter=raw)
            act = Act(
                path="proposals",
                here=lambda where, **who: propose(where, draft, title=title, reason=reason, **who),
            )
            left = seat.opening(act)
            answer_proposal(output, seat, left, f"{actor} opened proposal {left.number}.")
            return
        amend_charter(commons, raw, actor=actor, signer=signer)

        def show_() -> None:
            output.line(f"{actor} put the charter in force.")
            _show_changes(output, checked)

        output.answer(_document(checked), show_)


def _wanted(
    commons: Any, set_: list[str] | None, unset: list[str] | None, preset: str | None, file: Path | None
) -> CharterFile:
    from governance.charter.amendment import PRESET, amend
    from governance.charter.codec import read_charter
    from governance.charter.toml_text import MAX_BYTES
    from registry.cli.charter_values import parsed_settings
    from registry.services.charters import charter_file
    from registry.services.errors import InputRefusedError
    from registry.services.folders import read_plain_file

    if file is not None:
        if set_ or unset or preset:
            raise InputRefusedError("--file", "it is a whole charter.", "Leave out the other options.")
        return read_charter(read_plain_file(file, MAX_BYTES), str(file))
    changes: dict[str, Any] = {**parsed_settings(set_ or ()), **dict.fromkeys(unset or ())}
    if preset is not None:
        changes[PRESET] = preset
    if not changes:
        raise InputRefusedError("charter", "nothing is changed.", "Give --set, --unset, --preset or --file.")
    return amend(charter_file(commons), changes)


def _show(output: Output, checked: CheckedCharter) -> None:
    _show_changes(output, checked)
    output.line()
    output.line(f"It is a change of the kind {checked.kind}, {checked.decided}.")
    for finding in checked.findings:
        output.line(str(finding))
    if not checked.findings:
        output.line("The members could live by it as they are now.")


def _show_changes(output: Output, checked: CheckedCharter) -> None:
    if not checked.changes:
        output.line("Nothing changes but comments.")
    for change in checked.changes:
        output.line(change.title, style="bold")
        if change.before:
            output.line(f"  - {change.before}")
        if change.after:
            output.line(f"  + {change.after}")


def _document(checked: CheckedCharter) -> dict[str, Any]:
    return {
        "kind": str(checked.kind),
        "decided": checked.decided,
        "changes": [
            {"title": one.title, "before": one.before, "after": one.after, "keys": list(one.keys)}
            for one in checked.changes
        ],
        "findings": [finding.to_json() for finding in checked.findings],
        "file": checked.file.text,
    }


COMMAND = Family(
    "charter",
    "The rules of a commons: in plain words, and changing them.",
    Panel.DECIDE,
    (
        Command(
            "show",
            show,
            Panel.DECIDE,
            ("commons charter show demo.git --json", "commons charter show demo.git --toml"),
        ),
        Command(
            "check",
            check,
            Panel.DECIDE,
            (
                "commons charter check demo.git --preset circle@1",
                "commons charter check demo.git --set ballot.visibility=sealed_until_close",
            ),
        ),
        Command(
            "amend",
            amend,
            Panel.DECIDE,
            (
                "commons charter amend demo.git --preset circle@1",
                'commons charter amend demo.git --set class.policy.voting=120 --title "Five days to vote"',
            ),
        ),
    ),
)
