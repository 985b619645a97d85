"""Where a command looks for policies: `ADDRESS --registry PLACE`, or a repository and a policy in it.

One grammar for `show`, `pull` and whatever else reads a policy, with errors that say which form was
meant. Opens what is named.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple, TypeAlias

import typer

if TYPE_CHECKING:
    from policies.names import Address
    from registry.cli.console import Output
    from registry.services.origin import Origin

VARIABLE = "COMMONS_REGISTRY"

Registry: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--registry",
        metavar="PLACE",
        envvar=VARIABLE,
        help="Where policies come from: a site's address, a bundle, or a folder of commons.",
        show_default=False,
    ),
]
Where: TypeAlias = Annotated[
    str | None,
    typer.Argument(
        metavar="ADDRESS",
        help="With --registry: what to look at, such as starter/spam@1.0.0. Else a repository, before the "
        "name of the policy in it.",
        show_default=False,
    ),
]
Within: TypeAlias = Annotated[
    str | None,
    typer.Argument(
        metavar="SLUG[@VERSION]", help="After a repository: a policy in it, such as spam.", show_default=False
    ),
]

_URL = re.compile(r"(?P<site>https?://[^/?#]+)/*(?P<rest>[^?#]*)")


class Asked(NamedTuple):
    """The open place and what is asked of it; `address` is None when it is the place as a whole."""

    origin: Origin
    address: Address | None


@contextmanager
def asked(
    output: Output, context: typer.Context, first: str | None, second: str | None, registry: str | None
) -> Iterator[Asked]:
    """What the arguments of a command name, open while the block runs.

    Raises `typer.BadParameter` for a mixture of the two forms, and what opening the place raises.
    """
    from registry.client.opening import open_origin

    place, words = _parted(context, first, second, registry)
    origin = open_origin(place, told=lambda said: output.note(said, style="dim"))
    try:
        yield Asked(origin, None if words is None else address_in(origin, words))
    finally:
        origin.close()


def address_in(origin: Origin, words: str) -> Address:
    """An address as far as a person spells it out: where one commons is, its name may be left out.

    Raises `InvalidNameError`, and `NotHereError` for one name that is none of several commons.
    """
    from policies.names import Address, check_commons_path, check_slug, check_version, parse_address
    from registry.services.origin import NotHereError

    path, at, version = words.partition("@")
    if "/" in path:
        return parse_address(words)
    commons = [known.name for known in origin.commons()]
    if path in commons and not at:
        return Address(commons=check_commons_path(path))
    if len(commons) == 1:
        return Address(
            commons=check_commons_path(commons[0]),
            slug=check_slug(path),
            version=check_version(version) if at else None,
        )
    have = ", ".join(commons[:8])
    remedy = f"There are the commons {have}. A policy is named with its own: {commons[0]}/{path}."
    raise NotHereError(check_slug(path), origin.place, remedy)


def names_registry(context: typer.Context, registry: str | None) -> bool:
    """Whether the command line itself names a registry, and not the environment."""
    source = context.get_parameter_source("registry")
    return registry is not None and (source is None or source.name != "ENVIRONMENT")


def no_registry(context: typer.Context, words: str) -> typer.BadParameter:
    """Why a command that only knows registries cannot begin."""
    return typer.BadParameter(
        f"say where: commons {context.info_name} {words} --registry PLACE, which is a site such as "
        f"http://127.0.0.1:8000, a bundle, or a folder of commons. {VARIABLE} sets it once."
    )


def _parted(
    context: typer.Context, first: str | None, second: str | None, registry: str | None
) -> tuple[str, str | None]:
    """The place and the words about it. A repository that is named wins over the environment."""
    from registry.services.finding import is_repository

    if names_registry(context, registry):
        assert registry is not None
        if second is not None:
            raise _meant(
                context, "with --registry, one address is enough", [_joined(first, second)], registry
            )
        _refuse_url(context, first, registry)
        return registry, first
    if first is not None and _URL.match(first):
        _refuse_url(context, first, None)
    if second is not None:
        assert first is not None
        _refuse_other_places(context, first, second)
        return first, second
    if first is not None and is_repository(Path(first)):
        return first, None
    if registry is not None:
        return registry, first
    if first is not None and (first.endswith(".git") or Path(first).exists()):
        # As a repository it is refused in words, as it always was.
        _refuse_other_places(context, first, None)
        return first, None
    if first is None:
        raise no_registry(context, "ADDRESS")
    raise typer.BadParameter(
        f"no commons is at {first!r}. For a policy of a registry: commons {context.info_name} {first} "
        f"--registry PLACE (or set {VARIABLE}); for one in a repository: commons {context.info_name} "
        "demo.git spam."
    )


def _refuse_url(context: typer.Context, first: str | None, registry: str | None) -> None:
    found = _URL.match(first or "")
    if found is None:
        return
    site, rest = found["site"], found["rest"].strip("/")
    if rest.endswith(".git"):
        raise typer.BadParameter(
            f"{first} is where Git clones a commons. Copy it with `commons clone {first} FOLDER.git`, or "
            f"name the site: --registry {site}."
        )
    words = [rest] if rest and not rest.startswith("api/") else ["ADDRESS"]
    raise _meant(context, "an address on the web is named with --registry", words, registry or site)


def _refuse_other_places(context: typer.Context, first: str, second: str | None) -> None:
    """A bundle or a folder of commons where a repository belongs."""
    from registry.services.finding import is_repository

    path = Path(first)
    if is_repository(path) or not path.exists():
        return
    if path.is_file() or any(below.name.endswith(".git") for below in path.iterdir()):
        words = [second] if second else []
        raise _meant(context, f"{first} is no repository", words, first)


def _meant(context: typer.Context, why: str, words: Sequence[str], registry: str) -> typer.BadParameter:
    line = shlex.join(["commons", context.info_name or "", *words, "--registry", registry])
    return typer.BadParameter(f"{why}: {line}")


def _joined(first: str | None, second: str) -> str:
    return f"{first}/{second}" if first and "/" not in second else second
