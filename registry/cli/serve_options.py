"""Options of `commons serve` about visitors: how much they may ask, who they are, what is noted of them."""

from __future__ import annotations

import ipaddress
import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from registry.cli.account_options import stated_place

if TYPE_CHECKING:
    from registry.web.settings import AccountSettings, LogSettings, Network, NetworkSettings, RateLimits

OFF = "off"


class SignUpBy(StrEnum):
    """Who may make an account for themselves, as `registry.web.settings.SignUp` has it."""

    LOCAL = "local"
    OPEN = "open"
    INVITATION = "invitation"
    CLOSED = "closed"


SignUpOption = Annotated[
    SignUpBy,
    typer.Option(
        "--sign-up",
        help="Who may make an account: everybody (open), who has a link of `commons account invite` "
        "(invitation), nobody (closed), or who has a link or sits at this machine (local).",
    ),
]
FoundingsOption = Annotated[
    int | None,
    typer.Option(
        "--foundings",
        metavar="N",
        min=0,
        max=10_000,
        help="Commons that an account may found a day, 5 when left out; with 0 only the operator founds any.",
    ),
]
Accounts = Annotated[
    bool,
    typer.Option("--accounts/--no-accounts", help="Whether anybody can sign in, or the site is read only."),
]

RateLimit = Annotated[
    str,
    typer.Option(
        metavar="N|off",
        help="Requests a minute that one address may make; a fifth of it searches, diffs and tries, "
        "a tenth of it git.",
    ),
]
TrustedProxy = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NETWORK",
        help="A proxy before this server, as an address or network; its X-Forwarded-For is believed. "
        "May be repeated.",
    ),
]
MetricsFrom = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NETWORK", help="Who may read /metrics; this machine when left out. May be repeated."
    ),
]
Verbose = Annotated[
    bool | None,
    typer.Option(
        "--verbose/--quiet",
        help="Tell each request on standard error; when left out, only where that is no terminal.",
    ),
]
LogAddresses = Annotated[
    bool,
    typer.Option("--log-addresses", help="Tell visitors' addresses too, which are personal data."),
]


def rate_limits(stated: str) -> RateLimits | None:
    """The limits that `--rate-limit` means; None for `off`."""
    from registry.web.settings import RateLimits

    if stated == OFF:
        return None
    if not (stated.isascii() and stated.isdecimal() and 1 <= int(stated) <= 1_000_000_000):
        raise typer.BadParameter(f"{stated} is neither a number of requests a minute nor `off`.")
    return RateLimits.of(int(stated))


def network_settings(proxies: list[str] | None, metrics_from: list[str] | None) -> NetworkSettings:
    """Whom to believe and whom to tell."""
    from registry.web.settings import LOOPBACK, NetworkSettings

    return NetworkSettings(
        trusted_proxies=tuple(map(_network, proxies or ())),
        metrics_from=tuple(map(_network, metrics_from)) if metrics_from else LOOPBACK,
    )


def log_settings(*, verbose: bool | None, addresses: bool) -> LogSettings:
    """What to note, and for whom to write it."""
    from registry.web.settings import LogSettings

    terminal = sys.stderr.isatty()
    requests = not terminal if verbose is None else verbose
    return LogSettings(requests=requests, addresses=addresses, text=terminal)


def account_settings(
    *, accounts: bool, sign_up: SignUpBy, private_db: str | None, foundings: int | None = None
) -> AccountSettings | None:
    """Where accounts are, who may make one and how many commons each founds; None where nobody signs in."""
    from registry.web.settings import FOUNDINGS, AccountSettings, SignUp

    if not accounts:
        if private_db is not None or foundings is not None or sign_up is not SignUpBy.LOCAL:
            raise typer.BadParameter("--no-accounts goes with none of --private-db, --sign-up, --foundings.")
        return None
    return AccountSettings(
        place=stated_place(private_db),
        sign_up=SignUp(sign_up.value),
        foundings=FOUNDINGS if foundings is None else FOUNDINGS._replace(quota=foundings),
    )


def _network(stated: str) -> Network:
    try:
        return ipaddress.ip_network(stated, strict=False)
    except ValueError:
        raise typer.BadParameter(f"{stated} is no address or network, such as 10.0.0.0/8.") from None
