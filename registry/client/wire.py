"""Asks a site over HTTP and believes nothing of what comes back: every answer is bounded. Network only.

Bodies are counted as they come, whatever `Content-Length` says, and are asked for uncompressed, so that
what is counted is what is kept. Cookies, passwords and ranges play no part; a certificate must be valid.
Proxies and authorities are those of the system, as httpx finds them.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeVar

import httpx
import msgspec

from policies.limits import MIB
from registry.client.errors import (
    BadAnswerError,
    BusyRegistryError,
    FailedRegistryError,
    NotARegistryError,
    RedirectedError,
    RefusedQueryError,
    RegistryError,
    UnreachableError,
)
from registry.client.patience import Patience
from registry.client.site_address import MEANT, checked_address, shown

Shape = TypeVar("Shape")

JSON_BYTES = 32 * MIB
_PROBLEM_BYTES = 64 * 1024
_REDIRECTS = 3
_SECONDS = re.compile(r"[0-9]{1,6}")


class Absent(Exception):  # noqa: N818 - an answer, not a failure
    """A registry's own 404: `kind` is the problem's id, such as `unknown-policy`."""

    def __init__(self, kind: str, detail: str) -> None:
        self.kind = kind
        super().__init__(detail)


class _Problem(msgspec.Struct, frozen=True):
    type: str = ""
    title: str = ""
    detail: str | None = None
    remedy: str | None = None

    @property
    def said(self) -> str:
        """Its words, in one short piece."""
        return " ".join(filter(None, (self.detail or self.title, self.remedy)))[:500]


class Asking(NamedTuple):
    """How a registry is asked."""

    method: str
    headers: Mapping[str, str]
    body: bytes = b""


class Answer(NamedTuple):
    """What came back, whole."""

    status: int
    headers: httpx.Headers
    body: bytes

    @property
    def media_type(self) -> str:
        """What it says that its body is."""
        return str(self.headers.get("content-type", "")).partition(";")[0].strip().lower()

    @property
    def retry_after(self) -> int | None:
        """In how many seconds to come back; None where it does not say."""
        stated = str(self.headers.get("retry-after", "")).strip()
        return int(stated) if _SECONDS.fullmatch(stated) else None


class Wire:
    """One registry's address, asked from one thread. Raises `RegistryError` and nothing else but `Absent`."""

    def __init__(
        self,
        address: str,
        *,
        patience: Patience | None = None,
        sleep: Callable[[float], None] = time.sleep,
        waiting: Callable[[str], None] = lambda _said: None,
    ) -> None:
        self.base = checked_address(address)
        self._patience = patience or Patience()
        self._sleep = sleep
        self._waiting = waiting
        self._client = httpx.Client(
            headers={"accept-encoding": "identity", "user-agent": "policy-commons"},
            timeout=httpx.Timeout(self._patience.silence, connect=self._patience.connect),
            follow_redirects=False,
        )

    def close(self) -> None:
        """Ends its connections."""
        self._client.close()

    def json(self, path: str, shape: type[Shape], query: Mapping[str, str] | None = None) -> Shape:
        """A JSON answer of a shape; members that the shape does not know are passed over."""
        answer = self._answered(path, query or {}, JSON_BYTES, "application/json")
        if answer.media_type != "application/json":
            raise self._no_registry(f"it answers {path} with {shown(answer.media_type)}, not with JSON.")
        try:
            return msgspec.json.decode(answer.body, type=shape)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise BadAnswerError(
                self.base, f"its answer to {path} cannot be read: {error}.", "Tell its operator."
            ) from error

    def raw(self, path: str, limit: int) -> bytes:
        """A file's bytes, at most `limit` of them."""
        answer = self._answered(path, {}, limit, "*/*")
        if answer.media_type in ("text/html", "application/xhtml+xml"):
            raise self._no_registry(f"it answers {path} with a page.")
        return answer.body

    def sent(self, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """The answer to a POST, whatever it says but that there is no time for it. Follows no redirect."""
        url = httpx.URL(self.base + path)
        return self._in_time(lambda: self._one(url, path, JSON_BYTES, Asking("POST", headers, body)))

    def rest(self, answer: Answer) -> None:
        """Waits for as long as an answer asks for, within our patience."""
        self._sleep(min(float(answer.retry_after or 1), self._patience.busy))

    def asked(self, path: str, headers: Mapping[str, str]) -> Answer:
        """The answer to a GET, in the same way: what is sent with it goes to nobody else."""
        url = httpx.URL(self.base + path)
        return self._in_time(lambda: self._one(url, path, JSON_BYTES, Asking("GET", headers)))

    def _answered(self, path: str, query: Mapping[str, str], limit: int, accept: str) -> Answer:
        """The answer to what was asked, once the registry had time for us."""
        return self._fine(self._in_time(lambda: self._asked(path, query, limit, accept)), path)

    def _in_time(self, ask: Callable[[], Answer]) -> Answer:
        """The first answer that is not to come back later."""
        waited, tries = 0.0, 1
        while True:
            answer = ask()
            if answer.status not in (429, 503):
                return answer
            seconds = answer.retry_after
            pause = 1.0 if seconds is None else float(seconds)
            if tries >= self._patience.tries or waited + pause > self._patience.busy:
                rule = "it asks for fewer requests." if answer.status == 429 else "it is busy right now."
                problem = self._problem(answer)
                said = problem.detail if problem is not None else None
                raise BusyRegistryError(self.base, rule if said is None else said[:500], seconds)
            self._waiting(f"{self.base} is busy; trying again in {pause:g} s")
            self._sleep(pause)
            waited, tries = waited + pause, tries + 1

    def _fine(self, answer: Answer, path: str) -> Answer:
        if answer.status == 200:
            return answer
        problem = self._problem(answer)
        if problem is None:
            if answer.status >= 500:
                raise FailedRegistryError(
                    self.base, f"it answers {path} with status {answer.status}.", "Try again later."
                )
            raise self._no_registry(f"it answers {path} with status {answer.status}, and not as a registry.")
        if answer.status == 404:
            raise Absent(problem.type.rpartition("#")[2], problem.said)
        if answer.status >= 500:
            raise FailedRegistryError(
                self.base, f"it failed at {path}: {problem.said}", "Try again later, or tell its operator."
            )
        raise RefusedQueryError(self.base, f"it refuses {path}: {problem.said}", "Ask for something else.")

    def _problem(self, answer: Answer) -> _Problem | None:
        if answer.media_type != "application/problem+json":
            return None
        try:
            return msgspec.json.decode(answer.body[:_PROBLEM_BYTES], type=_Problem)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return None

    def _asked(self, path: str, query: Mapping[str, str], limit: int, accept: str) -> Answer:
        url = httpx.URL(self.base + path, params=dict(query)) if query else httpx.URL(self.base + path)
        for _ in range(_REDIRECTS + 1):
            answer = self._one(url, path, limit, Asking("GET", {"accept": accept}))
            if answer.status not in (301, 302, 303, 307, 308):
                return answer
            url = self._followed(url, str(answer.headers.get("location", "")))
        raise RedirectedError(
            self.base, f"it redirects {path} more than {_REDIRECTS} times.", "Name its own address."
        )

    def _followed(self, url: httpx.URL, location: str) -> httpx.URL:
        """Where a redirect leads: the same site, or the same over TLS, and nowhere else."""
        try:
            to = url.join(location)
        except (httpx.InvalidURL, ValueError) as error:
            raise BadAnswerError(self.base, "it redirects to no address.", "Tell its operator.") from error
        same = (to.scheme, to.host, to.port) == (url.scheme, url.host, url.port)
        upgraded = (url.scheme, to.scheme) == ("http", "https") and to.host == url.host
        if to.userinfo or not (same or upgraded):
            where = f"{to.scheme}://{to.netloc.decode('ascii', 'replace')}"
            raise RedirectedError(
                self.base,
                f"it redirects to {where[:200]}.",
                "If you trust that address, name it as --registry.",
            )
        return to

    def _one(self, url: httpx.URL, path: str, limit: int, asking: Asking) -> Answer:
        deadline = time.monotonic() + self._patience.answer
        body = bytearray()
        try:
            with self._client.stream(
                asking.method, url, headers=dict(asking.headers), content=asking.body or None
            ) as response:
                if response.headers.get("content-encoding", "identity").lower() != "identity":
                    raise BadAnswerError(
                        self.base, "it packs what was asked for unpacked.", "Tell its operator."
                    )
                for piece in response.iter_raw():
                    body += piece
                    if len(body) > limit:
                        raise BadAnswerError(
                            self.base,
                            f"its answer to {path} is larger than the {limit:,} bytes that may come.",
                            "Tell its operator.",
                        )
                    if time.monotonic() > deadline:
                        raise UnreachableError(
                            self.base,
                            f"its answer to {path} took longer than {self._patience.answer:g} s.",
                            "Try again later.",
                        )
                return Answer(response.status_code, response.headers, bytes(body))
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            raise self._unreachable(error, path) from error

    def _unreachable(self, error: Exception, path: str) -> RegistryError:
        if isinstance(error, httpx.TimeoutException):
            return UnreachableError(
                self.base, "it does not answer in time.", "Check the address, or try again later."
            )
        if isinstance(error, httpx.ConnectError):
            return UnreachableError(
                self.base, f"no connection ({_reason(error)}).", f"Is it running there? {MEANT}"
            )
        if isinstance(error, httpx.RemoteProtocolError):
            return UnreachableError(
                self.base, f"its answer to {path} broke off, or is not HTTP.", "Try again; check the address."
            )
        return UnreachableError(self.base, f"the connection failed ({_reason(error)}).", "Try again later.")

    def _no_registry(self, rule: str) -> NotARegistryError:
        return NotARegistryError(self.base, rule, MEANT)


def _reason(error: Exception) -> str:
    """The last words of the system's reason, in one short line."""
    said = " ".join(str(error).split()) or type(error).__name__
    return said.removeprefix("[Errno ").partition("] ")[2][:160] or said[:160]
