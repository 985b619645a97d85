"""The policy that a command works with: a folder of one's own, or a release from somewhere. Reads it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import typer

from registry.cli.console import Output
from registry.cli.places import SERVED, commons_here
from registry.cli.where import asked, names_registry

if TYPE_CHECKING:
    from policies.folder import PolicyFolder


_ADDRESS = re.compile(r"[a-z0-9~-]+(?:/[a-z0-9-]+)+(?:@[^/@\s]+)?")


class Chosen(NamedTuple):
    """A policy, read. `address` names it, with its version where it is a release."""

    folder: PolicyFolder
    address: str


def chosen_policy(
    output: Output, context: typer.Context, place: str, release: str | None, registry: str | None
) -> Chosen:
    """`place` is a policy folder, an address in a registry, or with `release` (`spam@1.0.0`) a repository.

    An address without a registry is looked for in the commons that are served here (`data/`), and one of the
    starter policies then among those that ship with this program. Raises what reading a folder raises, or
    what `asked` and taking a release raise.
    """
    from policies.folder import load_folder
    from registry.services.folders import is_policy_folder, read_policy_folder
    from registry.services.taking import take

    own = Path(place)
    # A folder of one's own wins over a registry in the environment, not over one that is named.
    is_own = is_policy_folder(own) or (registry is None and own.exists())
    if release is None and is_own and not names_registry(context, registry):
        slug, files = read_policy_folder(own)
        return Chosen(load_folder(slug, files), str(slug))
    if release is None and registry is None and not own.exists() and _ADDRESS.fullmatch(place):
        if commons_here():
            registry = str(SERVED)
        else:
            shipped = _shipped(output, place)
            if shipped is not None:
                return shipped
    with asked(output, context, place, release, registry) as (origin, address):
        if address is None or address.slug is None:
            raise typer.BadParameter("name a policy, such as starter/spam@1.0.0.")
        taken = take(origin, address)
        return Chosen(taken.folder, taken.address)


def _shipped(output: Output, words: str) -> Chosen | None:
    """A starter policy as it ships, where its address and version are meant."""
    from policies.folder import load_folder
    from registry.services.starter import NAME, library_folders

    path, _, version = words.partition("@")
    commons, _, slug = path.partition("/")
    for folder in library_folders() if commons == NAME else ():
        if folder.slug == slug:
            read = load_folder(folder.slug, folder.files)
            own = read.document.policy.meta.version
            if version in ("", "latest", own):
                output.note(f"{path}@{own}: as it ships with this program.", style="dim")
                return Chosen(read, f"{path}@{own}")
    return None
