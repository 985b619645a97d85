"""`commons search`: finds policies in a registry. Changes nothing."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Annotated

import typer

from registry.cli.command import Command, Panel
from registry.cli.console import Output, one_line, plural
from registry.cli.documents import line_document
from registry.cli.options import Json
from registry.cli.where import Registry, no_registry

if TYPE_CHECKING:
    from registry.services.origin import PolicyLine


def search(
    context: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="WORDS",
            help="All must be there, and the last may be a beginning; words in double quotes, as in "
            "'\"fake prize\"', are looked for as they stand. Without words the newest are listed.",
            show_default=False,
        ),
    ] = None,
    registry: Registry = None,
    commons: Annotated[str | None, typer.Option(metavar="NAME", help="Only in this commons.")] = None,
    status: Annotated[
        str | None, typer.Option(help="draft, experimental, stable or deprecated.", metavar="STATUS")
    ] = None,
    language: Annotated[str | None, typer.Option(metavar="CODE", help="Such as en or pt-BR.")] = None,
    label: Annotated[str | None, typer.Option(metavar="CODE", help="Only with this label.")] = None,
    licence: Annotated[str | None, typer.Option(metavar="SPDX", help="Of the text.")] = None,
    tested: Annotated[
        bool | None,
        typer.Option(
            "--tested/--untested", help="Whether it was run on gpt-oss-safeguard.", show_default=False
        ),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=200, help="How many at a time.")] = 20,
    cursor: Annotated[
        str | None, typer.Option(metavar="CURSOR", help="`next` of the answer before, for what follows it.")
    ] = None,
    json: Json = False,
) -> None:
    """Find policies by words, status, language, label or licence. Exits 0 also when nothing is found."""
    from registry.client.opening import open_origin
    from registry.index.entries import Query

    output = Output(json=json)
    said = " ".join(words or ())
    if registry is None:
        raise no_registry(context, said or "WORDS")
    query = Query(
        words=said,
        commons=commons,
        status=status,
        language=language,
        label=label,
        licence=licence,
        tested=tested,
        after=cursor,
        limit=limit,
    )
    origin = open_origin(registry, told=lambda note: output.note(note, style="dim"))
    try:
        with output.progress("Searching"):
            found = origin.search(query)
    finally:
        origin.close()

    def show() -> None:
        for line in found.lines:
            _show(output, line)
        # The cursor is the registry's word, in a line to be typed.
        onward = "" if found.next is None else f"--limit, or --cursor {shlex.quote(found.next)}"
        shown = f", {len(found.lines):,} shown ({onward})" if onward else ""
        output.line(f"{plural(found.total, 'policy')} found{shown}." if found.total else "Nothing found.")

    document = {
        "total": found.total,
        "next": found.next,
        "policies": [{**line_document(line), "excerpt": list(line.excerpt)} for line in found.lines],
    }
    output.answer(document, show)


def _show(output: Output, line: PolicyLine) -> None:
    output.line(one_line(f"{line.address}@{line.version}  {line.title}"), style="bold")
    facts = [line.status, line.language, f"licence {line.text_licence or 'not stated'}"]
    if line.tested is False:
        facts.append("not yet tested with gpt-oss-safeguard")
    output.line(f"  {one_line(line.summary, 200)}")
    output.line(f"  {one_line(', '.join(facts))}")
    output.line()


COMMAND = Command(
    "search",
    search,
    Panel.USE,
    (
        "commons search fake prize --registry http://127.0.0.1:8000",
        "commons search spam --status stable --language en --registry data/",
        "commons search --licence CC-BY-4.0 --registry policies.bundle --json",
    ),
)
