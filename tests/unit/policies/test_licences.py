"""SPDX expressions: what they ask, and which fit into which."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.licences import Terms, UnknownLicenceError, conflict, read_licence


@pytest.mark.parametrize(
    ("expression", "terms"),
    [
        ("CC0-1.0", Terms()),
        ("CC-BY-4.0", Terms(attribution=True)),
        ("MIT", Terms(attribution=True)),
        ("CC-BY-SA-4.0", Terms(attribution=True, share_alike=frozenset({"CC-BY-SA"}))),
        ("CC-BY-NC-4.0", Terms(attribution=True, non_commercial=True)),
        (
            "CC-BY-NC-SA-4.0",
            Terms(attribution=True, non_commercial=True, share_alike=frozenset({"CC-BY-NC-SA"})),
        ),
        ("CC-BY-ND-4.0", Terms(attribution=True, no_derivatives=True)),
        ("CC-BY-NC-ND-4.0", Terms(attribution=True, non_commercial=True, no_derivatives=True)),
        ("GPL-3.0-only", Terms(attribution=True, share_alike=frozenset({"GPL"}))),
        ("LicenseRef-Ours", Terms(references=frozenset({"LicenseRef-Ours"}))),
        ("CC-BY-4.0 AND CC0-1.0", Terms(attribution=True)),
        (
            "GPL-2.0-or-later WITH Classpath-exception-2.0",
            Terms(attribution=True, share_alike=frozenset({"GPL"})),
        ),
    ],
)
def test_what_a_licence_asks(expression: str, terms: Terms) -> None:
    """Read off the licence's family; AND asks for both."""
    assert read_licence(expression).alternatives == (terms,)


def test_or_gives_a_choice() -> None:
    """What one of the ways does not ask is not asked."""
    licence = read_licence("CC0-1.0 OR (CC-BY-ND-4.0 AND LicenseRef-Ours)")
    assert len(licence.alternatives) == 2
    assert (licence.attribution, licence.no_derivatives, licence.references) == (False, False, ())
    both = read_licence("CC-BY-ND-4.0 OR CC-BY-NC-ND-4.0")
    assert (both.attribution, both.no_derivatives) == (True, True)
    assert read_licence("LicenseRef-A AND (MIT OR LicenseRef-B)").references == ("LicenseRef-A",)


def test_expressions_are_written_the_spdx_way() -> None:
    """Ids in their own case, old ones as they are called now."""
    assert read_licence(" cc-by-4.0 and mit ").expression == "CC-BY-4.0 AND MIT"
    assert read_licence("GPL-2.0+").expression == "GPL-2.0-or-later"


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("", "it is empty"),
        ("CC-BY-5.0", "'CC-BY-5.0' is not in the SPDX licence list"),
        ("Public domain", "'Public domain' is not in the SPDX licence list"),
        ("MIT AND", "it cannot be parsed"),
        ("()", "it cannot be parsed"),
        ("MIT/Apache-2.0", "characters that SPDX expressions do not use"),
        ("MIT WITH Apache-2.0", "it cannot be parsed"),
        ("MIT\u200b", "characters that SPDX expressions do not use"),
        ("NOASSERTION", "not in the SPDX licence list"),
        ("LicenseRef-", "not in the SPDX licence list"),
        ("MIT AND " * 60 + "MIT", "longer than 300 characters"),
        (" AND ".join(["(MIT OR CC0-1.0)"] * 8), "more than 64 alternatives"),
    ],
)
def test_what_is_no_expression_is_refused_with_the_reason(expression: str, reason: str) -> None:
    """The error carries the expression and says what is wrong with it."""
    with pytest.raises(UnknownLicenceError) as refused:
        read_licence(expression)
    assert reason in refused.value.reason


@given(st.text(alphabet="()+-.:AMITNDORWHCBY40 ", max_size=40) | st.text(max_size=20))
def test_no_text_makes_it_fail_otherwise(text: str) -> None:
    """Any text is read, or refused with the one error."""
    try:
        licence = read_licence(text)
    except UnknownLicenceError:
        return
    assert read_licence(licence.expression) == licence


@pytest.mark.parametrize(
    ("part", "whole", "asked"),
    [
        ("CC-BY-4.0", "CC-BY-4.0", ()),
        ("CC0-1.0", "CC-BY-4.0", ()),
        ("CC-BY-4.0", "CC0-1.0", ("attribution",)),
        ("CC-BY-NC-4.0", "CC-BY-4.0", ("non-commercial use",)),
        ("CC-BY-SA-4.0", "CC-BY-4.0", ("share-alike under CC-BY-SA",)),
        ("CC-BY-NC-SA-4.0", "CC-BY-4.0", ("non-commercial use", "share-alike under CC-BY-NC-SA")),
        ("CC-BY-SA-3.0", "CC-BY-SA-4.0", ()),
        ("LicenseRef-Ours", "CC-BY-4.0", ("the terms of LicenseRef-Ours",)),
        ("CC-BY-4.0", "CC-BY-NC-4.0", ()),
        ("CC-BY-NC-4.0 OR CC-BY-4.0", "CC-BY-4.0", ()),
        ("CC-BY-4.0", "CC-BY-NC-4.0 OR CC0-1.0", ("attribution",)),
        ("CC-BY-SA-4.0", "CC-BY-4.0 AND CC-BY-SA-4.0", ()),
    ],
)
def test_a_part_fits_when_the_whole_says_all_that_it_asks(
    part: str, whole: str, asked: tuple[str, ...]
) -> None:
    """For every choice that the set's licence leaves, and one of the part's own."""
    assert conflict(read_licence(part), read_licence(whole)) == asked
