from __future__ import annotations

from ipaddress import ip_network

import pytest
import typer

from registry.cli.serve_options import (
    SignUpBy,
    account_settings,
    log_settings,
    network_settings,
    rate_limits,
)
from registry.web.settings import LOOPBACK, AccountSettings, RateLimits, SignUp


def test_rate_limit_is_a_number_or_off() -> None:
    """A number sets all budgets in the usual proportion, and its default is the setting's."""
    assert rate_limits("off") is None
    assert rate_limits("1200") == RateLimits()
    assert rate_limits("3") == RateLimits(reading=3, costly=1, git=1, writing=1)


@pytest.mark.parametrize("stated", ["0", "-1", "1.5", "many", "", "٣", "9999999999"])
def test_other_rate_limits_are_refused(stated: str) -> None:
    """Anything else is wrong usage."""
    with pytest.raises(typer.BadParameter, match="`off`"):
        rate_limits(stated)


def test_networks_are_addresses_or_networks() -> None:
    """An address is a network of one; nobody is believed unless named."""
    assert network_settings(None, None).trusted_proxies == ()
    assert network_settings(None, None).metrics_from == LOOPBACK
    made = network_settings(["10.0.0.2", "fd00::/8"], ["192.0.2.7/24"])
    assert made.trusted_proxies == (ip_network("10.0.0.2/32"), ip_network("fd00::/8"))
    assert made.metrics_from == (ip_network("192.0.2.0/24"),)
    with pytest.raises(typer.BadParameter, match="proxy"):
        network_settings(["proxy.invalid"], None)


@pytest.mark.parametrize(("verbose", "requests"), [(None, True), (True, True), (False, False)])
def test_requests_are_told_where_no_terminal_is(
    verbose: bool | None, requests: bool, capfd: pytest.CaptureFixture[str]
) -> None:
    """In a pipe requests are told unless `--quiet` says otherwise."""
    made = log_settings(verbose=verbose, addresses=False)
    assert (made.requests, made.text, made.addresses) == (requests, False, False)


def test_accounts_are_as_they_are_stated(monkeypatch: pytest.MonkeyPatch) -> None:
    """By default beside the index and for who sits at the machine; the database's password comes apart."""
    usual = account_settings(accounts=True, sign_up=SignUpBy.LOCAL, private_db=None)
    assert usual == AccountSettings()
    monkeypatch.setenv("COMMONS_PRIVATE_DB_PASSWORD", "tulips")
    stated = account_settings(
        accounts=True, sign_up=SignUpBy.INVITATION, private_db="postgresql://commons@db.example/commons"
    )
    assert stated is not None
    assert stated.sign_up is SignUp.INVITATION
    assert stated.place is not None
    assert stated.place.url is not None
    assert stated.place.url.password == "tulips"
    assert "tulips" not in str(stated.place)


def test_site_without_accounts_takes_nothing_about_them() -> None:
    """An option that would have no effect is refused."""
    assert account_settings(accounts=False, sign_up=SignUpBy.LOCAL, private_db=None) is None
    for sign_up, private_db in ((SignUpBy.OPEN, None), (SignUpBy.LOCAL, "private.db")):
        with pytest.raises(typer.BadParameter, match="--no-accounts"):
            account_settings(accounts=False, sign_up=sign_up, private_db=private_db)
    with pytest.raises(typer.BadParameter, match="--no-accounts"):
        account_settings(accounts=False, sign_up=SignUpBy.LOCAL, private_db=None, foundings=3)


def test_operator_says_how_many_commons_an_account_founds() -> None:
    """A number in the place of ours, 0 for none; left out, ours."""
    for said, quota in ((None, 5), (0, 0), (40, 40)):
        stated = account_settings(accounts=True, sign_up=SignUpBy.OPEN, private_db=None, foundings=said)
        assert stated is not None
        assert stated.foundings.quota == quota


def test_who_may_sign_up_is_what_the_site_knows() -> None:
    """The option and the setting name the same."""
    assert [one.value for one in SignUpBy] == [one.value for one in SignUp]
