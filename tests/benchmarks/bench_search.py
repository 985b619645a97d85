"""Search over 10,000 and 100,000 policies: common words, beginnings, phrases, filters, later pages."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from governance.payloads import Release
from policies.front_matter import read_front_matter
from registry.index.entries import Query
from registry.index.index import Index
from registry.index.listings import Listing, put_listings
from registry.index.projection import BATCH
from registry.index.reading import PolicyText
from tests.benchmarks.measure import Line
from tests.benchmarks.texts import texts, vocabulary
from tests.support.histories import policy_files

SIZES, WORDS, QUERIES = ((10_000, 30.0), (100_000, 250.0)), 450, 300
_NO_OID, _NO_DIGEST = "1" * 40, "1" * 64


def run(folder: Path) -> list[Line]:
    """Fills indexes through the projection's own writing, without a repository."""
    lines = []
    for size, most in SIZES:
        index = Index.open(folder / f"{size}.db")
        _fill(index, size)
        taken = []
        for query in islice(_queries(3), QUERIES):
            begun = time.perf_counter()
            found = index.search(query)
            taken.append((time.perf_counter() - begun) * 1000)
            if found.next is not None and len(taken) % 5 == 0:
                begun = time.perf_counter()
                index.search(Query(words=query.words, after=found.next))
                taken.append((time.perf_counter() - begun) * 1000)
        index.close()
        taken.sort()
        p50, p95 = taken[len(taken) // 2], taken[int(len(taken) * 0.95)]
        figure = f"p50 {p50:.1f} ms, p95 {p95:.1f} ms"
        lines.append(Line(f"search over {size:,} policies", figure, f"p95 < {most:.0f} ms", p95 < most))
    return lines


def _queries(seed: int) -> Iterator[Query]:
    """As people ask: mostly one to three words, some of them among the most frequent."""
    chance, words = random.Random(seed), vocabulary()
    while True:
        common, rare = chance.choice(words[:30]), chance.choice(words[200:20_000])
        yield chance.choice(
            (
                Query(words=common),
                Query(words=f"{common} {chance.choice(words[:100])}"),
                Query(words=rare),
                Query(words=rare[:3]),
                Query(words=common[:2]),
                Query(words=f"{common} {rare[:4]}"),
                Query(words=f'"{common} {chance.choice(words[:5])}"'),
                Query(words=common, status="stable"),
                Query(words=common, language="de", label="AA1"),
                Query(status="stable"),
                Query(),
            )
        )


def _fill(index: Index, size: int) -> None:
    drawn, chance = texts(2, WORDS), random.Random(5)
    bodies = [next(drawn) for _ in range(2_000)]

    def read(number: int) -> PolicyText:
        status, language = chance.choice(("draft", "stable")), chance.choice(("en", "de", "es"))
        text = f"{chance.choice(bodies)} {chance.choice(bodies)[:200]}"
        raw = policy_files(f"Policy {number}", text)["policy.md"]
        raw = raw.replace(b"status: experimental", f"status: {status}".encode())
        front = read_front_matter(raw.replace(b"language: en", f"language: {language}".encode()))
        release = Release(
            slug=f"policy-{number}",
            version="1.0.0",
            content=_NO_DIGEST,
            folder=_NO_DIGEST,
            commit=_NO_OID,
            tag=_NO_OID,
        )
        return PolicyText(release, front.meta, front.body)

    def listing(number: int) -> Listing:
        at = 1_767_225_600 + number
        return Listing(
            id=None,
            commons="many",
            owner="ana",
            read=read(number),
            serial=number,
            updated_at=at,
            tested=False,
        )

    with index._database.write() as connection:
        for start in range(0, size, BATCH):
            put_listings(connection, [listing(number) for number in range(start, min(start + BATCH, size))])
