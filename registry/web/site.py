"""What every handler is given: the library of commons, the templates, the static files, the engines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from litestar import Request, Response
from litestar.datastructures import State

from registry.web.acting import Acting
from registry.web.looking import Looking
from registry.web.news import News
from registry.web.rendered import Rendered, html, respond
from registry.web.static_files import StaticFiles
from registry.web.streams import Streams
from registry.web.templating import Templates
from registry.web.trying import Trying
from registry.web.viewer import Viewer
from registry.web.visit import Library, Visits

Asked = Request[Any, Any, State]

ANSWER_KEY = "registry.answer"
"""The scope's key for the `AnswerKey` of a request; the front puts it there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The parts of one running site, put together in `app.py`, as one viewer sees it (None: anybody)."""

    library: Library
    templates: Templates
    static: StaticFiles
    trying: Trying
    streams: Streams
    news: News
    acting: Acting
    looking: Looking
    viewer: Viewer | None = None

    def seen_by(self, viewer: Viewer | None) -> Site:
        """The site as it is for one viewer."""
        return self if viewer is None else replace(self, viewer=viewer)

    def page(self, request: Asked, make: Callable[[Visits], Rendered]) -> Response[Any]:
        """A page or API answer, kept while nothing that it shows has changed.

        It is found again by its address alone (`AnswerKey`), before any route is asked: `make` may look at
        nothing else of the request, such as its headers, but for who the viewer is. For a viewer it is made
        anew, and kept by nobody: the front gives their requests no key to keep an answer by.
        """
        scope: Mapping[str, Any] = request.scope
        key = scope.get(ANSWER_KEY)
        if key is None:
            return respond(self.library.fresh(make)[1])
        assert self.viewer is None
        return respond(self.library.answer(key, make, scope["path_template"]))

    def html(self, template: str, *, sensitive: bool = False, **values: object) -> Rendered:
        """A rendered template; it is given the viewer."""
        body = self.templates.render(template, viewer=self.viewer, sensitive=sensitive, **values)
        return html(body, sensitive=sensitive)


def commons_name(commons: str) -> str:
    """The name of a commons from its path parameter.

    The front joins the parts of a nested name with colons, so that the router sees one part; no visitor
    can send a colon.
    """
    return commons.replace(":", "/")
