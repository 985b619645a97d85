"""A comparison in the words that people read, for the terminal, the report and the site. Pure.

Content of a sensitive case, and what a model wrote about it, is left out unless it was asked for.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from evaluations.comparing.comparison import Comparison
from evaluations.comparing.expectations import Followed, Meant, Missed
from evaluations.comparing.pairing import Unequal
from evaluations.comparing.telling import points
from evaluations.intervals import Proportion
from evaluations.run_record import RunRecord
from evaluations.statistics.bootstrap import BY_CLUSTERS
from evaluations.statistics.power import Resolution
from evaluations.verdicts import said
from registry.services.comparison_tables import QUESTIONS, share

if TYPE_CHECKING:
    from registry.services.comparing import Terms
    from registry.services.comparing_plan import Trial

BASELINE = (
    "Told by a word-matching baseline, which cannot follow rules: this says how the words moved, and nothing "
    "about how a model reads the new text. It decides nothing."
)
SEEN_BEFORE = (
    "These cases were likely in sight while the text was written, and each further look at them makes a "
    "chance finding likelier: keep some apart that decide in the end."
)
MODELS_WORDS = "What the model wrote may be wrong or harmful, and is not for end users."
_NAMED = 12


def run_words(record: RunRecord, called: str | None = None) -> str:
    """A run in a line: `starter/spam 1.0.0, text 3a858d2a9609, run 5cb93044f733`.

    `called` is what was asked for, where the same text may have been run under another name.
    """
    version = f" {record.policy.version}" if record.policy.version else ""
    made = f"{record.policy.address}{version}"
    other = f" (made as {made})" if called not in (None, made) else ""
    return f"{called or made}, text {record.policy.digest[:12]}, run {record.key[:12]}{other}"


def conditions(comparison: Comparison, old: RunRecord, new: RunRecord) -> str:
    """Whether the two may be compared, and what else than the policy differs."""
    if comparison.same_conditions:
        return "They may be compared: same cases, engine, model and settings; only the policy differs."
    one, other = old.parts, new.parts
    named = {
        "engine": one.engine != other.engine,
        "model": one.model != other.model,
        "template": (one.template, one.template_digest) != (other.template, other.template_digest),
        "effort": one.effort != other.effort,
        "sampling": one.sampling != other.sampling,
        "settings": one.config != other.config,
        "split": old.suite.split != new.suite.split,
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
            f"{trial.paired:,} cases share a contrast pair and a kind (both violate, or neither does): they "
            "are not independent, so an interval by pairs stands beside the others."
        )
    return told


def terms_words(terms: Terms) -> list[str]:
    """What was settled before anything ran, a line each."""
    primary = QUESTIONS[terms.primary]
    lines = [
        f"Primary question: {primary}; whatever else is looked at is corrected for, or said to be open.",
        f"Margin: a loss of {points(terms.margin)} points or more on either endpoint is too much.",
    ]
    if terms.expected:
        flips = sum(line.meant is Meant.FLIP for line in terms.expected)
        keeps = len(terms.expected) - flips
        lines.append(f"Declared: {flips:,} lines of what should flip, {keeps:,} of what must not.")
    return lines


def followed_words(followed: Followed | None) -> list[str]:
    """What the change was meant to do and whether it did, a line each; none where nothing was declared."""
    if followed is None:
        return []
    lines = []
    if followed.flipped.n or followed.already:
        there = f"; {len(followed.already):,} were so before" if followed.already else ""
        lines.append(f"Meant to flip: {_rate(followed.flipped)} did{there}.")
        lines += [f"  did not: {_missed(case)}" for case in followed.not_flipped[:_NAMED]]
        lines += _rest(followed.not_flipped)
    if followed.kept.n:
        lines.append(f"Meant to stay: {_rate(followed.kept)} did.")
        lines += [f"  flipped all the same: {_missed(case)}" for case in followed.not_kept[:_NAMED]]
        lines += _rest(followed.not_kept)
    return lines


def _rate(figure: Proportion) -> str:
    if not figure.n:
        return "none that could"
    return f"{figure.count:,} of {figure.n:,}, {share(figure)} by Clopper and Pearson,"


def _missed(missed: Missed) -> str:
    wanted = f", meant {missed.label}" if missed.label else ""
    return f"{missed.case}: {said(missed.old)} -> {said(missed.new)}{wanted}"


def _rest(missed: tuple[Missed, ...]) -> list[str]:
    more = len(missed) - _NAMED
    return [f"  and {more:,} more"] if more > 0 else []


def left_out(comparison: Comparison) -> list[str]:
    """What two runs do not share and was left out, a line each."""
    return [f"{what}, left out: {ids}." for what, ids in _unequal(comparison.unequal)]


def unequal_words(unequal: Unequal) -> list[str]:
    """What two runs do not share, a line each."""
    return [f"{what}: {ids}." for what, ids in _unequal(unequal)]


def _unequal(unequal: Unequal) -> list[tuple[str, str]]:
    lists = {
        "Only in the new run": unequal.added,
        "Only in the old run": unequal.removed,
        "With another content": unequal.edited,
        "With another label": unequal.relabelled,
    }
    return [(what, f"{len(ids):,} ({some(ids)})") for what, ids in lists.items() if ids]


def some(ids: tuple[str, ...]) -> str:
    """The first few ids."""
    more = f" and {len(ids) - _NAMED:,} more" if len(ids) > _NAMED else ""
    return f"{', '.join(ids[:_NAMED])}{more}"


def noise_words(comparison: Comparison, remedy: str = "Measure it with --again.") -> str:
    """A/A: what changes when nothing does."""
    noise = comparison.noise
    flips = comparison.flips
    moved = f"{len(flips.flips):,} of {flips.compared:,} answers changed between the versions"
    if noise is None:
        return (
            f"A/A noise: not measured, and this engine may answer the same question in two ways; {moved}. "
            f"{remedy}"
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
        f"{what}: {_number(old, unit)} before, {_number(new, unit)} now."
        for what, old, new, unit in lines
        if old is not None or new is not None
    ]


def f1_words(comparison: Comparison) -> str:
    """F1 of the binary view with its bootstrap interval; it decides nothing."""
    figure = comparison.f1
    if figure.value is None:
        return "F1 (violating or not): undefined. Reported, decides nothing."
    how = "paired bootstrap by contrast pairs" if figure.method == BY_CLUSTERS else "paired bootstrap"
    bounds = "no interval" if figure.low is None else f"{points(figure.low)} to {points(figure.high)}"
    return (
        f"F1 (violating or not): {points(figure.old)} before, {points(figure.new)} now, "
        f"{points(figure.value, signed=True)} points ({bounds}, {how}). Reported, decides nothing."
    )


def _number(count: int | None, unit: str) -> str:
    return "unknown" if count is None else f"{count:,}{unit}"
