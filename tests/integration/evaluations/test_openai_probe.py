from __future__ import annotations

import pytest

from evaluations.engines.openai_probe import look
from evaluations.engines.openai_server import Patience, Server
from evaluations.errors import EngineError, EngineUnavailableError
from tests.support.model_server import MODEL, ModelServer, says


def server_of(server: ModelServer, model: str = MODEL, **more: object) -> Server:
    return Server(base_url=server.base_url, model=model, key="sk-very-secret", **more)  # type: ignore[arg-type]


def stub(models: object, **facts: object) -> ModelServer:
    return ModelServer(lambda _: says(), models=models, facts=facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("models", "facts", "stated"),
    [
        ([{"id": MODEL}], {}, {}),
        (
            [{"id": MODEL, "owned_by": "vllm", "max_model_len": 131072}],
            {"/version": {"version": "0.32.0"}},
            {"engine": "vllm 0.32.0", "context": 131072},
        ),
        (
            [{"id": MODEL, "owned_by": "library"}],
            {"/api/version": {"version": "0.40.12"}},
            {"engine": "ollama 0.40.12"},
        ),
        ([{"id": MODEL, "owned_by": "vllm"}], {}, {"engine": "vllm unknown"}),
        (
            [{"id": MODEL, "owned_by": "vllm", "max_model_len": -5}],
            {"/version": {"version": "\x1b[31m" + "x" * 500}},
            {"engine": "vllm unknown"},
        ),
        ([{"id": MODEL, "owned_by": "somebody", "max_model_len": 8192}], {}, {"context": 8192}),
        (None, {}, {}),
    ],
)
def test_what_a_server_says_of_itself_is_stated(
    models: object, facts: dict[str, object], stated: dict[str, object]
) -> None:
    """Its kind, version and context length where it tells them in plain words; a server may tell nothing."""
    with stub(models, **facts) as server:
        assert dict(look(server_of(server)).stated) == stated


def test_what_the_user_states_goes_before_what_the_server_says() -> None:
    """Whoever runs the server knows more of it than its list of models."""
    with stub([{"id": MODEL, "max_model_len": 10}]) as server:
        looked = look(server_of(server, stated={"context": "20", "dtype": "bfloat16"}))
    assert dict(looked.stated) == {"context": "20", "dtype": "bfloat16"}


@pytest.mark.parametrize("model", ["gpt-oss-safeguard", "vendor/model:fast"])
def test_names_without_and_with_tags_are_found(model: str) -> None:
    """Ollama lists a tag that users leave out; routers take one that they do not list."""
    with stub([{"id": "gpt-oss-safeguard:latest"}, {"id": "vendor/model"}]) as server:
        assert look(server_of(server, model)).model == model


def test_an_unknown_model_is_refused_with_those_there_are() -> None:
    """The first few are listed, and how many more there are."""
    with (
        stub([{"id": f"m{number}"} for number in range(7)]) as server,
        pytest.raises(EngineError, match=r"no model nope\. It lists: m0, m1, m2, m3, m4 and 2 more"),
    ):
        look(server_of(server, "nope"))


def test_a_server_that_is_not_there_is_told_apart() -> None:
    """The message names neither address nor key."""
    with stub(None) as server:
        pass
    with pytest.raises(EngineUnavailableError) as raised:
        look(server_of(server), Patience(seconds=2.0))
    assert not [secret for secret in ("sk-very-secret", "127.0.0.1") if secret in str(raised.value)]
