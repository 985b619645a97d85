"""The run key."""

from __future__ import annotations

from dataclasses import replace

import pytest

from evaluations.keys import KeyParts, ModelManifest, run_key

PARTS = KeyParts(
    policy="p" * 64,
    suite="s" * 64,
    engine="vllm",
    model=ModelManifest(id="a/model", revision="1", dtype="bfloat16", quantisation="mxfp4", tokenizer="t"),
    template="safeguard-label@1",
    template_digest="d",
    effort="low",
    sampling={"temperature": "0", "seed": 1},
    config={"batch_invariant": True},
)


def test_the_key_is_fixed() -> None:
    """The same parts give the same key in every version of this program."""
    assert run_key(PARTS) == "e76d19de463342e5c416f8ecf1b39617a08db8bbb19ac9e93098f59df6fe2267"


def test_the_order_of_settings_does_not_matter() -> None:
    """Settings are a mapping, not a list."""
    assert run_key(replace(PARTS, sampling={"seed": 1, "temperature": "0"})) == run_key(PARTS)


@pytest.mark.parametrize(
    "change",
    [
        {"policy": "q" * 64},
        {"suite": "q" * 64},
        {"engine": "ray"},
        {"model": ModelManifest(id="a/model", revision="2")},
        {"template": None},
        {"template_digest": "e"},
        {"effort": "high"},
        {"sampling": {"temperature": "0"}},
        {"config": {}},
    ],
)
def test_every_part_counts(change: dict[str, object]) -> None:
    """Whatever changes answers changes the key."""
    assert run_key(replace(PARTS, **change)) != run_key(PARTS)  # type: ignore[arg-type]
