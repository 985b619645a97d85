"""The API's documentation, rendered here: no script, no other host."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from litestar import Response, get
from litestar.di import NamedDependency

from registry.web.kinds import KINDS
from registry.web.rendered import respond
from registry.web.shapes.base import SHOWN
from registry.web.site import Asked, Site

SCHEMA_PATH = "/api/v1/openapi.json"
PAGE_PATH = "/api/v1/docs"


class _Parameter(NamedTuple):
    name: str
    place: str
    required: bool
    description: str


class _Operation(NamedTuple):
    method: str
    path: str
    example: str
    body: str | None
    summary: str
    description: str
    parameters: tuple[_Parameter, ...]
    answer: str | None
    paged: bool
    secured: bool


@get(PAGE_PATH, sync_to_thread=True, include_in_schema=False)
def documentation(request: Asked, site: NamedDependency[Site]) -> Response[Any]:
    """Every route, its parameters and its refusals, out of the OpenAPI document itself."""
    schema: dict[str, Any] = request.app.openapi_schema.to_schema()
    groups: dict[str, list[_Operation]] = {}
    for tag, operation in _operations(schema):
        groups.setdefault(tag, []).append(operation)
    kinds = {kind.id: kind for _, kind in KINDS if not kind.id.startswith("git-")}
    return respond(
        site.html(
            "documentation.html",
            groups=groups,
            kinds=list(kinds.values()),
            schema_path=SCHEMA_PATH,
            base=str(request.base_url).rstrip("/"),
        )
    )


def _operations(schema: dict[str, Any]) -> Iterator[tuple[str, _Operation]]:
    for path, item in schema["paths"].items():
        for verb, method in item.items():
            parameters = tuple(
                _Parameter(
                    stated["name"], stated["in"], stated.get("required", False), stated.get("description", "")
                )
                for stated in method.get("parameters", ())
            )
            yield (
                method["tags"][0],
                _Operation(
                    method=verb.upper(),
                    path=path,
                    body=_body(schema, method),
                    example=_example(path, method.get("parameters", ())),
                    summary=method.get("summary", ""),
                    description=method.get("description", ""),
                    parameters=parameters,
                    answer=_answer(method).strip("_").rpartition("_")[2].rpartition(".")[2] or None,
                    paged=_answer(method).startswith("Page_"),
                    secured=bool(method.get("security")),
                ),
            )


def _body(schema: dict[str, Any], method: dict[str, Any]) -> str | None:
    """A body to send, of the examples of what is required or marked; None for what takes none."""
    content = method.get("requestBody", {}).get("content", {}).get("application/json")
    if content is None:
        return None
    shape = schema["components"]["schemas"][content["schema"]["$ref"].rpartition("/")[2]]
    fields: dict[str, dict[str, Any]] = shape["properties"]
    shown = [name for name in fields if name in shape.get("required", ()) or fields[name].get(SHOWN)]
    return json.dumps({name: fields[name]["examples"][0] for name in shown})


def _example(path: str, parameters: list[dict[str, Any]]) -> str:
    for stated in parameters:
        examples = stated.get("examples") or {}
        value = next((given.get("value") for given in examples.values()), None)
        if stated["in"] == "path" and value is not None:
            path = path.replace("{" + stated["name"] + "}", str(value))
    return path


def _answer(method: dict[str, Any]) -> str:
    """The name of what a route gives, in the document's own terms; `Page_X_` for pages of X."""
    gives = next(given for status, given in method["responses"].items() if status.startswith("2"))
    content: dict[str, dict[str, Any]] = gives.get("content", {})
    reference = "".join(str(given["schema"].get("$ref", "")) for given in content.values())
    return reference.rpartition("/")[2]
