"""Version numbers."""

from __future__ import annotations

import pytest

from policies.errors import InvalidNameError
from policies.versions import Change, next_version, parse_version


def test_version_is_read_into_its_numbers() -> None:
    """A version has three numbers and may announce a release."""
    version = parse_version("1.10.0-rc.1")
    assert (version.major, version.minor, version.patch, version.prerelease) == (1, 10, 0, "rc.1")


def test_versions_order_by_number() -> None:
    """1.10.0 follows 1.9.0, as numbers and not as text."""
    assert parse_version("1.10.0") > parse_version("1.9.0")


@pytest.mark.parametrize(
    "text", ["", "1", "1.0", "v1.0.0", "1.0.0.0", "01.0.0", "1.0.0\n", " 1.0.0", "١.0.0"]
)
def test_what_is_no_version_is_refused_with_a_form(text: str) -> None:
    """The refusal shows the form to write."""
    with pytest.raises(InvalidNameError) as caught:
        parse_version(text)
    assert "1.2.0" in caught.value.remedy


def test_build_metadata_is_refused_with_the_version_without_it() -> None:
    """Versions that differ in build metadata only have no order, so they are not taken."""
    with pytest.raises(InvalidNameError) as caught:
        parse_version("1.2.0+linux")
    assert caught.value.remedy == "Write 1.2.0."


def test_endless_version_is_refused_before_it_is_read() -> None:
    """A version of a million digits costs nothing."""
    with pytest.raises(InvalidNameError, match="too long"):
        parse_version("1." + "9" * 1_000_000 + ".0")


@pytest.mark.parametrize(
    ("current", "change", "following"),
    [
        (None, Change.MAJOR, "1.0.0"),
        (None, Change.MINOR, "0.1.0"),
        (None, Change.PATCH, "0.1.0"),
        ("1.2.3", Change.MAJOR, "2.0.0"),
        ("1.2.3", Change.MINOR, "1.3.0"),
        ("1.2.3", Change.PATCH, "1.2.4"),
        ("0.1.0", Change.MAJOR, "1.0.0"),
        ("2.0.0-rc.1", Change.PATCH, "2.0.0"),
    ],
)
def test_next_version_follows_the_declared_change(
    current: str | None, change: Change, following: str
) -> None:
    """The declared change decides which number rises; a pre-release leads to its release."""
    assert next_version(current, change) == following


def test_next_version_of_a_broken_number_is_refused() -> None:
    """A number that cannot be read cannot be followed."""
    with pytest.raises(InvalidNameError):
        next_version("one", Change.MINOR)


def test_changes_have_an_order() -> None:
    """Major outweighs minor, minor outweighs patch."""
    assert sorted(Change, key=lambda change: change.weight) == [Change.PATCH, Change.MINOR, Change.MAJOR]
