"""Where a command about a commons acts: in a repository on this machine, or on a site. Touches nothing.

Both take the same acts, and what an act left is said in the same words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, Protocol, TypeAlias

import typer

if TYPE_CHECKING:
    from policies.findings import Finding
    from registry.cli.console import Output

CommonsPlace: TypeAlias = Annotated[
    str,
    typer.Argument(
        metavar="REPOSITORY",
        help="The commons: a folder such as demo.git, or on a site its address, with COMMONS_TOKEN.",
        show_default=False,
    ),
]


class Receipt(NamedTuple):
    """Where an act stands: its event's number and SHA-256, and the log's commit with it.

    `sealed` says of a ballot whether it can be read only after the close; None of every other act.
    """

    seq: int
    digest: str
    commit: str
    sealed: bool | None


class Left(NamedTuple):
    """How a proposal stands, after an act with a `receipt`. `due` is in seconds since 1970."""

    number: int
    stage: str
    content: str
    due: int | None
    findings: tuple[Finding, ...]
    receipt: Receipt | None


class Standing(NamedTuple):
    """Whether somebody belongs after an act about them."""

    is_member: bool


class Emergency(NamedTuple):
    """How far an emergency about a release is. `until` is in seconds since 1970, None for good."""

    withdrawn: bool
    callers: tuple[str, ...]
    needed: int
    until: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One act, for both.

    `here` is the service that carries it out, called with the repository, `actor` and `signer`. A site is
    sent `body` at `path`, which begins below the proposal for an act on one, and else below the commons.
    """

    path: str
    here: Callable[..., Any]
    body: Mapping[str, Any] = field(default_factory=dict)


class Seat(Protocol):
    """A commons, with somebody who acts in it."""

    @property
    def actor(self) -> str:
        """Who acts."""
        ...

    @property
    def commons(self) -> str:
        """The commons' name."""
        ...

    def on(self, number: int, act: Act) -> Left:
        """Carries out an act on a proposal."""
        ...

    def opening(self, act: Act) -> Left:
        """Carries out one that opens a proposal."""
        ...

    def about(self, member: str, act: Act) -> Standing:
        """Carries out one about who belongs."""
        ...

    def calling(self, release: str, act: Act) -> Emergency:
        """Carries out one that calls an emergency about a release, such as `spam@1.2.0`."""
        ...

    def vote(self, number: int, choice: str) -> Left:
        """Casts a ballot."""
        ...

    def reading_on(self, number: int) -> str:
        """Where a proposal can be read about."""
        ...


@contextmanager
def seated(place: str, handle: str | None, sign: Path | None, output: Output) -> Iterator[Seat]:
    """The commons at a place, open while the block runs, and who acts there.

    In a repository that is `handle`, else the founder; on a site whoever the token is of. Raises what opening
    the place raises, and `InputRefusedError` for a handle that the token is not of.
    """
    from registry.cli.signing_options import signer_of
    from registry.client.site_address import is_site_address

    if is_site_address(place):
        from registry.cli.seat_there import SiteSeat, acts_at

        with acts_at(place, output) as acts:
            yield SiteSeat(acts, handle, signer_of(sign))
        return
    from registry.cli.opening import acting, opened
    from registry.cli.seat_here import RepositorySeat

    with opened(Path(place)) as commons:
        yield RepositorySeat(commons, acting(commons, handle), signer_of(sign))
