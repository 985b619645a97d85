"""The composition root: puts the site together from its settings. Everything is made here, once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from litestar import Litestar, Response, Router
from litestar.di import Provide
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin

from registry.web.catalogue import Catalogue
from registry.web.errors import ErrorAnswers
from registry.web.front import ASKED, Front
from registry.web.git_http import GitHttp
from registry.web.handlers import (
    api_changes,
    api_commons,
    api_diffs,
    api_policies,
    api_runs,
    api_search,
    api_stream,
    api_try,
    assets,
    badges,
    charts,
    commons,
    diff,
    documentation,
    feeds,
    health,
    home,
    machine_files,
    metrics,
    policies,
    runs,
    search,
    try_it,
)
from registry.web.rendered import respond
from registry.web.settings import Settings
from registry.web.site import Asked, Site
from registry.web.static_files import StaticFiles
from registry.web.templating import Templates
from registry.web.visit import Library

_ABOUT = (
    "Content-safety policies with their versions, cases and runs. Everything here is also in each commons' "
    "Git repository. Lists come in pages; answers carry an ETag; refusals are problem+json (RFC 9457)."
)

_PAGES = (search, diff, charts, try_it, feeds, badges, machine_files, metrics)
_API = (
    api_commons,
    api_policies,
    api_runs,
    api_search,
    api_diffs,
    api_try,
    api_changes,
    api_stream,
)


def create_app(settings: Settings) -> Litestar:
    """The site as an ASGI application. It holds Git processes until its lifespan ends."""
    catalogue = Catalogue(settings.roots, open_limit=settings.open_repositories)
    static = StaticFiles()
    templates = Templates(static)
    errors = ErrorAnswers(templates)
    library = Library(catalogue, page_bytes=settings.page_bytes, part_bytes=settings.folder_bytes)
    site = Site(library=library, templates=templates, static=static)
    git = GitHttp(_locate(catalogue), errors, settings.git)

    def refuse(request: Asked, error: Exception) -> Response[Any]:
        status, rendered = errors.answer(error, str(request.scope.get(ASKED, request.url.path)))
        return respond(rendered, status)

    @asynccontextmanager
    async def until_the_end(_app: Litestar) -> AsyncIterator[None]:
        try:
            yield
        finally:
            catalogue.close()

    app = Litestar(
        route_handlers=[
            home.home,
            commons.commons_page,
            commons.log_minutes,
            policies.policy_page,
            policies.cases_page,
            runs.run_page,
            assets.asset,
            health.healthz,
            health.readyz,
            documentation.documentation,
            *(route for noun in _PAGES for route in noun.ROUTES),
            Router("/api/v1", route_handlers=[route for noun in _API for route in noun.ROUTES]),
        ],
        dependencies={"site": Provide(lambda: site, sync_to_thread=False)},
        exception_handlers={Exception: refuse},
        lifespan=[until_the_end],
        logging_config=None,
        openapi_config=OpenAPIConfig(
            title="Policy Commons",
            version="1",
            description=_ABOUT,
            path=documentation.SCHEMA_PATH,
            render_plugins=[JsonRenderPlugin(path="/")],
            use_handler_docstrings=True,
        ),
        request_max_body_size=settings.requests.body,
    )
    app.state.library = library
    app.asgi_handler = Front(app.asgi_handler, git, catalogue, errors, settings.requests)
    return app


def _locate(catalogue: Catalogue) -> Any:
    def locate(name: str) -> Path:
        return catalogue.repository(name).path

    return locate
