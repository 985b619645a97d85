from __future__ import annotations

import pytest

from governance.registrar import REGISTRAR
from policies.names import RESERVED
from registry.accounts.errors import HandleRefusedError
from registry.accounts.handles import RESERVED_HANDLES, check_form, check_free, typed


@pytest.mark.parametrize(
    ("text", "read"),
    [("Ana", "ana"), (" ana\n", "ana"), ("ANA-K", "ana-k"), ("ａｎａ", "ａｎａ"), ("Аna", "Аna")],
)
def test_what_is_typed_is_read_as_meant(text: str, read: str) -> None:
    """Capitals and spaces around it; letters that only look alike stay another handle."""
    assert typed(text) == read


@pytest.mark.parametrize("handle", ["ana", "a", "7", "ana-k-2", "x" * 39])
def test_free_handles_are_taken(handle: str) -> None:
    """Pseudonyms of any kind."""
    assert check_free(handle, ("bo",)) == handle


def test_names_of_offices_and_addresses_stay_free() -> None:
    """Whatever is reserved elsewhere is reserved here."""
    assert RESERVED | {REGISTRAR, "admin", "moderator"} <= RESERVED_HANDLES
    for handle in sorted(RESERVED_HANDLES):
        with pytest.raises(HandleRefusedError):
            check_free(handle, ())


def test_whoever_stands_in_a_log_may_have_an_account_under_an_old_rule() -> None:
    """What the commons take as a handle is taken, if an operator says so; the registry's own never is."""
    assert check_form("a--b") == "a--b"
    with pytest.raises(HandleRefusedError):
        check_free("a--b", ())
    with pytest.raises(HandleRefusedError):
        check_form(REGISTRAR)
