"""Sentence vectors from a real model: by vLLM's pooling runner, and by sentence-transformers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from evaluations.engines.base import Task
from evaluations.engines.embedding import EmbeddingEngine, embedding_engine
from evaluations.errors import EngineError, TooLittleTextError
from evaluations.suites import LeftOutReason
from evaluations.verdicts import Failed, FlagsVerdict, LabelVerdict
from policies.folder import PolicyFolder, load_folder
from policies.model import Case
from registry.services.bench import bench_folder
from registry.services.folders import read_policy_folder
from tests.vllm.running import answers

LIBRARIES = ("vllm", "sentence-transformers")
LIBRARY = Path(__file__).parents[2] / "policies" / "library"


@pytest.fixture(scope="module", params=LIBRARIES)
def engine(request: pytest.FixtureRequest, sentence_model: Path) -> Iterator[EmbeddingEngine]:
    settings = {"library": request.param}
    if request.param == "vllm":
        settings |= {"enforce-eager": "true", "dtype": "float32", "kv-cache-memory-bytes": str(2**26)}
    engine = embedding_engine(str(sentence_model), settings=settings)
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def scams() -> PolicyFolder:
    return load_folder(*read_policy_folder(LIBRARY / "scams"))


def test_it_beats_chance_on_a_starter_policy(engine: EmbeddingEngine, scams: PolicyFolder) -> None:
    """Learned from the policy's text alone, it tells violations from harmless content better than a coin."""
    run = bench_folder(scams, engine, address="starter/scams")
    binary = run.record.metrics.headline.binary
    assert binary is not None
    assert binary.recall is not None
    assert binary.false_positive_rate is not None
    assert float(binary.recall.value or 0) > float(binary.false_positive_rate.value or 1) + 0.15
    config = run.record.parts.config
    assert str(config["library"]).startswith(engine.library)
    assert (run.record.parts.model.revision or "").startswith("sha256:")


def test_a_case_that_stands_in_the_policy_is_never_scored(
    engine: EmbeddingEngine, scams: PolicyFolder
) -> None:
    """It learned from that very sentence: it is listed as left out, as for `lexical`."""
    example = next(example for section in scams.document.policy.sections for example in section.examples)
    leaked = replace(scams.cases[0], content=example)
    run = bench_folder(replace(scams, cases=(leaked, *scams.cases[1:20])), engine, address="starter/scams")
    assert LeftOutReason.QUOTED in {left.reason for left in run.record.left_out if left.item.id == leaked.id}


def test_a_text_longer_than_the_model_reads_is_failed_and_not_cut(
    engine: EmbeddingEngine, scams: PolicyFolder
) -> None:
    """The others are answered."""
    session = engine.load(Task(policy=scams.document.policy, policy_text=""))
    given = answers(
        session, [Case(id="long", content="word " * 2_000), Case(id="fine", content="Send money now")]
    )
    assert given["long"].verdict == Failed(error="context-overflow")
    assert isinstance(given["fine"].verdict, LabelVerdict)


FLAGS = """\
---
title: Two flags
licenses: {text: CC-BY-4.0}
labels:
  - {code: A, title: About animals, violates: true}
  - {code: M, title: About money, violates: true}
labelling: multi
---
## A About animals
- “My dog and my cat chased a rabbit through the garden.”
- “The horses and cows grazed on the hill.”

## M About money
- “Pay the invoice and transfer the deposit to the bank.”
- “My salary, my loan and my savings.”
"""


def test_flags_are_learned_one_by_one(engine: EmbeddingEngine) -> None:
    """Each flag has a head of its own."""
    policy = load_folder("flags", {"policy.md": FLAGS.encode()}).document.policy
    session = engine.load(Task(policy=policy, policy_text=""))
    given = answers(session, [Case(id="a", content="A puppy barks at the sheep.")])
    verdict = given["a"].verdict
    assert isinstance(verdict, FlagsVerdict)
    assert verdict.flags == {"A": True, "M": False}


def test_a_policy_without_text_for_its_labels_is_refused(engine: EmbeddingEngine) -> None:
    """There is nothing to learn from, and that is said with what to do."""
    bare = FLAGS.partition("## A")[0] + "# Goal\nDecide.\n"
    policy = load_folder("flags", {"policy.md": bare.encode()}).document.policy
    with pytest.raises(TooLittleTextError, match="Give each label a section"):
        engine.load(Task(policy=policy, policy_text=""))


def test_both_libraries_make_the_same_of_a_text(sentence_model: Path) -> None:
    """Their vectors point the same way, so a run on one machine means what it means on another."""
    from evaluations.engines.sentence_transformers import SentenceTransformersEmbedder
    from evaluations.engines.vllm.pooling import PoolingEmbedder

    model = embedding_engine(str(sentence_model), settings={"library": "vllm"}).model
    texts = ["A puppy barks.", "Pay the invoice now.", "日本語"]
    other = SentenceTransformersEmbedder("embedding", model)
    pooling = PoolingEmbedder("embedding", model, {"enforce-eager": True, "dtype": "float32"})
    try:
        ours = pooling.embed(texts)
    finally:
        pooling.close()
    assert ((ours * other.embed(texts)).sum(axis=1) > 0.99).all()


def test_a_library_or_setting_that_is_none_is_refused(sentence_model: Path) -> None:
    """With those there are."""
    with pytest.raises(
        EngineError, match=r"'word2vec' is not known\. Use one of: vllm, sentence-transformers"
    ):
        embedding_engine(str(sentence_model), settings={"library": "word2vec"})
    with pytest.raises(EngineError, match="dtype is a setting of vLLM's"):
        embedding_engine(str(sentence_model), settings={"library": "sentence-transformers", "dtype": "half"})
