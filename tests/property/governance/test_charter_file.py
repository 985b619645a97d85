"""Properties of charters: values, files and their amendments, in any form."""

from __future__ import annotations

import re

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from governance.charter.amendment import amend
from governance.charter.codec import read_charter
from governance.charter.errors import InvalidCharterError, KeyFinding, MalformedCharterError
from governance.charter.resolve import charter_digest, overrides_of, plain_values, resolve
from governance.charter.values import Plain
from policies.findings import Finding
from tests.property.governance.charters import files, overrides, presets

many_ways = settings(suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])


@given(presets, overrides())
def test_overrides_come_back(preset: str, given_: dict[str, Plain]) -> None:
    """Whatever is said otherwise than a preset comes back, less what is as the preset has it."""
    charter = resolve(preset, given_)
    back = overrides_of(charter)
    assert back.items() <= given_.items()
    assert resolve(preset, back) == charter
    assert plain_values(charter).items() >= given_.items()


@given(presets, presets, overrides())
def test_one_digest(one: str, other: str, given_: dict[str, Plain]) -> None:
    """The same rules have the same digest, whichever preset they are said from."""
    charter = resolve(one, given_)
    assert charter_digest(resolve(other, plain_values(charter))) == charter_digest(charter)


@many_ways
@given(st.data(), overrides())
def test_reading(data: st.DataObject, given_: dict[str, Plain]) -> None:
    """However a file is written, it says its preset and overrides, and each on the line where it stands."""
    preset, text = data.draw(files(given_))
    charter = read_charter(text.encode())
    assert charter.charter == resolve(preset, given_)
    assert dict(charter.written) == given_
    lines = text.split("\n")
    for key in given_:
        name = key.rpartition(".")[2]
        assert re.search(rf"\b{name}\b", lines[charter.lines[key] - 1])


@many_ways
@given(st.data(), overrides(), overrides())
def test_amending(data: st.DataObject, given_: dict[str, Plain], changes: dict[str, Plain]) -> None:
    """After an amendment a file says exactly what was asked, and every line without it is as it was."""
    preset, text = data.draw(files(given_))
    gone = data.draw(st.sets(st.sampled_from(sorted(given_) or ["audit.checkpoint_hours"]), max_size=3))
    wanted: dict[str, Plain | None] = {**changes, **dict.fromkeys(gone)}
    after = amend(read_charter(text.encode()), wanted)
    expected = {key: value for key, value in {**given_, **wanted}.items() if value is not None}
    assert after.charter == resolve(preset, expected)
    kept = after.text.split("\n")
    touched = {part for key in wanted for part in key.split(".")}
    for line in text.split("\n"):
        code = line.partition("#")[0]
        if not touched & set(re.findall(r"[a-z_0-9-]+", code)) and code.strip() != "]" and not _entry(code):
            assert line in kept
            kept = kept[kept.index(line) + 1 :]


def _entry(code: str) -> bool:
    """Whether a line is one entry of a list over several lines."""
    return code.startswith("\t")


@many_ways
@given(st.data(), overrides())
def test_taking_everything_out(data: st.DataObject, given_: dict[str, Plain]) -> None:
    """With every key taken out, a file says its preset and nothing else, and keeps its comment lines."""
    preset, text = data.draw(files(given_))
    after = amend(read_charter(text.encode()), dict.fromkeys(given_))
    assert (after.preset, after.overrides) == (preset, {})

    def comments(of: str) -> list[str]:
        return [line for line in of.split("\n") if line.lstrip().startswith("#")]

    assert comments(after.text) == comments(text)


@many_ways
@given(st.data(), overrides())
def test_saying_it_again(data: st.DataObject, given_: dict[str, Plain]) -> None:
    """An amendment that changes nothing changes no byte."""
    preset, text = data.draw(files(given_))
    assert amend(read_charter(text.encode()), {**given_, "preset": preset}).text == text


@given(st.binary(max_size=300))
def test_any_bytes(raw: bytes) -> None:
    """Whatever bytes are read, they are a charter or are refused with file, rule and remedy."""
    refused: tuple[Finding, ...] = ()
    try:
        charter = read_charter(b'schema = 1\npreset = "solo@1"\n' + raw)
    except MalformedCharterError as error:
        refused = error.findings
    else:
        assert charter.charter.preset == "solo@1"
    assert all(finding.file and finding.message and finding.fix for finding in refused)


_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=6,
)


@given(
    presets,
    st.dictionaries(
        st.text(max_size=20) | st.sampled_from(sorted(plain_values(resolve("solo@1", {})))), _values
    ),
)
def test_any_overrides(preset: str, given_: dict[str, object]) -> None:
    """Whatever values are given, they make a charter or are refused key by key."""
    refused: tuple[KeyFinding, ...] = ()
    try:
        charter = resolve(preset, given_)
    except InvalidCharterError as error:
        refused = error.findings
    else:
        assert charter.preset == preset
    assert all(finding.why and finding.remedy for finding in refused)
