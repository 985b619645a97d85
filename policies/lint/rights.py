"""Rules about licences and credit. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator, Iterator

from policies.findings import Finding
from policies.licences import Licence, UnknownLicenceError, conflict, read_licence
from policies.lint.reading import CASES_FILE, POLICY_FILE, Reading, places
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
    for expression, numbers in lines.items():
        what = f"cases of {places(numbers)}"
        licence = yield from _read(f"the {what}", expression, CASES_FILE, numbers[0])
        if licence is None or of_set is None or licence.no_derivatives:
            continue
        asked = conflict(licence, of_set)
        if asked:
            yield found(
                "P082",
                CASES_FILE,
                numbers[0],
                f"{licence.expression} of the {what} asks for {' and '.join(asked)};"
                f" the set's {of_set.expression} does not say so.",
                f"Set `licenses.cases` to '{_both(of_set, licence)}', or remove the cases.",
            )


def _read(what: str, expression: str, file: str, line: int) -> Generator[Finding, None, Licence | None]:
    """The licence, after a finding about each thing that is wrong with it; None when it is unknown."""
    try:
        licence = read_licence(expression)
    except UnknownLicenceError as error:
        message = f"The licence of {what}, {error.expression!r}, is unknown: {error.reason}"
        yield found("P081", file, line, message, f"Use an id of {_LIST} or an expression of them.")
        return None
    if licence.no_derivatives:
        message = f"{licence.expression}, the licence of {what}, does not allow changed copies."
        yield found(
            "P083", file, line, message, "Ask the author for CC-BY-4.0 or CC-BY-SA-4.0, or leave it out."
        )
    if licence.references:
        names = ", ".join(licence.references)
        message = f"The licence of {what} rests on {names}, whose terms no list holds."
        yield found("P085", file, line, message, "Use a listed licence, or link the terms in `terms`.")
    return licence


def _both(one: Licence, other: Licence) -> str:
    return " AND ".join(
        f"({licence.expression})" if " OR " in licence.expression else licence.expression
        for licence in (one, other)
    )
