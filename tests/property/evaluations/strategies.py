"""What the properties are tried on: rows of single-label and multi-flag runs."""

from __future__ import annotations

from hypothesis import strategies as st

from evaluations.rows import Row
from evaluations.suites import SuiteItem, SuiteLabel
from evaluations.verdicts import Failed, FlagsVerdict, LabelVerdict, Unparsed, UnparsedReason, Verdict
from policies.model import Labelling

CODES = ("A0", "B1", "C2")
LABELS = tuple(SuiteLabel(code=code, violates=code != "A0") for code in CODES)

_unread: st.SearchStrategy[Verdict] = st.one_of(
    st.sampled_from(UnparsedReason).map(lambda reason: Unparsed(reason=reason)),
    st.sampled_from(["timeout", "http-503"]).map(lambda error: Failed(error=error)),
)
_label: st.SearchStrategy[Verdict] = st.sampled_from(CODES).map(lambda code: LabelVerdict(code=code))
_flags: st.SearchStrategy[Verdict] = st.dictionaries(st.sampled_from(CODES), st.booleans()).map(
    lambda flags: FlagsVerdict(flags=flags)
)
_known = st.fixed_dictionaries({code: st.none() | st.booleans() for code in CODES}).filter(
    lambda flags: any(flag is not None for flag in flags.values())
)


@st.composite
def runs(draw: st.DrawFn, labelling: Labelling) -> tuple[Row, ...]:
    """Rows of up to twenty cases with one to three repeats."""
    single = labelling is Labelling.SINGLE
    repeats = draw(st.integers(1, 3))
    rows = []
    for number in range(draw(st.integers(1, 20))):
        item = SuiteItem(
            id=f"case {number:02}",
            input=f"{number:064x}",
            gold=draw(st.sampled_from(CODES) if single else _known),
            slices=tuple(sorted(draw(st.sets(st.sampled_from(["joke", "short", "slang"]))))),
            todo=draw(st.integers(0, 9)) == 0,
        )
        verdict = st.one_of(_label if single else _flags, _unread)
        rows += [Row(item=item, repeat=repeat, verdict=draw(verdict)) for repeat in range(1, repeats + 1)]
    return tuple(rows)
