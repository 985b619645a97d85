"""Every act of the API, asked whatever its document allows and much that it does not, by who may do it."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import nullcontext, suppress
from itertools import product
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable

from registry.accounts.accounts import open_accounts
from registry.accounts.place import PrivatePlace
from registry.accounts.scopes import Scope
from registry.accounts.tokens import create
from registry.services.opening import open_commons
from registry.services.verify import verify
from tests.integration.web.conftest import Serving
from tests.integration.web.test_schemathesis import AS_DECLARED
from tests.support.accounts import CHEAP
from tests.support.hamlet import PEOPLE, Hamlet, hamlet, tokens
from tests.support.people import account_settings
from tests.support.viewers import bearer

SCHEMA = "/api/v1/openapi.json"
# Few in the suite, where seconds count; many where a soak was asked for.
EXAMPLES = 25 if os.environ.get("COMMONS_SOAK") else 6


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Hamlet:
    return hamlet(tmp_path_factory.mktemp("hamlet"))


@pytest.fixture(scope="module")
def secrets(place: Hamlet) -> dict[str, str]:
    """A token of everybody's that may do everything."""
    private = PrivatePlace(path=place.root / "private.db")
    tokens(private)
    accounts = open_accounts(private, cost=CHEAP)
    try:
        return {one: create(accounts, one, "everything", tuple(Scope), days=1).secret for one in PEOPLE}
    finally:
        accounts.close()


@pytest.fixture(scope="module")
def serving(place: Hamlet, secrets: dict[str, str], run_server: Callable[..., Any]) -> Iterator[Serving]:
    assert secrets
    private = PrivatePlace(path=place.root / "private.db")
    with run_server(place.root, accounts=account_settings(private)) as server:
        yield server


def test_every_act_is_answered_as_its_document_says(
    serving: Serving, place: Hamlet, secrets: dict[str, str]
) -> None:
    """No 5xx, and no status, type or shape of an answer that is not declared; the commons stays whole."""
    schema = schemathesis.openapi.from_url(serving.base + SCHEMA)
    operations = [
        found.ok()
        for found in schema.get_all_operations()
        if found.ok().method == "post" and "{commons}" in found.ok().path
    ]
    assert len(operations) > 20
    # Whoever has left may do little.
    operations.sort(key=lambda operation: operation.path.endswith("/departures"))
    given_out: Counter[int] = Counter()
    people, numbers = sorted(secrets), sorted(place.numbers.values())
    for operation, mode in product(operations, schemathesis.GenerationMode):

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(
            case=operation.as_strategy(generation_mode=mode),
            who=st.sampled_from(people),
            commons=st.sampled_from(("roost", "roost", "nest", None)),
            number=st.sampled_from(numbers),
        )
        def ask(case: schemathesis.Case, who: str, commons: str | None, number: int) -> None:
            if commons is not None:
                # Where there is something to be done; what is anywhere else is unknown at once.
                case.path_parameters = {**case.path_parameters, "commons": commons}
                if "number" in case.path_parameters:
                    case.path_parameters["number"] = number
            response = case.call(base_url=serving.base, timeout=30, headers=bearer(secrets[who]))
            given_out[response.status_code] += 1
            case.validate_response(response, checks=AS_DECLARED)

        with suppress(Unsatisfiable) if mode.is_negative else nullcontext():
            ask()
    # Some of what was made up was an act that somebody may do, and much was not.
    assert given_out[201] > 0
    assert given_out[400] + given_out[422] > 0
    for name in ("roost", "nest"):
        with open_commons(serving.root / f"{name}.git") as repository:
            assert verify(repository).failure is None
