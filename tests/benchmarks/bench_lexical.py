"""The embedded engine on HateCheck: reading the set, fitting, answering and scoring."""

from __future__ import annotations

import os
from pathlib import Path

from evaluations.engines.catalogue import engine_named
from policies.folder import load_folder
from policies.importers.importing import import_files
from registry.services.bench import bench_folder
from tests.benchmarks.measure import Line, seconds

LIBRARY = Path(__file__).parents[2] / "policies" / "library"


def run(_folder: Path) -> list[Line]:
    """Runs the hate-speech starter's text over HateCheck's cases, where the data is."""
    data = os.environ.get("COMMONS_REAL_DATA")
    if not data:
        return [Line("lexical on HateCheck", "not measured: COMMONS_REAL_DATA is not set", "< 5 s")]
    source = {path.name: path.read_bytes() for path in (Path(data) / "hatecheck").iterdir()}
    runs = []

    def work() -> None:
        pack = import_files("hatecheck", source).packs[0]
        text = (
            b"---\ntitle: Hate\nlabels:\n"
            b"  - {code: non-hateful, title: Not hateful, violates: false}\n"
            b"  - {code: hateful, title: Hateful, violates: true}\n---\n"
            b"# Goal\nDecide.\n\n## non-hateful\nTalk, criticism, counter-speech.\n"
            b"- A neutral remark: \xe2\x80\x9cmy neighbours had a lovely wedding\xe2\x80\x9d\n\n"
            b"## hateful\nAttacks on people for what they are.\n"
            b"- An attack: \xe2\x80\x9cthose people disgust me and should leave\xe2\x80\x9d\n"
        )
        folder = load_folder("hatecheck", {**pack.files, "policy.md": text})
        runs.append(bench_folder(folder, engine_named("lexical"), address="bench/hatecheck"))

    taken = seconds(work)
    record = runs[0].record
    rate = record.timing.items_per_second
    return [
        Line(
            "lexical on HateCheck, in all",
            f"{taken:.1f} s for {len(runs[0].rows):,} cases",
            "< 5 s",
            taken < 5,
        ),
        Line("its answers after fitting", f"{rate} a second", ">= 20,000/s", float(rate or 0) >= 20_000),
    ]
