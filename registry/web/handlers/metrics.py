"""What a Prometheus server reads, for those whom the operator lets."""

from __future__ import annotations

from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from registry.web.operating import Operating
from registry.web.refusals import NoSuchPageError
from registry.web.site import Asked
from registry.web.visitors import is_from


@get("/metrics", sync_to_thread=True, include_in_schema=False)
def show_metrics(request: Asked, operating: NamedDependency[Operating]) -> Response[Any]:
    """Figures of this process. To anybody else there is no such address."""
    if not is_from(request.scope, operating.metrics_from):
        raise NoSuchPageError
    return Response(
        operating.metrics.text(), media_type=CONTENT_TYPE_LATEST, headers={"cache-control": "no-store"}
    )


ROUTES: list[Any] = [show_metrics]
