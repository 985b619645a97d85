"""Rules about licences and credit. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from policies.findings import Finding
from policies.licences import Licence, UnknownLicenceError, conflict, read_licence
from policies.lint.reading import CASES_FILE, POLICY_FILE, Reading, joined
from policies.lint.rules import found

_LIST = "https://spdx.org/licenses/"


def check_rights(reading: Reading) -> Iterator[Finding]:
    """P080 to P085."""
    meta = reading.meta
    if meta is None:
        return
    line = reading.line_of("licenses")
    stated: dict[str, str | None] = {"text": meta.licenses.text}
    if CASES_FILE in reading.files:
        stated["cases"] = meta.licenses.cases
    licences: dict[str, Licence] = {}
    for part, expression in stated.items():
        if not (expression or "").strip():
            fix = f"Add it, such as `licenses: {{text: CC-BY-4.0, cases: CC-BY-4.0}}`; ids: {_LIST}."
            yield found("P080", POLICY_FILE, line, f"No licence is given for the {part}.", fix)
            continue
        licence = yield from _read(f"the {part}", str(expression), POLICY_FILE, line)
        if licence is not None:
            licences[part] = licence
    yield from _own_licences(reading, licences.get("cases"))
    owing = sorted({licence.expression for licence in licences.values() if licence.attribution})
    if owing and not meta.credits:
        yield found(
            "P084",
            POLICY_FILE,
            reading.line_of("credits", "licenses"),
            f"{', '.join(owing)} asks for attribution, and `credits` names nobody.",
            "Add `credits: [{name: ..., role: author}]`.",
        )


def _own_licences(reading: Reading, of_set: Licence | None) -> Iterator[Finding]:
    """Findings about cases that carry a licence of their own; one finding for each licence."""
    lines: defaultdict[str, list[int]] = defaultdict(list)
    for case in reading.cases:
        if case.license is not None:
            lines[case.license].append(case.line)
    for expression, places in lines.items():
        what = f"the cases of line {joined(places)}" if len(places) == 1 else f"cases (lines {joined(places)})"
        licence = yield from _read(what, expression, CASES_FILE, places[0])
        if licence is None or of_set is None:
            continue
        asked = conflict(licence, of_set)
        if asked:
            yield found(
                "P082",
                CASES_FILE,
                places[0],
                f"{licence.expression} of {what} asks for {' and '.join(asked)}, and the set says"
                f" {of_set.expression}.",
                f"Set `licenses.cases` to '{of_set.expression} AND {licence.expression}', or remove the cases.",
            )


def _read(what: str, expression: str, file: str, line: int) -> Iterator[Finding]:
    ...
