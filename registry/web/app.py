"""The composition root: puts the site together from its settings. Everything is made here, once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from litestar import Litestar, Response, Router
from litestar.di import NamedDependency, Provide
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme
from litestar.types import ASGIApp, Scope

from registry.index.index import Index
from registry.web.acting import Acting
from registry.web.acts import Acts
from registry.web.answered import Listener
from registry.web.answering import see_other
from registry.web.catalogue import Catalogue
from registry.web.clockwork import Clockwork
from registry.web.desk import Desk
from registry.web.desk_door import open_desk
from registry.web.errors import API_PREFIX, ErrorAnswers
from registry.web.front import ASKED, Front
from registry.web.git_http import GitHttp
from registry.web.git_push import GitPush
from registry.web.handlers import (
    account,
    account_delete,
    account_password,
    account_tokens,
    acting_pages,
    api_accounts,
    api_changes,
    api_charter,
    api_commons,
    api_compare,
    api_deciding,
    api_diffs,
    api_founding,
    api_inbox,
    api_membership,
    api_policies,
    api_proposals,
    api_proposing,
    api_runs,
    api_search,
    api_stream,
    api_talking,
    api_try,
    assets,
    badges,
    charter_amend,
    commons,
    compare,
    diff,
    documentation,
    feeds,
    forks,
    found,
    health,
    home,
    inbox,
    machine_files,
    membership_pages,
    person,
    policies,
    proposals,
    reset,
    runs,
    search,
    sign_in,
    sign_up,
    suggest,
    try_it,
)
from registry.web.handlers import metrics as metrics_page
from registry.web.handlers.api_parameters import TOKEN_SCHEME
from registry.web.identifying import Identify, Identifying, nobody, uncounted
from registry.web.limiting import Limiter
from registry.web.metrics import Metrics
from registry.web.news import News
from registry.web.next_page import sign_in_address
from registry.web.operating import Operating
from registry.web.proxies import Proxies
from registry.web.refusals import NoSuchPageError, NotSignedInError
from registry.web.rendered import respond
from registry.web.security import Watch
from registry.web.settings import Settings
from registry.web.site import Asked, Site
from registry.web.static_files import StaticFiles
from registry.web.streams import Streams
from registry.web.tailing import Tailer
from registry.web.templating import Templates
from registry.web.trying import Trying
from registry.web.viewer import Viewer, viewer_of
from registry.web.visit import Library
from registry.web.written import written_of

_ABOUT = (
    "Content-safety policies with their versions, cases and runs. Everything here is also in each commons' "
    "Git repository. Lists come in pages; answers carry an ETag; refusals are problem+json (RFC 9457)."
)

_PAGES = (proposals, search, diff, compare, try_it, feeds, badges, machine_files, metrics_page)
_ACTS = (acting_pages, membership_pages, suggest, forks, found, charter_amend, inbox, person)
_ACCOUNTS = (sign_in, sign_up, reset, account, account_tokens, account_password, account_delete)
_API = (
    api_accounts,
    api_commons,
    api_policies,
    api_proposals,
    api_runs,
    api_compare,
    api_search,
    api_diffs,
    api_try,
    api_changes,
    api_stream,
    api_founding,
    api_charter,
    api_inbox,
    api_membership,
    api_proposing,
    api_talking,
    api_deciding,
)

_SCHEMES = Components(
    security_schemes={
        TOKEN_SCHEME: SecurityScheme(
            type="http", scheme="bearer", description="A token that somebody made on their account's page."
        )
    }
)


def create_app(
    settings: Settings,
    listeners: Sequence[Listener] = (),
    note: Callable[[str], None] = lambda _line: None,
    identify: Identify | None = None,
) -> Litestar:
    """The site as an ASGI application. It holds Git processes until its lifespan ends.

    Each of `listeners` hears of every request that is over, `note` what the operator should know; `identify`
    knows whose a session or a token is, in place of the accounts that the settings name.

    Raises `AccountsError` when those cannot be used.
    """
    watch = Watch()
    desk = open_desk(settings, watch, note) if identify is None else None
    catalogue = Catalogue(settings.roots, open_limit=settings.open_repositories)
    static = StaticFiles()
    templates = Templates(static, sign_in=desk is not None)
    errors = ErrorAnswers(templates)
    index = Index.open(settings.index_path, note=note)
    tailer = Tailer(catalogue, index)
    library = Library(
        catalogue, index, tailer, page_bytes=settings.page_bytes, part_bytes=settings.folder_bytes
    )
    clock = Clockwork(catalogue, note, seconds=settings.clock_seconds) if settings.clock_seconds else None
    trying = Trying(settings.trying, settings.model)
    streams = Streams(tailer, settings.streams)
    acting = Acting(catalogue, settings.acts)
    site = Site(
        library=library,
        templates=templates,
        static=static,
        trying=trying,
        streams=streams,
        news=News(library),
        acting=acting,
    )
    # Whoever cannot say who they are cannot push either.
    push = GitPush(
        catalogue.repository, settings.push, is_open=desk is not None or identify not in (None, nobody)
    )
    git = GitHttp(_locate(catalogue), errors, settings.git, push)
    limiter = Limiter(settings.rates, time.monotonic) if settings.rates else None
    metrics = Metrics(library, {"clone": git.places, "push": push.places}, limiter, streams, watch)
    operating = Operating(metrics=metrics, metrics_from=settings.network.metrics_from)

    def refuse(request: Asked, error: Exception) -> Response[Any]:
        scope: Mapping[str, Any] = request.scope
        path = str(scope.get(ASKED, request.url.path))
        is_page = not path.startswith(API_PREFIX)
        if isinstance(error, NotSignedInError) and is_page and scope["method"] == "GET":
            return see_other(sign_in_address(path, scope["query_string"]))
        status, rendered = errors.answer(error, path, viewer_of(scope), written_of(scope))
        return respond(rendered, status)

    # Litestar gives a dependency what it names: here the ASGI scope of the request.
    def give_site(scope: Scope) -> Site:
        return site.seen_by(viewer_of(scope))

    def give_viewer(scope: Scope) -> Viewer | None:
        return viewer_of(scope)

    def give_desk() -> Desk:
        if desk is None:
            raise NoSuchPageError("Nobody can sign in on this site.", "What is public can be read without.")
        return desk

    def give_acts(
        scope: Scope,
        site: NamedDependency[Site],
        desk: NamedDependency[Desk],
        viewer: NamedDependency[Viewer | None],
    ) -> Acts:
        return Acts(scope, site, desk, viewer)

    @asynccontextmanager
    async def until_the_end(_app: Litestar) -> AsyncIterator[None]:
        tailer.start()
        if clock is not None:
            clock.start()
        if desk is not None:
            await desk.open()
        try:
            yield
        finally:
            if desk is not None:
                await desk.close()
            await asyncio.to_thread(acting.close)
            push.close()
            await trying.close()
            if clock is not None:
                await asyncio.to_thread(clock.stop)
            await asyncio.to_thread(tailer.stop)
            index.close()
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
            *(route for noun in (*_PAGES, *_ACTS, *_ACCOUNTS) for route in noun.ROUTES),
            Router("/api/v1", route_handlers=[route for noun in _API for route in noun.ROUTES]),
        ],
        dependencies={
            "site": Provide(give_site, sync_to_thread=False),
            "viewer": Provide(give_viewer, sync_to_thread=False),
            "desk": Provide(give_desk, sync_to_thread=False),
            "acts": Provide(give_acts, sync_to_thread=False),
            "operating": Provide(lambda: operating, sync_to_thread=False),
        },
        exception_handlers={Exception: refuse},
        lifespan=[until_the_end],
        logging_config=None,
        openapi_config=OpenAPIConfig(
            title="Policy Commons",
            version="1",
            description=_ABOUT,
            path=documentation.SCHEMA_PATH,
            render_plugins=[JsonRenderPlugin(path="/")],
            components=_SCHEMES,
            use_handler_docstrings=True,
        ),
        request_max_body_size=max(settings.requests.body, settings.requests.policies),
    )
    app.state.library = library
    app.state.streams = streams
    front: ASGIApp = Front(
        app.asgi_handler,
        git,
        library,
        errors,
        identifying=Identifying(
            identify or (desk.identify if desk else nobody), desk.draw_write if desk else uncounted, watch
        ),
        limits=settings.requests,
        limiter=limiter,
        listeners=(metrics, *listeners),
    )
    trusted = settings.network.trusted_proxies
    app.asgi_handler = Proxies(front, trusted) if trusted else front
    return app


def _locate(catalogue: Catalogue) -> Any:
    def locate(name: str) -> Path:
        return catalogue.repository(name).path

    return locate
