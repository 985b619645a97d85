"""`commons credits`: the attribution that licences ask for, as Markdown. Changes nothing."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from registry.cli.command import Command, Panel
from registry.cli.console import Output, one_line, plural
from registry.cli.options import Json

if TYPE_CHECKING:
    from registry.services.credits import PolicyCredits

_MARKUP = re.compile(r"([\\`*_\[\]<>#|])")


def credits_(
    path: Annotated[
        Path,
        typer.Argument(metavar="PATH", help="A project with commons.lock, a policy folder, or a commons."),
    ] = Path(),
    json: Json = False,
) -> None:
    """Print whom to credit and under which licences, as Markdown to put beside your product."""
    from registry.services.credits import gather_credits

    output = Output(json=json)
    gathered = gather_credits(path)

    def show() -> None:
        output.line("# Policies used, their authors and licences")
        for policy in gathered:
            output.line()
            _show(output, policy)

    output.answer({"policies": [dataclasses.asdict(policy) for policy in gathered]}, show)


def _show(output: Output, policy: PolicyCredits) -> None:
    output.line(f"## {_plain(policy.title)} (`{policy.address}`)")
    output.line()
    for credit in policy.credits:
        link = f" ({_plain(credit.url)})" if credit.url else ""
        output.line(f"- {_plain(credit.role).capitalize()}: {_plain(credit.name)}{link}")
    text, cases = policy.text_license or "not stated", policy.cases_license or "not stated"
    output.line(f"- Licence of the text: {_plain(text)}; of the cases: {_plain(cases)}")
    if policy.upstream:
        output.line(f"- Made from: {_plain(policy.upstream)}")
    if policy.terms:
        output.line(f"- Terms of use: {_plain(policy.terms)}")
    for link in policy.links:
        output.line(f"- See: {_plain(link)}")
    for source in policy.sources:
        licence = f", licence {_plain(source.license)}" if source.license else ""
        output.line(
            f"- {plural(source.cases, 'case')} from {_plain(source.source or 'a source not named')}{licence}"
        )


def _plain(text: str) -> str:
    """Words of others as Markdown text that means nothing but itself."""
    return _MARKUP.sub(r"\\\1", one_line(text))


COMMAND = Command(
    "credits",
    credits_,
    Panel.USE,
    ("commons credits . > CREDITS.md", "commons credits demo.git", "commons credits my-policy --json"),
)
