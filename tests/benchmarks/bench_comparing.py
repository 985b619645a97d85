"""Two runs of 100,000 rows: read from their files, every figure worked out again, and compared."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

from evaluations.engines.base import EngineSettings
from evaluations.engines.replay import Recording, ReplayEngine
from evaluations.keys import ModelManifest
from evaluations.verdicts import Answer, LabelVerdict, Tokens
from policies.folder import load_folder
from registry.services.bench import bench_folder
from tests.benchmarks.measure import Line

ROOT = Path(__file__).parents[2]
SPAM = ROOT / "policies" / "library" / "spam"
ROWS, TIMES = 100_000, 5

_COMPARE = """
import json, resource, sys, time
from pathlib import Path
from registry.services.comparing import compare_runs
from registry.services.exporting import run_in_folder

def compare():
    return compare_runs(*(run_in_folder(Path(place)) for place in sys.argv[1:3]))

begun = time.perf_counter()
compared = compare()
taken = time.perf_counter() - begun
assert compared.comparison.n == int(sys.argv[3])
print(json.dumps({"taken": taken, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""


def run(folder: Path) -> list[Line]:
    """The best of five processes, each of which reads and compares both once."""
    places = [_made(folder / name, seed) for seed, name in enumerate(("old", "new"))]
    command = [sys.executable, "-c", _COMPARE, *map(str, places), str(ROWS)]
    found = [
        json.loads(subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout)
        for _ in range(TIMES)
    ]
    taken, peak = min(one["taken"] for one in found), max(one["peak"] for one in found)
    return [
        Line(
            f"comparing two runs of {ROWS:,} rows, read and recounted", f"{taken:.2f} s", "< 2 s", taken < 2
        ),
        Line("its peak memory", f"{peak:.0f} MB", "< 500 MB", peak < 500),
    ]


def _made(place: Path, seed: int) -> Path:
    """A run of recorded answers, right in 85 of a hundred cases, as `commons bench --keep` stores it."""
    draw = random.Random(seed)
    files = {path.name: path.read_bytes() for path in SPAM.iterdir() if path.is_file()}
    folder = load_folder("spam", {**files, "cases.jsonl": _cases()})
    codes = folder.document.policy.meta.codes
    recorded = [
        Recording(
            answer=Answer(
                case_id=case.id,
                verdict=LabelVerdict(code=case.label if draw.random() < 0.85 else draw.choice(codes)),
                finish_reason="stop",
                tokens=Tokens(input=400 + draw.randrange(50), output=60 + draw.randrange(90)),
                latency_ms=draw.randrange(3_000),
            )
        )
        for case in folder.cases
        if case.label
    ]
    engine = ReplayEngine(recorded, EngineSettings(model=ModelManifest(id="scripted")))
    place.mkdir()
    for name, raw in bench_folder(folder, engine, address="bench/spam").files.items():
        (place / name).write_bytes(raw)
    return place


def _cases() -> bytes:
    """A hundred thousand cases of four labels in a dozen slices."""
    draw = random.Random(7)
    lines = (
        {
            "id": f"C-{number:06}",
            "content": f"Case {number}",
            "label": f"SP{draw.randrange(4)}",
            "slices": [f"s{draw.randrange(12)}"],
        }
        for number in range(ROWS)
    )
    return "".join(json.dumps(line) + "\n" for line in lines).encode()
