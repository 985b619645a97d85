"""What the engine is called, and how it is presented. Pure."""

from __future__ import annotations

from evaluations.engines.base import EngineInfo, Needs, Promises

NAME = "vllm"
VERSION = "1"

INFO = EngineInfo(
    name=NAME,
    version=VERSION,
    title="Model in this process, by vLLM",
    summary="A language model run here, given the policy as its instructions and the content to judge.",
    needs=Needs(gpu=True, extra="vllm", template=True),
    # Temperature 0 is not the same in every batch, unless vLLM's batch-invariant mode is on.
    promises=Promises(deterministic=False, may_gate=True, reads_policy=True),
)
