"""Acts on a commons that a site serves: sent over its API, with a token, once each. Network only."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from policies.findings import Finding, Severity
from registry.client.errors import (
    BadAnswerError,
    FailedRegistryError,
    LintedActError,
    NotARegistryError,
    RefusedActError,
    TokenError,
    UnknownThereError,
    UnreachableError,
    WrongActError,
)
from registry.client.site_address import SiteCommons
from registry.client.wire import Answer, Wire

Shape = TypeVar("Shape")

_API = "/api/v1"
_TRIES = 3
_TOKEN = re.compile(r"[!-~]{8,200}")
_BUSY_KEY = "key-in-use"


class ReceiptOf(msgspec.Struct, frozen=True):
    """Where an act stands in the log."""

    seq: int
    digest: str
    commit: str
    sealed: bool | None = None


class FindingOf(msgspec.Struct, frozen=True):
    """One thing that lint says."""

    rule: str
    severity: str
    file: str
    line: int
    message: str
    fix: str

    def finding(self) -> Finding:
        """The same as lint itself gives it here. Raises `ValueError` for a severity that there is not."""
        return Finding(
            rule=self.rule,
            severity=Severity(self.severity),
            file=self.file,
            line=self.line,
            message=self.message,
            fix=self.fix,
        )


class _Problem(msgspec.Struct, frozen=True):
    type: str = ""
    title: str = ""
    detail: str | None = None
    remedy: str | None = None
    findings: tuple[FindingOf, ...] = ()

    @property
    def kind(self) -> str:
        """Its id, such as `stale`."""
        return self.type.rpartition("#")[2]


class _Viewer(msgspec.Struct, frozen=True):
    handle: str


class SiteActs:
    """One commons of a site, for whoever holds a token. Raises `RegistryError`."""

    def __init__(self, wire: Wire, commons: SiteCommons, token: str | None) -> None:
        self.commons = commons
        self._wire = wire
        if token is None or not _TOKEN.fullmatch(token):
            raise TokenError(
                str(commons),
                "the site must know who acts." if token is None else "this is no token.",
                f"Make a token at {commons.site}/account/tokens and set it as COMMONS_TOKEN.",
            )
        self._headers = {"authorization": f"Bearer {token}", "accept": "application/json"}

    def close(self) -> None:
        """Ends its connections."""
        self._wire.close()

    def handle(self) -> str:
        """Whose token it is."""
        path = f"{_API}/viewer"
        return self._read(self._wire.asked(path, self._headers), path, _Viewer).handle

    def read(self, path: str, shape: type[Shape]) -> Shape:
        """What stands at a path below the commons."""
        whole = self._path(path)
        return self._read(self._wire.asked(whole, self._headers), whole, shape)

    def send(
        self, path: str, body: Mapping[str, Any], shape: type[Shape], *, content: str | None = None
    ) -> Shape:
        """Carries out an act, at a path below the commons; with `content`, only if that is still it.

        It is sent again when the connection breaks, under the same key: the site does it once.
        """
        whole = self._path(path)
        raw = msgspec.json.encode(body) if body else b""
        headers = {**self._headers, "idempotency-key": secrets.token_hex(16)}
        if content is not None:
            headers["if-match"] = f'"{content}"'
        if raw:
            headers["content-type"] = "application/json"
        for last in (False,) * (_TRIES - 1) + (True,):
            try:
                answer = self._wire.sent(whole, raw, headers)
            except UnreachableError:
                if last:
                    raise
                continue
            if last or answer.status != 409 or self._problem(answer, whole).kind != _BUSY_KEY:
                return self._read(answer, whole, shape)
            self._wire.rest(answer)
        raise AssertionError("the last try returns or raises")

    def _path(self, path: str) -> str:
        return f"{_API}/commons/{self.commons.quoted}/{path}"

    def _read(self, answer: Answer, path: str, shape: type[Shape]) -> Shape:
        if answer.status not in (200, 201):
            raise self._refused(answer, path)
        try:
            return msgspec.json.decode(answer.body, type=shape)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise BadAnswerError(
                self.commons.site, f"its answer to {path} cannot be read: {error}.", "Tell its operator."
            ) from error

    def _problem(self, answer: Answer, path: str) -> _Problem:
        if answer.media_type == "application/problem+json":
            try:
                return msgspec.json.decode(answer.body, type=_Problem)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                pass
        raise NotARegistryError(
            self.commons.site,
            f"it answers {path} with status {answer.status}, and not as a registry.",
            "Name a commons as its page has it, such as http://127.0.0.1:8000/roost.",
        )

    def _refused(self, answer: Answer, path: str) -> Exception:
        problem = self._problem(answer, path)
        place, rule = str(self.commons), problem.detail or f"{problem.title}."
        remedy = problem.remedy or "Nothing was recorded."
        if answer.status >= 500:
            return FailedRegistryError(self.commons.site, rule, remedy)
        if answer.status == 401:
            return TokenError(place, rule, f"Make another one at {self.commons.site}/account/tokens.")
        if answer.status == 404:
            return UnknownThereError(place, rule, remedy)
        if problem.kind == "lint":
            try:
                findings = tuple(one.finding() for one in problem.findings)
            except ValueError:
                findings = ()
            return LintedActError(place, rule, remedy, findings)
        if answer.status in (403, 409, 412):
            return RefusedActError(place, rule, remedy)
        return WrongActError(place, rule, remedy)
