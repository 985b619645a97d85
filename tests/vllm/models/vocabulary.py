"""The tokenizer of gpt-oss as a model folder has it, made from the vocabulary that openai_harmony carries."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

SIZE = 201_088
ORDINARY = 199_998
"""Ids below this are pieces of text; the others are marks of the format or reserved."""

END_OF_TEXT, RETURN = 199_999, 200_002

_PIECES = (
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
    r"\p{N}{1,3}",
    r" ?[^\s\p{L}\p{N}]+[\r\n/]*",
    r"\s*[\r\n]+",
    r"\s+(?!\S)",
    r"\s+",
)
# The true model's folder has a long template in Jinja. This one writes the same turns, so that what goes
# wrong through such a template (content that becomes a turn) goes wrong here too.
_CHAT_TEMPLATE = (
    "{% for message in messages %}"
    "<|start|>{{ message.role }}<|message|>{{ message.content }}<|end|>"
    "{% endfor %}"
    "{% if add_generation_prompt %}<|start|>assistant{% endif %}"
)


def tokenizer() -> Any:
    """A Hugging Face tokenizer with the ids of o200k_harmony."""
    from openai_harmony import HarmonyEncodingName, load_harmony_encoding
    from transformers import PreTrainedTokenizerFast
    from transformers.convert_slow_tokenizer import TikTokenConverter

    encoding = load_harmony_encoding(HarmonyEncodingName.HARMONY_GPT_OSS)
    marks = [encoding.decode([token]) for token in range(ORDINARY, SIZE)]
    with tempfile.TemporaryDirectory() as folder:
        ranks = Path(folder) / "o200k_base.tiktoken"
        ranks.write_bytes(_ranks(encoding))
        converted = TikTokenConverter(
            str(ranks), pattern="|".join(_PIECES), extra_special_tokens=marks
        ).converted()
    made = PreTrainedTokenizerFast(
        tokenizer_object=converted, eos_token="<|return|>", pad_token="<|endoftext|>"
    )
    made.chat_template = _CHAT_TEMPLATE
    return made


def _ranks(encoding: Any) -> bytes:
    """The vocabulary in tiktoken's form: a line of base64 and rank per piece of text."""
    from base64 import b64encode

    pieces = (
        encoding.decode([token], errors="surrogateescape").encode(errors="surrogateescape")
        for token in range(ORDINARY)
    )
    lines = (b"%s %d" % (b64encode(piece), token) for token, piece in enumerate(pieces))
    return b"\n".join(lines) + b"\n"
