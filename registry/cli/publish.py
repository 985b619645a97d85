"""`commons publish`: releases a policy folder in a commons. Writes the repository."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from policies.versions import Change
from registry.cli.command import Command, Panel
from registry.cli.console import Output
from registry.cli.opening import acting, opened
from registry.cli.options import As, CommonsPath, Json


def publish(
    repository: CommonsPath,
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="The policy folder; its name is the policy's.")
    ],
    change: Annotated[
        Change | None,
        typer.Option(
            help="What changes for its users: a label's meaning (major), coverage (minor), wording (patch). "
            "By default the least that the difference asks for.",
            show_default=False,
        ),
    ] = None,
    handle: As = None,
    json: Json = False,
) -> None:
    """Release a policy folder in a commons, as its owner. The commons gives the version number."""
    from policies.codec import parse_policy
    from policies.front_matter import POLICY_FILE
    from registry.services.folders import read_policy_folder
    from registry.services.publish import publish as publish_folder

    output = Output(json=json)
    slug, files = read_policy_folder(folder)
    with opened(repository) as commons:
        actor = acting(commons, handle)
        made = publish_folder(commons, slug, files, actor=actor, change=change)
        name = commons.state().name
    release = made.release
    address = f"{name}/{release.slug}@{release.version}"
    stated = parse_policy(files[POLICY_FILE]).policy.meta.version

    def show() -> None:
        output.line(f"{actor} published {address} ({made.change}).")
        output.facts({"commit": release.commit, "content": release.content})
        for finding in made.findings:
            output.note(str(finding), style="yellow")
        if str(stated) != release.version:
            output.note(
                f"{folder / POLICY_FILE} still says version {stated}. The commons counts: the release says "
                f"{release.version}, and the folder may stay as it is."
            )

    document = {
        "address": address,
        "slug": release.slug,
        "version": release.version,
        "change": made.change,
        "actor": actor,
        "commit": release.commit,
        "tag": release.tag,
        "content_digest": release.content,
        "folder_digest": release.folder,
        "findings": [finding.to_json() for finding in made.findings],
    }
    output.answer(document, show)


COMMAND = Command(
    "publish",
    publish,
    Panel.KEEP,
    ("commons publish demo.git my-policy", "commons publish demo.git my-policy --change minor --as ana"),
)
