"""What every handler is given: the library of commons, the templates and the static files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from litestar import Request, Response
from litestar.datastructures import State

from registry.web.rendered import Rendered, html, respond
from registry.web.static_files import StaticFiles
from registry.web.templating import Templates
from registry.web.visit import Library, Visits

Asked = Request[Any, Any, State]


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The parts of one running site, put together in `app.py`."""

    library: Library
    templates: Templates
    static: StaticFiles

    def page(self, request: Asked, make: Callable[[Visits], Rendered]) -> Response[Any]:
        """A page or API answer, kept while nothing that it shows has changed.

        The key holds the host: pages print addresses to clone from.
        """
        url = request.url
        key = (str(request.base_url), url.path, url.query)
        return respond(self.library.answer(key, make))

    def html(self, template: str, *, sensitive: bool = False, **values: object) -> Rendered:
        """A rendered template."""
        return html(self.templates.render(template, sensitive=sensitive, **values), sensitive=sensitive)


def commons_name(commons: str) -> str:
    """The name of a commons from its path parameter.

    The front joins the parts of a nested name with colons, so that the router sees one part; no visitor
    can send a colon.
    """
    return commons.replace(":", "/")
