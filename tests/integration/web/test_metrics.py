"""What a Prometheus server reads."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import httpx
from prometheus_client.parser import text_string_to_metric_families

from registry.store.process import git_environment, git_path
from registry.web.settings import NetworkSettings, RateLimits
from tests.integration.web.conftest import Serving

Run = Callable[..., Any]
Figures = Mapping[tuple[str, frozenset[tuple[str, str]]], float]


def _figures(client: httpx.Client) -> Figures:
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    families = text_string_to_metric_families(answer.text)
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in families
        for sample in family.samples
    }


def _figure(figures: Figures, name: str, **labels: str) -> float:
    return figures.get((name, frozenset(labels.items())), 0.0)


def _routes(figures: Figures) -> set[str]:
    return {value for _, labels in figures for label, value in labels if label == "route"}


def test_requests_are_counted_by_route(shelf: Path, run_server: Run) -> None:
    """Each request counts once, under its route's template, method and status; answers from memory too."""
    with run_server(shelf) as server, httpx.Client(base_url=server.base) as client:
        page = client.get("/starter/scams")
        client.get("/starter/scams-es")
        for _ in range(3):
            client.get("/starter/scams", headers={"if-none-match": page.headers["etag"]})
        client.head("/starter/scams")
        figures = _figures(client)
    route = "/{commons}/{address}"
    assert _figure(figures, "commons_requests_total", route=route, method="GET", status="2xx") == 2
    assert _figure(figures, "commons_requests_total", route=route, method="GET", status="3xx") == 3
    assert _figure(figures, "commons_requests_total", route=route, method="HEAD", status="2xx") == 1
    assert _figure(figures, "commons_request_seconds_count", route=route) == 6
    assert _figure(figures, "commons_sent_bytes_total", route=route) > len(page.content)
    assert _figure(figures, "commons_cache_lookups_total", cache="answers", result="hit") == 4
    assert _figure(figures, "commons_cache_entries", cache="answers") == 2
    assert _figure(figures, "process_open_fds") > 0


def test_strangers_make_no_new_label(shelf: Path, run_server: Run) -> None:
    """Whatever addresses and methods are tried, the number of routes told stays what it was."""
    with run_server(shelf) as server, httpx.Client(base_url=server.base) as client:
        client.get("/none/at-all/and/further")
        client.request("PROPFIND", "/")
        before = _routes(_figures(client))
        for number in range(30):
            client.get(f"/{number}/b/c/d")
            client.get(f"/%0{number % 10}")
            client.get(f"/api/v1/{number}")
            client.get(f"/{number}.git/{number}")
            client.request(("PROPFIND", "MKCOL", "LOCK")[number % 3], f"/{number}")
        figures = _figures(client)
    assert _routes(figures) <= before | {"/{commons}.git", "/{commons}", "/metrics"}
    methods = {value for _, labels in figures for label, value in labels if label == "method"}
    assert methods <= {"GET", "HEAD", "POST", "OPTIONS", "other"}


def test_git_and_limits_are_told(shelf: Path, run_server: Run, tmp_path: Path) -> None:
    """A clone is counted by what it asked; requests over a budget by the budget."""
    with run_server(shelf, rates=RateLimits(costly=1)) as server:
        command = [git_path(), "clone", "-q", f"{server.base}/starter.git", str(tmp_path / "c")]
        subprocess.run(command, check=True, env=git_environment("http"))
        with httpx.Client(base_url=server.base) as client:
            for _ in range(3):
                client.get("/api/v1/search")
            figures = _figures(client)
    packs = {"route": "/{commons}.git/git-upload-pack", "method": "POST", "status": "2xx"}
    assert _figure(figures, "commons_requests_total", **packs) >= 1
    assert _figure(figures, "commons_git_running", service="clone") == 0
    assert _figure(figures, "commons_rate_limited_total", budget="costly") == 2


def test_two_sites_count_apart(serving: Serving, shelf: Path, run_server: Run) -> None:
    """Two sites in one process share no figure."""
    with run_server(shelf) as server, httpx.Client(base_url=server.base) as client:
        httpx.get(f"{serving.base}/starter/scams")
        assert _figure(_figures(client), "commons_cache_entries", cache="answers") == 0


def test_figures_are_for_the_operator(client: httpx.Client) -> None:
    """This machine may read them; whoever comes through a proxy that nobody named may not."""
    assert client.get("/metrics").status_code == 200
    for header in ("x-forwarded-for", "forwarded", "via", "x-real-ip"):
        assert client.get("/metrics", headers={header: "127.0.0.1"}).status_code == 404


def test_operator_says_who_may_read(shelf: Path, run_server: Run) -> None:
    """The operator says which networks are let in; named proxies are seen through."""
    network = NetworkSettings(
        trusted_proxies=(ip_network("127.0.0.1"),), metrics_from=(ip_network("192.0.2.0/24"),)
    )
    with run_server(shelf, network=network) as server, httpx.Client(base_url=server.base) as client:
        assert client.get("/metrics").status_code == 404
        assert client.get("/metrics", headers={"x-forwarded-for": "192.0.2.7"}).status_code == 200
        assert client.get("/metrics", headers={"x-forwarded-for": "198.51.100.7"}).status_code == 404
