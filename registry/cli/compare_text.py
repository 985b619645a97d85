"""A comparison printed for people, in the order in which it should be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evaluations.comparing.telling import sentence
from registry.cli.console import Output, one_line, plural
from registry.cli.scores import SCRIPTED, UNTESTED
from registry.services import comparison_tables as tables
from registry.services import comparison_words as words
from registry.services.comparison_flips import flips_words, shown_flips

if TYPE_CHECKING:
    from evaluations.statistics.power import Resolution
    from registry.services.comparing import Compared, Terms
    from registry.services.comparing_plan import Trial

_WIDTH = 500
_MOST = 200
"""Flips that a terminal is given."""


def show_before(output: Output, trial: Trial, terms: Terms) -> None:
    """What the cases can tell, and what is settled, before anything runs."""
    output.line(f"Before anything runs: {plural(trial.counted, 'case')} will be counted.", style="bold")
    for resolution, kind in ((trial.violating, "violating"), (trial.harmless, "harmless")):
        output.line(f"  {words.resolved(resolution, kind)}")
    for line in (*words.terms_words(terms), *words.listed(trial), words.SEEN_BEFORE):
        output.line(f"  {line}")
    output.line()


def show_compared(output: Output, compared: Compared, *, reveal: bool, reasoning: bool) -> None:
    """Everything that a comparison says; the plain sentence comes last."""
    comparison = compared.comparison
    if compared.baseline or compared.scripted:
        output.line(UNTESTED, style="bold")
        if compared.scripted:
            output.line(SCRIPTED)
        output.line()
    output.line(f"Old: {words.run_words(compared.old.record, compared.old.called)}")
    output.line(f"New: {words.run_words(compared.new.record, compared.new.called)}")
    old, new = (words.model_words(run.record) for run in (compared.old, compared.new))
    output.line(f"By {old}" if old == new else f"By {old}; then {new}")
    output.line(words.conditions(compared.comparison, compared.old.record, compared.new.record))
    if compared.trial is None:
        for line in words.left_out(comparison):
            output.line(line)
        ends = comparison.endpoints
        _could_tell(output, ends.caught.resolution, ends.spared.resolution)
    output.line()
    _table(output, tables.headline(comparison))
    output.line()
    for told in tables.endpoints(comparison):
        output.line(told.counts)
        output.line(f"  {told.judgement}")
        if told.by_pairs:
            output.line(f"  {told.by_pairs}")
    output.line(tables.methods(comparison))
    output.line()
    for line in words.followed_words(compared.followed):
        output.line(line)
    if compared.followed is not None:
        output.line()
    _groups(output, compared)
    _flips(output, compared, reveal=reveal, reasoning=reasoning)
    output.line(words.noise_words(comparison))
    for line in words.cost_words(comparison):
        output.line(line)
    output.line(words.f1_words(comparison))
    output.line()
    output.line(sentence(comparison), style="bold")
    if compared.baseline:
        output.line(words.BASELINE)


def _could_tell(output: Output, violating: Resolution, harmless: Resolution) -> None:
    output.line()
    output.line("What these cases can tell, whatever came out:", style="bold")
    output.line(f"  {words.resolved(violating, 'violating')}")
    output.line(f"  {words.resolved(harmless, 'harmless')}")


def _table(output: Output, table: tables.Table) -> None:
    output.table(table.columns, table.rows, right=table.columns[1:])


def _groups(output: Output, compared: Compared) -> None:
    table = tables.groups(compared.comparison)
    if table.rows:
        _table(output, table)
    output.line(tables.groups_words(compared.comparison))
    output.line()


def _flips(output: Output, compared: Compared, *, reveal: bool, reasoning: bool) -> None:
    output.line(flips_words(compared.comparison), style="bold")
    flips = shown_flips(compared, reveal=reveal)
    if reasoning and any(flip.old_reasoning or flip.new_reasoning for flip in flips):
        output.line(words.MODELS_WORDS)
    for flip in flips[:_MOST]:
        output.line(f"  {flip.case}  {flip.kind}: {flip.old} -> {flip.new}, gold {flip.gold}")
        if flip.context:
            output.line(f"      context: {one_line(flip.context, _WIDTH)}")
        output.line(f"      {one_line(flip.content, _WIDTH)}")
        if reasoning:
            for name, said in (("old", flip.old_reasoning), ("new", flip.new_reasoning)):
                if said:
                    output.line(f"      {name}: {one_line(said, _WIDTH)}")
    if len(flips) > _MOST:
        output.line(f"  {plural(len(flips) - _MOST, 'more flip')}: --html and --json have them all.")
    output.line()
