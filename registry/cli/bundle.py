"""`commons bundle`: packs policies into one file to use without a network. Writes that file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from registry.cli.command import Command, Panel
from registry.cli.console import Output, plural
from registry.cli.documents import licence_words
from registry.cli.options import Json, LockFile
from registry.cli.where import Registry, address_in, no_registry

if TYPE_CHECKING:
    from registry.services.bundling import Bundled


def bundle(
    context: typer.Context,
    policies: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="ADDRESS...",
            help="Such as starter/spam@1.0.0; without a version the newest.",
            show_default=False,
        ),
    ] = None,
    to: Annotated[Path, typer.Option(metavar="FILE", help="Where to write it.")] = Path("policies.bundle"),
    registry: Registry = None,
    from_lock: Annotated[
        bool, typer.Option("--from-lock", help="Take all that commons.lock names, as it is locked.")
    ] = False,
    runs: Annotated[
        bool, typer.Option("--runs", help="Take recorded runs along, without the words of models.")
    ] = False,
    lock: LockFile = Path("commons.lock"),
    json: Json = False,
) -> None:
    """Pack policies into one file that works as a registry, with digests, licences and credits.

    The same releases give the same bytes. Opening a bundle checks every byte of it.
    """
    from registry.services.bundling import refuse_other_files

    output = Output(json=json)
    if from_lock == bool(policies):
        raise typer.BadParameter("name the policies to pack, or give --from-lock for all that are locked.")
    refuse_other_files(to)
    if from_lock:
        made = _from_lock(output, lock, to, runs=runs)
    else:
        if registry is None:
            raise no_registry(context, " ".join(policies or ()))
        made = _from_registry(output, registry, policies or [], to, runs=runs)

    def show() -> None:
        output.table(
            ("policy", "licences", "runs", "digest"),
            [
                (
                    policy.address,
                    licence_words(policy.text_licence, policy.cases_licence),
                    len(policy.runs),
                    policy.folder[:12],
                )
                for policy in made.policies
            ],
            right=("runs",),
        )
        output.line(f"Wrote {to}: {plural(len(made.policies), 'policy')}, {made.size:,} bytes.")
        first = made.policies[0].address
        output.note(f"Use it as a registry: commons show {first} --registry {to}", style="dim")

    document = {
        "file": str(to),
        "bytes": made.size,
        "policies": [
            {
                "address": policy.address,
                "commit": policy.commit,
                "content_digest": policy.content,
                "folder_digest": policy.folder,
                "licenses": {"text": policy.text_licence, "cases": policy.cases_licence},
                "runs": [run.key for run in policy.runs],
            }
            for policy in made.policies
        ],
    }
    output.answer(document, show)


def _from_registry(output: Output, registry: str, policies: list[str], to: Path, *, runs: bool) -> Bundled:
    from registry.client.opening import open_origin
    from registry.services.bundling import Wanted
    from registry.services.bundling import bundle as pack
    from registry.services.taking import take

    origin = open_origin(registry, told=lambda said: output.note(said, style="dim"))

    def wanted() -> Iterator[Wanted]:
        for words in policies:
            yield Wanted(take(origin, address_in(origin, words)), origin if runs else None)

    try:
        with output.progress("Packing", len(policies)) as told:
            return pack(wanted(), to, told=told)
    finally:
        origin.close()


def _from_lock(output: Output, lock: Path, to: Path, *, runs: bool) -> Bundled:
    from registry.client.opening import OpenOrigins
    from registry.services.bundling import Wanted
    from registry.services.bundling import bundle as pack
    from registry.services.consume import locked_policies, standing_of
    from registry.services.locked import locked_release
    from registry.services.lockfile import source_from_lock

    entries = locked_policies(lock)
    with (
        OpenOrigins(told=lambda said: output.note(said, style="dim")) as origins,
        output.progress("Packing", len(entries)) as told,
    ):
        wanted = (
            Wanted(
                locked_release(standing_of(entry, lock), lock, origins),
                origins.of(source_from_lock(entry, lock)) if runs else None,
            )
            for entry in entries
        )
        return pack(wanted, to, told=told)


COMMAND = Command(
    "bundle",
    bundle,
    Panel.USE,
    (
        "commons bundle starter/spam@1.0.0 starter/scams --registry http://127.0.0.1:8000",
        "commons bundle --from-lock --to policies.bundle",
        "commons bundle starter/spam --runs --registry data/ --to spam.bundle",
    ),
)
