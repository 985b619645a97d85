"""An OpenAI-compatible server that answers by a script, over real HTTP. Listens on a port of this machine.

It stands in for `vllm serve`, Ollama and hosted models where there is none, and it can do what they do only
on a bad day: hang, die half-way, answer in HTML. Everything of ours that speaks to it is real.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

LABEL = "SP0"
MODEL = "stub/model-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request as it came. `before` counts earlier ones with the same messages' last content."""

    path: str
    headers: Mapping[str, str]
    body: bytes
    before: int

    @property
    def document(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def content(self) -> str:
        """The user message."""
        return str(self.document["messages"][-1]["content"])


Behaviour = Callable[[web.Request, "ModelServer"], Awaitable[web.StreamResponse]]
Script = Callable[[Asked], Behaviour]


@dataclass(slots=True)
class ModelServer:
    """Runs in a thread: `with ModelServer(script) as server`. `asked` holds every chat request.

    `models` is its list of models, None for a server that has none; `facts` are further GET answers.
    `holding` is released for each request that is left without an answer. Port 0 takes a free one. Without
    `remember` requests are counted and not kept.
    """

    script: Script
    models: Sequence[Mapping[str, object]] | None = ({"id": MODEL, "owned_by": "stub"},)
    facts: Mapping[str, object] = field(default_factory=dict)
    host: str = "127.0.0.1"
    port: int = 0
    remember: bool = True
    asked: list[Asked] = field(default_factory=list)
    holding: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    most_at_once: int = 0
    base_url: str = ""
    ending: asyncio.Event = field(default_factory=asyncio.Event)
    _counted: Counter[str] = field(default_factory=Counter)
    _refused: OSError | None = None
    _at_once: int = 0
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    _ready: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def __enter__(self) -> ModelServer:
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        assert self._ready.wait(10), "the model server did not start"
        if self._refused is not None:
            self._thread.join(10)
            raise self._refused
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self.ending.set)
        assert self._thread is not None
        self._thread.join(10)
        assert not self._thread.is_alive(), "the model server did not stop"

    def contents(self) -> list[str]:
        """The contents that were asked about, in the order in which they came."""
        return [asked.content for asked in self.asked]

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_post("/v1/chat/completions", self._chat)
        app.router.add_get("/{path:.*}", self._get)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
        await runner.setup()
        try:
            await web.TCPSite(runner, self.host, self.port).start()
            shown = f"[{self.host}]" if ":" in self.host else self.host
            self.base_url = f"http://{shown}:{runner.addresses[0][1]}/v1"
            self._ready.set()
            await self.ending.wait()
        except OSError as error:
            self._refused = error
            self._ready.set()
        finally:
            await runner.cleanup()

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        content = json.loads(body)["messages"][-1]["content"]
        asked = Asked(
            path=request.path,
            headers={name.lower(): value for name, value in request.headers.items()},
            body=body,
            before=self._counted[content],
        )
        self._counted[content] += 1
        if self.remember:
            self.asked.append(asked)
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            # One turn of the loop, so that requests that came together are counted together.
            await asyncio.sleep(0)
            return await self.script(asked)(request, self)
        finally:
            self._at_once -= 1

    async def _get(self, request: web.Request) -> web.StreamResponse:
        if request.path == "/v1/models" and self.models is not None:
            return web.json_response({"object": "list", "data": list(self.models)})
        if request.path in self.facts:
            return web.json_response(self.facts[request.path])
        return web.Response(status=404)
