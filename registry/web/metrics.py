"""What a Prometheus server reads: requests, git, caches, limits, the process. Registers nowhere but here.

Every label has a bounded set of values: routes are templates, and what no route answered is one of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from prometheus_client import CollectorRegistry, Counter, GCCollector, Histogram, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector

from registry.web.answered import Answered
from registry.web.git_places import Places
from registry.web.limiting import Limiter
from registry.web.security import Watch
from registry.web.streams import Streams
from registry.web.visit import Library

UNKNOWN = "none"
"""The route of what no route answered, and the status of what nobody waited for."""

_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
_BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0)


class _Of(NamedTuple):
    """The counters of one kind of request: found once, since a look-up costs more than the counting."""

    requests: Counter
    seconds: Histogram
    sent: Counter


class Metrics:
    """Listens to every request that is over; `text` is what is exposed."""

    def __init__(
        self,
        library: Library,
        places: Mapping[str, Places],
        limiter: Limiter | None,
        streams: Streams,
        watch: Watch | None = None,
    ) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "commons_requests",
            "Requests that are over.",
            ("route", "method", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "commons_request_seconds",
            "From a request's head to the last byte of its answer.",
            ("route",),
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self._sent = Counter("commons_sent_bytes", "Bytes of bodies.", ("route",), registry=self._registry)
        self._known: dict[tuple[str, str, int], _Of] = {}
        self._registry.register(_State(library, places, limiter, streams, watch or Watch()))
        ProcessCollector(registry=self._registry)
        GCCollector(registry=self._registry)

    def __call__(self, answered: Answered) -> None:
        """Counts one request."""
        method = answered.method if answered.method in _METHODS else "other"
        key = (answered.route, method, answered.status // 100)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._of(*key)
        known.requests.inc()
        known.seconds.observe(answered.seconds)
        known.sent.inc(answered.sent)

    def text(self) -> bytes:
        """Everything, in Prometheus' text format."""
        return generate_latest(self._registry)

    def _of(self, template: str, method: str, hundreds: int) -> _Of:
        route = template or UNKNOWN
        status = f"{hundreds}xx" if hundreds else UNKNOWN
        return _Of(
            self._requests.labels(route, method, status),
            self._seconds.labels(route),
            self._sent.labels(route),
        )


class _State(Collector):
    """What stands in the parts of the site, read when somebody asks."""

    def __init__(
        self,
        library: Library,
        places: Mapping[str, Places],
        limiter: Limiter | None,
        streams: Streams,
        watch: Watch,
    ) -> None:
        self._watch = watch
        self._library = library
        self._places = places
        self._limiter = limiter
        self._streams = streams

    def collect(self) -> Iterator[Metric]:
        running = GaugeMetricFamily("commons_git_running", "Git services at work.", labels=["service"])
        refused = CounterMetricFamily(
            "commons_git_refused", "Git requests that found no place.", labels=["service", "reason"]
        )
        for service, places in self._places.items():
            running.add_metric([service], places.running)
            for reason, count in places.refused.items():
                refused.add_metric([service, reason], count)
        yield from (running, refused)
        yield GaugeMetricFamily("commons_streams", "Event streams that are open.", value=self._streams.open)
        limited = CounterMetricFamily(
            "commons_rate_limited", "Requests over a visitor's budget.", labels=["budget"]
        )
        for budget, count in self._limiter.refused.items() if self._limiter else ():
            limited.add_metric([budget], count)
        yield limited
        acts = CounterMetricFamily(
            "commons_account_acts", "What was done with accounts, or tried.", labels=["act", "result"]
        )
        for (act, result), count in self._watch.counts.items():
            acts.add_metric([act, result], count)
        yield acts
        yield from self._caches()
        catalogue = self._library.catalogue
        yield GaugeMetricFamily("commons_served", "Commons served.", value=len(catalogue.names))
        yield GaugeMetricFamily(
            "commons_unreadable", "Repositories that cannot be opened.", value=len(catalogue.troubles)
        )
        behind = [
            name for name in catalogue.names if self._library.index.reached(name) != catalogue.head(name)
        ]
        yield GaugeMetricFamily(
            "commons_index_behind", "Commons whose log is ahead of the index.", value=len(behind)
        )
        yield GaugeMetricFamily(
            "commons_index_serial",
            "Grows with whatever the index takes in.",
            value=self._library.index.serial,
        )
        yield GaugeMetricFamily(
            "commons_open_repositories", "Commons whose files are open.", value=catalogue.opened
        )

    def _caches(self) -> Iterator[Metric]:
        asked = CounterMetricFamily(
            "commons_cache_lookups", "Look-ups in memory.", labels=["cache", "result"]
        )
        entries = GaugeMetricFamily("commons_cache_entries", "Entries in memory.", labels=["cache"])
        weight = GaugeMetricFamily("commons_cache_bytes", "What entries weigh.", labels=["cache"])
        for name, use in self._library.use.items():
            asked.add_metric([name, "hit"], use.hits)
            asked.add_metric([name, "miss"], use.misses)
            entries.add_metric([name], use.entries)
            weight.add_metric([name], use.weight)
        yield from (asked, entries, weight)
