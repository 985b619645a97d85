"""The lists of pinned packages: complete, alike, and without an address."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

LISTS = Path(__file__).parents[2] / "requirements"
_PIN = re.compile(r"^([a-z0-9.-]+)==([^ \\]+)", re.MULTILINE)
# vLLM pins these otherwise.
_OTHERWISE = {"numpy", "setuptools"}


def _pins(name: str) -> dict[str, str]:
    return dict(_PIN.findall((LISTS / name).read_text("utf-8")))


@pytest.mark.parametrize("name", ["vllm-cpu.txt", "vllm-gpu.txt"])
def test_the_registry_runs_beside_vllm_with_the_versions_that_it_is_tested_with(name: str) -> None:
    """vLLM's lists are installed without looking for what is missing, so each has all of the registry's."""
    wanted = {package: pin for package, pin in _pins("run.txt").items() if package not in _OTHERWISE}
    found = _pins(name)
    assert {package: found.get(package) for package in wanted} == wanted


@pytest.mark.parametrize("path", sorted(LISTS.glob("*.txt")), ids=lambda path: path.name)
def test_a_list_has_hashes_and_no_address(path: Path) -> None:
    """Whichever registry is at hand serves the same bytes, and no list says which one that was."""
    text = path.read_text("utf-8")
    assert "://" not in text
    pinned = re.split(r"^(?=[a-z0-9.-]+==)", text, flags=re.MULTILINE)
    assert all("--hash=sha256:" in one for one in pinned if _PIN.match(one))
