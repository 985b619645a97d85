"""`carve-out@1`: one place is exempt from the policy, and half of the cases stand there. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from evaluations.probes.base import (
    Arms,
    Move,
    Probe,
    ProbeId,
    around_body,
    behaviour_digest,
    sides,
    with_text,
)
from policies.canonical import sha256_hex
from policies.folder import PolicyFolder
from policies.model import Case, Labelling

_ID = ProbeId("carve-out@1")
_EXEMPT, _OTHER = "#practice-corner", "#main-hall"

_AFTER = """
## An exception
What is posted in {exempt} is exempt from this policy, whatever it says: {answer}. What is posted anywhere \
else is judged by the rules above, without any exception.
"""


def prepare(folder: PolicyFolder, cases: Sequence[Case]) -> Arms:
    """The text with an exception for a place, and cases of which every other one stands there.

    Both texts are asked about the same places; only one makes something of them. Raises `ProbeError`.
    """
    policy = folder.document.policy
    _, allowed = sides(_ID, policy)
    single = policy.meta.labelling is Labelling.SINGLE
    answer = f"answer {allowed[0].code} for it" if single else "raise no flag for it"
    exempt = _every_other(cases)
    return Arms(
        control=folder,
        changed=with_text(folder, around_body(folder, after=_AFTER.format(exempt=_EXEMPT, answer=answer))),
        cases=tuple(_placed(case, _EXEMPT if case.id in exempt else _OTHER) for case in cases),
        moves=tuple(Move.ALLOW if case.id in exempt else Move.STAY for case in cases),
    )


def _every_other(cases: Sequence[Case]) -> frozenset[str]:
    """Every other case of each label, in an order that nobody chose: that of their ids' digests."""
    of_label: dict[str, list[str]] = {}
    for case in sorted(cases, key=lambda case: sha256_hex(case.id.encode("utf-8", "surrogatepass"))):
        gold = case.label or ",".join(sorted(code for code, flag in (case.labels or {}).items() if flag))
        of_label.setdefault(gold, []).append(case.id)
    return frozenset(case for ids in of_label.values() for case in ids[::2])


def _placed(case: Case, place: str) -> Case:
    where = f"Posted in {place}."
    return replace(case, context=where if case.context is None else f"{case.context}\n{where}")


CARVE_OUT_1 = Probe(
    id=_ID,
    title="An exception for one place",
    asks=(
        "The same cases, each said to be posted in one of two places, under the text as it is and under the "
        "same text with one of the places exempt. Verdicts there should become allowed, and stay elsewhere."
    ),
    shows=(
        "Whether an exception is followed where it holds and nowhere else. It is a plain exception told by "
        "the context; one that has to be judged from the content is harder."
    ),
    prepare=prepare,
    digest=behaviour_digest(_ID, prepare),
)
