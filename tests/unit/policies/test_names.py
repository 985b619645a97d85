"""Names and addresses."""

from __future__ import annotations

import pytest

from policies.errors import InvalidNameError
from policies.names import (
    RESERVED,
    Address,
    CommonsPath,
    Slug,
    check_commons_path,
    check_slug,
    look_alike_key,
    parse_address,
)

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize("text", ["a", "7", "spam", "hate-speech", "scams-es", "a" * 63, "x-1-y"])
def test_good_slug_is_kept(text: str) -> None:
    """A name of lower-case letters, digits and single hyphens is taken as it is."""
    assert check_slug(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-a",
        "a-",
        "A",
        "a_b",
        "a.b",
        "a/b",
        "a b",
        "a\n",
        "\ta",
        "a" * 64,
        "ä",
        "ѕрам",  # Cyrillic look-alikes
        "a\u200bb",
        "a\u202eb",
        "..",
        "~ana",
        "a@b",
    ],
)
def test_bad_slug_is_refused_with_the_remedy(text: str) -> None:
    """Anything that could differ between file systems, or look like another name, is refused."""
    with pytest.raises(InvalidNameError) as caught:
        check_slug(text)
    assert caught.value.remedy.startswith("Use 1 to 63 lower-case letters")


def test_two_hyphens_in_a_row_are_refused() -> None:
    """A double hyphen, which looks like a single one, is refused with its own reason."""
    with pytest.raises(InvalidNameError) as caught:
        check_slug("hate--speech")
    assert (caught.value.value, caught.value.rule) == ("hate--speech", "holds two hyphens in a row.")


@pytest.mark.parametrize(
    "text", ["git", "api", "new", "admin", "policies", "governance", "con", "nul", "com1", "lpt9", "latest"]
)
def test_reserved_slug_is_refused(text: str) -> None:
    """Names that Windows, the repository layout or the site use for something else are refused."""
    assert text in RESERVED
    with pytest.raises(InvalidNameError, match="reserved"):
        check_slug(text)


def test_long_value_is_cut_in_the_message() -> None:
    """An error message stays readable whatever was sent."""
    with pytest.raises(InvalidNameError) as caught:
        check_slug("A" * 10_000)
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("text", ["roost", "roost/teen-safety", "~ana", "a/b/c/d/e/f/g/h"])
def test_good_commons_path_is_kept(text: str) -> None:
    """A commons may be nested eight deep or be personal."""
    assert check_commons_path(text) == text


@pytest.mark.parametrize("text", ["", "/", "roost/", "/roost", "a//b", "~", "~/a", "a/~b", "a/../b", "a/git"])
def test_bad_commons_path_is_refused(text: str) -> None:
    """Every part of a path is a name of its own."""
    with pytest.raises(InvalidNameError):
        check_commons_path(text)


def test_commons_nested_too_deep_is_refused() -> None:
    """Nine levels are one too many, and the message says how many are allowed."""
    with pytest.raises(InvalidNameError, match="more than 8 deep"):
        check_commons_path("a/b/c/d/e/f/g/h/i")


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("roost", Address(commons=CommonsPath("roost"))),
        ("roost/spam", Address(commons=CommonsPath("roost"), slug=Slug("spam"))),
        ("~ana/spam", Address(commons=CommonsPath("~ana"), slug=Slug("spam"))),
        (
            "roost/teen-safety/spam@1.2.0",
            Address(commons=CommonsPath("roost/teen-safety"), slug=Slug("spam"), version="1.2.0"),
        ),
        ("roost/spam@latest", Address(commons=CommonsPath("roost"), slug=Slug("spam"), version="latest")),
        (f"roost/spam@{COMMIT}", Address(commons=CommonsPath("roost"), slug=Slug("spam"), version=COMMIT)),
    ],
)
def test_address_is_read_and_written_back(text: str, address: Address) -> None:
    """An address reads into its parts and its parts write the address."""
    assert parse_address(text) == address
    assert str(address) == text


@pytest.mark.parametrize(
    "text",
    [
        "roost@1.0.0",
        "roost/spam@",
        "roost/spam@v1.0.0",
        "roost/spam@1.0",
        "roost/spam@1.0.0@2.0.0",
        f"roost/spam@{COMMIT.upper()}",
        f"roost/spam@{COMMIT[:12]}",
        "roost/spam@-x",
        "",
        "@1.0.0",
    ],
)
def test_bad_address_is_refused(text: str) -> None:
    """A version needs a policy, and is a full version, a full commit id or latest."""
    with pytest.raises(InvalidNameError):
        parse_address(text)


@pytest.mark.parametrize(
    ("one", "other"), [("mail", "rnail"), ("go", "g0"), ("hate-speech", "hatespeech"), ("scan1", "scanl")]
)
def test_look_alikes_share_a_key(one: str, other: str) -> None:
    """Two names that a hurried reader mixes up have one key."""
    assert look_alike_key(one) == look_alike_key(other)


def test_different_names_have_different_keys() -> None:
    """The key keeps apart what looks different."""
    slugs = ["spam", "scams", "harassment", "hate-speech", "self-harm", "doxxing", "impersonation"]
    assert len({look_alike_key(slug) for slug in slugs}) == len(slugs)
