"""Makes the small model and its policy, to try the engine where no large model is. Writes `build/try/`."""

from __future__ import annotations

import shlex
from pathlib import Path

from tests.vllm import promotion
from tests.vllm.models.cached import cached
from tests.vllm.models.gpt_oss import RECIPE, build
from tests.vllm.running import options

CASES = 200
PLACE = Path("build/try")


def main() -> None:
    """Writes the policy's folder and prints what to run."""
    model = cached("gpt-oss", build, *RECIPE)
    for name, version in (("strict", promotion.STRICT), ("lenient", promotion.LENIENT)):
        folder = PLACE / name / promotion.SLUG
        folder.mkdir(parents=True, exist_ok=True)
        for file, content in promotion.files(version, promotion.cases(promotion.STRICT, CASES)).items():
            (folder / file).write_bytes(content)
    asked = shlex.join(options(model, "--effort", "low"))
    strict, lenient = (PLACE / name / promotion.SLUG for name in ("strict", "lenient"))
    print(f"Wrote {strict} and {lenient}. Now:")
    for words in (f"bench {strict}", f"compare {strict} {lenient} --again"):
        print(f"\n.venv-vllm/bin/commons {words} {asked}")


if __name__ == "__main__":
    main()
