"""Makes the small model and its policy, to try the engine where no large model is. Writes `promotion/`."""

from __future__ import annotations

import shlex
from pathlib import Path

from tests.vllm import promotion
from tests.vllm.models.cached import cached
from tests.vllm.models.gpt_oss import RECIPE, build
from tests.vllm.running import options

CASES = 200


def main() -> None:
    """Writes the policy's folder and prints what to run."""
    model = cached("gpt-oss", build, *RECIPE)
    for name, version in (("promotion", promotion.STRICT), ("lenient/promotion", promotion.LENIENT)):
        folder = Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        for file, content in promotion.files(version, promotion.cases(promotion.STRICT, CASES)).items():
            (folder / file).write_bytes(content)
    asked = shlex.join(options(model, "--effort", "low"))
    print("Wrote promotion/ and lenient/promotion/. Now:")
    for words in ("bench promotion", "compare promotion lenient/promotion --again"):
        print(f"\n.venv-vllm/bin/commons {words} {asked}")


if __name__ == "__main__":
    main()
