"""A comparison as one page: a self-contained file and no script. Reads a template.

Every text of strangers is escaped; the page loads nothing, and says so to the browser.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import jinja2

from evaluations.comparing.telling import sentence
from registry.cli.console import printable
from registry.cli.scores import SCRIPTED, UNTESTED
from registry.services import comparison_tables as tables
from registry.services import comparison_words as words
from registry.services.comparison_flips import flips_words, shown_flips

if TYPE_CHECKING:
    from registry.services.comparing import Compared


def report(compared: Compared, *, reveal: bool) -> str:
    """The page. Sensitive content is in it only with `reveal`, and then behind a fold."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("registry.cli"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        # What turns text round or hides it would do so on a page as on a terminal.
        finalize=lambda value: printable(value) if type(value) is str else value,
    )
    comparison, old, new = compared.comparison, compared.old.record, compared.new.record
    ends, trial = comparison.endpoints, compared.trial
    by = [words.model_words(record) for record in (old, new)]
    return environment.get_template("compare.html").render(
        title=f"{new.policy.address}: old and new compared",
        sentence=sentence(comparison),
        baseline=words.BASELINE if compared.baseline else "",
        scripted=SCRIPTED if compared.scripted else "",
        untested=UNTESTED,
        unanswered=compared.unanswered,
        old=words.run_words(old, compared.old.called),
        new=words.run_words(new, compared.new.called),
        by=by[0] if by[0] == by[1] else f"{by[0]}; then {by[1]}",
        cases=f"{comparison.n:,}, {ends.caught.change.n:,} violating and {ends.spared.change.n:,} harmless",
        conditions=words.conditions(compared.comparison, compared.old.record, compared.new.record),
        listed=words.listed(trial) if trial else words.left_out(comparison),
        resolved=(
            words.resolved(ends.caught.resolution, "violating"),
            words.resolved(ends.spared.resolution, "harmless"),
        ),
        headline=tables.headline(comparison),
        endpoints=tables.endpoints(comparison),
        methods=tables.methods(comparison),
        seen_before=words.SEEN_BEFORE,
        followed=words.followed_words(compared.followed),
        groups=tables.groups(comparison),
        groups_note=tables.groups_words(comparison),
        flips_note=flips_words(comparison),
        flips=shown_flips(compared, reveal=reveal),
        beside=(words.noise_words(comparison), *words.cost_words(comparison), words.f1_words(comparison)),
    )
