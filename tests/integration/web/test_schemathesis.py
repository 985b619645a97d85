"""Every address of the API, asked whatever its document allows and much that it does not: never a 5xx."""

from __future__ import annotations

import os
from contextlib import nullcontext, suppress
from itertools import product

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from registry.accounts.scopes import Scope
from tests.integration.web.conftest import Serving
from tests.support.people import Person
from tests.support.viewers import bearer

SCHEMA = "/api/v1/openapi.json"
# Few in the suite, where two seconds count; many where a soak was asked for.
EXAMPLES = 25 if os.environ.get("COMMONS_SOAK") else 8
AS_DECLARED = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
_ENDLESS = "/events"


@pytest.fixture(scope="module")
def operations(serving: Serving) -> list[schemathesis.schemas.APIOperation]:
    """Every operation of the document, but for the streams, whose answers never end."""
    schema = schemathesis.openapi.from_url(serving.base + SCHEMA)
    return [found.ok() for found in schema.get_all_operations() if not found.ok().path.endswith(_ENDLESS)]


def test_nothing_that_is_asked_breaks_the_site(
    serving: Serving, operations: list[schemathesis.schemas.APIOperation]
) -> None:
    """Generated calls, valid and not, by somebody with every scope, are answered as declared: never a 5xx."""
    with Person(serving.base, "fuzzer") as person:
        person.sign_up()
        token = bearer(person.make_token(*Scope))
    assert len(operations) > 15
    for operation, mode in product(operations, schemathesis.GenerationMode):

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case: schemathesis.Case) -> None:
            response = case.call(base_url=serving.base, timeout=30, headers=token)
            case.validate_response(response, checks=AS_DECLARED)

        with suppress(Unsatisfiable) if mode.is_negative else nullcontext():
            # Of an address without parameters nothing invalid can be asked.
            ask()
