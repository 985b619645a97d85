"""A comparison in the words and tables that people read, for the terminal and for the report. Pure.

Content of a sensitive case, and what a model wrote about it, is left out unless it was asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from evaluations.comparing.telling import points
from evaluations.flips import FlipKind
from evaluations.verdicts import said

if TYPE_CHECKING:
    from evaluations.comparing.comparison import Comparison
    from evaluations.flips import Flip
    from evaluations.records import Words
    from evaluations.run_record import RunRecord
    from evaluations.statistics.power import Resolution
    from evaluations.suites import Gold
    from registry.services.comparing import Compared
    from registry.services.comparing_plan import Trial

HIDDEN = "(sensitive; --reveal shows it)"
UNKNOWN = "(the content of this case is not here; --cases names the folder that has it)"
BASELINE = (
    "Told by a word-matching baseline, which cannot follow rules: this says how the words moved, and nothing "
    "about how a model reads the new text. It decides nothing."
)
KINDS = (FlipKind.BROKEN, FlipKind.CHANGED, FlipKind.FIXED)
_NAMED = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownFlip:
    """A flip as it is shown. `content` may be a remark in its place; `hidden` says that it is sensitive."""

    case: str
    kind: str
    gold: str
    old: str
    new: str
    content: str
    context: str | None
    sensitive: bool
    hidden: bool
    old_reasoning: str | None
    new_reasoning: str | None


def shown_flips(compared: Compared, *, reveal: bool) -> tuple[ShownFlip, ...]:
    """Every flip, broken ones first: they are what a writer wants to see."""
    flips = sorted(compared.comparison.flips.flips, key=lambda flip: (KINDS.index(flip.kind), flip.case))
    return tuple(_shown(flip, compared, reveal=reveal) for flip in flips)


def _shown(flip: Flip, compared: Compared, *, reveal: bool) -> ShownFlip:
    case = compared.cases.get(flip.case)
    hidden = case is not None and case.sensitive and not reveal
    content = UNKNOWN if case is None else HIDDEN if hidden else case.content
    # What a model says of a case nobody can classify as harmless to read may quote it.
    quiet = case is None or hidden
    return ShownFlip(
        case=flip.case,
        kind=flip.kind.value,
        gold=gold_words(flip.gold),
        old=said(flip.old),
        new=said(flip.new),
        content=content,
        context=None if case is None or hidden else case.context,
        sensitive=case is not None and case.sensitive,
        hidden=hidden,
        old_reasoning=None if quiet else _reasoning(compared.old_words, flip.case),
        new_reasoning=None if quiet else _reasoning(compared.new_words, flip.case),
    )


def _reasoning(words: Mapping[str, Words], case: str) -> str | None:
    found = words.get(case)
    return found.reasoning if found else None


def gold_words(gold: Gold) -> str:
    """A gold label for people."""
    if isinstance(gold, Mapping):
        return ", ".join(code for code, raised in gold.items() if raised) or "no flag"
    return gold or "no label"


def run_words(record: RunRecord) -> str:
    """A run in a line: `starter/spam 1.0.0, key 5cb93044f733`."""
    version = f" {record.policy.version}" if record.policy.version else ""
    return f"{record.policy.address}{version}, text {record.policy.digest[:12]}, run {record.key[:12]}"


def conditions(compared: Compared) -> str:
    """Whether the two may be compared, and what else than the policy differs."""
    if compared.comparison.same_conditions:
        return "They may be compared: same cases, engine, model and settings; only the policy differs."
    one, other = compared.old.record.parts, compared.new.record.parts
    named = {
        "engine": one.engine != other.engine,
        "model": one.model != other.model,
        "template": (one.template, one.template_digest) != (other.template, other.template_digest),
        "effort": one.effort != other.effort,
        "sampling": one.sampling != other.sampling,
        "settings": one.config != other.config,
        "split": compared.old.record.suite.split != compared.new.record.suite.split,
    }
    differing = ", ".join(name for name, differs in named.items() if differs)
    same = one.policy == other.policy
    rest = "the policy is the same" if same else "so a difference is not the policy's alone"
    return f"Same cases, but not the same conditions ({differing} differ); {rest}."


def model_words(record: RunRecord) -> str:
    """What answered: engine, model, template and effort."""
    parts = record.parts
    model = f", model {parts.model.id}" if parts.model.id != parts.engine else ""
    template = f", template {parts.template}" if parts.template else ""
    effort = f", effort {parts.effort}" if parts.effort else ""
    return f"engine {parts.engine}{model}{template}{effort}"


def resolved(resolution: Resolution, kind: str) -> str:
    """What so many cases can tell, in a sentence."""
    cases = f"{resolution.n:,} {kind} {'case' if resolution.n == 1 else 'cases'}"
    if not resolution.n:
        return f"No {kind} case: nothing can be found out about them."
    flips = f"{(Decimal(resolution.discordance) * 100).normalize():f} %"
    power = f"{(Decimal(resolution.power) * 100).normalize():f} %"
    if resolution.detectable is None:
        found = (
            f"where {flips} of the answers change, even a change all one way is found less often than {power}"
        )
    else:
        net = points(resolution.detectable)
        found = (
            f"where {flips} of the answers change, a net change of {net} points is found {power} of the time"
        )
    unseen = points(resolution.unseen)
    return f"{cases}: {found}; where none changes, a loss of up to {unseen} points stays possible."


def listed(trial: Trial) -> list[str]:
    """What the two suites do not share and what is left out, a line each."""
    joint = trial.joint
    lines = [
        ("Added, asked of both", joint.added),
        ("Removed by the new version, still asked of both", joint.removed),
        ("Edited, not counted; look at them", joint.edited),
        ("Relabelled, not counted; look at them", joint.relabelled),
        ("Renamed, counted once", joint.renamed),
        ("With a label that only one version has, not counted", joint.foreign),
        ("Quoted in a policy text, not counted in either run", tuple(trial.quoted)),
    ]
    told = [f"{what}: {len(ids):,} ({some(ids)})." for what, ids in lines if ids]
    if trial.paired:
        told.append(
            f"{trial.paired:,} cases share a contrast pair and a kind (both violate, or neither does); "
            "the intervals take cases as independent and may be too narrow."
        )
    return told


def left_out(comparison: Comparison) -> list[str]:
    """What two runs do not share, a line each."""
    unequal = comparison.unequal
    lists = {
        "Only in the new run": unequal.added,
        "Only in the old run": unequal.removed,
        "With another content": unequal.edited,
        "With another label": unequal.relabelled,
    }
    return [f"{what}, left out: {len(ids):,} ({some(ids)})." for what, ids in lists.items() if ids]


def some(ids: tuple[str, ...]) -> str:
    """The first few ids."""
    more = f" and {len(ids) - _NAMED:,} more" if len(ids) > _NAMED else ""
    return f"{', '.join(ids[:_NAMED])}{more}"


def noise_words(comparison: Comparison) -> str:
    """A/A: what changes when nothing does."""
    noise = comparison.noise
    flips = comparison.flips
    moved = f"{len(flips.flips):,} of {flips.compared:,} answers changed between the versions"
    if noise is None:
        return (
            f"A/A noise: not measured, and this engine may answer the same question in two ways; {moved}. "
            "Measure it with --again."
        )
    if noise.source == "promised":
        return f"A/A noise: none; this engine gives the same answers every time. {moved}."
    again = "run again" if noise.source == "again" else "asked twice"
    same = f"{noise.discordant:,} of {noise.n:,} answers changed when the old version was {again}"
    return f"A/A noise: {same}; {moved}."


def cost_words(comparison: Comparison) -> list[str]:
    """Tokens and latency, where they are known."""
    cost = comparison.cost
    lines = [
        ("Tokens in", cost.old_input, cost.new_input, ""),
        ("Tokens out", cost.old_output, cost.new_output, ""),
        ("Median latency", cost.old_p50, cost.new_p50, " ms"),
    ]
    return [
        f"{what}: {_number(old)} before, {_number(new)} now{unit if new is not None else ''}."
        for what, old, new, unit in lines
        if old is not None or new is not None
    ]


def f1_words(comparison: Comparison) -> str:
    """F1 of the binary view with its bootstrap interval; it decides nothing."""
    figure = comparison.f1
    if figure.value is None:
        return "F1 (violating or not): undefined. Reported, decides nothing."
    bounds = "no interval" if figure.low is None else f"{points(figure.low)} to {points(figure.high)}"
    return (
        f"F1 (violating or not): {points(figure.old)} before, {points(figure.new)} now, "
        f"{points(figure.value, signed=True)} points ({bounds}, paired bootstrap). Reported, decides nothing."
    )


def flips_words(comparison: Comparison) -> str:
    """How many flips there are, of each kind."""
    flips = comparison.flips
    counts = ", ".join(f"{len(flips.of(kind)):,} {kind.value}" for kind in KINDS)
    return f"Flips: {len(flips.flips):,} of {flips.compared:,} answers: {counts}."


def _number(count: int | None) -> str:
    return "unknown" if count is None else f"{count:,}"
