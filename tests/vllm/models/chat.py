"""A small model of another family (Llama, a chat template, no reasoning) that applies the promotion policy.

It is asked as models of CoPE's kind are (`cope@1`: policy and content in one user message) and answers with
one digit. Its vocabulary is made from the prompts themselves, so training takes seconds.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path
from typing import Any

from evaluations.templates.cope_1 import COPE_1
from policies.model import Case
from policies.prompt import prompt_text
from tests.vllm import promotion

RECIPE = (
    "tests/vllm/models/chat.py",
    "tests/vllm/promotion.py",
    "evaluations/templates/cope_1.py",
    "evaluations/templates/framing.py",
)
"""What decides the model: it is trained anew when one of these files changes."""

STEPS = 280
_VOCABULARY = 900
_BATCH = 24
_RATE = 4e-3
_BEGIN, _END, _PAD = "<|im_start|>", "<|im_end|>", "<|pad|>"
_CHAT_TEMPLATE = (
    "{% for message in messages %}"
    f"{_BEGIN}{{{{ message.role }}}}\n{{{{ message.content }}}}{_END}\n"
    "{% endfor %}"
    f"{{% if add_generation_prompt %}}{_BEGIN}assistant\n{{% endif %}}"
)


def build(folder: Path, steps: int = STEPS) -> None:
    """Trains the model and writes its folder."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(0)
    draw = random.Random(0)
    tokenizer = _tokenizer([_prompt(draw, 1.0)[0] for _ in range(64)])
    end, pad = tokenizer.convert_tokens_to_ids([_END, _PAD])
    model = LlamaForCausalLM(
        LlamaConfig(
            vocab_size=len(tokenizer),
            hidden_size=96,
            intermediate_size=192,
            num_hidden_layers=2,
            num_attention_heads=3,
            num_key_value_heads=3,
            head_dim=32,
            max_position_embeddings=2048,
            bos_token_id=None,
            eos_token_id=end,
            pad_token_id=pad,
        )
    )
    optimizer = torch.optim.AdamW(model.parameters(), lr=_RATE, weight_decay=0)
    for step in range(steps):
        for group in optimizer.param_groups:
            group["lr"] = _RATE * min(1, (step + 1) / 20) * (1 - step / steps) + 1e-5
        share = 0.0 if step < steps * 0.7 else draw.choice((0.0, 0.5, 1.0))
        size = _BATCH if share == 0 else _BATCH // 3
        loss = _loss(model, tokenizer, [_prompt(draw, share) for _ in range(size)], end, pad)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        if step % 25 == 0 or step == steps - 1:
            print(f"step {step} loss {loss.item():.4f}", file=sys.stderr)
    model.to(torch.bfloat16).save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def _tokenizer(texts: list[str]) -> Any:
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=_VOCABULARY,
        special_tokens=[_PAD, _BEGIN, _END],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    made.train_from_iterator(texts, trainer)
    fast = PreTrainedTokenizerFast(tokenizer_object=made, eos_token=_END, pad_token=_PAD)
    fast.add_special_tokens({"additional_special_tokens": [_BEGIN]})
    fast.chat_template = _CHAT_TEMPLATE
    return fast


def _prompt(draw: random.Random, share: float) -> tuple[str, str]:
    """What the model is asked, and the digit it is to say. Some of the policy's lines are left out."""
    folder = promotion.folder(promotion.STRICT, 1)
    content = promotion.some_content(draw)
    if draw.random() < 0.3:
        content += f" {promotion.some_noise(draw)}"
    lines = prompt_text(folder).splitlines()
    text = "\n".join(line for line in lines if line == promotion.STRICT.rule or draw.random() < share)
    (message,) = COPE_1.render(text, folder.document.policy.meta.labels, Case(id="x", content=content))
    violates = promotion.label_of(content, promotion.STRICT) == promotion.PROMOTION
    return message.content, "1" if violates else "0"


def _loss(model: Any, tokenizer: Any, some: list[tuple[str, str]], end: int, pad: int) -> Any:
    import torch

    rows, targets = [], []
    for prompt, answer in some:
        text = tokenizer.apply_chat_template(
            [{"role": "user", "content": prompt}], tokenize=False, add_generation_prompt=True
        )
        asked = tokenizer.encode(text, add_special_tokens=False)
        said = [*tokenizer.encode(answer, add_special_tokens=False), end]
        rows.append(asked + said)
        targets.append([-100] * len(asked) + said)
    length = max(map(len, rows))
    ids = torch.tensor([row + [pad] * (length - len(row)) for row in rows])
    target = torch.tensor([row + [-100] * (length - len(row)) for row in targets])
    mask = torch.tensor([[1] * len(row) + [0] * (length - len(row)) for row in rows])
    hidden = model.model(input_ids=ids, attention_mask=mask).last_hidden_state[:, :-1]
    wanted = target[:, 1:] != -100
    return torch.nn.functional.cross_entropy(model.lm_head(hidden[wanted]), target[:, 1:][wanted])
