from __future__ import annotations

from typing import Any

import httpx


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
    """Every route of the document answers for something that is there."""
    schema = client.get("/api/v1/openapi.json").json()
    run, other = (item["key"] for item in client.get("/api/v1/commons/starter/runs").json()["items"])
    chosen = {"commons": "starter", "slug": "scams", "version": "latest", "file": "policy.md", "key": run}
    asked = {"old": other, "new": run}
    for path, item in schema["paths"].items():
        for method, operation in item.items():
            body = _example_body(schema, operation)
            needs = [one["name"] for one in operation.get("parameters", ()) if one["in"] == "query"]
            params = {name: asked[name] for name in needs if name in asked}
            # A stream of events answers too, but never ends.
            with client.stream(method, path.format(**chosen), json=body, params=params) as answer:
                assert answer.status_code == 200, path


def _example_body(schema: dict[str, Any], operation: dict[str, Any]) -> dict[str, Any] | None:
    """A body of the examples of its required fields, as the documentation page shows it."""
    if "requestBody" not in operation:
        return None
    reference = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    shape = schema["components"]["schemas"][reference.rpartition("/")[2]]
    return {name: shape["properties"][name]["examples"][0] for name in shape["required"]}
