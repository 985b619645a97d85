from __future__ import annotations

import http.client
from urllib.parse import urlsplit

import httpx
import pytest


def _raw(base: str, target: str, method: str = "GET") -> tuple[int, dict[str, str], bytes]:
    """Asks for exactly these bytes: a client would tidy the path."""
    connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=20)
    try:
        connection.putrequest(method, target, skip_accept_encoding=True)
        connection.endheaders()
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


@pytest.mark.parametrize(
    "target",
    [
        "/../../etc/passwd",
        "/starter/../../etc/passwd",
        "/starter/%2e%2e/%2e%2e/etc/passwd",
        "/starter/%252e%252e/etc/passwd",
        "/static/..%2f..%2fapp.py",
        "/static/%2e%2e/app.py",
        "/static/%5c..%5capp.py",
        "/starter.git/../../etc/passwd",
        "/starter.git/objects/../config",
        "/starter%00",
        "/starter/scams%00.md",
        "/starter/scams%0d%0aset-cookie:x",
        "//example.org/",
        "//example.org//",
        "/starter//scams",
        "/./starter",
        "/starter/sc%C3%A4ms",
        "/starter/%F0%9F%92%A9",
        "/starter/%ff%fe",
        "/starter/%E2%80%AEsmacs",
        "/starter/scams;x=1",
        "/starter:teens",
        "/api/v1/commons/starter:teens",
        "/api/v1/commons/starter/policies/scams/versions/latest/files/..%2fcases.jsonl",
        "/api/v1/commons/starter/policies/scams/versions/latest/files/%2e%2e",
    ],
)
def test_hostile_address_is_not_found(serving: object, client: httpx.Client, target: str) -> None:
    """Traversal, NUL, double encoding and foreign characters are a plain 404 and nothing else."""
    status, headers, body = _raw(str(client.base_url), target)
    assert status == 404, (target, body[:200])
    assert "location" not in headers
    assert b"root:" not in body


def test_trailing_slash_leads_to_the_address_without(client: httpx.Client) -> None:
    """An address with a slash behind it is redirected for good, its query kept."""
    status, headers, _ = _raw(str(client.base_url), "/starter/scams/?a=b")
    assert (status, headers["location"]) == (308, "/starter/scams?a=b")


def test_long_addresses_are_refused(client: httpx.Client) -> None:
    """A path or query longer than any address here is a 414."""
    assert client.get("/" + "a" * 2_000).status_code == 414
    assert client.get("/", params={"q": "a" * 3_000}).status_code == 414


def test_security_headers_are_everywhere(client: httpx.Client) -> None:
    """Pages, JSON, errors, redirects and git answers all carry the security headers."""
    for path in (
        "/",
        "/api/v1/commons",
        "/nothing",
        "/starter/",
        "/starter.git/HEAD",
        "/static/style.css",
        "/healthz",
    ):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["referrer-policy"] == "same-origin", path
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy, path
        assert "frame-ancestors 'none'" in policy, path
        assert "unsafe" not in policy, path
        assert "server" not in headers, path


def test_errors_are_not_kept(client: httpx.Client) -> None:
    """No cache keeps a refusal."""
    assert client.get("/nothing").headers["cache-control"] == "no-store"


def test_health_and_readiness(client: httpx.Client) -> None:
    """The process says that it lives and that every commons can be read."""
    assert client.get("/healthz").text == "ok\n"
    assert client.get("/readyz").text == "ready\n"


def test_stylesheet_is_kept_for_good_under_its_digest(client: httpx.Client) -> None:
    """The address that pages use carries a digest, and is immutable only with the right one."""
    page = client.get("/").text
    address = page.split('rel="stylesheet" href="')[1].split('"')[0]
    assert "immutable" in client.get(address).headers["cache-control"]
    assert client.get("/static/style.css?v=0").headers["cache-control"] == "no-cache"
    assert client.get("/static/none.css").status_code == 404


@pytest.mark.parametrize("path", ["/", "/feed.json", "/starter/scams", "/sitemap.xml"])
def test_a_port_that_there_is_none_of_is_refused(client: httpx.Client, path: str) -> None:
    """A Host whose port is past the last one gets a 400 with the headers that every answer has."""
    answer = client.get(path, headers={"host": "x:65536"})
    assert answer.status_code == 400
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "x-request-id" in answer.headers
