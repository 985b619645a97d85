"""What the operator's handlers are given, put together in `app.py`. Touches nothing."""

from __future__ import annotations

from collections.abc import Sequence

from registry.web.metrics import Metrics
from registry.web.settings import Network


class Operating:
    """The figures, and the networks from which they may be read.

    No dataclass: Litestar hands those to msgspec field by field, which knows no networks.
    """

    def __init__(self, metrics: Metrics, metrics_from: Sequence[Network]) -> None:
        self.metrics = metrics
        self.metrics_from = metrics_from
