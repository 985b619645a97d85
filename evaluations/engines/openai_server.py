"""Which server is asked for which model, and how patiently. Pure values; nothing is sent from here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from evaluations.errors import EngineError
from evaluations.keys import Setting

NAME = "openai"
SCRIPTED = "mock"
"""What a scripted server states to be: its answers are no model's."""

EFFORTS = ("low", "medium", "high")
"""What gpt-oss can be asked for; its servers answer anything else with a 400."""

MIB = 1024 * 1024

_MODEL = re.compile(r"[!-~]{1,200}")
_KEY = re.compile(r"[!-~]{1,4096}")
_SETTING = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_VALUE = re.compile(r"[ -~]{1,100}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A model behind an OpenAI-compatible API. `base_url` reaches up to and with `/v1`.

    `key` is sent as a bearer token and stands nowhere else: not in a record, a message or this value's
    own words. `stated` are settings of the server that change its answers, such as a data type; they
    enter the run key. Raises `EngineError` for an address, a model or a key that cannot be used.
    """

    base_url: str
    model: str
    key: str | None = field(default=None, repr=False)
    effort: str | None = None
    stated: Mapping[str, Setting] = field(default_factory=dict)

    @property
    def tells_tokens(self) -> bool:
        """Whether it can be asked which token ids the model was given; others may refuse the question."""
        return str(self.stated.get("engine", "")).startswith("vllm ")

    def __post_init__(self) -> None:
        object.__setattr__(self, "base_url", _checked_url(self.base_url))
        if not _MODEL.fullmatch(self.model):
            raise EngineError(
                NAME, "a model's name has 1 to 200 plain characters.", "Name it as the server lists it."
            )
        if self.key is not None and not _KEY.fullmatch(self.key):
            raise EngineError(
                NAME, "the key holds characters that no header can carry.", "Look for a stray line end in it."
            )
        if self.effort is not None and self.effort not in EFFORTS:
            raise EngineError(
                NAME, "this effort is not known.", f"Use one of: {', '.join(EFFORTS)}; or leave it out."
            )
        for name, value in self.stated.items():
            if not _SETTING.fullmatch(name) or (isinstance(value, str) and not _VALUE.fullmatch(value)):
                raise EngineError(
                    NAME,
                    f"the server setting {name[:40]!r} cannot be recorded.",
                    "A name is a-z, 0-9 and hyphens; a value is at most 100 plain characters.",
                )


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long one case may take, how often it is tried, and how much of an answer is read.

    `seconds` is for one request with its whole answer. Waits between tries double from `first_wait` to
    `longest_wait` and are drawn at random below that, so that many callers do not come back at once. A
    server that asks for a wait (Retry-After) gets it, up to `longest_asked_wait`; one that asks for more
    is not tried again.
    """

    seconds: float = 600.0
    connect_seconds: float = 10.0
    tries: int = 5
    first_wait: float = 0.5
    longest_wait: float = 20.0
    longest_asked_wait: float = 90.0
    answer_bytes: int = 4 * MIB


def _checked_url(url: str) -> str:
    """The address without a slash at its end. Never told back: people paste keys into addresses."""
    remedy = "Give it up to /v1, such as http://localhost:8000/v1."
    try:
        parts = urlsplit(url.strip())
        port_fits = parts.port is None or parts.port > 0
    except ValueError:
        raise EngineError(NAME, "the server's address cannot be read.", remedy) from None
    if parts.scheme not in ("http", "https") or not parts.hostname or not port_fits:
        raise EngineError(NAME, "the server's address is not http:// or https:// with a host.", remedy)
    if parts.username is not None or parts.password is not None:
        raise EngineError(
            NAME, "the server's address holds a user name or key.", "Give the key by COMMONS_MODEL_KEY."
        )
    if parts.query or parts.fragment or not re.fullmatch(r"[!-~]+", url.strip()):
        raise EngineError(NAME, "the server's address holds more than a host and a path.", remedy)
    path = parts.path.rstrip("/").removesuffix("/chat/completions").rstrip("/")
    return f"{parts.scheme}://{parts.netloc}{path}"
