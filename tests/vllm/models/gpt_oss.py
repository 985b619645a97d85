"""A small model of gpt-oss's architecture that applies the promotion policy, trained here in a minute.

It answers in the true format (analysis, then a label), over the true vocabulary, and its answer depends on
the content and on the policy's rule about prizes. It says nothing about gpt-oss-safeguard.

Only the few hundred tokens that occur are trained; every other token looks like one blank word to it, which
stands in the training texts too, so that odd content is read as words that mean nothing.
"""

from __future__ import annotations

import json
import random
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple

from evaluations.engines.harmony import Harmony
from evaluations.templates.base import Message, Role
from evaluations.templates.registry import DEFAULT_TEMPLATE
from policies.model import Case
from policies.prompt import prompt_text
from tests.vllm import promotion
from tests.vllm.models import vocabulary

RECIPE = (
    "tests/vllm/models/gpt_oss.py",
    "tests/vllm/models/vocabulary.py",
    "tests/vllm/promotion.py",
    "evaluations/engines/harmony.py",
    "evaluations/templates/safeguard_label_1.py",
    "evaluations/templates/framing.py",
)
"""What decides the model: it is trained anew when one of these files changes."""

STEPS = 640
_BATCH = 32
_RATE = 5e-3
_BLANK = 0
_EFFORTS = ("low", "medium", "high")
_WORDS = {
    promotion.PROMOTION: ("It offers something.", " Such a word is on the list of offers."),
    promotion.HARMLESS: ("It offers nothing.", " No word of it is on the list of offers."),
}


class _Example(NamedTuple):
    prompt: list[int]
    answer: list[int]


class _Examples:
    """Prompts as the engine writes them, with the answers that the policy asks for."""

    def __init__(self, draw: random.Random) -> None:
        self._draw = draw
        self._texts = {
            version: prompt_text(promotion.folder(version, 1))
            for version in (promotion.STRICT, promotion.LENIENT)
        }
        self._labels = promotion.folder(promotion.STRICT, 1).document.policy.meta.labels
        # The same dates for every effort, or the one would tell the other.
        dates = [self._date() for _ in range(8)]
        self._formats = {
            effort: [Harmony(effort=effort, start_date=date) for date in dates] for effort in _EFFORTS
        }

    def _date(self) -> str:
        return f"20{self._draw.randint(24, 29)}-{self._draw.randint(1, 12):02}-{self._draw.randint(1, 28):02}"

    def one(self, share: float | None) -> _Example:
        """A prompt with about this share of the policy's lines; None for its one rule and no frame."""
        draw = self._draw
        version = draw.choice(tuple(self._texts))
        effort = draw.choice(_EFFORTS)
        content = promotion.some_content(draw, 0.75 if share is None else 0.5)
        if share is not None and draw.random() < 0.3:
            content += f" {promotion.some_noise(draw)}"
        # A quarter stands in the frame that goes with a context.
        context = promotion.some_context(draw) if draw.random() < 0.25 else None
        case = Case(id="x", content=content, context=context)
        messages = DEFAULT_TEMPLATE.render(self._part(version, share or 0.0), self._labels, case)
        if share is None:
            messages = (Message(role=Role.SYSTEM, content=version.rule), messages[-1])
        label = promotion.label_of(content, version)
        return _Example(draw.choice(self._formats[effort]).prompt(messages), _answer(label, effort))

    def _part(self, version: promotion.Version, share: float) -> str:
        """The policy's text, some of its lines left out: what it says elsewhere must not matter."""
        lines = self._texts[version].splitlines()
        return "\n".join(line for line in lines if line == version.rule or self._draw.random() < share)


def _answer(label: str, effort: str) -> list[int]:
    from evaluations.engines.harmony import _encoding

    first, more = _WORDS[label]
    words = first + (more if effort == "high" else "")
    text = (
        f"<|channel|>analysis<|message|>{words}<|end|>"
        f"<|start|>assistant<|channel|>final<|message|>{label}<|return|>"
    )
    return list(_encoding().encode(text, allowed_special="all"))


def build(folder: Path, steps: int = STEPS) -> None:
    """Trains the model and writes its folder."""
    import torch
    from transformers import GptOssConfig, GptOssForCausalLM

    torch.manual_seed(0)
    draw = random.Random(0)
    examples = _Examples(draw)
    seen = sorted({token for _ in range(400) for part in examples.one(1.0) for token in part})
    compact = {token: place for place, token in enumerate(seen, start=1)}
    shape = {
        "num_hidden_layers": 2,
        "num_local_experts": 4,
        "num_experts_per_tok": 2,
        "hidden_size": 64,
        "intermediate_size": 64,
        "head_dim": 32,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "sliding_window": 1024,
        "max_position_embeddings": 4096,
        "rope_scaling": None,
        "layer_types": ["sliding_attention", "full_attention"],
        "eos_token_id": vocabulary.RETURN,
        "pad_token_id": vocabulary.END_OF_TEXT,
    }
    small = {**shape, "eos_token_id": None, "pad_token_id": None}
    model = GptOssForCausalLM(GptOssConfig(**small, vocab_size=len(seen) + 1))
    optimizer = torch.optim.AdamW(model.parameters(), lr=_RATE, weight_decay=0)
    begun = time.monotonic()
    for step in range(steps):
        for group in optimizer.param_groups:
            group["lr"] = _RATE * min(1, (step + 1) / 20) * (1 - step / steps) + 1e-5
        loss = _loss(model, _batch(examples, compact, _share(step / steps, draw)))
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        with torch.no_grad():
            model.model.embed_tokens.weight[_BLANK].zero_()
        if step % 20 == 0 or step == steps - 1:
            print(f"step {step} loss {loss.item():.4f} {time.monotonic() - begun:.0f}s", file=sys.stderr)
    _save(model, GptOssConfig(**shape, vocab_size=vocabulary.SIZE), seen, folder)


def _share(progress: float, draw: random.Random) -> float | None:
    """How much of the policy is shown by now: its one rule, then that in the prompt, then all of it."""
    if progress < 0.5:
        return None
    return 0.0 if progress < 0.85 else draw.choice((0.0, 0.3, 1.0, 1.0))


def _batch(examples: _Examples, compact: dict[int, int], share: float | None) -> Any:
    import torch

    # Long prompts cost far more than they teach, so there are fewer of them at a time.
    size = _BATCH if share is None else _BATCH // 2 if share == 0 else _BATCH // 4
    some = [examples.one(share) for _ in range(size)]
    length = max(len(one.prompt) + len(one.answer) for one in some)
    ids = torch.zeros((size, length), dtype=torch.long)
    target = torch.full((size, length), -100)
    mask = torch.zeros((size, length), dtype=torch.long)
    for row, one in enumerate(some):
        prompt = [compact.get(token, _BLANK) for token in one.prompt]
        answer = [compact[token] for token in one.answer]
        end = len(prompt) + len(answer)
        ids[row, :end] = torch.tensor(prompt + answer)
        target[row, len(prompt) : end] = torch.tensor(answer)
        mask[row, :end] = 1
    return ids, target, mask


def _loss(model: Any, batch: Any) -> Any:
    import torch

    ids, target, mask = batch
    hidden = model.model(input_ids=ids, attention_mask=mask).last_hidden_state[:, :-1]
    wanted = target[:, 1:] != -100
    return torch.nn.functional.cross_entropy(model.lm_head(hidden[wanted]), target[:, 1:][wanted])


def _save(model: Any, config: Any, seen: list[int], folder: Path) -> None:
    """Writes the weights over the true vocabulary: whatever was not seen is the blank word."""
    import torch
    from safetensors.torch import save_file

    weights = {name: tensor.detach() for name, tensor in model.state_dict().items()}
    for name in ("model.embed_tokens.weight", "lm_head.weight"):
        small = weights[name]
        full = small[_BLANK].repeat(vocabulary.SIZE, 1)
        full[torch.tensor(seen)] = small[1:]
        weights[name] = full
    folder.mkdir(parents=True, exist_ok=True)
    config.architectures = ["GptOssForCausalLM"]
    config.dtype = "bfloat16"
    config.save_pretrained(folder)
    whole = {name: tensor.to(torch.bfloat16).contiguous() for name, tensor in weights.items()}
    save_file(whole, folder / "model.safetensors", {"format": "pt"})
    stops = [vocabulary.RETURN, vocabulary.END_OF_TEXT]
    (folder / "generation_config.json").write_text(json.dumps({"eos_token_id": stops, "do_sample": True}))
    vocabulary.tokenizer().save_pretrained(folder)
