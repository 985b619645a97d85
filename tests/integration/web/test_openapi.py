from __future__ import annotations

from typing import Any

import httpx

from registry.accounts.scopes import Scope
from tests.integration.web.test_authorisation import ACTS, READS
from tests.support.people import Person
from tests.support.viewers import bearer


def test_documentation_names_every_route_and_parameter(client: httpx.Client) -> None:
    """The documentation page holds every route and parameter of the OpenAPI document."""
    schema = client.get("/api/v1/openapi.json").json()
    text = client.get("/api/v1/docs").text
    assert len(schema["paths"]) >= 13
    for path, item in schema["paths"].items():
        assert f"<code>{path}</code>" in text
        for operation in item.values():
            assert operation["summary"]
            assert operation["description"]
            for parameter in operation.get("parameters", ()):
                assert parameter["description"], (path, parameter["name"])


def test_document_has_examples(client: httpx.Client) -> None:
    """Path parameters and the fields of every answer that need one carry an example."""
    schema = client.get("/api/v1/openapi.json").json()
    for path, item in schema["paths"].items():
        for operation in item.values():
            for parameter in operation.get("parameters", ()):
                if parameter["in"] == "path":
                    assert parameter["examples"], (path, parameter["name"])
    shapes = schema["components"]["schemas"]
    assert shapes["PolicySummary"]["properties"]["address"]["examples"] == ["starter/spam"]
    assert shapes["Problem"]["properties"]["status"]["examples"] == [404]


def test_documented_examples_work(client: httpx.Client) -> None:
    """Every route of the document answers for something that is there, with a token where it takes one.

    Those of acts do where the act is somebody's to do: `test_authorisation.py` sends them.
    """
    with Person(str(client.base_url), "documented") as person:
        person.sign_up()
        headers = bearer(person.make_token(*Scope))
        spare = bearer(person.make_token("read"))
    token = client.get("/api/v1/viewer", headers=spare).json()["token"]
    schema = client.get("/api/v1/openapi.json").json()
    run, other = (item["key"] for item in client.get("/api/v1/commons/starter/runs").json()["items"])
    chosen = {"commons": "starter", "slug": "scams", "version": "latest", "file": "policy.md", "key": run}
    chosen["token"] = token
    asked = {"old": other, "new": run}
    for path, item in schema["paths"].items():
        for method, operation in item.items():
            if (method == "post" and path in ACTS) or path in READS:
                continue
            body = _example_body(schema, operation)
            needs = [one["name"] for one in operation.get("parameters", ()) if one["in"] == "query"]
            params = {name: asked[name] for name in needs if name in asked}
            asked_by = headers if operation.get("security") else {}
            expected = next(int(status) for status in operation["responses"] if status[0] == "2")
            # Only the nested commons has a proposal.
            nested = {"commons": "starter/teens", "number": "1", "span": "1..1"}
            where = nested if "{number}" in path else chosen
            path_to = path.format(**where)
            # A stream of events answers too, but never ends.
            with client.stream(method, path_to, json=body, params=params, headers=asked_by) as answer:
                assert answer.status_code == expected, path
    assert client.get("/api/v1/viewer", headers=spare).status_code == 401


def test_routes_that_take_a_token_say_so(client: httpx.Client) -> None:
    """In the document and on its page, with how it is sent; all others answer without."""
    schema = client.get("/api/v1/openapi.json").json()
    stated = schema["components"]["securitySchemes"]["token"]
    assert (stated["type"], stated["scheme"]) == ("http", "bearer")
    secured = {path for path, item in schema["paths"].items() for one in item.values() if "security" in one}
    accounts = {"/api/v1/viewer", "/api/v1/viewer/inbox", "/api/v1/tokens", "/api/v1/tokens/{token}"}
    assert secured == {"/api/v1/commons", *accounts, *ACTS, *READS}
    assert "Authorization: Bearer $TOKEN" in client.get("/api/v1/docs").text


def _example_body(schema: dict[str, Any], operation: dict[str, Any]) -> dict[str, Any] | None:
    """A body of the examples of its required fields, as the documentation page shows it."""
    if "requestBody" not in operation:
        return None
    reference = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    shape = schema["components"]["schemas"][reference.rpartition("/")[2]]
    return {name: shape["properties"][name]["examples"][0] for name in shape["required"]}
