"""Probes: what each makes of a policy, and how a reaction is counted."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from evaluations.intervals import exact_proportion
from evaluations.probes.base import Arms, Move, Probe, ProbeError, behaviour_digest
from evaluations.probes.carve_out_1 import CARVE_OUT_1
from evaluations.probes.inversion_1 import INVERSION_1
from evaluations.probes.off_topic_1 import OFF_TOPIC_1
from evaluations.probes.reaction import reaction
from evaluations.probes.registry import PROBES, probe_named
from evaluations.rows import Row
from evaluations.suites import SuiteItem, SuiteLabel
from evaluations.verdicts import FlagsVerdict, LabelVerdict, Unparsed, UnparsedReason, Verdict
from policies.folder import POLICY_FILE, PolicyFolder, load_folder
from policies.model import Case
from policies.prompt import prompt_text
from tests.unit.evaluations.builders import FLAGS_TEXT, TEXT, case_of

CASES = tuple(case_of(f"c{n}", label=("AD0", "AD1", "AD2")[n % 3]) for n in range(12))
ALL = pytest.mark.parametrize("probe", PROBES.values(), ids=lambda probe: probe.id)


def _folder(text: str = TEXT, **more: bytes) -> PolicyFolder:
    return load_folder("sample", {POLICY_FILE: text.encode(), **more})


# A probe that was used is never changed: a digest that moves asks for another version.
DIGESTS = {
    "inversion@1": "383c5efc5f48",
    "off-topic@1": "4d417916f308",
    "carve-out@1": "02dec8591591",
}


@ALL
def test_a_probe_is_what_it_was(probe: Probe) -> None:
    """Its digest is over both texts, contexts and moves, and is the one that runs were made under."""
    assert probe.digest == behaviour_digest(probe.id, probe.prepare)
    assert probe.digest.startswith(DIGESTS[probe.id])


@ALL
@pytest.mark.parametrize("text", [TEXT, FLAGS_TEXT, "\ufeff" + TEXT.replace("\n", "\r\n")])
def test_both_texts_ask_for_the_same_labels(probe: Probe, text: str) -> None:
    """Codes, what violates and the labelling stay; the control is the policy itself; contents stay."""
    folder = _folder(text)
    arms = probe.prepare(folder, CASES)
    was, is_ = folder.document.policy.meta, arms.changed.document.policy.meta
    assert [(label.code, label.violates) for label in was.labels] == [
        (label.code, label.violates) for label in is_.labels
    ]
    assert was.labelling is is_.labelling
    assert arms.control == folder
    assert prompt_text(arms.changed) != prompt_text(folder)
    assert [case.content for case in arms.cases] == [case.content for case in CASES]
    assert len(arms.moves) == len(arms.cases)


def test_the_inverted_text_holds_the_policy_and_its_opposite() -> None:
    """Every word of it, after a paragraph that names the labels to turn to; every verdict should turn."""
    folder = _folder()
    arms = INVERSION_1.prepare(folder, CASES)
    text = prompt_text(arms.changed)
    assert text.endswith(prompt_text(folder))
    assert "one of AD1, AD2: answer AD0." in text
    assert "one of AD0: answer AD2." in text
    assert set(arms.moves) == {Move.TURN}


def test_nothing_of_the_policy_is_in_the_text_off_topic() -> None:
    """Neither its text, nor its titles, nor its attachments; nothing should be flagged."""
    text = TEXT.replace("licenses:", "attachments: [{file: annex-1.md, in_prompt: true}]\nlicenses:")
    arms = OFF_TOPIC_1.prepare(_folder(text, **{"annex-1.md": b"An annex about candles.\n"}), CASES)
    told = prompt_text(arms.changed) + str(arms.changed.document.policy.meta.labels)
    for word in ("advert", "Advert", "candle", "weather", "offer"):
        assert word not in told
    assert set(arms.moves) == {Move.ALLOW}


def test_half_of_every_label_stands_where_the_exception_holds() -> None:
    """Which ones follows from their ids alone, and a context that was there stays."""
    arms = CARVE_OUT_1.prepare(_folder(), [*CASES, case_of("d", label="AD0", context="A reply.")])
    exempt = _exempt(arms)
    assert {case.context for case in exempt} <= {
        "Posted in #practice-corner.",
        "A reply.\nPosted in #practice-corner.",
    }
    of_label = [sum(case.label == code for case in exempt) for code in ("AD1", "AD2")]
    assert of_label == [2, 2]
    assert "#practice-corner is exempt" in prompt_text(arms.changed)
    there, back = (CARVE_OUT_1.prepare(_folder(), cases) for cases in (CASES, CASES[::-1]))
    assert {case.id for case in _exempt(there)} == {case.id for case in _exempt(back)}


def _exempt(arms: Arms) -> list[Case]:
    return [case for case, move in zip(arms.cases, arms.moves, strict=True) if move is Move.ALLOW]


@ALL
def test_a_policy_that_knows_one_side_only_is_refused(probe: Probe) -> None:
    """There is nothing to turn where everything violates, or nothing does."""
    for violates in ("true", "false"):
        text = TEXT.replace("violates: false", f"violates: {violates}").replace(
            "violates: true", f"violates: {violates}"
        )
        with pytest.raises(ProbeError, match="a label that violates and one that does not"):
            probe.prepare(_folder(text), CASES)


def test_the_short_name_means_the_newest() -> None:
    """`inversion` is its newest version; an unknown one is told with those there are."""
    assert probe_named("inversion") is INVERSION_1
    assert probe_named("off-topic@1") is OFF_TOPIC_1
    with pytest.raises(ProbeError, match=r"probe upside-down: is not known. Use one of: carve-out@1"):
        probe_named("upside-down")


LABELS = (SuiteLabel(code="A", violates=False), SuiteLabel(code="B", violates=True))
LOST = Unparsed(reason=UnparsedReason.EMPTY)


def _rows(said: Mapping[str, str | Verdict]) -> list[Row]:
    return [
        Row(
            item=SuiteItem(id=case, input="0" * 64, gold="A"),
            repeat=1,
            verdict=LabelVerdict(code=verdict) if isinstance(verdict, str) else verdict,
        )
        for case, verdict in said.items()
    ]


def test_a_reaction_by_hand() -> None:
    """Told from the verdict before, whatever the gold label; unread ones before are in no rate."""
    moves = dict.fromkeys("abcde", Move.TURN) | {"f": Move.ALLOW, "g": Move.STAY, "h": Move.STAY}
    before = {"a": "B", "b": "B", "c": "A", "d": LOST, "e": "A", "f": "B", "g": "B", "h": "A"}
    after = {"a": "A", "b": "B", "c": "B", "d": "A", "e": LOST, "f": "A", "g": "B", "h": "B"}
    found = reaction(_rows(before), _rows(after), moves, LABELS)
    assert found.turned == exact_proportion(3, 5)
    assert found.stayed == exact_proportion(1, 2)
    assert (found.no_start, found.unread) == (1, 1)
    assert [(one.move, one.flagged, one.figure.count, one.figure.n, one.others) for one in found.moved] == [
        (Move.ALLOW, True, 1, 1, ()),
        (Move.STAY, True, 1, 1, ()),
        (Move.STAY, False, 0, 1, ("h",)),
        (Move.TURN, True, 1, 2, ("b",)),
        (Move.TURN, False, 1, 2, ("e",)),
    ]


def test_of_flags_one_that_violates_is_enough() -> None:
    """A flag that was not answered leaves a case open, unless another violates."""
    labels = (SuiteLabel(code="H", violates=True), SuiteLabel(code="V", violates=True))
    before = {"a": FlagsVerdict(flags={"H": True}), "b": FlagsVerdict(flags={"H": False})}
    after = {case: FlagsVerdict(flags={"H": False, "V": False}) for case in "ab"}
    found = reaction(_rows(before), _rows(after), {"a": Move.ALLOW, "b": Move.ALLOW}, labels)
    assert (found.turned, found.no_start) == (exact_proportion(1, 1), 1)
