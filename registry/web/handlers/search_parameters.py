"""What can be searched for, as the page and the API take it, with what the documentation says of it."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from litestar.di import Provide
from litestar.openapi.spec import Example
from litestar.params import QueryParameter

from registry.web.searching import Search, read_search


def _parameter(description: str, example: str) -> QueryParameter:
    return QueryParameter(description=description, required=False, examples=[Example(value=example)])


Words: TypeAlias = Annotated[
    str | None,
    _parameter(
        "What to look for. Every word must be there, the last one at least as a beginning; what stands in "
        "double quotes must be there as it stands.",
        "unwanted advert",
    ),
]
Status: TypeAlias = Annotated[str | None, _parameter("draft, experimental, stable or deprecated.", "stable")]
Language: TypeAlias = Annotated[str | None, _parameter("Language tag (BCP 47).", "en")]
Label: TypeAlias = Annotated[str | None, _parameter("Code of a label.", "SP2")]
Licence: TypeAlias = Annotated[str | None, _parameter("SPDX expression of the text's licence.", "CC-BY-4.0")]
Commons: TypeAlias = Annotated[str | None, _parameter("Name of a commons.", "starter")]
Tested: TypeAlias = Annotated[
    str | None,
    _parameter("`true`: the latest version was run on gpt-oss-safeguard here; `false`: it was not.", "false"),
]


def asked_search(
    q: Words = None,
    status: Status = None,
    language: Language = None,
    label: Label = None,
    licence: Licence = None,
    commons: Commons = None,
    tested: Tested = None,
) -> Search:
    """What an address asks for."""
    filters = {
        "status": status,
        "language": language,
        "label": label,
        "licence": licence,
        "commons": commons,
        "tested": tested,
    }
    return read_search(q, filters)


SEARCH = {"search": Provide(asked_search, sync_to_thread=False)}
"""The dependency of a route that searches."""
